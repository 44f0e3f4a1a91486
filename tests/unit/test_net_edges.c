/* Synapses listed at once, slab by slab, by source or by their indices in a file are those of the rows; so are replaced
 * ones. */
#include <stdlib.h>

#include "base/memory.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/edges/digest.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "net/edges/edge_replace.h"
#include "net/edges/edge_slabs.h"
#include "net/edges/edge_walk.h"
#include "network_builder.h"

enum { CELLS = 300, SYNAPSES = 300000, IN_TAIL = 900 };

/* Adds synapses that form later, so that rows are no longer in order. */
static void add_to_tail(rw_network *network) {
    rw_projection *projection = &network->projections[0];
    uint64_t n_sources = network->populations[projection->source].count;
    uint64_t n_targets = network->populations[projection->target].count;
    for (uint32_t k = 0; k < IN_TAIL; k++) {
        rw_bits bits = rw_draw(rw_stream_of(3, RW_PURPOSE_SELECTION, 0), k, 0);
        uint64_t source = bits.word[0] % n_sources, target = bits.word[1] % n_targets;
        int thread = rw_partition_thread_of(&network->partition, projection->n_targets, target);
        rw_slice slice = rw_partition_thread_slice(&network->partition, projection->n_targets, thread);
        rw_synapse synapse = {(uint32_t)(target - slice.begin), (float)k};
        assert_ok(rw_adjacency_insert(&projection->adjacency[thread], source, synapse,
                                      projection->next_serial[source]++, NULL));
    }
}

