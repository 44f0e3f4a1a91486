/* How synapses are ordered in rows and numbered, and synapses that come in a table. */
#include "network_builder.h"

#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"

static rw_network *network_of(const network_builder *builder, int n_threads) {
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder->scenario, n_threads));
    return network;
}

static rw_projection_spec *spread_network(network_builder *builder, double shortest_ms, double longest_ms) {
    builder_start(builder);
    uint32_t a = builder_population(builder, "lif_psc_exp", 300);
    rw_projection_spec *spec = builder_projection(builder, a, a, RW_CONNECT_FIXED_INDEGREE);
    spec->n = 60;
    spec->multapses = true;
    spec->delay_ms = builder_value(RW_UNIFORM, shortest_ms, longest_ms);
    return spec;
}

static void rows_ascend_by_delay_then_target(void **state) {
    (void)state;
    network_builder builder;
    spread_network(&builder, 1.0, 4.2);
    rw_network *network = network_of(&builder, 3);
    const rw_projection *projection = &network->projections[0];
    assert_int_equal(projection->min_delay, 10);
    assert_int_equal(projection->max_delay, 42);
    assert_int_equal(network->min_delay, 10);
    assert_int_equal(network->max_delay, 42);
    assert_int_equal(projection->packing.target_bits, 32 - 6); /* 33 delays */
    uint64_t by_delay[64] = {0};
    for (int t = 0; t < 3; t++) {
        const rw_adjacency *adjacency = &projection->adjacency[t];
        rw_slice slice = rw_partition_slice(300, t, 3);
        for (uint64_t source = 0; source < adjacency->n_sources; source++) {
            for (uint32_t k = 0; k < rw_adjacency_count(adjacency, source); k++) {
                uint32_t packed = adjacency->synapses[rw_adjacency_start(adjacency, source) + k].packed;
                assert_true(k == 0 ||
                            adjacency->synapses[rw_adjacency_start(adjacency, source) + k - 1].packed <= packed);
                assert_true(rw_packed_target(projection->packing, packed) < slice.end - slice.begin);
                by_delay[rw_packed_delay_class(projection->packing, packed)]++;
            }
        }
    }
    for (int d = 0; d < 33; d++) { /* rounding halves the share of both ends */
        double expected = 18000.0 / 32.0 * (d == 0 || d == 32 ? 0.5 : 1.0);
        assert_close((double)by_delay[d], expected, 0, 5 * sqrt(expected));
    }
    rw_network_destroy(&network);
}

static void rows_of_every_rule_ascend(void **state) {
    (void)state;
    for (rw_connect_rule rule = RW_CONNECT_ALL_TO_ALL; rule <= RW_CONNECT_FIXED_TOTAL_NUMBER; rule++) {
        for (int variant = 0; variant < 4; variant++) { /* wide or compact, one delay or many */
            network_builder builder;
            rw_projection_spec *spec = spread_network(&builder, 1.0, variant & 1 ? 3.0 : 1.0);
            if (!(variant & 1))
                spec->delay_ms = builder_constant(1.0);
            if (variant & 2)
                spec->weight = builder_value(RW_NORMAL, 1.0, 0.2);
            spec->rule = rule;
            spec->p = 0.3;
            spec->n = rule == RW_CONNECT_FIXED_TOTAL_NUMBER ? 9000 : 60;
            rw_network *network = network_of(&builder, 2);
            for (int t = 0; t < 2; t++) {
                const rw_adjacency *adjacency = &network->projections[0].adjacency[t];
                assert_true((adjacency->targets != NULL) == (variant == 0));
                for (uint64_t source = 0; source < adjacency->n_sources; source++)
                    for (uint64_t k = rw_adjacency_start(adjacency, source) + 1;
                         k < rw_adjacency_start(adjacency, source) + rw_adjacency_count(adjacency, source); k++)
                        assert_true(rw_adjacency_synapse(adjacency, k - 1).packed <=
                                    rw_adjacency_synapse(adjacency, k).packed);
            }
            rw_network_destroy(&network);
        }
    }
}

