/* Structural state: calcium and synaptic elements of the cells.
 *
 * Model of Butz & van Ooyen 2013 (PLoS Comput Biol 9:e1003259). Calcium decays with tau_Ca and steps up by beta_Ca at
 * each spike of the cell. Elements z (axonal, dendritic excitatory, dendritic inhibitory) grow at a rate that a growth
 * curve gives for the calcium. floor(z) of them exist; those not part of a synapse are vacant.
 *
 * Every rank has z of its own cells, and the number of connected elements of all cells. */
#ifndef RW_SIM_STRUCTURE_H
#define RW_SIM_STRUCTURE_H

#include "net/network.h"
#include "sim/elements/growth_signal.h"
#include "sim/observer.h"

/* One kind of element of one population. */
typedef struct {
    const rw_growth_spec *spec; /* NULL: this kind does not grow here */
    rw_block curve;             /* one instance per cell */
    double *z;                  /* [count] elements grown; true for this rank's cells */
    const double *formation[2]; /* factors of its signals on growth; NULL: none */
    uint32_t *connected;        /* [count] elements that are part of a synapse; true for all cells */
} rw_elements;

/* Structural state of one population. */
typedef struct {
    double *calcium; /* [count] at the last growth tick */
    double *pending; /* [count] calcium from spikes since then, decayed to the next tick */
    rw_elements elements[RW_ELEMENT_KINDS];
    bool *dead; /* [count] cells that a lesion has killed; NULL: no lesion does */
} rw_cells;

typedef struct {
    const rw_network *network;
    const rw_structure_spec *spec;
    rw_cells *cells;        /* [n_populations] */
    double *spike_calcium;  /* [growth_every_steps] what is left at the next tick of a spike that long before it */
    double tick_decay;      /* of calcium over growth_every_steps */
    double tick_ms;         /* biological time between growth ticks; with time.clock it changes */
    uint64_t interval_step; /* of the network, at which the present interval of the clock began */
    rw_signal *signals;     /* [scenario->n_signals] */
} rw_structure;

/* Fills a zeroed structure for a scenario in which something grows; after an error it is to be destroyed. Collective.
 * Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_structure_create(rw_structure *structure, const rw_network *network);

/* Frees what it holds; a zeroed structure is fine. */
void rw_structure_destroy(rw_structure *structure);

/* The kind of dendritic element that a projection's synapses use. */
static inline rw_element rw_dendrite_kind(const rw_projection *projection) {
    return projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
}

/* The axonal and the dendritic elements that a projection's synapses use. */
static inline rw_elements *rw_structure_axons(const rw_structure *structure, const rw_projection *projection) {
    return &structure->cells[projection->source].elements[RW_AXON];
}

static inline rw_elements *rw_structure_dendrites(const rw_structure *structure, const rw_projection *projection) {
    return &structure->cells[projection->target].elements[rw_dendrite_kind(projection)];
}

/* Biological time between updates of connectivity. */
static inline double rw_structure_interval_ms(const rw_structure *structure) {
    const rw_scenario *scenario = structure->network->scenario;
    return (double)structure->spec->every_steps * scenario->step_ms;
}

/* A cell spiked at `stamp`. Called by the thread that owns the cell. */
static inline void rw_structure_spike(rw_structure *structure, uint32_t population, uint64_t id, uint64_t stamp) {
    uint64_t interval = structure->spec->growth_every_steps;
    uint64_t to_tick = (interval - stamp % interval) % interval;
    structure->cells[population].pending[id] += structure->spike_calcium[to_tick];
}

#endif
