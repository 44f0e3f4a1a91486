/* Structural plasticity: calcium, synaptic elements, their growth, and the update of connectivity.
 *
 * Model of Butz & van Ooyen 2013 (PLoS Comput Biol 9:e1003259). Calcium decays with tau_Ca and steps up by beta_Ca at
 * each spike of the cell. Elements z (axonal, dendritic excitatory, dendritic inhibitory) grow at a rate that a growth
 * curve gives for the calcium. floor(z) of them exist; those not part of a synapse are vacant.
 *
 * Between ranks travel the cells with surplus or vacant elements, the synapses that may break, and the proposals to
 * form some; never the network. All ranks decide alike about what they all have seen. */
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
    const double *formation;    /* factor of its signal on growth; NULL: none */
    uint32_t *connected;        /* [count] elements that are part of a synapse; true for all cells */
} rw_elements;

/* What pairing works with, in pairing.h. */
typedef struct rw_pairing rw_pairing;

/* Structural state of one population. */
typedef struct {
    double *calcium; /* [count] at the last growth tick */
    double *pending; /* [count] calcium from spikes since then, decayed to the next tick */
    rw_elements elements[RW_ELEMENT_KINDS];
    bool *dead; /* [count] cells that a lesion has killed; NULL: no lesion does */
} rw_cells;

typedef struct {
    rw_network *network;
    const rw_structure_spec *spec;
    rw_cells *cells;       /* [n_populations] */
    double *spike_calcium; /* [growth_every_steps] what is left at the next tick of a spike that long before it */
    double tick_decay;     /* of calcium over growth_every_steps */
    double tick_ms;        /* biological time */
    rw_edge_event *events; /* of the last update of connectivity, of all ranks */
    size_t n_events, events_size;
    uint64_t created, deleted; /* since the start */
    rw_signal *signals;        /* [scenario->n_signals] */
    rw_pairing *pairing;       /* kept from update to update; NULL before the first */
    const rw_simulation *sim;  /* whose plastic synapses are settled before they are changed; NULL: none are plastic */
} rw_structure;

/* Creates the structural state of the network, or *structure = NULL if nothing in its scenario grows. Collective.
 * Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_structure_create(rw_structure **structure, rw_network *network);

/* Frees the structure; *structure may be NULL and becomes NULL. */
void rw_structure_destroy(rw_structure **structure);

/* Biological time between updates of connectivity. */
static inline double rw_structure_interval_ms(const rw_structure *structure) {
    const rw_scenario *scenario = structure->network->scenario;
    return (double)structure->spec->every_steps * scenario->step_ms * scenario->time_scale;
}

/* A cell spiked at `stamp`. Called by the thread that owns the cell. */
static inline void rw_structure_spike(rw_structure *structure, uint32_t population, uint64_t id, uint64_t stamp) {
    uint64_t interval = structure->spec->growth_every_steps;
    uint64_t to_tick = (interval - stamp % interval) % interval;
    structure->cells[population].pending[id] += structure->spike_calcium[to_tick];
}

/* Growth tick that ends at `step`: advances calcium and elements of the cells of one thread by growth_every_steps. */
void rw_structure_grow(rw_structure *structure, int thread, uint64_t step);

/* Update of connectivity at `step`: surplus elements break synapses, vacant ones form them, the rest decays.
 * events and n_events then tell what changed. Collective; every rank learns all events and changes the synapses onto
 * its own cells. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_rewire(rw_structure *structure, uint64_t step);

/* loss.c: takes synapses away by chance, pruning and stress, their dendritic elements with them. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_lose(rw_structure *structure, uint64_t step);

/* retract.c: breaks synapses of cells that have more connected than grown elements. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_retract(rw_structure *structure, uint64_t step);

/* pair.c: pairs vacant axonal with vacant dendritic elements of one class (inhibitory or not). Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_form(rw_structure *structure, uint64_t step, bool inhibitory);

/* Frees what pairing keeps; there may be nothing. */
void rw_pairing_destroy(rw_structure *structure);

/* order.c: puts events in the order of (projection, uid). Errors: RW_ERR_SYSTEM; they are then as they were. */
RW_MUST_CHECK rw_err rw_edge_events_sort(rw_edge_event *events, size_t n);

/* The step at which a synapse formed; 0: it was there at the start, or its projection is not dated. */
uint64_t rw_structure_birth(const rw_structure *structure, const rw_projection *projection, int thread, uint64_t place);

/* Appends an event to those of this update, which the caller fills in at once: handed over complete it would be copied
 * in larger pieces than it was made of, and wait for all that is being written to memory. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_log(rw_structure *structure, bool created, rw_edge_event **event);

/* Brings a thread's row of a plastic projection up to `step`, before synapses are added to it or read.
 * (In plastic_worker.c.) */
void rw_structure_settle(const rw_structure *structure, const rw_projection *projection, int thread, uint64_t source,
                         uint64_t step);

/* A cell with vacant elements: floor(z) - connected > 0. */
typedef struct {
    uint32_t id, vacant;
} rw_vacant;

/* A list that is zeroed at first, and whose items are to be freed. */
typedef struct {
    rw_vacant *items; /* [n] */
    size_t n, room;
} rw_vacant_list;

/* elements.c: lists this rank's cells with vacant elements of a kind, ascending. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_structure_list_vacant(const rw_structure *structure, uint32_t population, rw_element element,
                                              rw_vacant_list *list);

/* The vacant elements of this rank's cells that no partner was found for decay, by the share vacant_decay. */
void rw_structure_decay_vacant(rw_structure *structure);

#endif
