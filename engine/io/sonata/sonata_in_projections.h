/* Edges whose types, weights and delays are known become projections of the scenario. */
#ifndef RW_IO_SONATA_SONATA_IN_PROJECTIONS_H
#define RW_IO_SONATA_SONATA_IN_PROJECTIONS_H

#include "io/sonata/sonata_reader.h"

/* An edge population on its way to projections. */
typedef struct {
    const char *file, *group, *name;
    rw_mark mark;
    uint32_t source, target;
    uint64_t count;
    const uint64_t *source_id, *target_id;
    const float *weight;
    const uint32_t *delay_steps;
    const uint8_t *port; /* [count] on which of its target's ports the edge acts */
} rw_sonata_edge_list;

/* Ports of a cell: where weights >= 0 and weights < 0 act, or the receptors of a GLIF cell. */
enum { RW_SONATA_PORTS = 4 };

/* Makes one projection of an edge population, or one for each port that has edges; one inhibits if all of its weights
 * are negative. The scenario has capacity for them. Errors: RW_ERR_INPUT (a name exists already), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_projections_make(rw_sonata_reader *reader, const rw_sonata_edge_list *list);

#endif
