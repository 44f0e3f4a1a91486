#include "io/edges/edge_index.h"

#include <string.h>

#include "base/memory.h"
#include "io/hdf5/h5_dataset.h"
#include "net/edges/edge_walk.h"

/* Ranges that are packed at a time, and rows that are listed by source at a time; more if one source has more. */
enum { PENDING = 1 << 16, PORTION = 1 << 18 };

rw_err rw_edge_index_begin(rw_edge_index *index, rw_h5_packer *packer, rw_h5_file *file, const char *group,
                           uint64_t n_nodes) {
    *index = (rw_edge_index){.file = file, .packer = packer, .group = rw_path_of("%s", group), .n_nodes = n_nodes};
    RW_TRY(RW_NEW(index->node_ranges, 2 * n_nodes, "index of a snapshot"));
    RW_TRY(RW_NEW(index->pending, 2 * PENDING, "index of a snapshot"));
    return rw_h5_column_create(&index->ranges, file, rw_path_of("%s/range_to_edge_id", group).text, H5T_STD_U64LE, 2,
                               RW_H5_CHUNK / 4, "1", "rows [begin, end) of the edge table");
}

static void fill(const void *self, size_t column, uint64_t first, size_t n, void *values) {
    const rw_edge_index *index = self;
    (void)column;
    memcpy(values, index->pending + 2 * first, 2 * n * sizeof *index->pending);
}

static rw_err write_pending(rw_edge_index *index) {
    size_t n = index->n_pending;
    index->n_pending = 0;
    return rw_h5_pack(index->packer, &index->ranges, 1, n, fill, index);
}

static rw_err end_range(rw_edge_index *index) {
    if (!index->open)
        return RW_OK;
    index->open = false;
    index->node_ranges[2 * index->node + 1]++;
    index->pending[2 * index->n_pending] = index->begin;
    index->pending[2 * index->n_pending + 1] = index->end;
    return ++index->n_pending < PENDING ? RW_OK : write_pending(index);
}

rw_err rw_edge_index_add(rw_edge_index *index, uint64_t node, uint64_t begin, uint64_t end) {
    if (index->open && index->node == node && index->end == begin) {
        index->end = end;
        return RW_OK;
    }
    RW_TRY(end_range(index));
    index->node = node;
    index->begin = begin;
    index->end = end;
    index->open = true;
    return RW_OK;
}

rw_err rw_edge_index_finish(rw_edge_index *index) {
    RW_TRY(end_range(index));
    RW_TRY(write_pending(index));
    uint64_t next = 0;
    for (uint64_t node = 0; node < index->n_nodes; node++) {
        uint64_t count = index->node_ranges[2 * node + 1];
        index->node_ranges[2 * node] = next;
        index->node_ranges[2 * node + 1] = next + count;
        next += count;
    }
    RW_TRY(rw_h5_column_close(&index->ranges));
    rw_path nodes = rw_path_of("%s/node_id_to_ranges", index->group.text);
    RW_TRY(rw_h5_write(index->file, nodes.text, H5T_STD_U64LE, index->n_nodes, 2, index->node_ranges, "1",
                       "rows [begin, end) of range_to_edge_id for each node"));
    /* Some readers look for the name in the singular. */
    return rw_h5_link(index->file, nodes.text, rw_path_of("%s/node_id_to_range", index->group.text).text);
}

void rw_edge_index_destroy(rw_edge_index *index) {
    rw_h5_column_abandon(&index->ranges);
    rw_free(index->pending);
    rw_free(index->node_ranges);
    *index = (rw_edge_index){0};
}

/* Rows of one source. */
typedef struct {
    uint64_t source, begin, end;
} source_range;

/* The rows of some sources at a time: [first, end), which have n rows of this rank. */
typedef struct {
    const rw_network *network;
    const rw_projection *projection;
    uint32_t *counts; /* [n_sources] rows of each source on this rank */
    uint32_t *totals; /* [n_sources] on all ranks */
    uint64_t *next;   /* [own targets + 1] the next row of each target */
    uint64_t first, end, n;
    uint64_t size;        /* the most rows of a portion */
    uint64_t *rows;       /* [size] by source */
    source_range *ranges; /* [size] */
} portions;

static void destroy(portions *all) {
    rw_free(all->counts);
    rw_free(all->totals);
    rw_free(all->next);
    rw_free(all->rows);
    rw_free(all->ranges);
}

/* How many rows the ranks before this one have. */
static rw_err count_before(const rw_comm *comm, uint64_t n, uint64_t *before) {
    uint64_t *counts = NULL;
    size_t n_counts = 0;
    RW_TRY(rw_comm_share(comm, &n, 1, sizeof n, &counts, &n_counts));
    *before = 0;
    for (int r = 0; r < rw_comm_rank(comm) && (size_t)r < n_counts; r++)
        *before += counts[r];
    rw_free(counts);
    return RW_OK;
}

static rw_err count_rows(portions *all, uint64_t n_sources, uint64_t n_targets) {
    RW_TRY(RW_NEW(all->counts, n_sources, "index of a snapshot"));
    RW_TRY(RW_NEW(all->totals, n_sources, "index of a snapshot"));
    RW_TRY(RW_NEW(all->next, n_targets + 1, "index of a snapshot"));
    rw_edge_counts(&all->network->partition, all->projection, all->counts);
    memcpy(all->totals, all->counts, n_sources * sizeof *all->totals);
    return rw_edge_firsts(&all->network->partition, all->projection, all->next);
}