static void equal_delays_leave_all_bits_to_the_target(void **state) {
    (void)state;
    network_builder builder;
    spread_network(&builder, 1.0, 1.0);
    builder.projections[0].delay_ms = builder_constant(1.54);
    rw_network *network = network_of(&builder, 1);
    assert_int_equal(network->projections[0].packing.target_bits, 32);
    assert_int_equal(network->projections[0].packing.target_mask, UINT32_MAX);
    assert_int_equal(network->min_delay, 15);
    assert_int_equal(network->max_delay, 15);
    rw_network_destroy(&network);
    builder.projections[0].delay_ms = builder_constant(0.01);
    network = network_of(&builder, 1);
    assert_int_equal(network->min_delay, 1);
    rw_network_destroy(&network);
}

static void a_spread_of_delays_that_does_not_fit_is_refused(void **state) {
    (void)state;
    network_builder builder;
    spread_network(&builder, 1.0, 4e6)->weight = builder_constant(1.0); /* 4e7 steps: 26 bits, 6 are left */
    rw_network *network = NULL;
    assert_int_equal(rw_network_create(&network, &builder.scenario, 1), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "projection 'projection a': 300 cells per thread"));
    assert_non_null(strstr(rw_error_message(), "more threads"));
    network = network_of(&builder, 5); /* 64 cells each */
    rw_network_destroy(&network);
}

/* Delays beside which targets do not fit before the shortest is known are drawn once more: the edges are those of more
 * threads, which have fewer targets each. */
static void delays_that_do_not_fit_at_first_are_stored_nevertheless(void **state) {
    (void)state;
    network_builder builder;
    spread_network(&builder, 1e6, 1e6 + 9.0)->weight = builder_value(RW_UNIFORM, 1.0, 2.0); /* 10^7 steps: 24 bits */
    rw_network *one = network_of(&builder, 1), *five = network_of(&builder, 5);
    rw_edge *of_one = NULL, *of_five = NULL;
    assert_ok(rw_projection_edges(one, &one->projections[0], &of_one));
    assert_ok(rw_projection_edges(five, &five->projections[0], &of_five));
    for (int k = 0; k < 18000; k++) {
        assert_int_equal(of_one[k].source, of_five[k].source);
        assert_int_equal(of_one[k].target, of_five[k].target);
        assert_int_equal(of_one[k].delay_steps, of_five[k].delay_steps);
        assert_in_range(of_one[k].delay_steps, 10000000, 10000090);
        assert_true(of_one[k].weight == of_five[k].weight);
    }
    rw_free(of_one);
    rw_free(of_five);
    rw_network_destroy(&one);
    rw_network_destroy(&five);
}

/* Serials of a source's synapses are 0, 1, ... ascending by target, stored (structural) or implied. */
static void synapses_are_numbered_by_target(void **state) {
    (void)state;
    for (int structural = 0; structural < 2; structural++) {
        network_builder builder;
        spread_network(&builder, 0.5, 3.0)->structural = structural;
        rw_network *network = network_of(&builder, 3);
        const rw_projection *projection = &network->projections[0];
        rw_edge *edges = NULL;
        uint32_t next[300] = {0};
        assert_ok(rw_projection_edges(network, projection, &edges));
        assert_int_equal(rw_projection_count(&network->partition, projection), 18000);
        for (uint64_t k = 0; k < 18000; k++)
            assert_int_equal(edges[k].uid, edges[k].source << 32 | next[edges[k].source]++);
        for (int source = 0; source < 300 && structural; source++)
            assert_int_equal(projection->next_serial[source], next[source]);
        assert_true(structural ? projection->next_serial != NULL : projection->next_serial == NULL);
        rw_free(edges);
        rw_network_destroy(&network);
    }
}

static void uids_hold_the_global_id_of_the_source(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    builder_population(&builder, NULL, 70);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 30);
    builder_projection(&builder, a, a, RW_CONNECT_ALL_TO_ALL)->autapses = true;
    rw_network *network = network_of(&builder, 2);
    assert_int_equal(network->populations[a].first_gid, 70);
    assert_int_equal(network->n_neurons, 100);
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (uint64_t k = 0; k < 900; k++)
        assert_int_equal(edges[k].uid, (70 + edges[k].source) << 32 | edges[k].target);
    rw_free(edges);
    rw_network_destroy(&network);
}

