/* Arrays of a workspace grow together and keep what they hold. */
#include "base/workspace.h"
#include "close.h"

static void arrays_grow_together_and_keep_what_they_hold(void **state) {
    (void)state;
    uint32_t *small = NULL;
    double *large = NULL;
    size_t capacity = 0;
    const size_t counts[] = {3, 2, 100, 300000, 100};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        size_t before = capacity;
        assert_ok(
            RW_WORKSPACE_RESERVE(&capacity, counts[k], "test", RW_WORKSPACE_ARRAY(small), RW_WORKSPACE_ARRAY(large)));
        assert_true(capacity >= counts[k] && (counts[k] > before || capacity == before));
        for (size_t i = 0; i < capacity; i++) {
            assert_int_equal(small[i], i < before ? i : 0);
            assert_true(large[i] == (i < before ? 0.5 * (double)i : 0.0));
            small[i] = (uint32_t)i;
            large[i] = 0.5 * (double)i;
        }
    }
    rw_free(small);
    rw_free(large);
}

static void what_no_memory_has_is_an_error(void **state) {
    (void)state;
    uint64_t *array = NULL;
    size_t capacity = 0;
    assert_ok(RW_WORKSPACE_RESERVE(&capacity, 8, "test", RW_WORKSPACE_ARRAY(array)));
    array[0] = 7;
    assert_int_equal(RW_WORKSPACE_RESERVE(&capacity, SIZE_MAX / 16, "test", RW_WORKSPACE_ARRAY(array)), RW_ERR_SYSTEM);
    assert_int_equal(capacity, 12);
    assert_int_equal(array[0], 7);
    rw_free(array);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_grow_together_and_keep_what_they_hold),
        cmocka_unit_test(what_no_memory_has_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
