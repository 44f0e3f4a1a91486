#include "net/partition.h"

#include "base/memory.h"

enum { SLICE_CELLS = 16 }; /* slices begin at multiples of it, so no cache line of a column has two owners */

rw_partition rw_partition_create(const rw_comm *comm, int n_threads) {
    RW_ASSERT(n_threads >= 1);
    return (rw_partition){.comm = comm,
                          .n_threads = n_threads,
                          .first_worker = rw_comm_rank(comm) * n_threads,
                          .n_workers = rw_comm_size(comm) * n_threads};
}

static uint64_t blocks_of(uint64_t count) {
    return (count + SLICE_CELLS - 1) / SLICE_CELLS;
}

rw_slice rw_partition_slice(uint64_t count, int worker, int n_workers) {
    if (n_workers == 1)
        return (rw_slice){0, count};
    uint64_t blocks = blocks_of(count), w = (uint64_t)worker, n = (uint64_t)n_workers;
    uint64_t begin = w * blocks / n * SLICE_CELLS, end = (w + 1) * blocks / n * SLICE_CELLS;
    return (rw_slice){begin < count ? begin : count, end < count ? end : count};
}

int rw_partition_owner(uint64_t count, uint64_t id, int n_workers) {
    if (n_workers == 1)
        return 0;
    /* the last worker w with w blocks / n <= id's block */
    return (int)(((id / SLICE_CELLS + 1) * (uint64_t)n_workers - 1) / blocks_of(count));
}

rw_slice rw_partition_thread_slice(const rw_partition *partition, uint64_t count, int thread) {
    return rw_partition_slice(count, partition->first_worker + thread, partition->n_workers);
}

rw_slice rw_partition_rank_slice(const rw_partition *partition, uint64_t count, int rank) {
    int first = rank * partition->n_threads, last = first + partition->n_threads - 1;
    return (rw_slice){rw_partition_slice(count, first, partition->n_workers).begin,
                      rw_partition_slice(count, last, partition->n_workers).end};
}

rw_slice rw_partition_own_slice(const rw_partition *partition, uint64_t count) {
    return rw_partition_rank_slice(partition, count, rw_comm_rank(partition->comm));
}

rw_slice rw_partition_kept_slice(const rw_partition *partition, uint64_t count) {
    bool writes = rw_comm_rank(partition->comm) == 0;
    return writes ? (rw_slice){0, count} : rw_partition_own_slice(partition, count);
}

int rw_partition_thread_of(const rw_partition *partition, uint64_t count, uint64_t id) {
    int thread = rw_partition_owner(count, id, partition->n_workers) - partition->first_worker;
    return thread >= 0 && thread < partition->n_threads ? thread : -1;
}

rw_err rw_partition_gather(const rw_partition *partition, uint64_t count, void *column, size_t size) {
    int n_ranks = rw_comm_size(partition->comm);
    uint64_t *first = NULL;
    RW_TRY(rw_comm_give_up(partition->comm, RW_NEW(first, (size_t)n_ranks + 1, "cells of all ranks")));
    for (int r = 0; r < n_ranks; r++)
        first[r + 1] = rw_partition_rank_slice(partition, count, r).end;
    rw_err err = rw_comm_complete(partition->comm, column, first, size);
    rw_free(first);
    return err;
}
