/* Drive from outside: Poisson spikes, currents, noise, pulses. */
#ifndef RW_SIM_INPUT_H
#define RW_SIM_INPUT_H

#include "net/network.h"

/* Number of cumulative thresholds up to which a Poisson count is found by comparing with all of them at once. */
#define RW_POISSON_THRESHOLDS 64

/* An input as its population's chunks need it. */
typedef struct {
    const rw_input_spec *spec;
    uint32_t index; /* in the scenario */
    uint32_t port;  /* poisson: of the target */
    rw_stream stream;
    double step_ms;
    double *scale;        /* [population] multiplier of the level, 0 for cells not selected; NULL: 1 for all */
    uint64_t first, last; /* cells outside [first, last) get nothing */
    double shared_scale;  /* when scale is NULL */
} rw_input;

/* Working memory for one input and one chunk, valid while the chunk does not change. */
typedef struct {
    uint64_t key;                /* of the random numbers held: step / 4 or step / hold; UINT64_MAX: none */
    uint32_t words[4][RW_CHUNK]; /* poisson: uniform bits of four steps */
    double noise[RW_CHUNK];      /* noise: standard normals */
    double mean;                 /* poisson: mean count that the thresholds are for; negative: none */
    size_t n_thresholds;
    uint32_t thresholds[RW_POISSON_THRESHOLDS];
} rw_input_scratch;

/* Prepares input `index` of the scenario. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_input_create(rw_input *input, const rw_network *network, uint32_t index);
void rw_input_destroy(rw_input *input);

/* Adds the weights of the Poisson spikes that arrive in `step` at cells [first, first + n) to arrivals[n].
 * first_gid: of cell `first`. */
void rw_input_poisson(const rw_input *input, rw_input_scratch *scratch, uint64_t step, uint64_t first,
                      uint64_t first_gid, size_t n, float *arrivals);

/* Adds the current (pA) of any other kind of input during `step` to I_ext[n]. */
void rw_input_current(const rw_input *input, rw_input_scratch *scratch, uint64_t step, uint64_t first,
                      uint64_t first_gid, size_t n, double *I_ext);

#endif
