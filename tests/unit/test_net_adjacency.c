/* Rows that grow and shrink hold exactly what a plain list of synapses holds. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/adjacency_setup.h"
#include "net/adjacency/reverse_adjacency.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "network_builder.h"

enum { SOURCES = 40, MOST = 6000, WORDS = 500 };

typedef struct {
    uint64_t source;
    rw_synapse synapse;
    uint32_t serial;
} item;

/* The plain list, and rows that start empty. */
typedef struct {
    item items[MOST];
    size_t n;
    uint32_t next_serial[SOURCES];
    rw_adjacency adjacency;
} model;

static void model_start(model *m) {
    memset(m, 0, sizeof *m);
    m->adjacency.n_sources = m->adjacency.n_rows = SOURCES;
    assert_ok(RW_NEW(m->adjacency.count, SOURCES, "rows"));
    assert_ok(rw_adjacency_allocate(&m->adjacency));
    m->adjacency.packed_end = WORDS;
    assert_ok(rw_adjacency_finish(&m->adjacency));
}

static void insert(model *m, uint64_t source, uint32_t packed) {
    item added = {source, {packed, (float)m->n}, m->next_serial[source]++};
    assert_ok(rw_adjacency_insert(&m->adjacency, source, added.synapse, added.serial, NULL));
    m->items[m->n++] = added;
}

static void remove_item(model *m, size_t index) {
    item gone = m->items[index];
    uint64_t slot = rw_adjacency_start(&m->adjacency, gone.source);
    while (!rw_adjacency_is_live(&m->adjacency, slot) || m->adjacency.serials[slot] != gone.serial)
        slot++;
    assert_true(slot < rw_adjacency_end(&m->adjacency, gone.source));
    assert_int_equal(m->adjacency.synapses[slot].packed, gone.synapse.packed);
    rw_adjacency_delete(&m->adjacency, gone.source, slot);
    m->items[index] = m->items[--m->n];
}

static int compare_items(const void *a, const void *b) {
    const item *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (x->synapse.packed != y->synapse.packed)
        return x->synapse.packed < y->synapse.packed ? -1 : 1;
    return x->serial < y->serial ? -1 : 1;
}

/* Every target finds its synapses by number, in the order of sources. */
static void assert_reverse(model *m, const item *sorted) {
    uint32_t found[WORDS] = {0};
    for (size_t k = 0; k < m->n; k++) {
        uint32_t target = sorted[k].synapse.packed;
        uint64_t source = UINT64_MAX;
        uint64_t slot = rw_adjacency_select_incoming(&m->adjacency, target, found[target]++, &source);
        assert_int_equal(source, sorted[k].source);
        assert_true(slot >= rw_adjacency_start(&m->adjacency, source) &&
                    slot < rw_adjacency_end(&m->adjacency, source));
        assert_true(rw_adjacency_is_live(&m->adjacency, slot) && m->adjacency.synapses[slot].packed == target);
        assert_int_equal(m->adjacency.serials[slot], sorted[k].serial);
    }
    for (uint32_t target = 0; target < WORDS; target++)
        assert_int_equal(m->adjacency.reverse.lists[target].count, found[target]);
}

/* Places of a row are ascending up to the unsorted tail, tombstones have no weight, and the tail is short and ascends
 * by serial. Returns how many hold synapses. */
