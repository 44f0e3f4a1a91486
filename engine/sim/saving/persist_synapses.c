/* The synapses of one projection, saved and restored: those that form and vanish one by one, ordered by
 * (target, source, uid); the others, which the seed gives again, as a digest. */
#include "net/edge_walk.h"
#include "sim/saving/archive.h"
#include "sim/state.h"

/* Synapses that are handed over at a time, so that nobody holds those of all ranks. */
enum { SLAB = 1 << 16 };

/* Some synapses of a projection as columns [SLAB]. */
typedef struct {
    uint32_t *source, *target, *serial;
    float *weight;
} columns;

static rw_err create_columns(columns *it) {
    *it = (columns){0};
    RW_TRY(RW_NEW(it->source, SLAB, "synapses of a saved state"));
    RW_TRY(RW_NEW(it->target, SLAB, "synapses of a saved state"));
    RW_TRY(RW_NEW(it->serial, SLAB, "synapses of a saved state"));
    return RW_NEW(it->weight, SLAB, "synapses of a saved state");
}

static void destroy_columns(columns *it) {
    rw_free(it->source);
    rw_free(it->target);
    rw_free(it->serial);
    rw_free(it->weight);
}

/* Where a slab belongs. */
typedef struct {
    const rw_archive *archive;
    const char *group;
    uint64_t total, first;
} position;

static rw_err archive_slab(const position *at, uint64_t n, const columns *it) {
    const struct {
        const char *name;
        rw_archive_type type;
        void *values;
    } parts[] = {{"source", RW_ARCHIVE_U32, it->source},
                 {"target", RW_ARCHIVE_U32, it->target},
                 {"serial", RW_ARCHIVE_U32, it->serial},
                 {"weight", RW_ARCHIVE_F32, it->weight}};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        RW_TRY(at->archive->part(at->archive->self, rw_archive_path_of("%s/%s", at->group, parts[k].name).text,
                                 parts[k].type, at->total, at->first, n, parts[k].values));
    return RW_OK;
}

static void split(const rw_walked_edge *edges, uint64_t n, const columns *it) {
    for (uint64_t k = 0; k < n; k++) {
        it->source[k] = edges[k].source;
        it->target[k] = edges[k].target;
        it->serial[k] = edges[k].serial;
        it->weight[k] = edges[k].weight;
    }
}

/* Hands rank 0 the next slab of rank `from`; *n is how much that was, 0 after the last. */
static rw_err hand_over(rw_edge_walk *walk, const rw_comm *comm, int from, const columns *it, uint64_t *n) {
    const rw_walked_edge *mine = NULL;
    rw_walked_edge *slab = NULL;
    uint64_t n_mine = 0;
    size_t n_slab = 0;
    rw_err err = rw_comm_rank(comm) == from ? rw_edge_walk_next(walk, SLAB, &mine, &n_mine) : RW_OK;
    RW_TRY(rw_comm_agree(comm, err));
    err = rw_comm_to_first(comm, from, mine, (size_t)n_mine, sizeof *slab, &slab, &n_slab);
    if (err == RW_OK)
        split(slab, n_slab, it);
    rw_free(slab);
    *n = n_slab; /* known to rank 0 */
    return err == RW_OK ? rw_comm_broadcast(comm, n, sizeof *n) : err;
}

/* The ranks hand over what they have, one after the other, slab by slab. */
static rw_err save(const rw_network *network, const rw_projection *projection, position *at, const columns *it) {
    rw_edge_walk walk;
    rw_err err = rw_comm_agree(network->comm, rw_edge_walk_begin(&walk, network, projection));
    for (int from = 0; err == RW_OK && from < rw_comm_size(network->comm);) {
        uint64_t n = 0;
        err = hand_over(&walk, network->comm, from, it, &n);
        if (err == RW_OK && n > 0)
            err = archive_slab(at, n, it);
        at->first += n;
        from += n == 0;
    }
    if (err == RW_OK && at->total == 0)
        err = archive_slab(at, 0, it); /* the columns are there, and empty */
    rw_edge_walk_end(&walk);
    return err;
}

