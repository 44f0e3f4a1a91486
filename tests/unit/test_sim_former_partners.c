/* Elements that become vacant find the partners that their cells have lost, as often and as long as the scenario asks
 * for. */
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "run.h"
#include "sim/advance.h"
#include "sim/simulation_state.h"

enum { N = 400, PER_CELL = 10 };

typedef struct {
    rw_edge *edges;
    uint64_t n;
} synapses;

static synapses synapses_of(const test_run *run) {
    synapses now = {.n = rw_projection_count(&run->network->partition, &run->network->projections[0])};
    assert_ok(rw_projection_edges(run->network, &run->network->projections[0], &now.edges));
    return now;
}

static bool has(const synapses *all, uint64_t uid) {
    for (uint64_t e = 0; e < all->n; e++)
        if (all->edges[e].uid == uid)
            return true;
    return false;
}

/* Whether a pair of cells had a synapse at first and has none later. */
static bool is_lost(const synapses *first, const synapses *later, const rw_edge *pair) {
    for (uint64_t e = 0; e < first->n; e++)
        if (first->edges[e].source == pair->source && first->edges[e].target == pair->target)
            return !has(later, first->edges[e].uid);
    return false;
}

/* Half of the synapses of silent cells go in a second, and dendrites grow an element a second each, so that all new
 * synapses are theirs. Of the synapses that form from `from_ms` on for two seconds, the share whose two cells had one
 * at first and none then; *n: how many form. */
static double share_returned(const char *former_partners, uint64_t from_ms, double *n) {
    char yaml[2048];
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\ntime: {step: 1 ms, until: 20 s}\n"
        "populations: {a: {model: lif_cond, count: %d}}\n"
        "projections:\n  - {from: a, to: a, connect: {rule: fixed_indegree, n: %d}, weight: 1 nS, delay: 1 ms, "
        "receptors: {ampa: 1}, rewire: {stress: {from: 0 s, until: 1 s, fraction: 50 %%, which: random}%s}}\n"
        "growth:\n  - {on: a.axon, model: constant, nu: 0 /ms}\n  - {on: a.dendrite_exc, model: constant, nu: 1 /s}\n"
        "structure: {every: 100 ms, vacant_decay: 0}\n",
        N, PER_CELL, former_partners);
    test_run run = test_run_read(yaml);
    test_run_start(&run, 2);
    synapses first = synapses_of(&run);
    assert_ok(rw_simulation_advance(run.sim, from_ms, NULL));
    synapses before = synapses_of(&run);
    assert_ok(rw_simulation_advance(run.sim, from_ms + 2000, NULL));
    synapses after = synapses_of(&run);
    double returned = 0.0;
    *n = 0.0;
    for (uint64_t e = 0; e < after.n; e++)
        if (!has(&before, after.edges[e].uid)) {
            *n += 1.0;
            returned += is_lost(&first, &before, &after.edges[e]);
        }
    rw_free(first.edges);
    rw_free(before.edges);
    rw_free(after.edges);
    test_run_end(&run);
    return returned / *n;
}

/* At most five losses of a dendrite, of which up to one returns before, among 2000 vacant boutons. */
static void without_memory_synapses_return_by_chance(void **state) {
    (void)state;
    double n;
    assert_true(share_returned("", 1000, &n) < 0.03);
    assert_close(n, N * 2.0, 0, N * 0.1);
}

/* Nearly every bouton that is sought is vacant, unless another dendrite has found it. */
static void elements_try_former_partners_as_often_as_asked(void **state) {
    (void)state;
    double n;
    assert_true(share_returned(", former_partners: {probability: 100 %, lifetime: 1 day}", 1000, &n) > 0.98);
    assert_close(n, N * 2.0, 0, N * 0.1);
    double half = share_returned(", former_partners: {probability: 50 %, lifetime: 1 day}", 1000, &n);
    assert_close(half, 0.5, 0, 4.0 * sqrt(0.25 / n) + 0.03);
}

static void losses_are_forgotten_after_their_lifetime(void **state) {
    (void)state;
    double n;
    assert_true(share_returned(", former_partners: {probability: 100 %, lifetime: 1 s}", 2000, &n) < 0.03);
    assert_close(n, N * 2.0, 0, N * 0.1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_synapses_return_by_chance),
        cmocka_unit_test(elements_try_former_partners_as_often_as_asked),
        cmocka_unit_test(losses_are_forgotten_after_their_lifetime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
