/* How the cost of partner search grows with the number of vacant elements, for every kernel.
 *
 *     bench_partner [MOST_VACANCIES [KERNEL]]        (default 1000000, and one of each kind)
 *
 * As many axonal as dendritic elements are vacant, ten on each cell of a space whose density stays the same, so that
 * only the size of the problem changes; all are paired in one update of connectivity, synapses made and logged. Times
 * are CPU time of one thread, the best of REPETITIONS. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/parse.h"
#include "sim/structural_plasticity.h"

enum { REPETITIONS = 3, PER_CELL = 10 };

static double cpu_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void check(rw_err err) {
    if (err == RW_OK)
        return;
    (void)fprintf(stderr, "bench_partner: %s\n", rw_error_message());
    exit(3);
}

/* One cell in 10 um x 10 um. */
static rw_scenario *describe(const char *kernel, uint64_t cells) {
    char yaml[1024];
    double side_um = 10.0 * sqrt((double)cells);
    rw_scenario *scenario = NULL;
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\ntime: {step: 0.1 ms, until: 10 s}\nspace: {size: [%.3f um, %.3f um]}\n"
                   "populations: {a: {model: lif_psc_exp, count: %llu}}\n"
                   "projections:\n  - {from: a, to: a, connect: {rule: none}, weight: 1 pA, delay: 1 ms, "
                   "receptors: {exc: 1}, rewire: {%s}}\n"
                   "growth:\n  - {on: a.axon, model: linear, initial: %d}\n"
                   "  - {on: a.dendrite_exc, model: linear, initial: %d}\n",
                   side_um, side_um, (unsigned long long)cells, kernel, PER_CELL, PER_CELL);
    check(rw_scenario_parse(&scenario, "benchmark", yaml, strlen(yaml), NULL, 0));
    return scenario;
}

/* CPU time of one update; *made: synapses that formed. */
static double measure(const char *kernel, uint64_t cells, uint64_t *made) {
    double best_s = INFINITY;
    for (int r = 0; r < REPETITIONS; r++) {
        rw_scenario *scenario = describe(kernel, cells);
        rw_network *network = NULL;
        rw_structural_plasticity *structural = NULL;
        check(rw_network_create(&network, scenario, 1));
        check(rw_structural_plasticity_create(&structural, network));
        const rw_connectivity_update update = rw_connectivity_update_at(structural, scenario->structure.every_steps);
        double began_s = cpu_s();
        check(rw_form_synapses(&structural->formation, &update, RW_DENDRITE_EXC));
        best_s = fmin(best_s, cpu_s() - began_s);
        *made = structural->events.n;
        rw_structural_plasticity_destroy(&structural);
        rw_network_destroy(&network);
        rw_scenario_destroy(&scenario);
    }
    return best_s;
}

static void measure_kernel(const char *kernel, uint64_t most) {
    for (uint64_t vacancies = 1000; vacancies <= most; vacancies *= 10) {
        uint64_t made = 0;
        double used_s = measure(kernel, vacancies / PER_CELL, &made);
        printf("%-60s %8llu vacancies  %5.1f %% paired  %9.3f ms  %7.0f ns each\n", kernel,
               (unsigned long long)vacancies, 100.0 * (double)made / (double)vacancies, 1e3 * used_s,
               1e9 * used_s / (double)vacancies);
        (void)fflush(stdout);
    }
}

int main(int argc, char **argv) {
    static const char *const kernels[] = {"kernel: none", "kernel: gaussian, sigma: 200 um",
                                          "kernel: exponential, sigma: 150 um", "kernel: box, sigma: 300 um",
                                          "kernel: power, sigma: 50 um, exponent: 3, cutoff: 1000 um"};
    uint64_t most = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    if (most < 1000) {
        (void)fprintf(stderr, "usage: bench_partner [MOST_VACANCIES >= 1000 [KERNEL]], for example "
                              "bench_partner 100000 'kernel: box, sigma: 300 um'\n");
        return 2;
    }
    if (argc > 2) {
        measure_kernel(argv[2], most);
        return 0;
    }
    for (size_t k = 0; k < RW_COUNT(kernels); k++)
        measure_kernel(kernels[k], most);
    return 0;
}
