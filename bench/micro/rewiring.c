/* What a change of connectivity costs, all bookkeeping included, how that grows with the network, and what a synapse
 * weighs that can form and vanish.
 *
 *     bench_rewiring [CELLS SYNAPSES_PER_CELL]...        (default 10000 100 100000 100 1000000 100 10000 1000)
 *
 * Cells are in the plane and meet by a gaussian kernel. In an update either a tenth of the cells, or all, have one more
 * element of both kinds, or one axonal element less, or one dendritic element less; or nothing is to be done. Each cell
 * gains a quarter of its synapses, so that rows and lists run out of capacity, and loses them again. An update in which
 * memory is laid out anew costs many times the others: the mean has it, the median does not. Times are of the
 * processor, on one thread. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/memory.h"
#include "config/parse.h"
#include "sim/structural_plasticity.h"

/* Part of its synapses that each cell gains; and updates in which nothing happens. */
enum { GAIN = 4, IDLE_ROUNDS = 5 };

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
    rw_structural_plasticity *structural;
    uint64_t round;
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
    check(rw_structural_plasticity_create(&r.structural, r.network));
    return r;
}

static void rig_destroy(rig *r) {
    rw_structural_plasticity_destroy(&r->structural);
    rw_network_destroy(&r->network);
    rw_scenario_destroy(&r->scenario);
}

/* A kind of update. */
typedef struct {
    const char *what;
    double axons, dendrites; /* elements that change in a cell */
    uint64_t part;           /* of its synapses, by which the number of a cell changes in all */
} kind;

static const kind kinds[] = {{"formed", 1.0, 1.0, GAIN},
                             {"broken by axons", -1.0, 0.0, 2 * (uint64_t)GAIN},
                             {"broken by dendrites", 0.0, -1.0, 2 * (uint64_t)GAIN}};
static const uint64_t every[] = {10, 1}; /* one cell of so many changes in an update */

/* One update after the elements of every cell have been made those that are connected, and those of one cell of `each`
 * changed, of others every time. Seconds. */
static double update_s(rig *r, uint64_t each, double axons, double dendrites) {
    rw_elements *elements = r->structural->structure.cells[0].elements;
    uint64_t n = r->network->populations[0].count;
    for (uint64_t i = 0; i < n; i++) {
        bool changes = (i + r->round) % each == 0;
        elements[RW_AXON].z[i] = fmax(elements[RW_AXON].connected[i] + (changes ? axons : 0.0), 0.0);
        elements[RW_DENDRITE_EXC].z[i] =
            fmax(elements[RW_DENDRITE_EXC].connected[i] + (changes ? dendrites : 0.0), 0.0);
    }
    double began_s = cpu_s();
    check(rw_update_connectivity(r->structural, 10000 * ++r->round));
    return cpu_s() - began_s;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Nanoseconds per change, or per cell where nothing changes: of an update in the middle, of all, of the worst. */
typedef struct {
    double median_ns, mean_ns, worst_ns;
} cost;

static cost cost_of(rig *r, uint64_t each, double axons, double dendrites, size_t rounds) {
    double *ns = NULL, all_s = 0.0, all = 0.0;
    check(RW_NEW(ns, rounds, "times"));
    for (size_t round = 0; round < rounds; round++) {
        uint64_t before = r->structural->created + r->structural->deleted;
        double s = update_s(r, each, axons, dendrites);
        uint64_t changes = r->structural->created + r->structural->deleted - before;
        double n = (double)(changes > 0 ? changes : r->network->populations[0].count);
        ns[round] = 1e9 * s / n;
        all_s += s;
        all += n;
    }
    qsort(ns, rounds, sizeof ns[0], ascending);
    cost found = {.median_ns = ns[rounds / 2], .mean_ns = 1e9 * all_s / all, .worst_ns = ns[rounds - 1]};
    rw_free(ns);
    return found;
}

/* What the first of networks with as many synapses per cell has cost: the others are compared with it. */
typedef struct {
    uint64_t degree;
    cost of[RW_COUNT(every)][RW_COUNT(kinds)];
} baseline;

static void print_cost(uint64_t cells, uint64_t degree, uint64_t each, const char *what, const cost *it,
                       const cost *first) {
    printf("%8llu x %4llu  %-7s  %-19s %6.2f  %7.0f %7.0f %8.0f   %6.2f %6.2f\n", (unsigned long long)cells,
           (unsigned long long)degree, each == 1 ? "all" : "a tenth", what, 1e3 / it->mean_ns, it->median_ns,
           it->mean_ns, it->worst_ns, it->median_ns / first->median_ns, it->mean_ns / first->mean_ns);
    (void)fflush(stdout);
}

/* What an update costs in which nothing happens, and memory: `before` the network, and of it when it was `built`. */
static void print_idle(rig *r, double before_bytes, double built_bytes) {
    const rw_projection *projection = &r->network->projections[0];
    double count = (double)rw_projection_count(&r->network->partition, projection);
    cost idle = cost_of(r, 1, 0.0, 0.0, IDLE_ROUNDS);
    printf("%25s  idle: %.1f ns per cell; bytes per synapse: resident %.1f when built, %.1f now, of rows %.1f\n", "",
           idle.median_ns, built_bytes, (resident_bytes() - before_bytes) / count,
           rw_projection_bytes(&r->network->partition, projection) / count);
}

static void measure(uint64_t cells, uint64_t degree) {
    static baseline first;
    bool is_first = first.degree != degree;
    first.degree = degree;
    for (size_t e = 0; e < RW_COUNT(every); e++) {
        double before = resident_bytes();
        rig r = rig_create(cells, degree); /* a new one for each: rows that have grown keep their capacity */
        double young = (double)rw_projection_count(&r.network->partition, &r.network->projections[0]);
        double built = (resident_bytes() - before) / young;
        for (size_t k = 0; k < RW_COUNT(kinds); k++) {
            size_t rounds = every[e] * (degree / kinds[k].part > 0 ? degree / kinds[k].part : 1);
            cost found = cost_of(&r, every[e], kinds[k].axons, kinds[k].dendrites, rounds);
            if (is_first)
                first.of[e][k] = found;
            print_cost(cells, degree, every[e], kinds[k].what, &found, &first.of[e][k]);
        }
        if (e == 0)
            print_idle(&r, before, built);
        rig_destroy(&r);
    }
}

int main(int argc, char **argv) {
    static const uint64_t usual[][2] = {{10000, 100}, {100000, 100}, {1000000, 100}, {10000, 1000}};
    printf("10^6 changes per second, by the mean; ns per change in the median update, in all, in the worst; how median "
           "and\nmean have grown from the first network of as many synapses per cell\n"
           "   cells x each  change   synapses            10^6/s   median    mean    worst   growth   mean\n");
    if (argc > 2)
        for (int k = 1; k + 1 < argc; k += 2)
            measure(strtoull(argv[k], NULL, 10), strtoull(argv[k + 1], NULL, 10));
    else
        for (size_t k = 0; k < RW_COUNT(usual); k++)
            measure(usual[k][0], usual[k][1]);
    return 0;
}
