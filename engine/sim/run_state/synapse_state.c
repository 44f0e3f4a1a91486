#include "sim/run_state/synapse_state.h"

#include <string.h>

#include "comm/team.h"
#include "net/edges/digest.h"
#include "net/edges/edge.h"
#include "net/edges/edge_replace.h"
#include "net/edges/edge_walk.h"

/* Synapses that are transferred at a time, so that no rank holds those of all; more if one source has more. */
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
} synapse_slab;

static void destroy(synapse_slab *slab) {
    rw_free(slab->counts);
    rw_free(slab->own);
    rw_free(slab->edges);
    rw_free(slab->target);
    rw_free(slab->serial);
    rw_free(slab->weight);
    *slab = (synapse_slab){0};
}

static rw_err create_counts(synapse_slab *slab, uint64_t n_sources) {
    *slab = (synapse_slab){.n_sources = n_sources};
    RW_TRY(RW_NEW(slab->counts, n_sources, "synapses of a saved state"));
    return RW_NEW(slab->own, n_sources, "synapses of a saved state");
}

/* Allocates the buffer of the largest slab, when the counts are known. */
static rw_err create_columns(synapse_slab *slab, int n_threads) {
    slab->size = SLAB;
    for (uint64_t source = 0; source < slab->n_sources; source++) {
        slab->total += slab->counts[source];
        slab->size = slab->counts[source] > slab->size ? slab->counts[source] : slab->size;
    }
    RW_TRY(RW_NEW(slab->edges, slab->size + (size_t)n_threads, "synapses of a saved state"));
    RW_TRY(RW_NEW(slab->target, slab->size, "synapses of a saved state"));
    RW_TRY(RW_NEW(slab->serial, slab->size, "synapses of a saved state"));
    return RW_NEW(slab->weight, slab->size, "synapses of a saved state");
}

/* Advances to the next sources, as many as fit; false after the last. */
static bool next_slab(synapse_slab *slab) {
    slab->before += slab->n;
    slab->first = slab->end;
    for (slab->n = 0; slab->end < slab->n_sources && slab->n + slab->counts[slab->end] <= slab->size; slab->end++)
        slab->n += slab->counts[slab->end];
    return slab->first < slab->n_sources;
}

static rw_err archive_slab(const rw_archive *archive, const char *group, const synapse_slab *slab) {
    const struct {
        const char *name;
        rw_archive_type type;
        void *values;
    } parts[] = {{"target", RW_ARCHIVE_U32, slab->target},
                 {"serial", RW_ARCHIVE_U32, slab->serial},
                 {"weight", RW_ARCHIVE_F32, slab->weight}};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        RW_TRY(archive->part(archive->self, rw_path_of("%s/%s", group, parts[k].name).text, parts[k].type, slab->total,
                             slab->before, slab->n, parts[k].values));
    return RW_OK;
}

/* A slab that the threads walk, each some of its sources. */
typedef struct {
    const rw_network *network;
    const rw_projection *projection;
    const synapse_slab *slab;
} walking;

/* The first source of a thread's, and how many synapses this rank has of the slab's sources before it. */
static uint32_t first_source(const walking *work, int thread, uint64_t *before) {
    const synapse_slab *slab = work->slab;
    uint64_t n = slab->end - slab->first;
    uint32_t first = slab->first + (uint32_t)(n * (uint64_t)thread / (uint64_t)work->network->partition.n_threads);
    *before = 0;
    for (uint32_t s = slab->first; s < first; s++)
        *before += slab->own[s];
    return first;
}

/* Walks a thread's sources; where there is one rank, their synapses go to the columns at once. Each thread uses up an
 * edge behind its own, so those of the next begin one later. */
static rw_err walk_sources(void *context, int thread) {
    const walking *work = context;
    const synapse_slab *slab = work->slab;
    uint64_t before, behind;
    uint32_t first = first_source(work, thread, &before), end = first_source(work, thread + 1, &behind);
    rw_walked_edge *edges = slab->edges + before + (uint64_t)thread;
    rw_edge_walk(&work->network->partition, work->projection, first, end, edges);
    bool alone = rw_comm_size(work->network->partition.comm) == 1;
    for (uint64_t k = before; alone && k < behind; k++, edges++) {
        slab->target[k] = edges->target;
        slab->serial[k] = edges->serial;
        slab->weight[k] = edges->weight;
    }
    return RW_OK;
}

/* Closes the gaps between what the threads walked, and returns how much it is. */
static uint64_t close_up(const walking *work) {
    uint64_t before = 0, behind = 0;
    for (int t = 0; t < work->network->partition.n_threads; t++, before = behind) {
        (void)first_source(work, t + 1, &behind);
        memmove(work->slab->edges + before, work->slab->edges + before + (uint64_t)t,
                (behind - before) * sizeof *work->slab->edges);
    }
    return behind;
}

/* Sorts the edges of all ranks, which come by rank and so by target, by source. */
static void merge(const rw_walked_edge *edges, uint64_t *next, const synapse_slab *slab) {
    for (uint32_t s = slab->first, at = 0; s < slab->end; at += slab->counts[s++])
        next[s - slab->first] = at;
    for (uint64_t k = 0; k < slab->n; k++) {
        uint64_t at = next[edges[k].source - slab->first]++;
        slab->target[at] = edges[k].target;
        slab->serial[at] = edges[k].serial;
        slab->weight[at] = edges[k].weight;
    }
}

