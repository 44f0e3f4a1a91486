/* How fast networks are built, exported and changed, and what they weigh.
 *
 *     bench_network [NEURONS [SYNAPSES_PER_NEURON [THREADS]]]        (default 10000 1000 1)
 *
 * Rates are per second of CPU time and so per thread, whatever else runs on the machine. Each network is built
 * REPETITIONS times; the best counts. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/adjacency_search.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "net/network.h"

enum { REPETITIONS = 3 };

static double cpu_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double wall_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void fail(void) {
    (void)fprintf(stderr, "bench_network: %s\n", rw_error_message());
    exit(3);
}

typedef struct {
    const char *name;
    rw_connect_rule rule;
    bool structural, spread;
} workload;

static const workload workloads[] = {
    {"all_to_all", RW_CONNECT_ALL_TO_ALL, false, false},
    {"pairwise_bernoulli", RW_CONNECT_PAIRWISE_BERNOULLI, false, false},
    {"fixed_indegree", RW_CONNECT_FIXED_INDEGREE, false, false},
    {"fixed_outdegree", RW_CONNECT_FIXED_OUTDEGREE, false, false},
    {"fixed_total_number", RW_CONNECT_FIXED_TOTAL_NUMBER, false, false},
    {"distance, gaussian", RW_CONNECT_DISTANCE, false, false},
    {"pairwise_bernoulli, lognormal weights, spread delays", RW_CONNECT_PAIRWISE_BERNOULLI, false, true},
    {"pairwise_bernoulli, structural", RW_CONNECT_PAIRWISE_BERNOULLI, true, false},
};

typedef struct {
    rw_population_spec population;
    rw_projection_spec projection;
    rw_scenario scenario;
} setting;

static void describe(setting *s, const workload *w, uint64_t neurons, uint64_t degree) {
    double size_um = 1500.0, sigma_um = 200.0, cells_in_reach = (double)neurons * 6.2831853 * sigma_um * sigma_um;
    s->population = (rw_population_spec){.name = "cells", .count = neurons};
    if (w->rule == RW_CONNECT_ALL_TO_ALL) /* fewer cells, as many synapses */
        s->population.count = (uint64_t)sqrt((double)(neurons * degree));
    s->projection = (rw_projection_spec){
        .name = w->name,
        .rule = w->rule,
        .p = w->rule == RW_CONNECT_DISTANCE ? fmin(1.0, (double)degree * size_um * size_um / cells_in_reach)
                                            : (double)degree / (double)neurons,
        .n = w->rule == RW_CONNECT_FIXED_TOTAL_NUMBER ? neurons * degree : degree,
        .kernel = {RW_KERNEL_GAUSSIAN, sigma_um, INFINITY, 0.0},
        .weight =
            {.kind = w->spread ? RW_LOGNORMAL : RW_CONSTANT, .a = 0.5, .b = 0.3, .min = -INFINITY, .max = INFINITY},
        .delay_ms = {.kind = w->spread ? RW_UNIFORM : RW_CONSTANT, .a = 1.5, .b = 3.0, .min = 0.1, .max = INFINITY},
        .structural = w->structural,
        .autapses = true,
    };
    s->scenario = (rw_scenario){.seed = 1,

                                .step_ms = 0.1,
                                .dimensions = 2,
                                .size_um = {size_um, size_um, 0.0},
                                .periodic = true,
                                .populations = &s->population,
                                .n_populations = 1,
                                .projections = &s->projection,
                                .n_projections = 1};
}

static void measure(const workload *w, uint64_t neurons, uint64_t degree, int n_threads) {
    setting s;
    describe(&s, w, neurons, degree);
    double build_s = INFINITY, edges_s = INFINITY, bytes = 0, count = 0;
    for (int r = 0; r < REPETITIONS; r++) {
        rw_network *network = NULL;
        rw_edge *edges = NULL;
        double began_s = cpu_s();
        if (rw_network_create(&network, &s.scenario, n_threads) != RW_OK)
            fail();
        build_s = fmin(build_s, cpu_s() - began_s);
        count = (double)rw_projection_count(&network->partition, &network->projections[0]);
        bytes = rw_projection_bytes(&network->partition, &network->projections[0]);
        began_s = wall_s();
        if (rw_projection_edges(network, &network->projections[0], &edges) != RW_OK)
            fail();
        edges_s = fmin(edges_s, wall_s() - began_s);
        rw_free(edges);
        rw_network_destroy(&network);
    }
    printf("%-55s %10.3g synapses  %8.3g /s/thread  %6.2f bytes each  export %6.3f s\n", w->name, count,
           count / build_s, bytes / count, edges_s);
}

/* Insertion and deletion in rows of `degree` synapses: a million of both, at random slots. */
static void measure_changes(uint64_t neurons, uint64_t degree) {
    enum { CHANGES = 1000000 };
    setting s;
    rw_network *network = NULL;
    describe(&s, &(workload){"change", RW_CONNECT_FIXED_INDEGREE, true, false}, neurons, degree);
    if (rw_network_create(&network, &s.scenario, 1) != RW_OK)
        fail();
    rw_projection *projection = &network->projections[0];
    rw_adjacency *adjacency = &projection->adjacency[0];
    rw_stream stream = rw_stream_of(1, RW_PURPOSE_SELECTION, 0);
    double began_s = cpu_s();
    for (uint64_t k = 0; k < CHANGES; k++) {
        rw_bits bits = rw_draw(stream, k, 0);
        uint64_t source = bits.word[0] % neurons;
        rw_synapse synapse = {bits.word[1] % (uint32_t)neurons, 0.5f};
        if (rw_adjacency_insert(adjacency, source, synapse, projection->next_serial[source]++, NULL) != RW_OK)
            fail();
    }
    double insert_ns = 1e9 * (cpu_s() - began_s) / CHANGES;
    double bytes = rw_projection_bytes(&network->partition, projection) /
                   (double)rw_projection_count(&network->partition, projection);
    began_s = cpu_s();
    for (uint64_t k = 0; k < CHANGES; k++) {
        rw_bits bits = rw_draw(stream, k, 1);
        uint64_t source = bits.word[0] % neurons;
        uint32_t count = rw_adjacency_count(adjacency, source);
        if (count > 0) /* in short rows few sources lose all */
            rw_adjacency_delete(adjacency, source, rw_adjacency_select(adjacency, source, bits.word[1] % count));
    }
    double delete_ns = 1e9 * (cpu_s() - began_s) / CHANGES;
    printf("rows of %llu: insert %.0f ns, select and delete %.0f ns, draw included; %.2f bytes each between\n",
           (unsigned long long)degree, insert_ns, delete_ns, bytes);
    rw_network_destroy(&network);
}

int main(int argc, char **argv) {
    uint64_t neurons = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000;
    uint64_t degree = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    int n_threads = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1;
    if (neurons == 0 || degree == 0 || degree > neurons || n_threads < 1) {
        (void)fprintf(stderr, "usage: bench_network [NEURONS [SYNAPSES_PER_NEURON <= NEURONS [THREADS]]]\n");
        return 2;
    }
    for (size_t w = 0; w < RW_COUNT(workloads); w++)
        measure(&workloads[w], neurons, degree, n_threads);
    for (uint64_t row = 10; row <= degree; row *= 10)
        measure_changes(neurons * degree / row, row);
    return 0;
}