static uint32_t assert_slots(const rw_adjacency *adjacency, uint64_t source) {
    uint64_t start = rw_adjacency_start(adjacency, source), tail = rw_adjacency_tail(adjacency, source);
    uint64_t end = rw_adjacency_end(adjacency, source);
    uint32_t n = 0;
    assert_true(start <= tail && tail <= end && end - tail <= RW_MAX_TAIL);
    assert_true(end - start <= adjacency->slots[source].capacity &&
                start + adjacency->slots[source].capacity <= adjacency->pool_size);
    for (uint64_t slot = start; slot < end; slot++) {
        const rw_synapse *here = &adjacency->synapses[slot];
        assert_true(here->packed < WORDS);
        if (slot > start && slot < tail)
            assert_true(here->packed >= here[-1].packed);
        if (slot > tail)
            assert_true(adjacency->serials[slot] > adjacency->serials[slot - 1]);
        assert_true(rw_adjacency_is_live(adjacency, slot) || here->weight == 0.0f);
        n += rw_adjacency_is_live(adjacency, slot);
    }
    for (uint32_t packed = 0; packed <= WORDS; packed += 7) {
        uint64_t found = rw_adjacency_search(adjacency, source, packed);
        assert_true(found == tail || adjacency->synapses[found].packed >= packed);
        assert_true(found == start || adjacency->synapses[found - 1].packed < packed);
    }
    return n;
}

static void assert_equal(model *m) {
    static item sorted[MOST];
    memcpy(sorted, m->items, m->n * sizeof(item));
    qsort(sorted, m->n, sizeof(item), compare_items);
    rw_adjacency *adjacency = &m->adjacency;
    size_t k = 0;
    uint64_t slots = 0;
    for (uint64_t source = 0; source < SOURCES; source++) {
        slots += adjacency->slots[source].capacity;
        assert_int_equal(assert_slots(adjacency, source), rw_adjacency_count(adjacency, source));
        for (uint32_t number = 0; number < rw_adjacency_count(adjacency, source); number++, k++) {
            uint64_t slot = rw_adjacency_select(adjacency, source, number);
            assert_true(k < m->n && sorted[k].source == source && rw_adjacency_is_live(adjacency, slot));
            assert_int_equal(adjacency->synapses[slot].packed, sorted[k].synapse.packed);
            assert_true(adjacency->synapses[slot].weight == sorted[k].synapse.weight);
            assert_int_equal(adjacency->serials[slot], sorted[k].serial);
        }
    }
    assert_int_equal(k, m->n);
    assert_reverse(m, sorted);
    assert_true(slots <= adjacency->pool_size);
}

static void rows_equal_a_plain_list_after_100000_operations(void **state) {
    (void)state;
    static model m;
    model_start(&m);
    rw_stream stream = rw_stream_of(5, RW_PURPOSE_SELECTION, 0);
    for (uint32_t k = 0; k < 100000; k++) {
        rw_bits bits = rw_draw(stream, k, 0);
        bool growing = (k / 10000) % 2 == 0; /* long phases of growth and of shrinking */
        bool inserts = m.n == 0 || (m.n < MOST && bits.word[0] % 10 < (growing ? 7u : 3u));
        /* a few sources get most, so that some rows are long; few words, so that many are equal */
        uint64_t source = bits.word[1] % (bits.word[1] >> 31 ? SOURCES : 3);
        if (inserts)
            insert(&m, source, bits.word[2] % WORDS);
        else
            remove_item(&m, bits.word[2] % m.n);
        if (k % 997 == 0)
            assert_equal(&m);
    }
    assert_equal(&m);
    rw_adjacency_destroy(&m.adjacency);
}