/* Brings the slab's synapses to the columns of rank 0. */
static rw_err gather(const rw_network *network, const rw_projection *projection, const synapse_slab *slab) {
    const rw_comm *comm = network->partition.comm;
    walking work = {network, projection, slab};
    RW_TRY(rw_comm_agree(comm, rw_team_run(network->partition.n_threads, walk_sources, &work)));
    if (rw_comm_size(comm) == 1)
        return RW_OK;
    rw_walked_edge *all = NULL;
    uint64_t *next = NULL, n_own = close_up(&work);
    size_t n_all = 0;
    RW_TRY(rw_comm_collect(comm, slab->edges, n_own, sizeof *all, &all, &n_all));
    rw_err err = RW_NEW(next, slab->end - slab->first, "synapses of a saved state");
    if (err == RW_OK && rw_comm_rank(comm) == 0)
        merge(all, next, slab);
    rw_free(all);
    rw_free(next);
    return rw_comm_agree(comm, err);
}

static rw_err save(const rw_network *network, const rw_projection *projection, const rw_archive *archive,
                   const char *group, synapse_slab *slab) {
    while (next_slab(slab)) {
        RW_TRY(gather(network, projection, slab));
        RW_TRY(archive_slab(archive, group, slab));
    }
    return RW_OK;
}

/* A list that grows. */
typedef struct {
    rw_edge *items;
    uint64_t n, size;
} edge_list;

/* Adds the edges of a slab that belong to this rank. */
static rw_err join(const rw_network *network, const rw_projection *projection, const synapse_slab *slab,
                   edge_list *edges) {
    uint64_t first_gid = network->populations[projection->source].first_gid;
    rw_slice own = rw_partition_own_slice(&network->partition, projection->n_targets);
    uint64_t n_own = 0;
    for (uint64_t k = 0; k < slab->n; k++)
        n_own += slab->target[k] >= own.begin && slab->target[k] < own.end;
    if (edges->n + n_own > edges->size) {
        uint64_t size = edges->size + edges->size / 2 + n_own;
        RW_TRY(RW_GROW(edges->items, edges->size, size, "synapses of a saved state"));
        edges->size = size;
    }
    uint64_t k = 0;
    for (uint32_t source = slab->first; source < slab->end; source++)
        for (uint32_t left = slab->counts[source]; left > 0; left--, k++)
            if (slab->target[k] >= own.begin && slab->target[k] < own.end)
                edges->items[edges->n++] = (rw_edge){.uid = (first_gid + source) << 32 | slab->serial[k],
                                                     .source = source,
                                                     .target = slab->target[k],
                                                     .weight = slab->weight[k],
                                                     .delay_steps = projection->min_delay};
    return RW_OK;
}

/* Every rank sees every slab and keeps its own. */
static rw_err restore(rw_network *network, rw_projection *projection, const rw_archive *archive, const char *group,
                      synapse_slab *slab) {
    edge_list edges = {0};
    rw_err err = RW_OK;
    while (err == RW_OK && next_slab(slab)) {
        err = archive_slab(archive, group, slab);
        if (err == RW_OK)
            err = rw_comm_agree(network->partition.comm, join(network, projection, slab, &edges));
    }
    if (err == RW_OK)
        err = rw_comm_agree(network->partition.comm,
                            rw_projection_replace(&network->partition, projection, edges.items, edges.n));
    rw_free(edges.items);
    return err;
}

/* The counts of all sources, and the columns of the slabs. */
static rw_err archive_counts(const rw_network *network, const rw_projection *projection, const rw_archive *archive,
                             const char *group, synapse_slab *slab) {
    const rw_comm *comm = network->partition.comm;
    RW_TRY(rw_comm_agree(comm, create_counts(slab, network->populations[projection->source].count)));
    if (archive->saving) {
        rw_edge_counts(&network->partition, projection, slab->own);
        memcpy(slab->counts, slab->own, slab->n_sources * sizeof *slab->counts);
        RW_TRY(rw_comm_reduce(comm, slab->counts, slab->n_sources, RW_U32, RW_SUM));
    }
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/synapses", group).text, RW_ARCHIVE_U32, slab->n_sources,
                             slab->counts));
    return rw_comm_agree(comm, create_columns(slab, network->partition.n_threads));
}

static rw_err archive_structural(rw_network *network, rw_projection *projection, const rw_archive *archive,
                                 const char *group) {
    uint64_t n_sources = network->populations[projection->source].count;
    if (archive->saving)
        RW_TRY(
            rw_partition_gather(&network->partition, projection->n_sources, projection->next_serial, sizeof(uint32_t)));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/next_serial", group).text, RW_ARCHIVE_U32, n_sources,
                             projection->next_serial));
    synapse_slab slab;
    rw_err err = archive_counts(network, projection, archive, group, &slab);
    if (err == RW_OK)
        err = (archive->saving ? save(network, projection, archive, group, &slab)
                               : restore(network, projection, archive, group, &slab));
    destroy(&slab);
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
