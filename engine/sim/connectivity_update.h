/* What every step of an update of connectivity works on. */
#ifndef RW_SIM_CONNECTIVITY_UPDATE_H
#define RW_SIM_CONNECTIVITY_UPDATE_H

#include "net/adjacency/adjacency.h"
#include "sim/edge_event_log.h"
#include "sim/elements/structure.h"

/* Brings the weights and states of a plastic row up to date, before synapses of the row are read, added or deleted.
 * Called by any thread for its rows, or for all rows while the others wait. */
typedef struct {
    void (*update_row)(void *self, const rw_projection *projection, int thread, uint64_t source);
    void *self; /* for update_row */
} rw_row_synchroniser;

typedef struct {
    rw_network *network;
    rw_structure *structure; /* NULL: nothing grows, and lesions delete static synapses only */
    rw_edge_event_log *log;
    rw_row_synchroniser plastic_rows;
    uint64_t time; /* biological, in steps */
} rw_connectivity_update;

/* Brings a row up to the present step, if each of its synapses is plastic. */
static inline void rw_synchronise_row(const rw_connectivity_update *update, const rw_projection *projection, int thread,
                                      uint64_t source) {
    if (update->plastic_rows.update_row != NULL && projection->plasticity.at[RW_AT_SYNAPSE].model != NULL)
        update->plastic_rows.update_row(update->plastic_rows.self, projection, thread, source);
}

/* The number of the update, counted in intervals between updates: names its random draws and dates new synapses. */
static inline uint32_t rw_update_number(const rw_connectivity_update *update) {
    return (uint32_t)(update->time / update->structure->spec->every_steps);
}

/* The time at which a synapse formed; 0: it was there at the start, or its projection is not dated. */
static inline uint64_t rw_synapse_birth(const rw_structure_spec *spec, const rw_projection *projection, int thread,
                                        uint64_t slot) {
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    return projection->spec->dated
               ? (uint64_t)adjacency->states[(slot + 1) * adjacency->n_states - 1] * spec->every_steps
               : 0;
}

#endif
