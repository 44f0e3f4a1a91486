/* Who owns which cell. */
#include "net/partition.h"

#include "base/count.h"

#include "close.h"

static void slices_are_contiguous_and_agree_with_owners(void **state) {
    (void)state;
    static const uint64_t counts[] = {0, 1, 15, 16, 17, 100, 1000, 12345};
    for (size_t c = 0; c < RW_COUNT(counts); c++) {
        for (int n_threads = 1; n_threads <= 9; n_threads++) {
            uint64_t end = 0;
            for (int t = 0; t < n_threads; t++) {
                rw_slice slice = rw_partition_slice(counts[c], t, n_threads);
                assert_int_equal(slice.begin, end);
                assert_true(slice.begin % 16 == 0 || slice.begin == counts[c]);
                end = slice.end;
                for (uint64_t id = slice.begin; id < slice.end; id++)
                    assert_int_equal(rw_partition_owner(counts[c], id, n_threads), t);
            }
            assert_int_equal(end, counts[c]);
        }
    }
    for (int t = 0; t < 5; t++) { /* even shares, to a block */
        rw_slice slice = rw_partition_slice(100000, t, 5);
        assert_in_range(slice.end - slice.begin, 19984, 20016);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_contiguous_and_agree_with_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
