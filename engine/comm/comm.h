/* The processes ("ranks") of a run, and how they communicate. The only layer that uses MPI.
 *
 * Without MPI, and in a program that no launcher started, there is one rank, and every function costs next to nothing.
 * Unless it says otherwise a function is collective: all ranks call it, in the same order, from one thread. Its errors
 * are RW_ERR_SYSTEM (memory, the network). */
#ifndef RW_COMM_COMM_H
#define RW_COMM_COMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct rw_comm rw_comm;

/* Joins the ranks that a launcher (mpirun, srun) started; without one, this process is alone.
 * Errors: RW_ERR_INPUT (several were started, but this rewire was built without MPI), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_comm_create(rw_comm **comm, int *argc, char ***argv);

/* A process that is alone but acts as rank `rank` of `size`: messages are discarded, and sums and lists contain its own
 * part only. For measuring one rank of a run that is too large for the machine. Not collective. */
RW_MUST_CHECK rw_err rw_comm_pretend(rw_comm **comm, int rank, int size);

/* The process by itself. Not collective; needs no destroying. */
const rw_comm *rw_comm_alone(void);

/* Leaves the ranks; *comm may be NULL and becomes NULL. An `err` that the ranks have not agreed on ends them all at
 * once, because they would wait for this one: the function then does not return. */
void rw_comm_destroy(rw_comm **comm, rw_err err);

/* This process, 0 .. size - 1. Not collective. */
int rw_comm_rank(const rw_comm *comm);

/* How many there are. Not collective. */
int rw_comm_size(const rw_comm *comm);

/* Whether the other ranks are only pretended. Not collective. */
bool rw_comm_is_pretended(const rw_comm *comm);

/* "Open MPI v4.1.4, ..."; NULL without MPI. Not collective. */
const char *rw_comm_library(void);

/* Whether this rank is the one that reports `err` to the user. Not collective. */
bool rw_comm_speaks(const rw_comm *comm, rw_err err);

/* Makes an error of one rank an error of all: returns RW_OK if all ranks pass RW_OK, else the error of the lowest rank
 * that failed, with its message. An error that the ranks have agreed on already is returned at once, so that it can be
 * passed up through functions that agree, too. An error that the other ranks do not come to hear of within a minute,
 * because they wait in another function, is given up with (below). */
RW_MUST_CHECK rw_err rw_comm_agree(const rw_comm *comm, rw_err err);

/* Returns `err`. If that is an error that the ranks have not agreed on, this rank communicates no more: every function
 * returns this error, up to rw_comm_destroy, which ends all ranks. For errors inside of what is too frequent to agree
 * on every time, such as the exchange of spikes. Not collective. */
RW_MUST_CHECK rw_err rw_comm_give_up(const rw_comm *comm, rw_err err);

/* Whether the ranks have agreed on the last error; a rank alone agrees with itself. Not collective. */
bool rw_comm_has_agreed(const rw_comm *comm);

/* Marks the error agreed on as handled: the next one is a new error. All ranks call this; nothing is sent. */
void rw_comm_go_on(const rw_comm *comm);

typedef enum { RW_U32, RW_U64, RW_I64, RW_F64 } rw_number;
typedef enum { RW_SUM, RW_MIN, RW_MAX, RW_OR } rw_reduction; /* RW_OR: of whole numbers, bit by bit */

/* values[i] becomes the sum, minimum, ... of values[i] over the ranks, on all of them. A sum of RW_F64 may round
 * differently with the number of ranks: not for results. */
RW_MUST_CHECK rw_err rw_comm_reduce(const rw_comm *comm, void *values, size_t n, rw_number type, rw_reduction how);

/* values[i] becomes the sum of values[i] over the ranks before this one. */
RW_MUST_CHECK rw_err rw_comm_sum_before(const rw_comm *comm, uint32_t *values, size_t n);

/* Sends rank 0's bytes to all ranks. */
RW_MUST_CHECK rw_err rw_comm_broadcast(const rw_comm *comm, void *data, size_t bytes);

/* Joins the lists of all ranks, rank after rank, on every rank: *all [*n_all] items of `size` bytes; rw_free it. */
RW_MUST_CHECK rw_err rw_comm_share(const rw_comm *comm, const void *mine, size_t n, size_t size, void *all,
                                   size_t *n_all);

/* The same on rank 0 only; on the others *all is NULL and *n_all 0. */
RW_MUST_CHECK rw_err rw_comm_collect(const rw_comm *comm, const void *mine, size_t n, size_t size, void *all,
                                     size_t *n_all);

/* Completes an array on rank 0: rank r has items first[r] .. first[r + 1] - 1 of `size` bytes in their places. */
RW_MUST_CHECK rw_err rw_comm_complete(const rw_comm *comm, void *array, const uint64_t *first, size_t size);

/* Sends the list of rank `from` to rank 0: there *got [n] is a new list (rw_free it), elsewhere NULL. `n` and `mine`
 * matter on `from` only; *n_got on rank 0. Only rank 0 and `from` take part; others may call it. */
RW_MUST_CHECK rw_err rw_comm_to_first(const rw_comm *comm, int from, const void *mine, size_t n, size_t size, void *got,
                                      size_t *n_got);

#endif
