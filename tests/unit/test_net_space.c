/* Distances in a box and on a torus, one by one and many at once. */
#include "net/space.h"

#include <math.h>

#include "base/random.h"
#include "close.h"

static void many_distances_at_once_have_the_bits_of_one(void **state) {
    (void)state;
    enum { N = 45 };
    for (int periodic = 0; periodic < 2; periodic++) {
        rw_scenario scenario = {.dimensions = 3, .periodic = periodic != 0, .size_um = {300.0, 70.0, 110.0}};
        double from_um[3][N], to_um[3][N], distance_um[N];
        for (uint64_t k = 0; k < N; k++)
            for (int d = 0; d < 3; d++) {
                rw_bits bits = rw_draw(rw_stream_of(1, RW_PURPOSE_POSITION, 0), k, (uint64_t)d);
                from_um[d][k] = scenario.size_um[d] * rw_uniform32(bits.word[0]);
                to_um[d][k] = scenario.size_um[d] * rw_uniform32(bits.word[1]);
            }
        const double *from[] = {from_um[0], from_um[1], from_um[2]}, *to[] = {to_um[0], to_um[1], to_um[2]};
        rw_space_distances(&scenario, from, to, N, distance_um);
        for (int k = 0; k < N; k++) {
            double a_um[] = {from_um[0][k], from_um[1][k], from_um[2][k]};
            double b_um[] = {to_um[0][k], to_um[1][k], to_um[2][k]};
            assert_close(distance_um[k], rw_space_distance(&scenario, a_um, b_um), 0, 0);
            double longest = (periodic ? 0.5 : 1.0) * sqrt(300.0 * 300.0 + 70.0 * 70.0 + 110.0 * 110.0);
            assert_true(distance_um[k] > 0.0 && distance_um[k] <= longest);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_distances_at_once_have_the_bits_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
