#include <igraph/igraph.h>
#include <math.h>

#include "base/memory.h"
#include "graph/graph.h"

/* Cells from which ways are sought together: each takes a number per cell of the graph. */
enum { BATCH = 64 };

struct rw_graph {
    igraph_t directed, undirected;
    bool has_directed, has_undirected;
};

const char *rw_graph_library(void) {
    return IGRAPH_VERSION;
}

/* By default igraph ends the program at an error. */
static rw_err check(igraph_error_t error) {
    return error == IGRAPH_SUCCESS ? RW_OK
                                   : rw_fail(RW_ERR_SYSTEM,
                                             "graph measures: igraph cannot continue: %s; measure less, or "
                                             "use a machine with more memory",
                                             igraph_strerror(error));
}

static rw_err collapse(rw_graph *graph) {
    RW_TRY(check(igraph_copy(&graph->undirected, &graph->directed)));
    graph->has_undirected = true;
    return check(igraph_to_undirected(&graph->undirected, IGRAPH_TO_UNDIRECTED_COLLAPSE, NULL));
}

static rw_err fill(rw_graph *graph, const rw_pair *pairs, uint64_t n, uint64_t n_cells) {
    igraph_vector_int_t ends;
    igraph_integer_t used = 0;
    RW_TRY(check(igraph_vector_int_init(&ends, (igraph_integer_t)(2 * n))));
    for (uint64_t i = 0; i < n; i++) {
        if (pairs[i].source == pairs[i].target)
            continue;
        VECTOR(ends)[used++] = pairs[i].source;
        VECTOR(ends)[used++] = pairs[i].target;
    }
    rw_err err = check(igraph_vector_int_resize(&ends, used));
    if (err == RW_OK)
        err = check(igraph_create(&graph->directed, &ends, (igraph_integer_t)n_cells, IGRAPH_DIRECTED));
    graph->has_directed = err == RW_OK;
    igraph_vector_int_destroy(&ends);
    return err == RW_OK ? collapse(graph) : err;
}

/* An empty one; from here on igraph reports errors to us. */
static rw_err begin(rw_graph **graph) {
    (void)igraph_set_error_handler(igraph_error_handler_ignore);
    (void)igraph_set_warning_handler(igraph_warning_handler_ignore);
    return RW_NEW(*graph, 1, "graph");
}

rw_err rw_graph_create(rw_graph **graph, const rw_pair *pairs, uint64_t n, uint64_t n_cells) {
    RW_TRY(begin(graph));
    rw_err err = fill(*graph, pairs, n, n_cells);
    if (err != RW_OK)
        rw_graph_destroy(graph);
    return err;
}

static rw_err seed_generator(uint64_t seed) {
    return check(igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed));
}

rw_err rw_graph_create_random(rw_graph **graph, const rw_graph *like, uint64_t seed) {
    RW_TRY(begin(graph));
    rw_err err = seed_generator(seed);
    if (err == RW_OK)
        err = check(igraph_erdos_renyi_game_gnm(&(*graph)->undirected, igraph_vcount(&like->undirected),
                                                igraph_ecount(&like->undirected), IGRAPH_UNDIRECTED, IGRAPH_NO_LOOPS));
    (*graph)->has_undirected = err == RW_OK;
    if (err != RW_OK)
        rw_graph_destroy(graph);
    return err;
}

void rw_graph_destroy(rw_graph **graph) {
    if (*graph == NULL)
        return;
    if ((*graph)->has_directed)
        igraph_destroy(&(*graph)->directed);
    if ((*graph)->has_undirected)
        igraph_destroy(&(*graph)->undirected);
    rw_free(*graph);
    *graph = NULL;
}

rw_err rw_graph_reciprocity(const rw_graph *graph, double *reciprocity) {
    *reciprocity = NAN;
    if (!graph->has_directed || igraph_ecount(&graph->directed) == 0)
        return RW_OK;
    return check(igraph_reciprocity(&graph->directed, reciprocity, true, IGRAPH_RECIPROCITY_DEFAULT));
}

