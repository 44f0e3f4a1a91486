#include "sim/run_state/synapse_state.h"

#include <string.h>

#include "comm/team.h"
#include "net/edges/digest.h"
#include "net/edges/edge.h"
#include "net/edges/edge_replace.h"
#include "net/edges/edge_walk.h"

/* Synapses that are handed over at a time, so that nobody holds those of all ranks; more if one source has more. */
enum { SLAB = 1 << 17 };

/* The synapses of sources [first, end) as columns [n]; those before them are `before`. */
typedef struct {
    uint32_t *counts; /* [n_sources] synapses of each source, on all ranks */
    uint32_t *own;    /* [n_sources] on this rank */
    uint64_t n_sources, total, size;
    uint32_t first, end;
    uint64_t n, before;
    rw_walked_edge *edges;     /* [size + n_threads]: each thread uses up one more */
    uint32_t *target, *serial; /* [size] */
    float *weight;             /* [size] */
} slab;

static void destroy(slab *it) {
    rw_free(it->counts);
    rw_free(it->own);
    rw_free(it->edges);
    rw_free(it->target);
    rw_free(it->serial);
    rw_free(it->weight);
    *it = (slab){0};
}

static rw_err create_counts(slab *it, uint64_t n_sources) {
    *it = (slab){.n_sources = n_sources};
    RW_TRY(RW_NEW(it->counts, n_sources, "synapses of a saved state"));
    return RW_NEW(it->own, n_sources, "synapses of a saved state");
}

/* Room for the largest slab, when the counts are known. */
static rw_err create_columns(slab *it, int n_threads) {
    it->size = SLAB;
    for (uint64_t source = 0; source < it->n_sources; source++) {
        it->total += it->counts[source];
        it->size = it->counts[source] > it->size ? it->counts[source] : it->size;
    }
    RW_TRY(RW_NEW(it->edges, it->size + (size_t)n_threads, "synapses of a saved state"));
    RW_TRY(RW_NEW(it->target, it->size, "synapses of a saved state"));
    RW_TRY(RW_NEW(it->serial, it->size, "synapses of a saved state"));
    return RW_NEW(it->weight, it->size, "synapses of a saved state");
}

/* Goes to the sources behind, as many as have room; false behind the last. */
static bool next_slab(slab *it) {
    it->before += it->n;
    it->first = it->end;
    for (it->n = 0; it->end < it->n_sources && it->n + it->counts[it->end] <= it->size; it->end++)
        it->n += it->counts[it->end];
    return it->first < it->n_sources;
}

static rw_err archive_slab(const rw_archive *archive, const char *group, const slab *it) {
    const struct {
        const char *name;
        rw_archive_type type;
        void *values;
    } parts[] = {{"target", RW_ARCHIVE_U32, it->target},
                 {"serial", RW_ARCHIVE_U32, it->serial},
                 {"weight", RW_ARCHIVE_F32, it->weight}};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        RW_TRY(archive->part(archive->self, rw_path_of("%s/%s", group, parts[k].name).text, parts[k].type, it->total,
                             it->before, it->n, parts[k].values));
    return RW_OK;
}

/* A slab that the threads walk, each some of its sources. */
typedef struct {
    const rw_network *network;
    const rw_projection *projection;
    const slab *it;
} walking;

/* The first source of a thread's, and how many synapses this rank has of the slab's sources before it. */
static uint32_t first_source(const walking *work, int thread, uint64_t *before) {
    const slab *it = work->it;
    uint64_t n = it->end - it->first;
    uint32_t first = it->first + (uint32_t)(n * (uint64_t)thread / (uint64_t)work->network->partition.n_threads);
    *before = 0;
    for (uint32_t s = it->first; s < first; s++)
        *before += it->own[s];
    return first;
}

/* Walks a thread's sources; where there is one rank, their synapses go to the columns at once. Each thread uses up an
 * edge behind its own, so those of the next begin one later. */
static rw_err walk_sources(void *context, int thread) {
    const walking *work = context;
    const slab *it = work->it;
    uint64_t before, behind;
    uint32_t first = first_source(work, thread, &before), end = first_source(work, thread + 1, &behind);
    rw_walked_edge *edges = it->edges + before + (uint64_t)thread;
    rw_edge_walk(&work->network->partition, work->projection, first, end, edges);
    bool alone = rw_comm_size(work->network->partition.comm) == 1;
    for (uint64_t k = before; alone && k < behind; k++, edges++) {
        it->target[k] = edges->target;
        it->serial[k] = edges->serial;
        it->weight[k] = edges->weight;
    }
    return RW_OK;
}

/* Closes the gaps between what the threads walked, and returns how much it is. */
static uint64_t close_up(const walking *work) {
    uint64_t before = 0, behind = 0;
    for (int t = 0; t < work->network->partition.n_threads; t++, before = behind) {
        (void)first_source(work, t + 1, &behind);
        memmove(work->it->edges + before, work->it->edges + before + (uint64_t)t,
                (behind - before) * sizeof *work->it->edges);
    }
    return behind;
}

/* What the ranks have, rank after rank and so by target, to its place by source. */
static void merge(const rw_walked_edge *edges, uint64_t *next, const slab *it) {
    for (uint32_t s = it->first, place = 0; s < it->end; place += it->counts[s++])
        next[s - it->first] = place;
    for (uint64_t k = 0; k < it->n; k++) {
        uint64_t place = next[edges[k].source - it->first]++;
        it->target[place] = edges[k].target;
        it->serial[place] = edges[k].serial;
        it->weight[place] = edges[k].weight;
    }
}

