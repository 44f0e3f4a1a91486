/* A projection: the synapses from one population onto another that share a description. */
#ifndef RW_NET_PROJECTION_H
#define RW_NET_PROJECTION_H

#include "config/scenario.h"
#include "net/adjacency/adjacency.h"
#include "net/partition.h"
#include "net/plasticity.h"

#define RW_NO_PORT UINT32_MAX

typedef struct {
    const rw_projection_spec *spec;
    uint32_t index;
    uint32_t source, target;       /* populations */
    uint64_t n_sources, n_targets; /* their cells */
    uint32_t port;                 /* of the target: gets weights (RW_NO_PORT: none) */
    uint32_t graded_port;          /* of the target: gets weight x presynaptic jump (RW_NO_PORT: none) */
    uint32_t min_delay, max_delay; /* steps, >= 1 */
    rw_packing packing;            /* how a packed target splits into delay class and target */
    rw_adjacency *adjacency;       /* [n_threads] */
    bool numbered; /* synapses carry serial numbers: they come, go or are cut, or their plasticity draws numbers */
    uint32_t *next_serial;  /* [source count] serial number of the source's next synapse; NULL unless numbered */
    uint32_t *first_formed; /* [source count] what that was at the start; NULL unless some synapses are persistent */
    rw_plasticity plasticity;
} rw_projection;

/* Creates projection `index` of the scenario, without ports and synapses.
 * Errors: RW_ERR_INPUT with the projection's name and mark, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_create(rw_projection *projection, const rw_scenario *scenario,
                                          const rw_partition *partition, uint32_t index);

/* Frees what a projection owns; a zeroed one is fine. */
void rw_projection_destroy(rw_projection *projection, const rw_partition *partition);

/* Live synapses onto the cells of this rank. */
uint64_t rw_projection_count(const rw_partition *partition, const rw_projection *projection);

/* Live synapses on all ranks. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_total(const rw_partition *partition, const rw_projection *projection,
                                         uint64_t *total);

/* Memory on this rank, bytes: synapses, rows, spare capacity and serial numbers. */
double rw_projection_bytes(const rw_partition *partition, const rw_projection *projection);

/* Weight with which a synapse of a thread acts: its own times the factor of its target. */
float rw_projection_weight(const rw_partition *partition, const rw_projection *projection, int thread,
                           rw_synapse synapse);

#endif