static int compare_sources(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* With more sources than 2 bytes can number, a list has the blocks of sources. Sources are unevenly spread, and some
 * occur more than once. */
static void lists_of_sources_equal_sorted_ones_for_any_number_of_sources(void **state) {
    (void)state;
    const uint64_t n_sources[] = {1, 300, 65536, 65537, 1000000, 3000000000};
    rw_stream stream = rw_stream_of(7, RW_PURPOSE_SELECTION, 1);
    for (size_t n = 0; n < sizeof n_sources / sizeof n_sources[0]; n++) {
        enum { TARGETS = 3, EACH = 400 };
        uint32_t none[TARGETS] = {0}, sources[TARGETS][EACH], counts[TARGETS] = {0};
        rw_reverse_adjacency reverse;
        assert_ok(rw_reverse_adjacency_create(&reverse, n_sources[n], TARGETS, none));
        for (uint32_t k = 0; k < 10000; k++) {
            rw_bits bits = rw_draw(stream, k, n);
            uint32_t target = bits.word[0] % TARGETS, *count = &counts[target];
            if (*count < EACH && (*count == 0 || bits.word[1] % 100 < 55)) {
                uint32_t source = bits.word[2] % (uint32_t)n_sources[n] >> (bits.word[3] % 2 * 10);
                assert_ok(rw_reverse_adjacency_reserve(&reverse, target));
                rw_reverse_adjacency_add(&reverse, target, source);
                sources[target][(*count)++] = source;
            } else {
                uint32_t gone = bits.word[2] % *count;
                rw_reverse_adjacency_delete(&reverse, target, sources[target][gone]);
                sources[target][gone] = sources[target][--*count];
            }
        }
        for (uint32_t target = 0; target < TARGETS; target++) {
            qsort(sources[target], counts[target], sizeof(uint32_t), compare_sources);
            assert_int_equal(reverse.lists[target].count, counts[target]);
            for (uint32_t k = 0, block_start = 0; k < counts[target]; k++) {
                uint32_t shift = reverse.shift, number;
                uint64_t first;
                rw_reverse_adjacency_find(&reverse, target, k, &first, &number);
                block_start = sources[target][block_start] >> shift == sources[target][k] >> shift ? block_start : k;
                assert_int_equal(first, sources[target][k] >> shift << shift);
                assert_int_equal(number, k - block_start);
            }
        }
        rw_reverse_adjacency_destroy(&reverse);
    }
}

static void sources_are_found_where_they_crowd(void **state) {
    (void)state;
    enum { MANY = 10000, CROWD = 200 };
    static const uint32_t first[] = {0, 3700, 4950, 6100, MANY - 2 * CROWD}; /* of every second one */
    for (size_t c = 0; c < RW_COUNT(first); c++) {
        rw_reverse_adjacency reverse;
        assert_ok(rw_reverse_adjacency_create(&reverse, MANY, 1, (uint32_t[]){CROWD}));
        for (uint32_t k = 0; k < CROWD; k++)
            rw_reverse_adjacency_add(&reverse, 0, first[c] + 2 * k);
        for (uint32_t source = 0; source < MANY; source++) {
            bool is_one = source >= first[c] && source < first[c] + 2 * CROWD && (source - first[c]) % 2 == 0;
            assert_int_equal(rw_reverse_adjacency_may_have(&reverse, 0, source), is_one);
            rw_reverse_adjacency_prefetch_source(&reverse, 0, source);
        }
        rw_reverse_adjacency_destroy(&reverse);
    }
}

static void structural_projections_take_new_synapses(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 50);
    rw_projection_spec *spec = builder_projection(&builder, a, a, RW_CONNECT_PAIRWISE_BERNOULLI);
    spec->p = 0.5;
    spec->structural = true;
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    rw_projection *projection = &network->projections[0];
    uint64_t before = rw_projection_count(&network->partition, projection);
    for (uint32_t target = 0; target < 50; target++)
        assert_ok(rw_adjacency_insert(&projection->adjacency[0], 7, (rw_synapse){target, 2.0f},
                                      projection->next_serial[7]++, NULL));
    assert_int_equal(rw_projection_count(&network->partition, projection), before + 50);
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(network, projection, &edges));
    int added = 0;
    for (uint64_t k = 0; k < before + 50; k++) {
        added += edges[k].weight == 2.0f;
        assert_true(edges[k].weight != 2.0f || edges[k].source == 7);
        assert_true(k == 0 || edges[k - 1].target < edges[k].target ||
                    (edges[k - 1].target == edges[k].target && edges[k - 1].uid < edges[k].uid));
    }
    assert_int_equal(added, 50);
    rw_free(edges);
    rw_network_destroy(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_equal_a_plain_list_after_100000_operations),
        cmocka_unit_test(lists_of_sources_equal_sorted_ones_for_any_number_of_sources),
        cmocka_unit_test(sources_are_found_where_they_crowd),
        cmocka_unit_test(structural_projections_take_new_synapses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
