/* Walking over synapses, and putting others in their place, gives what exporting them all at once gives. */
#include "base/memory.h"
#include "net/edge_walk.h"
#include "network_builder.h"

enum { CELLS = 300, SYNAPSES = 300000 };

/* A structural projection with multapses, on a team of n_threads. */
static rw_network *make_network(network_builder *builder, int n_threads) {
    rw_network *network = NULL;
    builder_start(builder);
    uint32_t a = builder_population(builder, "lif_psc_exp", CELLS), b = builder_population(builder, "lif_psc_exp", 77);
    rw_projection_spec *spec = builder_projection(builder, a, b, RW_CONNECT_FIXED_TOTAL_NUMBER);
    spec->n = SYNAPSES;
    spec->multapses = spec->structural = true;
    spec->weight = builder_value(RW_UNIFORM, 1.0, 2.0);
    assert_ok(rw_network_create(&network, &builder->scenario, n_threads));
    return network;
}

static bool same_edge(const rw_walked_edge *a, const rw_edge *b) {
    return a->serial == (uint32_t)b->uid && a->source == b->source && a->target == b->target &&
           memcmp(&a->weight, &b->weight, 4) == 0;
}

/* Walks in steps of `most` and compares with edges [n]. */
static void assert_walk(const rw_network *network, const rw_edge *edges, uint64_t n, uint64_t most) {
    rw_edge_walk walk;
    uint64_t seen = 0, got = 0;
    const rw_walked_edge *portion = NULL;
    assert_ok(rw_edge_walk_begin(&walk, network, &network->projections[0]));
    do {
        assert_ok(rw_edge_walk_next(&walk, most, &portion, &got));
        assert_true(got <= most && seen + got <= n);
        for (uint64_t k = 0; k < got; k++)
            assert_true(same_edge(&portion[k], &edges[seen + k]));
        seen += got;
    } while (got > 0);
    assert_int_equal(seen, n);
    rw_edge_walk_end(&walk);
}

static void a_walk_meets_every_synapse_in_order(void **state) {
    (void)state;
    for (int threads = 1; threads <= 5; threads += 2) {
        static network_builder builder;
        rw_network *network = make_network(&builder, threads);
        rw_edge *edges = NULL;
        assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
        for (uint64_t most = 1; most < 2 * SYNAPSES; most = 7 * most + 1)
            assert_walk(network, edges, SYNAPSES, most);
        rw_free(edges);
        rw_network_destroy(&network);
    }
}

static void replaced_synapses_are_those_given(void **state) {
    (void)state;
    static network_builder builder, other;
    rw_network *from = make_network(&builder, 3), *to = NULL;
    rw_edge *edges = NULL;
    uint64_t digest = 0, replaced = 0, without = 0;
    builder.scenario.seed = 1;
    to = make_network(&other, 2);
    rw_projection *projection = &to->projections[0];
    assert_ok(rw_projection_edges(from, &from->projections[0], &edges));
    assert_ok(rw_projection_replace(to, projection, edges + 5, SYNAPSES - 9)); /* what vanished leaves the rest */
    assert_int_equal(rw_projection_count(to, projection), SYNAPSES - 9);
    assert_walk(to, edges + 5, SYNAPSES - 9, 1000);
    assert_ok(rw_projection_digest(to, projection, true, &without));
    assert_ok(rw_projection_replace(to, projection, edges, SYNAPSES));
    assert_ok(rw_projection_digest(from, &from->projections[0], true, &digest));
    assert_ok(rw_projection_digest(to, projection, true, &replaced));
    assert_true(digest == replaced && digest != without);
    /* rows can grow again */
    assert_ok(rw_rows_insert(&projection->rows[0], 3, (rw_synapse){1, 0.5f}, UINT32_MAX, NULL));
    assert_int_equal(rw_projection_count(to, projection), SYNAPSES + 1);
    rw_edge swapped = edges[10];
    edges[10] = edges[11];
    edges[11] = swapped;
    assert_int_equal(rw_projection_replace(to, projection, edges, SYNAPSES), RW_ERR_INPUT);
    rw_free(edges);
    rw_network_destroy(&from);
    rw_network_destroy(&to);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_meets_every_synapse_in_order),
        cmocka_unit_test(replaced_synapses_are_those_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