static void structural_delays_cover_what_may_be_drawn_later(void **state) {
    (void)state;
    network_builder builder;
    rw_projection_spec *spec = spread_network(&builder, 1.0, 6.0);
    spec->structural = true;
    spec->rule = RW_CONNECT_NONE;
    rw_network *network = network_of(&builder, 2);
    assert_int_equal(network->projections[0].min_delay, 10);
    assert_int_equal(network->projections[0].max_delay, 60);
    assert_int_equal(network->min_delay, 10);
    rw_network_destroy(&network);
    spec->delay_ms = builder_value(RW_NORMAL, 2.0, 0.5);
    spec->delay_ms.min = 0.5;
    assert_int_equal(rw_network_create(&network, &builder.scenario, 2), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "give delay a min and a max"));
    spec->delay_ms.max = 3.0;
    network = network_of(&builder, 2);
    assert_int_equal(network->projections[0].min_delay, 5);
    assert_int_equal(network->projections[0].max_delay, 30);
    rw_network_destroy(&network);
}

/* One synapse of 2 ms at the start; later ones may take 1 to 4 ms and come in any order. */
static void structural_synapses_are_exported_by_uid_whatever_their_delay(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 1);
    rw_projection_spec *spec = builder_projection(&builder, a, a, RW_CONNECT_TABLE);
    static const uint64_t cell[] = {0};
    static const float weight[] = {1.0f};
    static const uint32_t delay[] = {20};
    spec->table = (rw_edge_table){1, cell, cell, weight, delay};
    spec->delay_ms = builder_value(RW_UNIFORM, 1.0, 4.0);
    spec->structural = true;
    rw_network *network = network_of(&builder, 1);
    rw_projection *projection = &network->projections[0];
    assert_int_equal(projection->min_delay, 10);
    assert_int_equal(projection->max_delay, 40);
    for (uint32_t serial = 1; serial < 6; serial++) {
        uint32_t packed = (serial * 7 % 5) << projection->packing.target_bits;
        assert_ok(rw_adjacency_insert(&projection->adjacency[0], 0, (rw_synapse){packed, 1.0f}, serial, NULL));
    }
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(network, projection, &edges));
    for (uint32_t serial = 0; serial < 6; serial++) {
        assert_int_equal(edges[serial].uid, serial);
        assert_int_equal(edges[serial].delay_steps, serial == 0 ? 20 : 10 + serial * 7 % 5);
    }
    rw_free(edges);
    rw_network_destroy(&network);
}

enum { TABLE_EDGES = 5 };
static uint64_t table_source[TABLE_EDGES] = {3, 1, 3, 0, 3};
static uint64_t table_target[TABLE_EDGES] = {40, 20, 2, 40, 40};
static float table_weight[TABLE_EDGES] = {1, 2, 3, 4, 5};
static uint32_t table_delay[TABLE_EDGES] = {9, 4, 5, 6, 7};

static void table_network(network_builder *builder) {
    builder_start(builder);
    uint32_t a = builder_population(builder, NULL, 4), b = builder_population(builder, "lif_psc_exp", 41);
    rw_projection_spec *spec = builder_projection(builder, a, b, RW_CONNECT_TABLE);
    spec->table = (rw_edge_table){TABLE_EDGES, table_source, table_target, table_weight, table_delay};
}

static void synapses_of_a_table_are_taken_as_they_are(void **state) {
    (void)state;
    static const struct {
        uint64_t source, target, serial;
        float weight;
        uint32_t delay;
    } expected[TABLE_EDGES] = {{3, 2, 0, 3, 5}, {1, 20, 0, 2, 4}, {0, 40, 0, 4, 6}, {3, 40, 1, 5, 7}, {3, 40, 2, 1, 9}};
    for (int n_threads = 1; n_threads <= 3; n_threads++) {
        network_builder builder;
        table_network(&builder);
        rw_network *network = network_of(&builder, n_threads);
        rw_edge *edges = NULL;
        assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
        assert_int_equal(rw_projection_count(&network->partition, &network->projections[0]), TABLE_EDGES);
        for (int k = 0; k < TABLE_EDGES; k++) {
            assert_int_equal(edges[k].source, expected[k].source);
            assert_int_equal(edges[k].target, expected[k].target);
            assert_int_equal(edges[k].uid, expected[k].source << 32 | expected[k].serial);
            assert_true(edges[k].weight == expected[k].weight);
            assert_int_equal(edges[k].delay_steps, expected[k].delay);
        }
        rw_free(edges);
        rw_network_destroy(&network);
    }
}

