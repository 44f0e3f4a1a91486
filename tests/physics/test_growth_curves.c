/* Growth curves have the zeros, the maximum and the limits that their papers give them. */
#include "cell.h"

static single curve(const char *name, const char *const *keys, const double *values, size_t n) {
    single s = single_create(RW_GROWTH, name, 0.1);
    for (size_t k = 0; k < n; k++)
        single_set(&s, keys[k], values[k]);
    single_start(&s);
    return s;
}

static double rate_at(single *s, double calcium) {
    double rate = NAN;
    rw_chunk chunk = single_chunk(s);
    s->block.model->growth.rate(&chunk, &calcium, &rate);
    return rate;
}

static const char *const gaussian_keys[] = {"eta", "epsilon", "nu"};

static void gaussian_is_zero_at_eta_and_epsilon_and_nu_in_the_middle(void **state) {
    (void)state;
    static const double sets[][3] = {{0.1, 0.7, 1e-4}, {0.0, 0.05, 4e-4}, {0.4, 0.7, 1e-5}, {-0.2, 3.0, -2e-4}};
    for (size_t k = 0; k < RW_COUNT(sets); k++) {
        double eta = sets[k][0], epsilon = sets[k][1], nu = sets[k][2];
        single s = curve("gaussian", gaussian_keys, sets[k], 3);
        assert_close(rate_at(&s, eta) / nu, 0.0, 0, 1e-14);
        assert_close(rate_at(&s, epsilon) / nu, 0.0, 0, 1e-14);
        assert_close(rate_at(&s, 0.5 * (eta + epsilon)), nu, 1e-14, 0);
        assert_close(rate_at(&s, epsilon + 20.0 * (epsilon - eta)), -nu, 1e-14, 0);
        assert_close(rate_at(&s, eta - 20.0 * (epsilon - eta)), -nu, 1e-14, 0);
        for (int i = 1; i < 100; i++) {
            double inside = rate_at(&s, eta + (epsilon - eta) * i / 100.0) / nu;
            assert_true(inside > 0.0 && inside <= 1.0);
            assert_true(rate_at(&s, epsilon + (epsilon - eta) * i / 100.0) / nu < 0.0);
            assert_true(rate_at(&s, eta - (epsilon - eta) * i / 100.0) / nu < 0.0);
        }
        rw_block_destroy(&s.block);
    }
}

static void linear_is_nu_when_silent_and_zero_at_epsilon(void **state) {
    (void)state;
    static const char *const keys[] = {"epsilon", "nu"};
    single s = curve("linear", keys, (const double[]){0.08, 4e-3}, 2);
    assert_close(rate_at(&s, 0.0), 4e-3, 1e-15, 0);
    assert_close(rate_at(&s, 0.08), 0.0, 0, 1e-17);
    assert_close(rate_at(&s, 0.04), 2e-3, 1e-14, 0);
    assert_close(rate_at(&s, 0.24), -8e-3, 1e-14, 0);
    rw_block_destroy(&s.block);
}

static void sigmoid_is_zero_at_epsilon_and_bounded_by_nu(void **state) {
    (void)state;
    static const char *const keys[] = {"epsilon", "psi", "nu"};
    single s = curve("sigmoid", keys, (const double[]){0.7, 0.1, 1e-4}, 3);
    assert_close(rate_at(&s, 0.7), 0.0, 0, 1e-19);
    assert_close(rate_at(&s, 0.8), 1e-4 * (2.0 / (1.0 + exp(1.0)) - 1.0), 1e-13, 0);
    assert_close(rate_at(&s, 0.6), -rate_at(&s, 0.8), 1e-13, 0);
    assert_close(rate_at(&s, -1e3), 1e-4, 1e-14, 0);
    assert_close(rate_at(&s, 1e3), -1e-4, 1e-14, 0);
    rw_block_destroy(&s.block);
}

static void a_gaussian_curve_without_width_is_refused(void **state) {
    (void)state;
    single s = single_create(RW_GROWTH, "gaussian", 0.1);
    single_set(&s, "eta", 0.7);
    assert_int_equal(rw_block_finish(&s.block, NULL), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "eta must lie below epsilon"));
    rw_block_destroy(&s.block);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussian_is_zero_at_eta_and_epsilon_and_nu_in_the_middle),
        cmocka_unit_test(linear_is_nu_when_silent_and_zero_at_epsilon),
        cmocka_unit_test(sigmoid_is_zero_at_epsilon_and_bounded_by_nu),
        cmocka_unit_test(a_gaussian_curve_without_width_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