/* Cells [from, from + n) of the sample as igraph wants them; destroy it with igraph_vector_int_destroy. */
static rw_err choose_cells(igraph_vector_int_t *cells, rw_graph_sample sample, uint64_t from, uint64_t n) {
    RW_TRY(check(igraph_vector_int_init(cells, (igraph_integer_t)n)));
    for (uint64_t i = 0; i < n; i++)
        VECTOR(*cells)[i] = (igraph_integer_t)sample.cells[from + i];
    return RW_OK;
}

rw_err rw_graph_clustering(const rw_graph *graph, rw_graph_sample sample, double *clustering) {
    igraph_vector_int_t cells;
    igraph_vector_t local;
    double sum = 0.0;
    RW_TRY(choose_cells(&cells, sample, 0, sample.n));
    rw_err err = check(igraph_vector_init(&local, 0));
    if (err == RW_OK) {
        err = check(igraph_transitivity_local_undirected(&graph->undirected, &local, igraph_vss_vector(&cells),
                                                         IGRAPH_TRANSITIVITY_ZERO));
        for (igraph_integer_t i = 0; err == RW_OK && i < igraph_vector_size(&local); i++)
            sum += VECTOR(local)[i];
        igraph_vector_destroy(&local);
    }
    igraph_vector_int_destroy(&cells);
    *clustering = sample.n > 0 ? sum / (double)sample.n : NAN;
    return err;
}

/* Adds the ways from cells [from, from + n) of the sample to all others. */
static rw_err add_ways(const rw_graph *graph, rw_graph_sample sample, uint64_t from, uint64_t n, double *sum,
                       uint64_t *reached) {
    igraph_vector_int_t cells;
    igraph_matrix_t ways;
    RW_TRY(choose_cells(&cells, sample, from, n));
    rw_err err = check(igraph_matrix_init(&ways, 0, 0));
    if (err == RW_OK) {
        err =
            check(igraph_distances(&graph->undirected, &ways, igraph_vss_vector(&cells), igraph_vss_all(), IGRAPH_ALL));
        const igraph_integer_t size = err == RW_OK ? igraph_matrix_size(&ways) : 0;
        for (igraph_integer_t i = 0; i < size; i++) {
            double length = VECTOR(ways.data)[i];
            bool counts = length > 0.0 && isfinite(length); /* neither to itself nor to nowhere */
            *sum += counts ? length : 0.0;
            *reached += counts;
        }
        igraph_matrix_destroy(&ways);
    }
    igraph_vector_int_destroy(&cells);
    return err;
}

rw_err rw_graph_path_length(const rw_graph *graph, rw_graph_sample sample, double *length, double *reached) {
    const double others = (double)igraph_vcount(&graph->undirected) - 1.0;
    uint64_t n_reached = 0;
    double sum = 0.0; /* of whole numbers: exact */
    for (uint64_t from = 0; from < sample.n; from += BATCH)
        RW_TRY(add_ways(graph, sample, from, sample.n - from < BATCH ? sample.n - from : BATCH, &sum, &n_reached));
    *length = sum / (double)n_reached;
    *reached = (double)n_reached / ((double)sample.n * others);
    return RW_OK;
}

rw_err rw_graph_modularity(const rw_graph *graph, uint64_t seed, double *modularity, double *communities) {
    igraph_vector_int_t community;
    *modularity = *communities = NAN;
    if (igraph_ecount(&graph->undirected) == 0)
        return RW_OK;
    RW_TRY(seed_generator(seed));
    RW_TRY(check(igraph_vector_int_init(&community, 0)));
    rw_err err = check(igraph_community_multilevel(&graph->undirected, NULL, 1.0, &community, NULL, NULL));
    if (err == RW_OK)
        err = check(igraph_modularity(&graph->undirected, &community, NULL, 1.0, IGRAPH_UNDIRECTED, modularity));
    if (err == RW_OK)
        *communities = (double)igraph_vector_int_max(&community) + 1.0;
    igraph_vector_int_destroy(&community);
    return err;
}
