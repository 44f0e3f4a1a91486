/* Data of delivery: the spike lists of a block, and the rings in which weights wait for their delay. */
#ifndef RW_SIM_DELIVERY_H
#define RW_SIM_DELIVERY_H

#include <stddef.h>
#include <stdint.h>

/* Most steps between two exchanges, also where delays are longer: bounds the spike lists. */
#define RW_BLOCK_STEPS 32

/* What arrives at the cells of a slice through one port: a bin of summed weights per time stamp, reused in turn. */
typedef struct {
    float *bins;   /* [n_bins x stride] */
    size_t stride; /* cells of the slice, padded */
    uint64_t mask; /* n_bins - 1, n_bins a power of two > the longest delay of the port's projections */
} rw_ring;

/* The bin of a time stamp. */
static inline float *rw_ring_bin(const rw_ring *ring, uint64_t stamp) {
    return ring->bins + (stamp & ring->mask) * ring->stride;
}

/* The spikes of one population's slice in the present block, step by step, ids ascending. A virtual cell that has
 * several spikes in a step is there as often. */
typedef struct {
    size_t capacity; /* spikes of the slice in one step at most */
    uint32_t count[RW_BLOCK_STEPS];
    uint32_t *ids; /* [RW_BLOCK_STEPS x capacity] */
    float *jumps;  /* [n_gates x RW_BLOCK_STEPS x capacity] presynaptic jumps; NULL without gates */
} rw_spike_list;

/* Spikes of a population in one step, ids ascending. */
typedef struct {
    uint32_t n;
    const uint32_t *ids;
    const float *jumps; /* of gate g: jumps[g x gate_stride + k]; NULL without gates */
    size_t gate_stride;
} rw_spike_run;

#endif
