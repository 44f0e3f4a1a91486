#include "io/edge_index.h"

#include "base/memory.h"

rw_err rw_edge_index_begin(rw_edge_index *index, rw_h5_file *file, const char *group, uint64_t n_nodes) {
    *index = (rw_edge_index){.file = file, .group = rw_path_of("%s", group), .n_nodes = n_nodes};
    RW_TRY(RW_NEW(index->node_ranges, 2 * n_nodes, "index of a snapshot"));
    return rw_h5_column_create(&index->ranges, file, rw_path_of("%s/range_to_edge_id", group).text, H5T_STD_U64LE, 2,
                               RW_H5_CHUNK / 4, "1", "rows [begin, end) of the edge table");
}

static rw_err end_range(rw_edge_index *index) {
    const uint64_t range[2] = {index->begin, index->end};
    if (!index->open)
        return RW_OK;
    index->open = false;
    index->node_ranges[2 * index->node + 1]++;
    return rw_h5_column_append(&index->ranges, range, 1);
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
    rw_free(index->node_ranges);
    *index = (rw_edge_index){0};
}

/* Rows of one source. */
typedef struct {
    uint64_t source, begin, end;
} source_range;

/* Ranges sorted by source, those of a source in the order they were in: counts, then places.
 * next [n_sources + 1] becomes the end of each source's ranges, one place late. */
static void sort_ranges(const source_range *ranges, uint64_t n, source_range *sorted, uint64_t first_source,
                        uint64_t n_sources, uint64_t *next) {
    for (uint64_t s = 0; s <= n_sources; s++)
        next[s] = 0;
    for (uint64_t k = 0; k < n; k++)
        next[ranges[k].source - first_source + 1]++;
    for (uint64_t s = 0; s < n_sources; s++)
        next[s + 1] += next[s];
    for (uint64_t k = 0; k < n; k++)
        sorted[next[ranges[k].source - first_source]++] = ranges[k];
}

/* The runs of equal sources among this rank's edges, the first of which is row `first_row`; ranges [n]. */
static uint64_t find_runs(const rw_edge *edges, uint64_t n, uint64_t first_row, source_range *ranges) {
    uint64_t n_ranges = 0;
    for (uint64_t k = 0; k < n; k++) {
        if (k == 0 || edges[k].source != edges[k - 1].source)
            ranges[n_ranges++] = (source_range){.source = edges[k].source, .begin = first_row + k};
        ranges[n_ranges - 1].end = first_row + k + 1;
    }
    return n_ranges;
}

/* What the ranks have of some sources goes to rank 0, which sorts it and writes. */
static rw_err add_sources(rw_edge_index *index, const rw_comm *comm, const source_range *mine, uint64_t n,
                          uint64_t first_source, uint64_t n_sources) {
    source_range *all = NULL, *sorted = NULL;
    uint64_t *next = NULL;
    size_t n_all = 0;
    RW_TRY(rw_comm_collect(comm, mine, n, sizeof *mine, &all, &n_all));
    rw_err err = RW_NEW(sorted, n_all, "index of a snapshot");
    if (err == RW_OK)
        err = RW_NEW(next, n_sources + 1, "index of a snapshot");
    if (err == RW_OK)
        sort_ranges(all, n_all, sorted, first_source, n_sources, next);
    for (uint64_t k = 0; k < n_all && err == RW_OK; k++)
        err = rw_edge_index_add(index, sorted[k].source, sorted[k].begin, sorted[k].end);
    rw_free(all);
    rw_free(sorted);
    rw_free(next);
    return rw_comm_agree(comm, err);
}

/* Rows that rank 0 sorts at a time. */
enum { PORTION = 1 << 20 };

static rw_err add_ranges(rw_edge_index *index, const rw_comm *comm, const source_range *mine, uint64_t n,
                         uint64_t total) {
    uint64_t n_portions = total / PORTION + 1, at = 0;
    for (uint64_t portion = 0; portion < n_portions; portion++) {
        uint64_t first = portion * index->n_nodes / n_portions, last = (portion + 1) * index->n_nodes / n_portions;
        uint64_t begin = at;
        while (at < n && mine[at].source < last)
            at++;
        RW_TRY(add_sources(index, comm, mine + begin, at - begin, first, last - first));
    }
    return RW_OK;
}

/* This rank's ranges by source. */
static rw_err list_ranges(const rw_edge *edges, uint64_t n, uint64_t first_row, uint64_t n_sources,
                          source_range **ranges, uint64_t *n_ranges) {
    source_range *runs = NULL;
    uint64_t *next = NULL;
    rw_err err = RW_NEW(runs, n, "index of a snapshot");
    if (err == RW_OK)
        err = RW_NEW(*ranges, n, "index of a snapshot");
    if (err == RW_OK)
        err = RW_NEW(next, n_sources + 1, "index of a snapshot");
    if (err == RW_OK) {
        *n_ranges = find_runs(edges, n, first_row, runs);
        sort_ranges(runs, *n_ranges, *ranges, 0, n_sources, next);
    }
    rw_free(runs);
    rw_free(next);
    return err;
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

rw_err rw_edge_index_by_source(rw_h5_file *file, const char *group, const rw_comm *comm, const rw_edge *edges,
                               uint64_t n, uint64_t total, uint64_t n_sources) {
    rw_edge_index index;
    source_range *ranges = NULL;
    uint64_t n_ranges = 0, first_row = 0;
    RW_TRY(count_before(comm, n, &first_row));
    rw_err err = rw_edge_index_begin(&index, file, group, n_sources);
    if (err == RW_OK)
        err = list_ranges(edges, n, first_row, n_sources, &ranges, &n_ranges);
    err = rw_comm_agree(comm, err);
    if (err == RW_OK)
        err = add_ranges(&index, comm, ranges, n_ranges, total);
    if (err == RW_OK)
        err = rw_comm_agree(comm, rw_edge_index_finish(&index));
    rw_free(ranges);
    rw_edge_index_destroy(&index);
    return err;
}
