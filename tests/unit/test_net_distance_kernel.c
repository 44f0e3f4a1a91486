/* Kernels have their published form, one by one and many at once. */
#include "net/distance_kernel.h"

#include <math.h>

#include "base/random.h"
#include "close.h"

static void kernels_have_their_published_form(void **state) {
    (void)state;
    rw_kernel gaussian = {RW_KERNEL_GAUSSIAN, 200.0, 500.0, 0.0},
              exponential = {RW_KERNEL_EXPONENTIAL, 100.0, INFINITY, 0.0};
    rw_kernel box = {RW_KERNEL_BOX, 50.0, INFINITY, 0.0}, none = {RW_KERNEL_NONE, 0.0, 70.0, 0.0};
    assert_close(rw_kernel_value(&gaussian, 0.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&gaussian, 200.0), exp(-0.5), 1e-15, 0);
    assert_close(rw_kernel_value(&gaussian, 500.0), exp(-3.125), 1e-15, 0);
    assert_close(rw_kernel_value(&gaussian, 500.1), 0.0, 0, 0);
    assert_close(rw_kernel_value(&exponential, 250.0), exp(-2.5), 1e-15, 0);
    assert_close(rw_kernel_value(&box, 50.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&box, 50.001), 0.0, 0, 0);
    assert_close(rw_kernel_value(&none, 70.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&none, 70.1), 0.0, 0, 0);
    rw_kernel power = {RW_KERNEL_POWER, 40.0, 400.0, 2.5};
    assert_close(rw_kernel_value(&power, 0.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&power, 120.0), 1.0 / 32.0, 1e-14, 0);
    assert_close(rw_kernel_value(&power, 400.1), 0.0, 0, 0);
}

static void many_kernels_at_once_have_the_bits_of_one(void **state) {
    (void)state;
    static const rw_kernel kernels[] = {
        {RW_KERNEL_GAUSSIAN, 200.0, 500.0, 0.0}, {RW_KERNEL_EXPONENTIAL, 100.0, INFINITY, 0.0},
        {RW_KERNEL_BOX, 50.0, INFINITY, 0.0},    {RW_KERNEL_NONE, 0.0, 70.0, 0.0},
        {RW_KERNEL_POWER, 40.0, 400.0, 2.5},     {RW_KERNEL_GAUSSIAN, 30.0, INFINITY, 0.0}};
    const rw_kernel *each[RW_CHUNK];
    double distance_um[RW_CHUNK], values[RW_CHUNK];
    for (size_t k = 0; k < RW_CHUNK; k++) {
        each[k] = &kernels[k % RW_COUNT(kernels)];
        distance_um[k] = 2.7 * (double)k + 0.1;
    }
    for (size_t n = 0; n <= RW_CHUNK; n += 51) {
        rw_kernel_values(each, distance_um, n, values);
        for (size_t k = 0; k < n; k++)
            assert_close(values[k], rw_kernel_value(each[k], distance_um[k]), 0, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_have_their_published_form),
        cmocka_unit_test(many_kernels_at_once_have_the_bits_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
