/* Walking over synapses, and putting others in their place, gives what exporting them all at once gives. */
#include <stdlib.h>

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

static int by_source_target_uid(const void *left, const void *right) {
    const rw_edge *a = left, *b = right;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    return (a->uid > b->uid) - (a->uid < b->uid);
}

static void edges_by_source(const rw_network *network, rw_edge **edges) {
    assert_ok(rw_projection_edges(network, &network->projections[0], edges));
    qsort(*edges, SYNAPSES, sizeof **edges, by_source_target_uid);
}

/* Walks over `stride` sources at a time and compares with edges [n]. */
static void assert_walk(const rw_network *network, const rw_edge *edges, uint64_t n, uint32_t stride) {
    const rw_projection *projection = &network->projections[0];
    static rw_walked_edge portion[SYNAPSES + 1];
    uint32_t counts[CELLS];
    uint64_t seen = 0;
    rw_edge_counts(network, projection, counts);
    for (uint32_t first = 0; first < CELLS; first += stride) {
        uint32_t end = first + stride < CELLS ? first + stride : CELLS;
        uint64_t got = 0;
        for (uint32_t source = first; source < end; source++)
            got += counts[source];
        assert_true(seen + got <= n);
        rw_edge_walk(network, projection, first, end, portion);
        for (uint64_t k = 0; k < got; k++)
            assert_true(same_edge(&portion[k], &edges[seen + k]));
        seen += got;
    }
    assert_int_equal(seen, n);
}

static void a_walk_meets_every_synapse_in_order(void **state) {
    (void)state;
    for (int threads = 1; threads <= 5; threads += 2) {
        static network_builder builder;
        rw_network *network = make_network(&builder, threads);
        rw_edge *edges = NULL;
        edges_by_source(network, &edges);
        for (uint32_t stride = 1; stride < 2 * CELLS; stride = 7 * stride + 1)
            assert_walk(network, edges, SYNAPSES, stride);
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
    edges_by_source(from, &edges);
    assert_ok(rw_projection_replace(to, projection, edges + 5, SYNAPSES - 9)); /* what vanished leaves the rest */
    assert_int_equal(rw_projection_count(to, projection), SYNAPSES - 9);
    assert_walk(to, edges + 5, SYNAPSES - 9, 10);
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
