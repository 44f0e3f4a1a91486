#include "net/adjacency/adjacency_setup.h"

#include "base/memory.h"
#include "net/adjacency/reverse_adjacency.h"

/* Adds the sources of targets below `end` to the reverse adjacency, for rows that have neither tail nor tombstones yet.
 * added [n_sources]: how many synapses of each row have been added. */
static void add_sources(rw_adjacency *adjacency, uint32_t end, uint32_t *added) {
    enum { AHEAD = 8 }; /* sources */
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        if (source + AHEAD < adjacency->n_sources)
            __builtin_prefetch(adjacency->synapses + adjacency->start[source + AHEAD] + added[source + AHEAD]);
        const rw_synapse *row = adjacency->synapses + adjacency->start[source];
        uint32_t k = added[source];
        for (; k < adjacency->count[source] && row[k].packed < end; k++)
            rw_reverse_adjacency_add(&adjacency->reverse, row[k].packed, source);
        added[source] = k;
    }
}

/* Builds the reverse adjacency, for so many targets at a time that the ends of their lists stay in cache. */
static rw_err build_reverse(rw_adjacency *adjacency) {
    enum { AT_A_TIME = 32768 };
    uint32_t *counts = NULL, *added = NULL;
    RW_TRY(RW_NEW(counts, adjacency->packed_end, "synapses"));
    for (uint64_t source = 0; source < adjacency->n_sources; source++)
        for (uint64_t slot = adjacency->start[source]; slot < adjacency->start[source] + adjacency->count[source];
             slot++)
            counts[adjacency->synapses[slot].packed]++;
    rw_err err = rw_reverse_adjacency_create(&adjacency->reverse, adjacency->n_sources, adjacency->packed_end, counts);
    rw_free(counts);
    if (err == RW_OK)
        err = RW_NEW(added, adjacency->n_sources, "synapses");
    for (uint64_t end = AT_A_TIME; err == RW_OK && end < adjacency->packed_end + (uint64_t)AT_A_TIME; end += AT_A_TIME)
        add_sources(adjacency, end < adjacency->packed_end ? (uint32_t)end : adjacency->packed_end, added);
    rw_free(added);
    return err;
}

rw_err rw_adjacency_allocate(rw_adjacency *adjacency) {
    RW_TRY(rw_extents_create(&adjacency->extents));
    RW_TRY(RW_NEW(adjacency->start, adjacency->n_sources + 1, "synapses"));
    RW_TRY(RW_NEW(adjacency->slots, adjacency->n_sources, "synapses"));
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        uint32_t n = adjacency->count[source];
        adjacency->count[source] = 0;
        if (n > 0)
            RW_TRY(rw_extents_allocate(adjacency->extents, (uint32_t)source, n + 1, &adjacency->start[source],
                                       &adjacency->slots[source].capacity));
    }
    adjacency->pool_size = rw_extents_size(adjacency->extents);
    return RW_OK;
}

rw_err rw_adjacency_finish(rw_adjacency *adjacency) {
    if (adjacency->packed_end > 0)
        RW_TRY(build_reverse(adjacency));
    for (uint64_t source = 0; source < adjacency->n_sources; source++)
        adjacency->slots[source].used = adjacency->slots[source].sorted = adjacency->count[source];
    return RW_NEW(adjacency->tombstones, adjacency->pool_size / 64 + 1, "synapses");
}
