/* The log of edge events grows, and is sorted by projection and uid. */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "close.h"
#include "sim/edge_event_log.h"

static int by_projection_and_uid(const void *left, const void *right) {
    const rw_edge_event *a = left, *b = right;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    return a->uid < b->uid ? -1 : a->uid > b->uid;
}

/* Keys that differ in few bytes, in all, and not at all; weights tell that whole events were moved. */
static void events_come_in_the_order_of_projection_and_uid(void **state) {
    (void)state;
    enum { MOST = 3000 };
    static rw_edge_event events[MOST], expected[MOST];
    rw_edge_event_log log = {.items = events};
    const struct {
        size_t n;
        uint64_t uids;
        uint32_t projections;
    } cases[] = {{0, 1, 1}, {1, 1, 1}, {2, 2, 1}, {300, 1000, 3}, {MOST, UINT64_MAX, 70000}, {MOST, 1ull << 37, 300}};
    rw_stream stream = rw_stream_of(3, RW_PURPOSE_SELECTION, 0);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        for (uint32_t k = 0; k < cases[c].n; k++) {
            rw_bits bits = rw_draw(stream, k, c);
            events[k] = (rw_edge_event){.uid = ((uint64_t)bits.word[0] << 32 | bits.word[1]) % cases[c].uids,
                                        .projection = bits.word[2] % cases[c].projections};
            events[k].target = events[k].uid ^ events[k].projection;
            expected[k] = events[k];
        }
        qsort(expected, cases[c].n, sizeof expected[0], by_projection_and_uid);
        for (int twice = 0; twice < 2; twice++) {
            log.n = cases[c].n;
            assert_ok(rw_edge_event_log_sort(&log));
            for (size_t k = 0; k < cases[c].n; k++) {
                assert_true(events[k].uid == expected[k].uid && events[k].projection == expected[k].projection);
                assert_true(events[k].target == (events[k].uid ^ events[k].projection));
            }
        }
    }
}

static void a_log_keeps_its_events_when_it_grows(void **state) {
    (void)state;
    enum { MOST = 1000 };
    rw_edge_event_log log = {0};
    for (uint64_t n = 0; n < MOST; n++) {
        assert_ok(rw_edge_event_log_reserve(&log, 1));
        *rw_edge_event_log_append(&log) = (rw_edge_event){.uid = n};
    }
    assert_int_equal(log.n, MOST);
    for (uint64_t n = 0; n < MOST; n++)
        assert_int_equal(log.items[n].uid, n);
    rw_edge_event_log_destroy(&log);
    assert_int_equal(log.capacity, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_the_order_of_projection_and_uid),
        cmocka_unit_test(a_log_keeps_its_events_when_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
