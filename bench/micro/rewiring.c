/* What a change of connectivity costs, all bookkeeping included, and what a synapse weighs that can form and vanish.
 *
 *     bench_rewiring [CELLS SYNAPSES_PER_CELL]...        (default 10000 100 100000 100 1000000 100 10000 1000)
 *
 * Cells are in the plane and meet by a gaussian kernel. In an update either a tenth of the cells, or all, have one
 * axonal element less, or one dendritic element less, or one more of both; or nothing is to be done. Times are of the
 * processor, on one thread, the median of ROUNDS updates. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/memory.h"
#include "config/parse.h"
#include "sim/rewiring/structure.h"

enum { ROUNDS = 5 };

static void check(rw_err err) {
    if (err == RW_OK)
        return;
    (void)fprintf(stderr, "bench_rewiring: %s\n", rw_error_message());
    exit(3);
}

static double cpu_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Memory of the process now, or at most. */
static double resident_bytes(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*s %lu", &pages) != 1)
        pages = 0;
    if (file != NULL)
        (void)fclose(file);
    return 4096.0 * (double)pages;
}

typedef struct {
    rw_scenario *scenario;
    rw_network *network;
    rw_structure *structure;
    uint64_t step;
} rig;

static rig rig_create(uint64_t cells, uint64_t degree) {
    char yaml[2048];
    rig r = {0};
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\ntitle: rewiring\nseed: 1\ntime: {step: 0.1 ms, until: 10 s}\n"
        "space: {size: [1000 um, 1000 um], periodic: true}\n"
        "populations:\n  c: {model: lif_psc_exp, count: %llu}\n"
        "projections:\n  - {name: cc, from: c, to: c, connect: %s%llu, multapses: false}, weight: 1 pA, delay: 1 ms, "
        "receptors: {exc: 1}, rewire: {kernel: gaussian, sigma: 150 um}}\n"
        "growth:\n  - {on: c.axon, model: linear, target: 0.05}\n"
        "  - {on: c.dendrite_exc, model: linear, target: 0.05}\n"
        "structure: {every: 1 s, vacant_decay: 0}\n",
        (unsigned long long)cells, "{rule: fixed_indegree, n: ", (unsigned long long)degree);
    check(rw_scenario_parse(&r.scenario, "bench", yaml, strlen(yaml), NULL, 0));
    check(rw_network_create(&r.network, r.scenario, 1));
    check(rw_structure_create(&r.structure, r.network));
    return r;
}

static void rig_destroy(rig *r) {
    rw_structure_destroy(&r->structure);
    rw_network_destroy(&r->network);
    rw_scenario_destroy(&r->scenario);
}

/* One update after the elements of every cell have been made those that are connected, and those of every `each`-th
 * cell changed. Seconds. */
static double update_s(rig *r, uint64_t each, double axons, double dendrites) {
    rw_elements *elements = r->structure->cells[0].elements;
    uint64_t n = r->network->populations[0].count;
    for (uint64_t i = 0; i < n; i++) {
        bool changes = (i + r->step) % each == 0;
        elements[RW_AXON].z[i] = elements[RW_AXON].connected[i] + (changes ? axons : 0.0);
        elements[RW_DENDRITE_EXC].z[i] = elements[RW_DENDRITE_EXC].connected[i] + (changes ? dendrites : 0.0);
    }
    r->step += 10000;
    double began_s = cpu_s();
    check(rw_structure_rewire(r->structure, r->step));
    return cpu_s() - began_s;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Nanoseconds per change, or per cell where nothing changes. */
static double cost_ns(rig *r, uint64_t each, double axons, double dendrites) {
    double ns[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t before = r->structure->created + r->structure->deleted;
        double s = update_s(r, each, axons, dendrites);
        uint64_t changes = r->structure->created + r->structure->deleted - before;
        ns[round] = 1e9 * s / (double)(changes > 0 ? changes : r->network->populations[0].count);
    }
    qsort(ns, ROUNDS, sizeof ns[0], ascending);
    return ns[ROUNDS / 2];
}

static void measure(uint64_t cells, uint64_t degree) {
    double before = resident_bytes();
    rig r = rig_create(cells, degree);
    double young = (double)rw_projection_count(r.network, &r.network->projections[0]);
    double built = (resident_bytes() - before) / young;
    printf("%8llu x %4llu ", (unsigned long long)cells, (unsigned long long)degree);
    static const uint64_t every[] = {10, 1};
    for (size_t k = 0; k < RW_COUNT(every); k++)
        printf("| %6.0f %6.0f %6.0f ", cost_ns(&r, every[k], 1.0, 1.0), cost_ns(&r, every[k], -1.0, 0.0),
               cost_ns(&r, every[k], 0.0, -1.0));
    double idle = cost_ns(&r, 1, 0.0, 0.0);
    double count = (double)rw_projection_count(r.network, &r.network->projections[0]);
    printf("| %6.1f | %5.1f %5.1f %5.1f\n", idle, built,
           rw_projection_bytes(r.network, &r.network->projections[0]) / count, (resident_bytes() - before) / count);
    (void)fflush(stdout);
    rig_destroy(&r);
}

int main(int argc, char **argv) {
    static const uint64_t usual[][2] = {{10000, 100}, {100000, 100}, {1000000, 100}, {10000, 1000}};
    printf("ns per change: formed, broken by axons, broken by dendrites, each of a tenth of the cells and of all; idle "
           "update, ns per cell;\nbytes per synapse: resident when built, rows after the changes, resident then\n");
    if (argc > 2)
        for (int k = 1; k + 1 < argc; k += 2)
            measure(strtoull(argv[k], NULL, 10), strtoull(argv[k + 1], NULL, 10));
    else
        for (size_t k = 0; k < RW_COUNT(usual); k++)
            measure(usual[k][0], usual[k][1]);
    return 0;
}
