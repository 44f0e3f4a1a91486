/* The columns of an edge population. */
#ifndef RW_IO_SONATA_SONATA_IN_EDGES_H
#define RW_IO_SONATA_SONATA_IN_EDGES_H

#include "io/sonata/sonata_in_groups.h"

/* Edges of one population as the file has them. */
typedef struct {
    rw_arena *arena; /* owns the columns */
    uint64_t count;
    const uint64_t *source, *target, *type_id;    /* [count] */
    const double *weight, *delay_ms, *n_synapses; /* [count] NaN: what the type says; NULL: the type says all */
    rw_sonata_groups groups;
} rw_sonata_edges;

/* Reads an edge population group, which must stay open, and checks ids against the populations' sizes.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_edges_load(rw_sonata_edges *edges, const rw_h5_location *group, uint64_t n_sources,
                                          uint64_t n_targets);

/* Frees the columns. */
void rw_sonata_edges_free(rw_sonata_edges *edges);

#endif
