/* Who owns what: how cells are divided between the threads of all ranks.
 *
 * The threads of all ranks are a team of workers; thread t of rank r is worker r x threads + t. Worker w owns a
 * contiguous slice of every population and every synapse onto it, so delivery needs no lock and each target sums its
 * inputs in one order whatever the team's size. */
#ifndef RW_NET_PARTITION_H
#define RW_NET_PARTITION_H

#include "comm/comm.h"

/* Half-open range of cells of a population. */
typedef struct {
    uint64_t begin, end;
} rw_slice;

typedef struct {
    const rw_comm *comm;
    int n_threads;    /* of this rank, and of every other one */
    int first_worker; /* thread 0 of this rank */
    int n_workers;    /* threads of all ranks */
} rw_partition;

/* The partition for n_threads >= 1 on each rank. */
rw_partition rw_partition_create(const rw_comm *comm, int n_threads);

/* The cells of a population of `count` that worker `worker` of `n_workers` owns. */
rw_slice rw_partition_slice(uint64_t count, int worker, int n_workers);

/* The worker of `n_workers` that owns cell `id` of a population of `count`. */
int rw_partition_owner(uint64_t count, uint64_t id, int n_workers);

/* The cells of a population of `count` that a thread of this rank owns. */
rw_slice rw_partition_thread_slice(const rw_partition *partition, uint64_t count, int thread);

/* The cells of a population of `count` that rank `rank` owns. */
rw_slice rw_partition_rank_slice(const rw_partition *partition, uint64_t count, int rank);

/* The cells of a population of `count` that this rank owns. */
rw_slice rw_partition_own_slice(const rw_partition *partition, uint64_t count);

/* The cells of a population of `count` whose columns this rank keeps: its own; on rank 0, which writes the files, all.
 */
rw_slice rw_partition_kept_slice(const rw_partition *partition, uint64_t count);

/* The thread of this rank that owns cell `id` of a population of `count`, or -1 if another rank owns it. */
int rw_partition_thread_of(const rw_partition *partition, uint64_t count, uint64_t id);

/* Completes a column of a population [count], of items of `size` bytes, on rank 0 with what each rank has of its own
 * cells. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_partition_gather(const rw_partition *partition, uint64_t count, void *column, size_t size);

#endif
