/* Boxes of a grid, and the counting sort by box. */
#include "net/spatial_grid.h"

#include "base/random.h"
#include "close.h"

static void boxes_are_numbered_in_either_order(void **state) {
    (void)state;
    const rw_scenario scenario = {.dimensions = 2, .size_um = {300.0, 100.0}};
    rw_spatial_grid x_fastest = rw_spatial_grid_create(&scenario, (uint32_t[]){3, 4, 1}, RW_GRID_X_FASTEST);
    rw_spatial_grid x_slowest = rw_spatial_grid_create(&scenario, (uint32_t[]){3, 4, 1}, RW_GRID_X_SLOWEST);
    assert_int_equal(x_fastest.n_boxes, 12);
    assert_close(x_fastest.side_um[0], 100.0, 0, 0);
    assert_close(x_fastest.side_um[1], 25.0, 0, 0);
    const double at_um[] = {250.0, 60.0, 0.0}; /* column 2 of 3, row 2 of 4 */
    assert_int_equal(rw_spatial_grid_box(&x_fastest, at_um), 2 + 3 * 2);
    assert_int_equal(rw_spatial_grid_box(&x_slowest, at_um), 4 * 2 + 2);
}

static void positions_on_or_outside_the_border_are_in_the_nearest_box(void **state) {
    (void)state;
    const rw_scenario scenario = {.dimensions = 3, .size_um = {100.0, 100.0, 100.0}};
    rw_spatial_grid grid = rw_spatial_grid_create(&scenario, (uint32_t[]){5, 5, 5}, RW_GRID_X_SLOWEST);
    assert_int_equal(rw_spatial_grid_box(&grid, (const double[]){100.0, 100.0, 100.0}), 124);
    assert_int_equal(rw_spatial_grid_box(&grid, (const double[]){-3.0, 0.0, 250.0}), 4);
}

static void equal_keys_keep_their_order(void **state) {
    (void)state;
    enum { N = 5000, KEYS = 37 };
    static uint32_t keys[N], before[N], sorted[N], start[KEYS + 2];
    for (uint32_t k = 0; k < N; k++) /* key 5 has no item */
        before[k] = keys[k] = rw_draw(rw_stream_of(1, RW_PURPOSE_POSITION, 0), k, 0).word[0] % 7 % KEYS * 6;
    rw_counting_sort(keys, N, KEYS, start);
    for (uint32_t k = 0; k < N; k++)
        sorted[keys[k]] = k;
    assert_int_equal(start[0], 0);
    assert_int_equal(start[5], start[6]);
    assert_int_equal(start[KEYS], N);
    for (uint32_t at = 0; at < N; at++) {
        uint32_t key = before[sorted[at]];
        assert_true(at >= start[key] && at < start[key + 1]);
        assert_true(at == start[key] || sorted[at] > sorted[at - 1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_are_numbered_in_either_order),
        cmocka_unit_test(positions_on_or_outside_the_border_are_in_the_nearest_box),
        cmocka_unit_test(equal_keys_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