/* A structural projection with multapses, on a team of n_threads. */
static rw_network *make_network(network_builder *builder, int n_threads) {
    rw_network *network = NULL;
    builder_start(builder);
    uint32_t a = builder_population(builder, "lif_psc_exp", CELLS), b = builder_population(builder, "lif_psc_exp", 77);
    rw_projection_spec *spec = builder_projection(builder, a, b, RW_CONNECT_FIXED_TOTAL_NUMBER);
    spec->n = SYNAPSES - IN_TAIL;
    spec->multapses = spec->structural = true;
    spec->weight = builder_value(RW_UNIFORM, 1.0, 2.0);
    assert_ok(rw_network_create(&network, &builder->scenario, n_threads));
    add_to_tail(network);
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
    rw_edge_counts(&network->partition, projection, counts);
    for (uint32_t first = 0; first < CELLS; first += stride) {
        uint32_t end = first + stride < CELLS ? first + stride : CELLS;
        uint64_t got = 0;
        for (uint32_t source = first; source < end; source++)
            got += counts[source];
        assert_true(seen + got <= n);
        rw_edge_walk(&network->partition, projection, first, end, portion);
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
    assert_ok(
        rw_projection_replace(&to->partition, projection, edges + 5, SYNAPSES - 9)); /* what vanished leaves the rest */
    assert_int_equal(rw_projection_count(&to->partition, projection), SYNAPSES - 9);
    assert_walk(to, edges + 5, SYNAPSES - 9, 10);
    assert_ok(rw_projection_digest(&to->partition, projection, true, &without));
    assert_ok(rw_projection_replace(&to->partition, projection, edges, SYNAPSES));
    assert_ok(rw_projection_digest(&from->partition, &from->projections[0], true, &digest));
    assert_ok(rw_projection_digest(&to->partition, projection, true, &replaced));
    assert_true(digest == replaced && digest != without);
    /* rows can grow again */
    assert_ok(rw_adjacency_insert(&projection->adjacency[0], 3, (rw_synapse){1, 0.5f}, UINT32_MAX, NULL));
    assert_int_equal(rw_projection_count(&to->partition, projection), SYNAPSES + 1);
    rw_edge swapped = edges[10];
    edges[10] = edges[11];
    edges[11] = swapped;
    assert_int_equal(rw_projection_replace(&to->partition, projection, edges, SYNAPSES), RW_ERR_INPUT);
    rw_free(edges);
    rw_network_destroy(&from);
    rw_network_destroy(&to);
}

enum { A = 70, B = 47, LISTED = 3000 };

/* Multapses whose delays differ or not, and whose rows are compact, with weights, or can change. */
static rw_network *make_small(network_builder *builder, double longest_ms, bool equal, bool structural, int n_threads) {
    rw_network *network = NULL;
    builder_start(builder);
    uint32_t a = builder_population(builder, "lif_psc_exp", A), b = builder_population(builder, "lif_psc_exp", B);
    rw_projection_spec *spec = builder_projection(builder, a, b, RW_CONNECT_FIXED_TOTAL_NUMBER);
    spec->n = structural ? LISTED - IN_TAIL : LISTED;
    spec->multapses = true;
    spec->structural = structural;
    spec->delay_ms = builder_value(RW_UNIFORM, 1.0, longest_ms);
    if (!equal)
        spec->weight = builder_value(RW_UNIFORM, 1.0, 2.0);
    assert_ok(rw_network_create(&network, &builder->scenario, n_threads));
    if (structural)
        add_to_tail(network);
    return network;
}

static int by_target_source_uid(const void *left, const void *right) {
    const rw_edge *a = left, *b = right;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return (a->uid > b->uid) - (a->uid < b->uid);
}

/* All synapses as the rows of all threads have them; in uid the serial or, where it is implied, the place in the row.
 */
static void read_rows(const rw_network *network, rw_edge *edges) {
    const rw_projection *projection = &network->projections[0];
    uint64_t n = 0;
    uint32_t implied[A] = {0};
    for (int t = 0; t < network->partition.n_threads; t++)
        for (uint64_t source = 0; source < A; source++) {
            const rw_adjacency *adjacency = &projection->adjacency[t];
            for (uint64_t slot = rw_adjacency_start(adjacency, source); slot < rw_adjacency_end(adjacency, source);
                 slot++) {
                rw_synapse synapse = rw_adjacency_synapse(adjacency, slot);
                if (!rw_adjacency_is_live(adjacency, slot))
                    continue;
                assert_true(n < LISTED);
                edges[n++] = (rw_edge){
                    .uid = adjacency->serials != NULL ? adjacency->serials[slot] : slot,
                    .source = source,
                    .target = rw_partition_thread_slice(&network->partition, network->populations[1].count, t).begin +
                              rw_packed_target(projection->packing, synapse.packed),
                    .weight = synapse.weight,
                    .delay_steps = projection->min_delay + rw_packed_delay_class(projection->packing, synapse.packed)};
            }
        }
    assert_int_equal(n, LISTED);
    qsort(edges, n, sizeof *edges, by_target_source_uid);
    for (uint64_t k = 0; k < n; k++)
        edges[k].uid = edges[k].source << 32 | (projection->numbered ? edges[k].uid : implied[edges[k].source]++);
}

static void assert_slabs(const rw_network *network, const rw_edge *edges, uint64_t size) {
    rw_edge_slabs slabs;
    uint64_t seen = 0;
    assert_ok(rw_edge_slabs_begin(&slabs, network, &network->projections[0], size));
    while (true) {
        assert_ok(rw_edge_slabs_next(&slabs));
        if (slabs.n == 0)
            break;
        assert_int_equal(slabs.before, seen);
        assert_true(slabs.n <= size || slabs.edges[0].target == slabs.edges[slabs.n - 1].target);
        for (uint64_t k = 0; k < slabs.n; k++, seen++) {
            assert_true(seen < LISTED);
            assert_int_equal(by_target_source_uid(&slabs.edges[k], &edges[seen]), 0);
            assert_true(slabs.edges[k].delay_steps == edges[seen].delay_steps &&
                        memcmp(&slabs.edges[k].weight, &edges[seen].weight, sizeof(float)) == 0);
        }
    }
    rw_edge_slabs_end(&slabs);
    assert_int_equal(seen, LISTED);
}

/* Each source's indices ascend, are its own, and are all there are. */
static void assert_indices(const rw_network *network, const rw_edge *edges, uint64_t stride) {
    static bool met[LISTED];
    uint64_t next[B + 1], indices[LISTED], total = 0;
    uint32_t counts[A];
    memset(met, 0, sizeof met);
    assert_ok(rw_edge_firsts(&network->partition, &network->projections[0], next));
    assert_int_equal(next[B], LISTED);
    rw_edge_counts(&network->partition, &network->projections[0], counts);
    for (uint64_t first = 0; first < A; first += stride) {
        uint64_t end = first + stride < A ? first + stride : A, at = 0;
        assert_ok(rw_edge_file_indices(&network->partition, &network->projections[0], first, end, next, indices));
        for (uint64_t source = first; source < end; source++)
            for (uint32_t k = 0; k < counts[source]; k++, at++, total++) {
                assert_true(indices[at] < LISTED && !met[indices[at]] && (k == 0 || indices[at] > indices[at - 1]));
                assert_int_equal(edges[indices[at]].source, source);
                met[indices[at]] = true;
            }
    }
    assert_int_equal(total, LISTED);
}

static void slabs_and_indices_are_those_of_the_rows(void **state) {
    (void)state;
    static const struct {
        double longest_ms;
        bool equal, structural;
    } cases[] = {{1.0, true, false}, {1.0, false, false}, {9.0, true, false}, {9.0, false, false}, {1.0, false, true}};
    static rw_edge edges[LISTED];
    for (size_t c = 0; c < RW_COUNT(cases); c++)
        for (int threads = 1; threads <= 5; threads += 2) {
            static network_builder builder;
            rw_network *network =
                make_small(&builder, cases[c].longest_ms, cases[c].equal, cases[c].structural, threads);
            read_rows(network, edges);
            for (uint64_t size = 1; size < 2 * LISTED; size = 7 * size + 3)
                assert_slabs(network, edges, size);
            assert_indices(network, edges, 1);
            assert_indices(network, edges, 13);
            rw_network_destroy(&network);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slabs_and_indices_are_those_of_the_rows),
        cmocka_unit_test(a_walk_meets_every_synapse_in_order),
        cmocka_unit_test(replaced_synapses_are_those_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
