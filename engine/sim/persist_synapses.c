/* The synapses of one projection, saved and restored: those that form and vanish one by one, ordered by
 * (target, source, uid); the others, which the seed gives again, as a digest. */
#include "sim/archive.h"
#include "sim/state.h"

/* A projection's synapses as columns. */
typedef struct {
    uint64_t n;
    uint32_t *source, *target, *serial; /* [n] */
    float *weight;                      /* [n] */
} columns;

static rw_err create_columns(columns *it, uint64_t n) {
    *it = (columns){.n = n};
    RW_TRY(RW_NEW(it->source, n, "synapses of a saved state"));
    RW_TRY(RW_NEW(it->target, n, "synapses of a saved state"));
    RW_TRY(RW_NEW(it->serial, n, "synapses of a saved state"));
    return RW_NEW(it->weight, n, "synapses of a saved state");
}

static void destroy_columns(columns *it) {
    rw_free(it->source);
    rw_free(it->target);
    rw_free(it->serial);
    rw_free(it->weight);
}

static rw_err archive_columns(const columns *it, const rw_archive *archive, const char *group) {
    RW_TRY(rw_archive_column(archive, rw_archive_path_of("%s/source", group).text, RW_ARCHIVE_U32, it->n, it->source));
    RW_TRY(rw_archive_column(archive, rw_archive_path_of("%s/target", group).text, RW_ARCHIVE_U32, it->n, it->target));
    RW_TRY(rw_archive_column(archive, rw_archive_path_of("%s/serial", group).text, RW_ARCHIVE_U32, it->n, it->serial));
    return rw_archive_column(archive, rw_archive_path_of("%s/weight", group).text, RW_ARCHIVE_F32, it->n, it->weight);
}

/* Fills the columns from the network. */
static rw_err split(const rw_network *network, const rw_projection *projection, columns *it) {
    rw_edge *edges = NULL;
    RW_TRY(rw_projection_edges(network, projection, &edges));
    for (uint64_t k = 0; k < it->n; k++) {
        it->source[k] = (uint32_t)edges[k].source;
        it->target[k] = (uint32_t)edges[k].target;
        it->serial[k] = (uint32_t)edges[k].uid;
        it->weight[k] = edges[k].weight;
    }
    rw_free(edges);
    return RW_OK;
}

/* Gives the network what the columns say. */
static rw_err join(rw_network *network, rw_projection *projection, const columns *it) {
    uint64_t first_gid = network->populations[projection->source].first_gid;
    rw_edge *edges = NULL;
    RW_TRY(RW_NEW(edges, it->n, "synapses of a saved state"));
    for (uint64_t k = 0; k < it->n; k++)
        edges[k] = (rw_edge){.uid = (first_gid + it->source[k]) << 32 | it->serial[k],
                             .source = it->source[k],
                             .target = it->target[k],
                             .weight = it->weight[k],
                             .delay_steps = projection->min_delay};
    rw_err err = rw_projection_replace(network, projection, edges, it->n);
    rw_free(edges);
    return err;
}

static rw_err archive_structural(rw_network *network, rw_projection *projection, const rw_archive *archive,
                                 const char *group) {
    uint64_t n = rw_projection_count(network, projection);
    RW_TRY(rw_archive_column(archive, rw_archive_path_of("%s/next_serial", group).text, RW_ARCHIVE_U32,
                             network->populations[projection->source].count, projection->next_serial));
    RW_TRY(rw_archive_number(archive, rw_archive_path_of("%s/synapses", group).text, &n));
    columns it;
    rw_err err = create_columns(&it, n);
    if (err == RW_OK && archive->saving)
        err = split(network, projection, &it);
    if (err == RW_OK)
        err = archive_columns(&it, archive, group);
    if (err == RW_OK && !archive->saving)
        err = join(network, projection, &it);
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
    RW_TRY(rw_projection_digest(network, projection, true, &digest));
    return rw_archive_match(archive, rw_archive_path_of("%s/digest", group).text, digest,
                            rw_archive_path_of("projection '%s' has other synapses than in the saved state; connect, "
                                               "weight, delay, seed, space and the populations' counts must stay",
                                               name)
                                .text);
}
