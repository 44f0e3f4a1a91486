/* What comm.c needs of MPI: implemented by transport_mpi.c, and by transport_none.c in a build without MPI. */
#ifndef RW_COMM_TRANSPORT_H
#define RW_COMM_TRANSPORT_H

#include "comm/comm.h"

/* Joins the ranks of the launcher, if there is one. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_transport_start(int *argc, char ***argv, int *rank, int *size);

/* Leaves the ranks. */
void rw_transport_stop(void);

/* Ends all ranks with the exit code; does not return. */
_Noreturn void rw_transport_abort(int code);

/* "Open MPI v4.1.4, ..."; NULL without MPI. */
const char *rw_transport_library(void);

/* As in comm.h, for at most INT_MAX items. */
RW_MUST_CHECK rw_err rw_transport_reduce(void *values, int n, rw_number type, rw_reduction how);

/* *value becomes the minimum over the ranks, apart from other messages. With limit_s > 0, waits no longer than that for
 * the others: *complete then tells whether they came. If they did not, nothing more may be sent. */
RW_MUST_CHECK rw_err rw_transport_agree(int64_t *value, double limit_s, bool *complete);

/* As rw_comm_sum_before; rank 0 keeps what it has. */
RW_MUST_CHECK rw_err rw_transport_sum_before(uint32_t *values, int n);

/* Bytes of rank `root` to all. */
RW_MUST_CHECK rw_err rw_transport_broadcast(void *data, int bytes, int root);

/* One number of each rank to all: all [size]. */
RW_MUST_CHECK rw_err rw_transport_share_number(uint64_t mine, uint64_t *all);

/* Lists of counts[r] items at first[r] to all ranks (root < 0) or to `root`. `mine` may be NULL if the items of this
 * rank are in `all` already. */
RW_MUST_CHECK rw_err rw_transport_gather(const void *mine, int n, size_t size, void *all, const int *counts,
                                         const int *first, int root);

/* One message between two ranks; they arrive in order. */
RW_MUST_CHECK rw_err rw_transport_send(const void *data, int n, size_t size, int to);
/* Receives the message that rank `from` sent. */
RW_MUST_CHECK rw_err rw_transport_receive(void *data, int n, size_t size, int from);

/* n words for each rank, out [size x n], and from each, in [size x n]. */
RW_MUST_CHECK rw_err rw_transport_exchange(const uint32_t *out, uint32_t *in, int n);

/* Lists of n_out[r] words to and n_in[r] words from each rank r, of [size]; nothing is sent where there are none. */
RW_MUST_CHECK rw_err rw_transport_exchange_rest(uint32_t *const *out, const int *n_out, uint32_t *const *in,
                                                const int *n_in, int size);

#endif
