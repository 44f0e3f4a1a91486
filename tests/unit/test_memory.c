/* Blocks of every size are aligned and zeroed, and keep what they hold as they grow. */
#include <string.h>

#include "base/memory.h"
#include "close.h"

static void assert_numbered(const uint64_t *block, size_t n, size_t size) {
    assert_int_equal((uintptr_t)block % RW_ALIGNMENT, 0);
    for (size_t k = 0; k < size; k++)
        assert_int_equal(block[k], k < n ? k + 1 : 0);
}

/* From the heap to pages of their own, with another such block behind it, so that it cannot grow where it is. */
static void blocks_keep_what_they_hold_as_they_grow(void **state) {
    (void)state;
    const size_t sizes[] = {1, 7, 1000, 500000, 1200000, 1200001, 3000000, 3000000, 9000000};
    uint64_t *block = NULL, *behind[9] = {NULL};
    size_t n = 0;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        assert_ok(RW_GROW(block, n, sizes[s], "test"));
        assert_ok(RW_NEW(behind[s], 1100000, "test"));
        assert_numbered(block, n, sizes[s]);
        for (; n < sizes[s]; n++)
            block[n] = n + 1;
    }
    assert_ok(RW_GROW(block, n, 1500000, "test"));
    assert_numbered(block, n, 1500000);
    rw_free(block);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        rw_free(behind[s]);
}

static void reserved_blocks_are_zeroed(void **state) {
    (void)state;
    const size_t sizes[] = {1, 1000, 3000000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        uint64_t *block = NULL;
        assert_ok(rw_reserve(&block, sizes[s], sizeof *block, "test"));
        assert_numbered(block, 0, sizes[s]);
        memset(block, 1, sizes[s] * sizeof *block);
        rw_free(block);
    }
}

static void too_much_is_an_error_and_loses_nothing(void **state) {
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* they end a process that asks for so much */
#endif
    uint64_t *block = NULL, *none = (uint64_t *)1;
    assert_int_equal(RW_NEW(none, SIZE_MAX / 4, "test"), RW_ERR_SYSTEM);
    assert_null(none);
    assert_int_equal(rw_allocate(&none, (size_t)1 << 46, 8, "test"), RW_ERR_SYSTEM); /* more than can be mapped */
    assert_null(none);
    const size_t sizes[] = {10, 3000000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        assert_ok(RW_NEW(block, sizes[s], "test"));
        for (size_t k = 0; k < sizes[s]; k++)
            block[k] = k + 1;
        assert_int_equal(RW_GROW(block, sizes[s], (size_t)1 << 46, "test"), RW_ERR_SYSTEM);
        assert_non_null(strstr(rw_error_message(), "test: cannot get"));
        assert_numbered(block, sizes[s], sizes[s]);
        rw_free(block);
    }
    rw_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_keep_what_they_hold_as_they_grow),
        cmocka_unit_test(reserved_blocks_are_zeroed),
        cmocka_unit_test(too_much_is_an_error_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
