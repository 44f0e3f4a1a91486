/* Draws that rarely succeed, one for each synapse of a row, at a cost that hardly depends on the number of synapses.
 *
 * Serial numbers of a source are divided into blocks of 64. From the start of a block the number of failures before the
 * next success is geometric, so a block takes one random number more than it has successes (Devroye 1986, Non-Uniform
 * Random Variate Generation, X.2), instead of 64. What is drawn depends on source, serial number and update alone. */
#ifndef RW_SIM_RARE_DRAWS_H
#define RW_SIM_RARE_DRAWS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/random.h"

/* Of one thread; zeroed at first. */
typedef struct {
    rw_stream stream;
    uint32_t update;
    double failure_log;  /* logarithm of the probability of a failure */
    uint64_t *successes; /* [n_blocks] a bit for each serial number of a block that is drawn */
    bool *is_drawn;      /* [n_blocks] for the row at hand; none is between rows */
    uint32_t *drawn;     /* [n_blocks] the blocks that are */
    size_t n_blocks;
    uint32_t *found; /* [n_found] */
    size_t n_found, found_capacity;
} rw_rare_draws;

/* Draws for serials [n] of a source, each a success with the same probability: found [n_found] are the indices of the
 * successes, ascending. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_rare_draws_of_row(rw_rare_draws *draws, uint32_t source_gid, const uint32_t *serials, size_t n);

/* Frees what it holds. */
void rw_rare_draws_destroy(rw_rare_draws *draws);

#endif
