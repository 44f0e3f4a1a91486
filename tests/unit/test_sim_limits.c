/* The machine's limits are measured for any shape of rows, and make sense against each other. */
#include "run.h"
#include "sim/limits.h"

/* Also a row per cell, rows over all cells, and less memory than is worth measuring; the sanitizers watch the bounds.
 */
static void every_shape_of_rows_is_measured(void **state) {
    (void)state;
    static const rw_limits_setting settings[] = {
        {.bytes = 0, .row_length = 1, .n_cells = 1, .n_threads = 1},
        {.bytes = 100, .row_length = 1, .n_cells = 1000, .n_threads = 2},
        {.bytes = 1 << 18, .row_length = 1000, .n_cells = 1000, .n_threads = 1},
        {.bytes = 1 << 18, .row_length = 7, .n_cells = 65536, .n_threads = 3},
    };
    for (size_t i = 0; i < RW_COUNT(settings); i++) {
        rw_limits limits;
        assert_ok(rw_limits_measure(&limits, &settings[i]));
        assert_true(limits.read_bytes_per_s > 1e7 && limits.read_bytes_per_s < 1e13);
        assert_true(limits.accumulate_ns > 0.01 && limits.accumulate_ns < 1e3);
        assert_true(limits.accumulate_compact_ns > 0.01 && limits.accumulate_compact_ns < 1e3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_shape_of_rows_is_measured)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
