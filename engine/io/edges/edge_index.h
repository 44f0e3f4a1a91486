/* SONATA's indices of an edge table: which rows belong to each source, and to each target. */
#ifndef RW_IO_EDGES_EDGE_INDEX_H
#define RW_IO_EDGES_EDGE_INDEX_H

#include "io/hdf5/h5_packer.h"
#include "net/network.h"

/* An index while it is made. Rows come in the order of nodes; consecutive rows of a node are one range. */
typedef struct {
    rw_h5_file *file;
    rw_h5_packer *packer;
    rw_path group;
    rw_h5_column ranges; /* [begin, end) rows of the edge table */
    uint64_t *pending;   /* [n_pending][2] ranges that are not in the column yet */
    size_t n_pending;
    uint64_t n_nodes;
    uint64_t *node_ranges; /* [n_nodes][2]: ranges of each node */
    uint64_t node, begin, end;
    bool open; /* `node` has a range that may continue */
} rw_edge_index;

/* Starts an index in `group`. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_index_begin(rw_edge_index *index, rw_h5_packer *packer, rw_h5_file *file,
                                         const char *group, uint64_t n_nodes);

/* Adds rows [begin, end) of a node, which is not before the last one. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_index_add(rw_edge_index *index, uint64_t node, uint64_t begin, uint64_t end);

/* Writes what is left. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_index_finish(rw_edge_index *index);

/* Frees the index; a zeroed or finished one is fine. */
void rw_edge_index_destroy(rw_edge_index *index);

/* Writes the index by source of the table that has the synapses of a projection in the order of files. Collective.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_index_by_source(rw_h5_file *file, rw_h5_packer *packer, const char *group,
                                             const rw_network *network, const rw_projection *projection);

#endif
