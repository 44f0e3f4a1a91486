/* What a synapse weighs, everything included: memory of the process with 10^7 synapses less that of the same cells with
 * none, after building and a few steps, and the most it was until then.
 *
 *     bench_memory [CELLS [SYNAPSES_PER_CELL]]        (default 10000 1000)
 *
 * Each network is built in a process of its own, on one thread. `grown`: rewiring makes all of them from nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "config/parse.h"
#include "sim/advance.h"
#include "sim/simulation.h"
#include "sim/structural_plasticity.h"

typedef struct {
    const char *name, *weight, *more; /* of the projection */
    bool structural, grown;
} workload;

static const workload workloads[] = {
    {"static, equal weights", "1 pA", "", false, false},
    {"static, drawn weights", "{uniform: [1 pA, 2 pA]}", "", false, false},
    {"stdp", "1 pA", ", plasticity: {stdp: {}}", false, false},
    {"triplet", "1 pA", ", plasticity: {triplet: {}}", false, false},
    {"calcium", "1 pA", ", plasticity: {calcium: {}}", false, false},
    {"growing", "1 pA", ", rewire: {}", true, false},
    {"growing, grown", "1 pA", ", rewire: {}", true, true},
    {"growing, stdp", "1 pA", ", rewire: {}, plasticity: {stdp: {}}", true, false},
    {"growing, triplet", "1 pA", ", rewire: {}, plasticity: {triplet: {}}", true, false},
    {"growing, calcium", "1 pA", ", rewire: {}, plasticity: {calcium: {}}", true, false},
};

static void check(rw_err err) {
    if (err == RW_OK)
        return;
    (void)fprintf(stderr, "bench_memory: %s\n", rw_error_message());
    exit(3);
}

/* A line of /proc/self/status, bytes. */
static double status_bytes(const char *key) {
    char line[256];
    double kilobytes = 0.0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            kilobytes = strtod(line + strlen(key), NULL);
    if (file != NULL)
        (void)fclose(file);
    return 1024.0 * kilobytes;
}

static rw_scenario *read_scenario(const workload *w, uint64_t cells, uint64_t degree) {
    char yaml[2048], rule[64];
    rw_scenario *scenario = NULL;
    (void)snprintf(rule, sizeof rule, "rule: fixed_indegree, n: %llu", (unsigned long long)degree);
    int n = snprintf(
        yaml, sizeof yaml,
        "rewire: 1\ntitle: memory\nseed: 1\ntime: {step: 0.1 ms, until: 10 s}\n"
        "populations:\n  c: {model: lif_psc_exp, count: %llu}\n"
        "projections:\n  - {from: c, to: c, connect: {%s}, weight: %s, delay: 1.5 ms, receptors: {exc: 1}%s}\n",
        (unsigned long long)cells, degree > 0 && !w->grown ? rule : "rule: none", w->weight, w->more);
    if (w->structural)
        (void)snprintf(yaml + n, sizeof yaml - (size_t)n,
                       "growth:\n  - {on: c.axon, model: linear, target: 0.05}\n"
                       "  - {on: c.dendrite_exc, model: linear, target: 0.05}\n"
                       "structure: {every: 1 s, vacant_decay: 0}\n");
    check(rw_scenario_parse(&scenario, "bench", yaml, strlen(yaml), NULL, 0));
    return scenario;
}

/* Lets every cell have 2 more elements of both kinds, again and again. */
static void grow(rw_network *network, uint64_t degree) {
    rw_structural_plasticity *structural = NULL;
    check(rw_structural_plasticity_create(&structural, network));
    for (uint64_t have = 2; have <= degree; have += 2) {
        for (uint64_t i = 0; i < network->populations[0].count; i++)
            structural->structure.cells[0].elements[RW_AXON].z[i] =
                structural->structure.cells[0].elements[RW_DENDRITE_EXC].z[i] = (double)have;
        check(rw_update_connectivity(structural, have * 10000));
    }
    rw_structural_plasticity_destroy(&structural);
}

/* Synapses, memory now and at most; of a process that does nothing else. */
typedef struct {
    double synapses, bytes, peak_bytes;
} weight;

static weight build(const workload *w, uint64_t cells, uint64_t degree) {
    rw_scenario *scenario = read_scenario(w, cells, degree);
    rw_network *network = NULL;
    rw_simulation *sim = NULL;
    check(rw_network_create(&network, scenario, 1));
    if (w->grown && degree > 0)
        grow(network, degree);
    check(rw_simulation_create(&sim, network));
    check(rw_simulation_advance(sim, 100, NULL));
    return (weight){(double)rw_projection_count(&network->partition, &network->projections[0]), status_bytes("VmRSS:"),
                    status_bytes("VmHWM:")};
}

static weight build_apart(const workload *w, uint64_t cells, uint64_t degree) {
    int ends[2];
    weight result = {0};
    if (pipe(ends) != 0)
        exit(3);
    pid_t child = fork();
    if (child == 0) {
        result = build(w, cells, degree);
        _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 3);
    }
    (void)close(ends[1]);
    if (child < 0 || read(ends[0], &result, sizeof result) != sizeof result)
        exit(3);
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
    return result;
}

int main(int argc, char **argv) {
    uint64_t cells = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000,
             degree = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    printf("%-25s %10s  %15s  %s\n", "synapses", "number", "bytes each", "most until then");
    for (size_t k = 0; k < RW_COUNT(workloads); k++) {
        weight none = build_apart(&workloads[k], cells, 0), all = build_apart(&workloads[k], cells, degree);
        printf("%-25s %10.3g  %15.2f  %15.2f\n", workloads[k].name, all.synapses,
               (all.bytes - none.bytes) / all.synapses, (all.peak_bytes - none.bytes) / all.synapses);
        (void)fflush(stdout);
    }
    return 0;
}