/* Brings the slab's synapses to the columns of rank 0. */
static rw_err gather(const rw_network *network, const rw_projection *projection, const slab *it) {
    const rw_comm *comm = network->partition.comm;
    walking work = {network, projection, it};
    RW_TRY(rw_comm_agree(comm, rw_team_run(network->partition.n_threads, walk_sources, &work)));
    if (rw_comm_size(comm) == 1)
        return RW_OK;
    rw_walked_edge *all = NULL;
    uint64_t *next = NULL, n_own = close_up(&work);
    size_t n_all = 0;
    RW_TRY(rw_comm_collect(comm, it->edges, n_own, sizeof *all, &all, &n_all));
    rw_err err = RW_NEW(next, it->end - it->first, "synapses of a saved state");
    if (err == RW_OK && rw_comm_rank(comm) == 0)
        merge(all, next, it);
    rw_free(all);
    rw_free(next);
    return rw_comm_agree(comm, err);
}

static rw_err save(const rw_network *network, const rw_projection *projection, const rw_archive *archive,
                   const char *group, slab *it) {
    while (next_slab(it)) {
        RW_TRY(gather(network, projection, it));
        RW_TRY(archive_slab(archive, group, it));
    }
    return RW_OK;
}

/* A list that grows. */
typedef struct {
    rw_edge *items;
    uint64_t n, size;
} edge_list;

/* Adds the edges of a slab that belong to this rank. */
static rw_err join(const rw_network *network, const rw_projection *projection, const slab *it, edge_list *edges) {
    uint64_t first_gid = network->populations[projection->source].first_gid;
    rw_slice own = rw_partition_own_slice(&network->partition, projection->n_targets);
    uint64_t n_own = 0;
    for (uint64_t k = 0; k < it->n; k++)
        n_own += it->target[k] >= own.begin && it->target[k] < own.end;
    if (edges->n + n_own > edges->size) {
        uint64_t size = edges->size + edges->size / 2 + n_own;
        RW_TRY(RW_GROW(edges->items, edges->size, size, "synapses of a saved state"));
        edges->size = size;
    }
    uint64_t k = 0;
    for (uint32_t source = it->first; source < it->end; source++)
        for (uint32_t left = it->counts[source]; left > 0; left--, k++)
            if (it->target[k] >= own.begin && it->target[k] < own.end)
                edges->items[edges->n++] = (rw_edge){.uid = (first_gid + source) << 32 | it->serial[k],
                                                     .source = source,
                                                     .target = it->target[k],
                                                     .weight = it->weight[k],
                                                     .delay_steps = projection->min_delay};
    return RW_OK;
}

/* Every rank sees every slab and keeps its own. */
static rw_err restore(rw_network *network, rw_projection *projection, const rw_archive *archive, const char *group,
                      slab *it) {
    edge_list edges = {0};
    rw_err err = RW_OK;
    while (err == RW_OK && next_slab(it)) {
        err = archive_slab(archive, group, it);
        if (err == RW_OK)
            err = rw_comm_agree(network->partition.comm, join(network, projection, it, &edges));
    }
    if (err == RW_OK)
        err = rw_comm_agree(network->partition.comm,
                            rw_projection_replace(&network->partition, projection, edges.items, edges.n));
    rw_free(edges.items);
    return err;
}

/* The counts of all sources, and room for the slabs. */
static rw_err archive_counts(const rw_network *network, const rw_projection *projection, const rw_archive *archive,
                             const char *group, slab *it) {
    const rw_comm *comm = network->partition.comm;
    RW_TRY(rw_comm_agree(comm, create_counts(it, network->populations[projection->source].count)));
    if (archive->saving) {
        rw_edge_counts(&network->partition, projection, it->own);
        memcpy(it->counts, it->own, it->n_sources * sizeof *it->counts);
        RW_TRY(rw_comm_reduce(comm, it->counts, it->n_sources, RW_U32, RW_SUM));
    }
    RW_TRY(
        rw_archive_column(archive, rw_path_of("%s/synapses", group).text, RW_ARCHIVE_U32, it->n_sources, it->counts));
    return rw_comm_agree(comm, create_columns(it, network->partition.n_threads));
}

static rw_err archive_structural(rw_network *network, rw_projection *projection, const rw_archive *archive,
                                 const char *group) {
    uint64_t n_sources = network->populations[projection->source].count;
    if (archive->saving)
        RW_TRY(
            rw_partition_gather(&network->partition, projection->n_sources, projection->next_serial, sizeof(uint32_t)));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/next_serial", group).text, RW_ARCHIVE_U32, n_sources,
                             projection->next_serial));
    slab it;
    rw_err err = archive_counts(network, projection, archive, group, &it);
    if (err == RW_OK)
        err = (archive->saving ? save(network, projection, archive, group, &it)
                               : restore(network, projection, archive, group, &it));
    destroy(&it);
    return err;
}

rw_err rw_projection_archive(rw_network *network, rw_projection *projection, const rw_archive *archive,
                             const char *group) {
    const char *name = projection->spec->name;
    uint64_t delays = (uint64_t)projection->min_delay << 32 | projection->max_delay, digest = 0;
    RW_TRY(rw_archive_match(
        archive, rw_path_of("%s/delays", group).text, delays,
        rw_path_of("projection '%s' has other delays than in the saved state; they must stay", name).text));
    if (projection->spec->structural)
        return archive_structural(network, projection, archive, group);
    RW_TRY(rw_projection_digest(&network->partition, projection, projection->plasticity.at[RW_AT_SYNAPSE].model == NULL,
                                &digest));
    return rw_archive_match(archive, rw_path_of("%s/digest", group).text, digest,
                            rw_path_of("projection '%s' has other synapses than in the saved state; connect, "
                                       "weight, delay, seed, space and the populations' counts must stay",
                                       name)
                                .text);
}