static void assert_table_sorted(uint32_t n_delays) {
    enum { N = 3000 };
    static uint64_t source[N], target[N];
    static float weight[N];
    static uint32_t delay[N];
    for (uint64_t k = 0; k < N; k++) {
        rw_bits bits = rw_draw(rw_stream_of(9, RW_PURPOSE_SELECTION, 0), k, 0);
        source[k] = bits.word[0] % 3;
        target[k] = bits.word[1] % 1000;
        delay[k] = 1 + bits.word[2] % n_delays;
        weight[k] = (float)k;
    }
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, NULL, 3), b = builder_population(&builder, "lif_psc_exp", 1000);
    builder_projection(&builder, a, b, RW_CONNECT_TABLE)->table = (rw_edge_table){N, source, target, weight, delay};
    rw_network *network = network_of(&builder, 2);
    for (int t = 0; t < 2; t++) {
        const rw_adjacency *adjacency = &network->projections[0].adjacency[t];
        for (uint64_t s = 0; s < 3; s++)
            for (uint32_t k = 1; k < rw_adjacency_count(adjacency, s); k++)
                assert_true(adjacency->synapses[rw_adjacency_start(adjacency, s) + k - 1].packed <=
                            adjacency->synapses[rw_adjacency_start(adjacency, s) + k].packed);
    }
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (uint64_t k = 0; k < N; k++) { /* the weight names the row of the table */
        uint64_t row = (uint64_t)edges[k].weight;
        assert_int_equal(edges[k].source, source[row]);
        assert_int_equal(edges[k].target, target[row]);
        assert_int_equal(edges[k].delay_steps, delay[row]);
    }
    rw_free(edges);
    rw_network_destroy(&network);
}

static void long_unordered_tables_are_sorted(void **state) {
    (void)state;
    assert_table_sorted(700);
    assert_table_sorted(1);
}

static void assert_table_refused(const network_builder *builder, const char *says) {
    rw_network *network = NULL;
    assert_int_equal(rw_network_create(&network, &builder->scenario, 2), RW_ERR_INPUT);
    if (strstr(rw_error_message(), says) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", rw_error_message(), says);
}

static void tables_with_impossible_synapses_are_refused(void **state) {
    (void)state;
    network_builder builder;
    table_network(&builder);
    table_source[2] = 4;
    assert_table_refused(&builder, "synapse 2 comes from cell 4, but the source population has 4 cells");
    table_source[2] = 3;
    table_target[4] = (uint64_t)1 << 40;
    assert_table_refused(&builder, "synapse 4 goes to cell 1099511627776, but the target population has 41 cells");
    table_target[4] = 40;
    table_delay[0] = 0;
    assert_table_refused(&builder, "synapse 0 has a delay below one step");
    table_delay[0] = 9;
    table_weight[1] = NAN;
    assert_table_refused(&builder, "synapse 1 has a weight that is not a number");
    table_weight[1] = 2;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_ascend_by_delay_then_target),
        cmocka_unit_test(rows_of_every_rule_ascend),
        cmocka_unit_test(equal_delays_leave_all_bits_to_the_target),
        cmocka_unit_test(a_spread_of_delays_that_does_not_fit_is_refused),
        cmocka_unit_test(delays_that_do_not_fit_at_first_are_stored_nevertheless),
        cmocka_unit_test(synapses_are_numbered_by_target),
        cmocka_unit_test(uids_hold_the_global_id_of_the_source),
        cmocka_unit_test(structural_delays_cover_what_may_be_drawn_later),
        cmocka_unit_test(structural_synapses_are_exported_by_uid_whatever_their_delay),
        cmocka_unit_test(synapses_of_a_table_are_taken_as_they_are),
        cmocka_unit_test(long_unordered_tables_are_sorted),
        cmocka_unit_test(tables_with_impossible_synapses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
