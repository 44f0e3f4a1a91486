/* Drive from outside: Poisson spikes, sessions of them, currents, noise, pulses. */
#ifndef RW_SIM_INPUT_H
#define RW_SIM_INPUT_H

#include "net/network.h"
#include "sim/clock.h"
#include "sim/poisson.h"

/* An input as its population's chunks need it. Threads write to the random numbers of their own cells only. */
typedef struct {
    const rw_input_spec *spec;
    const rw_clock *clock;      /* of the courses over biological time; NULL: the network's time is biological */
    uint32_t index;             /* in the scenario */
    uint32_t port;              /* poisson: of the target */
    rw_poisson_streams streams; /* poisson */
    rw_stream stream;           /* noise */
    double step_ms;
    double *scale; /* [population] multiplier of the level, 0 for cells not selected; NULL: shared_scale for all */
    double shared_scale;
    bool *cut;            /* [population] cells whose drive a lesion has taken; NULL: no lesion does */
    uint64_t first, last; /* cells outside [first, last) get nothing */
    uint64_t n_cells;     /* of the population: buffers are as long, but take memory for this rank's cells only */
    uint16_t *counts;     /* [population x RW_POISSON_WINDOW] poisson: chunk by chunk, and there step by step */
    double *normals;      /* [population] noise: standard normals held */
    uint64_t n_held;      /* population / 16 + 1 */
    uint64_t *held;       /* [n_held] which draws stand there for the chunk that starts at that cell */
} rw_input;

/* Prepares input `index` of the scenario. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_input_create(rw_input *input, const rw_network *network, uint32_t index);
/* Frees what the input holds; a zeroed input is fine. */
void rw_input_destroy(rw_input *input);

/* Discards what is drawn ahead, after a lesion has removed inputs of cells. */
void rw_input_forget(rw_input *input);

/* Adds the weights of the Poisson spikes that arrive in `step` at cells [first, first + n) to arrivals[n].
 * first_gid: of cell `first`, a multiple of 16 cells from the start of its slice. `table` is the caller's thread's. */
void rw_input_poisson(rw_input *input, rw_poisson_table *table, uint64_t step, uint64_t first, uint64_t first_gid,
                      size_t n, float *arrivals);

/* Adds the current (pA) of any other kind of input during `step` to I_ext[n]. */
void rw_input_current(rw_input *input, uint64_t step, uint64_t first, uint64_t first_gid, size_t n, double *I_ext);

#endif