static rw_err make_room(portions *all, uint64_t n_sources) {
    all->size = PORTION;
    for (uint64_t source = 0; source < n_sources; source++)
        all->size = all->counts[source] > all->size ? all->counts[source] : all->size;
    RW_TRY(RW_NEW(all->rows, all->size, "index of a snapshot"));
    return RW_NEW(all->ranges, all->size, "index of a snapshot");
}

static rw_err prepare(portions *all) {
    const rw_comm *comm = all->network->partition.comm;
    rw_slice own = rw_partition_own_slice(&all->network->partition, all->projection->n_targets);
    uint64_t n_sources = all->network->populations[all->projection->source].count, n_targets = own.end - own.begin;
    uint64_t before = 0;
    RW_TRY(rw_comm_agree(comm, count_rows(all, n_sources, n_targets)));
    RW_TRY(rw_comm_reduce(comm, all->totals, n_sources, RW_U32, RW_SUM));
    RW_TRY(count_before(comm, all->next[n_targets], &before));
    for (uint64_t target = 0; target < n_targets; target++)
        all->next[target] += before;
    return rw_comm_agree(comm, make_room(all, n_sources));
}

/* Moves to the next sources, as many as one rank has capacity for; false after the last. */
static bool next_portion(portions *all, uint64_t n_sources) {
    uint64_t total = 0;
    all->first = all->end;
    for (all->n = 0; all->end < n_sources; all->end++) {
        if (all->end > all->first && total + all->totals[all->end] > PORTION)
            break;
        total += all->totals[all->end];
        all->n += all->counts[all->end];
    }
    return all->first < n_sources;
}

/* The portion's rows as ranges; returns how many. */
static uint64_t find_ranges(const portions *all) {
    source_range *range = all->ranges - 1;
    const uint64_t *row = all->rows;
    for (uint64_t source = all->first; source < all->end; source++)
        for (uint32_t k = 0; k < all->counts[source]; k++, row++) {
            if (k == 0 || *row != range->end)
                *++range = (source_range){.source = source, .begin = *row};
            range->end = *row + 1;
        }
    return (uint64_t)(range + 1 - all->ranges);
}

/* Ranges sorted by source, those of a source in the order they were in: counts, then places.
 * next [n_sources + 1] becomes the end of each source's ranges, one place late. */
static void sort_ranges(const source_range *ranges, uint64_t n, source_range *sorted, const portions *all,
                        uint64_t *next) {
    uint64_t first = all->first;
    for (uint64_t k = 0; k < n; k++)
        next[ranges[k].source - first + 1]++;
    for (uint64_t s = 0; s < all->end - first; s++)
        next[s + 1] += next[s];
    for (uint64_t k = 0; k < n; k++)
        sorted[next[ranges[k].source - first]++] = ranges[k];
}

static rw_err add_ranges(rw_edge_index *index, const source_range *ranges, uint64_t n) {
    for (uint64_t k = 0; k < n; k++)
        RW_TRY(rw_edge_index_add(index, ranges[k].source, ranges[k].begin, ranges[k].end));
    return RW_OK;
}

/* The ranks send their rows of the portion to rank 0, which sorts and writes them. */
static rw_err join_ranks(rw_edge_index *index, const portions *all, uint64_t n) {
    const rw_comm *comm = all->network->partition.comm;
    source_range *joined = NULL, *sorted = NULL;
    uint64_t *next = NULL;
    size_t n_joined = 0;
    RW_TRY(rw_comm_collect(comm, all->ranges, n, sizeof *joined, &joined, &n_joined));
    rw_err err = RW_NEW(sorted, n_joined, "index of a snapshot");
    if (err == RW_OK)
        err = RW_NEW(next, all->end - all->first + 1, "index of a snapshot");
    if (err == RW_OK)
        sort_ranges(joined, n_joined, sorted, all, next);
    if (err == RW_OK)
        err = add_ranges(index, sorted, n_joined);
    rw_free(joined);
    rw_free(sorted);
    rw_free(next);
    return rw_comm_agree(comm, err);
}

static rw_err add_portions(rw_edge_index *index, portions *all) {
    const rw_comm *comm = all->network->partition.comm;
    while (next_portion(all, index->n_nodes)) {
        RW_TRY(rw_comm_agree(comm, rw_edge_file_indices(&all->network->partition, all->projection, all->first, all->end,
                                                        all->next, all->rows)));
        uint64_t n = find_ranges(all);
        RW_TRY(rw_comm_size(comm) == 1 ? add_ranges(index, all->ranges, n) : join_ranks(index, all, n));
    }
    return RW_OK;
}

rw_err rw_edge_index_by_source(rw_h5_file *file, rw_h5_packer *packer, const char *group, const rw_network *network,
                               const rw_projection *projection) {
    const rw_comm *comm = network->partition.comm;
    rw_edge_index index;
    portions all = {.network = network, .projection = projection};
    rw_err err = rw_comm_agree(
        comm, rw_edge_index_begin(&index, packer, file, group, network->populations[projection->source].count));
    if (err == RW_OK)
        err = prepare(&all);
    if (err == RW_OK)
        err = add_portions(&index, &all);
    if (err == RW_OK)
        err = rw_comm_agree(comm, rw_edge_index_finish(&index));
    destroy(&all);
    rw_edge_index_destroy(&index);
    return err;
}