/* A list that grows. */
typedef struct {
    rw_edge *items;
    uint64_t n, size;
} edge_list;

/* Adds the edges of a slab that belong to this rank. */
static rw_err join(const rw_network *network, const rw_projection *projection, uint64_t n, const columns *it,
                   edge_list *edges) {
    uint64_t first_gid = network->populations[projection->source].first_gid;
    rw_slice own = rw_network_own_slice(network, projection->target);
    uint64_t n_own = 0;
    for (uint64_t k = 0; k < n; k++)
        n_own += it->target[k] >= own.begin && it->target[k] < own.end;
    if (edges->n + n_own > edges->size) {
        uint64_t size = edges->size + edges->size / 2 + n_own;
        RW_TRY(RW_GROW(edges->items, edges->size, size, "synapses of a saved state"));
        edges->size = size;
    }
    for (uint64_t k = 0; k < n; k++)
        if (it->target[k] >= own.begin && it->target[k] < own.end)
            edges->items[edges->n++] = (rw_edge){.uid = (first_gid + it->source[k]) << 32 | it->serial[k],
                                                 .source = it->source[k],
                                                 .target = it->target[k],
                                                 .weight = it->weight[k],
                                                 .delay_steps = projection->min_delay};
    return RW_OK;
}

/* Every rank sees every slab and keeps its own. */
static rw_err restore(rw_network *network, rw_projection *projection, position *at, const columns *it) {
    edge_list edges = {0};
    rw_err err = RW_OK;
    do {
        uint64_t left = at->total - at->first, n = left < SLAB ? left : SLAB;
        err = archive_slab(at, n, it);
        if (err == RW_OK)
            err = rw_comm_agree(network->comm, join(network, projection, n, it, &edges));
        at->first += n;
    } while (err == RW_OK && at->first < at->total);
    if (err == RW_OK)
        err = rw_comm_agree(network->comm, rw_projection_replace(network, projection, edges.items, edges.n));
    rw_free(edges.items);
    return err;
}

static rw_err archive_structural(rw_network *network, rw_projection *projection, const rw_archive *archive,
                                 const char *group) {
    uint64_t n_sources = network->populations[projection->source].count;
    position at = {.archive = archive, .group = group};
    if (archive->saving)
        RW_TRY(rw_network_gather(network, projection->source, projection->next_serial, sizeof(uint32_t)));
    RW_TRY(rw_archive_column(archive, rw_archive_path_of("%s/next_serial", group).text, RW_ARCHIVE_U32, n_sources,
                             projection->next_serial));
    RW_TRY(rw_projection_total(network, projection, &at.total));
    RW_TRY(rw_archive_number(archive, rw_archive_path_of("%s/synapses", group).text, &at.total));
    columns it;
    rw_err err = rw_comm_agree(network->comm, create_columns(&it));
    if (err == RW_OK)
        err = (archive->saving ? save(network, projection, &at, &it) : restore(network, projection, &at, &it));
    destroy_columns(&it);
    return err;
}

rw_err rw_projection_archive(rw_network *network, rw_projection *projection, const rw_archive *archive,
                             const char *group) {
    const char *name = projection->spec->name;
    uint64_t delays = (uint64_t)projection->min_delay << 32 | projection->max_delay, digest = 0;
    RW_TRY(rw_archive_match(
        archive, rw_archive_path_of("%s/delays", group).text, delays,
        rw_archive_path_of("projection '%s' has other delays than in the saved state; they must stay", name).text));
    if (projection->spec->structural)
        return archive_structural(network, projection, archive, group);
    RW_TRY(rw_projection_digest(network, projection, projection->plasticity.at[RW_AT_SYNAPSE].model == NULL, &digest));
    return rw_archive_match(archive, rw_archive_path_of("%s/digest", group).text, digest,
                            rw_archive_path_of("projection '%s' has other synapses than in the saved state; connect, "
                                               "weight, delay, seed, space and the populations' counts must stay",
                                               name)
                                .text);
}
