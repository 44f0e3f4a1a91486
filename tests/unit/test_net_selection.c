/* Selections of cells. */
#include "net/selection.h"
#include "network_builder.h"

static void selections_name_the_cells_they_say(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, NULL, 1000);
    rw_network *network = NULL;
    uint64_t *ids = NULL;
    static const uint64_t given[] = {2, 7, 999};
    assert_ok(rw_network_create(&network, &builder.scenario, 2));
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_ALL, 1000, NULL},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    assert_int_equal(ids[999], 999);
    rw_free(ids);
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_FIRST, 3, NULL},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    assert_int_equal(ids[0] * 100 + ids[1] * 10 + ids[2], 12);
    rw_free(ids);
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_IDS, 3, given},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    assert_memory_equal(ids, given, sizeof given);
    rw_free(ids);
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_RANDOM, 0, NULL},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    rw_free(ids);
    rw_network_destroy(&network);
}

static void random_selections_are_exact_ascending_and_even(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, NULL, 100);
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    double chosen[100] = {0}, chi_square = 0;
    enum { SELECTIONS = 4000 };
    for (uint32_t what = 0; what < SELECTIONS; what++) {
        uint64_t *ids = NULL, *again = NULL;
        rw_selection selection = {RW_SELECT_RANDOM, 30, NULL};
        assert_ok(
            rw_selection_ids(network->scenario, a, &selection, rw_stream_of(1, RW_PURPOSE_SELECTION, what), &ids));
        assert_ok(
            rw_selection_ids(network->scenario, a, &selection, rw_stream_of(1, RW_PURPOSE_SELECTION, what), &again));
        assert_memory_equal(ids, again, 30 * sizeof *ids);
        for (int k = 0; k < 30; k++) {
            assert_true(ids[k] < 100 && (k == 0 || ids[k] > ids[k - 1]));
            chosen[ids[k]]++;
        }
        rw_free(ids);
        rw_free(again);
    }
    for (int id = 0; id < 100; id++)
        chi_square += (chosen[id] - 1200.0) * (chosen[id] - 1200.0) / (1200.0 * 0.7);
    assert_close(chi_square, 100.0, 0, 5 * sqrt(200.0));
    rw_network_destroy(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selections_name_the_cells_they_say),
        cmocka_unit_test(random_selections_are_exact_ascending_and_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
