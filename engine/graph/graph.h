/* Numbers of graph theory, from igraph: who is connected with whom, whatever the number and the weights of the synapses
 * of a pair. igraph may be missing from a build; then every function here says so. It draws from a generator with a
 * state of its own, which is set from `seed` each time, so equal graphs give equal numbers. */
#ifndef RW_GRAPH_GRAPH_H
#define RW_GRAPH_GRAPH_H

#include <stdint.h>

#include "base/error.h"

/* A connection from a cell to a cell. */
typedef struct {
    uint32_t source, target;
} rw_pair;

/* The graph of some pairs. */
typedef struct rw_graph rw_graph;

/* Cells that a measure is taken of: all of a small graph, some of a large one. */
typedef struct {
    const uint64_t *cells; /* [n] ascending */
    uint64_t n;
} rw_graph_sample;

/* Version of igraph, or NULL if the program was built without. */
const char *rw_graph_library(void);

/* Makes the graph of n different pairs of n_cells cells; pairs of a cell with itself are left out. Errors:
 * RW_ERR_SYSTEM (memory), RW_ERR_INPUT (no igraph). */
RW_MUST_CHECK rw_err rw_graph_create(rw_graph **graph, const rw_pair *pairs, uint64_t n, uint64_t n_cells);

/* Makes a random graph (Erdos & Renyi 1959) with as many cells and as many undirected connections as another one.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_graph_create_random(rw_graph **graph, const rw_graph *like, uint64_t seed);

/* Frees it; *graph may be NULL and becomes NULL. */
void rw_graph_destroy(rw_graph **graph);

/* Share of the connections whose reverse is there, too; NaN without connections, and of a random graph. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_graph_reciprocity(const rw_graph *graph, double *reciprocity);

/* Share of the pairs of a cell's neighbours that are neighbours, mean of the sampled cells (Watts & Strogatz 1998), a
 * cell with fewer than two neighbours counting 0; without regard to direction. NaN without a cell. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_graph_clustering(const rw_graph *graph, rw_graph_sample sample, double *clustering);

/* Connections on the shortest way from the sampled cells to any other, mean of those that are reached, and the share of
 * these; without regard to direction. NaN if none is reached. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_graph_path_length(const rw_graph *graph, rw_graph_sample sample, double *length,
                                          double *reached);

/* Modularity (Newman & Girvan 2004) of the division into communities that the method of Louvain finds (Blondel et al.
 * 2008), and their number; without regard to direction. NaN without connections. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_graph_modularity(const rw_graph *graph, uint64_t seed, double *modularity, double *communities);

#endif
