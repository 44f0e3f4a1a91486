/* The graph of some projections. A sample is taken portion by portion, between a begin and its results. */
#ifndef RW_GRAPH_WIRING_H
#define RW_GRAPH_WIRING_H

#include "graph/graph.h"
#include "graph/measured_values.h"
#include "net/edges/edge.h"
#include "net/network.h"

/* Its cells are those of all populations that the projections join, one population after the other. */
typedef struct {
    const rw_network *network;
    bool which[RW_MEASURE_KINDS];
    bool *joins;     /* [n_populations] */
    uint64_t *first; /* [n_populations] number of the first cell of each population */
    uint64_t n_cells;
    uint64_t *cells; /* from which the graph is measured */
    rw_graph_sample sample;
    rw_pair *pairs; /* [n] of the sample being taken */
    uint64_t n, capacity;
} rw_wiring;

/* Prepares the graph of projections of [n_projections]; `what` keys the cells that are drawn. Errors: RW_ERR_INPUT (too
 * many cells), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_create(rw_wiring *wiring, const rw_network *network, const bool *of, uint32_t what);

/* Frees what is there; a zeroed one is fine. */
void rw_wiring_destroy(rw_wiring *wiring);

/* Declares the numbers that the scenario requires. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_declare(const rw_wiring *wiring, rw_values *values);

/* Begins a sample. */
void rw_wiring_begin(rw_wiring *wiring);

/* Takes synapses of a projection. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_take(rw_wiring *wiring, const rw_projection *projection, const rw_edge *edges,
                                    uint64_t n);

/* Ends a sample and tells its numbers. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_give(rw_wiring *wiring, rw_values *values);

#endif
