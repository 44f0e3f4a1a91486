/* SONATA edges: every projection is an edge population of its own, sorted by (target, source, uid). */
#ifndef RW_IO_EDGES_EDGES_H
#define RW_IO_EDGES_EDGES_H

#include "io/hdf5/h5_packer.h"
#include "net/network.h"

/* Writes the live synapses of a projection with both indices, and returns their number. Rank 0 writes what the ranks
 * send, part by part: no rank holds them all. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edges_write(rw_h5_file *file, rw_h5_packer *packer, const rw_network *network,
                                    const rw_projection *projection, uint64_t *n_edges);

/* Writes edge_types.csv, a row per projection. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_types_write(rw_directory *directory, const rw_scenario *scenario);

/* Unit of the weights of a projection: nS, pA, mV, ... */
const char *rw_weight_unit(const rw_scenario *scenario, const rw_projection_spec *projection);

/* Writes one field of a row of a SONATA table: NULL if it is empty, in quotes where spaces or quotes require it. */
void rw_csv_field(FILE *file, const char *text);

#endif
