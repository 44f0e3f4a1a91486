/* The graph measures of a build without igraph: none. */
#include <math.h>
#include <stddef.h>

#include "graph/graph.h"

const char *rw_graph_library(void) {
    return NULL;
}

static rw_err missing(void) {
    return rw_fail(RW_ERR_INPUT, "graph measures are not available: this rewire was built without igraph");
}

rw_err rw_graph_create(rw_graph **graph, const rw_pair *pairs, uint64_t n, uint64_t n_cells) {
    (void)pairs, (void)n, (void)n_cells;
    *graph = NULL;
    return missing();
}

rw_err rw_graph_create_random(rw_graph **graph, const rw_graph *like, uint64_t seed) {
    (void)like, (void)seed;
    *graph = NULL;
    return missing();
}

void rw_graph_destroy(rw_graph **graph) {
    *graph = NULL;
}

rw_err rw_graph_reciprocity(const rw_graph *graph, double *reciprocity) {
    (void)graph;
    *reciprocity = NAN;
    return missing();
}

rw_err rw_graph_clustering(const rw_graph *graph, rw_graph_sample sample, double *clustering) {
    (void)graph, (void)sample;
    *clustering = NAN;
    return missing();
}

rw_err rw_graph_path_length(const rw_graph *graph, rw_graph_sample sample, double *length, double *reached) {
    (void)graph, (void)sample;
    *length = *reached = NAN;
    return missing();
}

rw_err rw_graph_modularity(const rw_graph *graph, uint64_t seed, double *modularity, double *communities) {
    (void)graph, (void)seed;
    *modularity = *communities = NAN;
    return missing();
}
