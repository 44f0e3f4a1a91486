/* Vacant elements pair until one side has none left, and only cells that may. */
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "net/positions.h"
#include "structural.h"

/* Elements in use equal the synapses there are, on both sides. */
static void assert_elements_match_synapses(const rw_structure *structure) {
    const rw_network *network = structure->network;
    uint64_t synapses = 0, axons = 0, dendrites = 0;
    for (size_t p = 0; p < network->n_projections; p++)
        synapses += rw_projection_count(&network->partition, &network->projections[p]);
    for (uint64_t i = 0; i < 40; i++)
        axons += structure->cells[0].elements[RW_AXON].connected[i];
    for (uint64_t i = 0; i < 60; i++)
        dendrites += structure->cells[1].elements[RW_DENDRITE_EXC].connected[i];
    for (uint64_t i = 0; i < 30; i++)
        dendrites += structure->cells[2].elements[RW_DENDRITE_EXC].connected[i];
    assert_int_equal(synapses, axons);
    assert_int_equal(synapses, dendrites);
}

static void vacant_elements_pair_until_one_side_has_none_left(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural = structural_of(&run, structural_plane, 3);
    for (uint64_t i = 0; i < 40; i++)
        structural->structure.cells[0].elements[RW_AXON].z[i] = 3.7; /* 120 elements */
    for (uint64_t i = 0; i < 60; i++)
        structural->structure.cells[1].elements[RW_DENDRITE_EXC].z[i] = 1.2;
    for (uint64_t i = 0; i < 30; i++)
        structural->structure.cells[2].elements[RW_DENDRITE_EXC].z[i] = 1.0;
    assert_ok(rw_update_connectivity(structural, 10000));
    assert_elements_match_synapses(&structural->structure);
    assert_true(structural->created > 85 && structural->created <= 90); /* near all 90 dendritic elements */
    assert_int_equal(structural->events.n, structural->created);
    /* The vacant axonal elements decay by the integer count of vacancies, never by the fraction. */
    double vacant_before = 0, z_sum = 0;
    for (uint64_t i = 0; i < 40; i++) {
        vacant_before += 3.0 - structural->structure.cells[0].elements[RW_AXON].connected[i];
        z_sum += structural->structure.cells[0].elements[RW_AXON].z[i];
    }
    assert_close(z_sum, 40 * 3.7 - 0.1 * vacant_before, 1e-9, 0);
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

enum { CELLS = 150, UPDATES = 2000 };

/* Mean and variance of the distance from cell j of b to the cells of a, weighted by the kernel, a gaussian. */
static void expect_distance(const rw_network *network, uint64_t j, double sigma_um, double *mean, double *variance) {
    double sum = 0.0, first = 0.0, second = 0.0;
    for (uint64_t i = 0; i < CELLS; i++) {
        double d = rw_population_distance(network->scenario, &network->populations[0], i, &network->populations[1], j);
        double kernel = exp(-d * d / (2.0 * sigma_um * sigma_um));
        sum += kernel;
        first += kernel * d;
        second += kernel * d * d;
    }
    *mean = first / sum;
    *variance = second / sum - *mean * *mean;
}

/* Boutons are always vacant on all axons, and one dendritic element at a time grows: were the axons to search, each
 * would find it from wherever it is. Distances of the synapses are those of the kernel. */
static void where_few_dendrites_grow_the_kernel_holds(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural = structural_of(
        &run,
        "rewire: 1\nseed: 5\ntime: {step: 0.1 ms, until: 10 s}\nspace: {size: [1000 um, 1000 um], periodic: true}\n"
        "populations:\n  a: {model: lif_psc_exp, count: 150}\n  b: {model: lif_psc_exp, count: 150}\n"
        "projections:\n  - {name: ab, from: a, to: b, connect: {rule: none, multapses: true}, weight: 1 pA, delay: 1 "
        "ms, "
        "receptors: {exc: 1}, rewire: {kernel: gaussian, sigma: 100 um}}\n"
        "growth:\n  - {on: a.axon, model: constant, initial: 8}\n  - {on: b.dendrite_exc, model: constant}\n"
        "structure: {every: 1 s, vacant_decay: 0}\n",
        2);
    double observed = 0.0, expected = 0.0, variance = 0.0;
    for (uint64_t update = 1; update <= UPDATES; update++) {
        uint64_t j = update % CELLS;
        double mean, variance_of_one;
        structural->structure.cells[1].elements[RW_DENDRITE_EXC].z[j] += 1.0;
        assert_ok(rw_update_connectivity(structural, update * 10000));
        assert_int_equal(structural->events.n, 1);
        assert_int_equal(structural->events.items[0].target, j);
        structural->structure.cells[0].elements[RW_AXON].z[structural->events.items[0].source] += 1.0;
        observed += rw_population_distance(run.scenario, &run.network->populations[0],
                                           structural->events.items[0].source, &run.network->populations[1], j);
        expect_distance(run.network, j, 100.0, &mean, &variance_of_one);
        expected += mean;
        variance += variance_of_one;
    }
    print_message("mean distance %.2f um, expected %.2f um\n", observed / UPDATES, expected / UPDATES);
    assert_close(observed, expected, 0, 4.0 * sqrt(variance));
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

enum { TARGETS = 20, INHIBITORY = 5 };

/* Most synapses of a projection onto the TARGETS between the same two cells; *of_a_cell_to_itself: those. */
static uint32_t most_of_a_pair(const rw_network *network, size_t p, uint64_t *n, uint64_t *of_a_cell_to_itself) {
    uint32_t found[TARGETS][TARGETS] = {{0}}, most = 0;
    rw_edge *edges = NULL;
    *n = rw_projection_count(&network->partition, &network->projections[p]);
    *of_a_cell_to_itself = 0;
    assert_ok(rw_projection_edges(network, &network->projections[p], &edges));
    for (uint64_t e = 0; e < *n; e++) {
        uint32_t together = ++found[edges[e].source][edges[e].target];
        most = together > most ? together : most;
        *of_a_cell_to_itself += edges[e].source == edges[e].target;
    }
    rw_free(edges);
    return most;
}

/* With more elements than there are pairs of cells, of either sign, all meet that may, and no others. */
static void expect_flags_kept(const char *kernel, bool autapses, bool multapses, int n_threads) {
    char yaml[2048];
    const char *multapse = multapses ? "true" : "false";
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\nseed: 2\ntime: {step: 0.1 ms, until: 10 s}\nspace: {size: [600 um, 400 um]}\n"
                   "populations:\n  a: {model: lif_psc_exp, count: %d}\n  b: {model: lif_psc_exp, count: %d}\n"
                   "projections:\n"
                   "  - {from: a, to: a, connect: {rule: none, autapses: %s, multapses: %s}, weight: 1 pA, delay: 1 "
                   "ms, receptors: {exc: 1}, rewire: {%s}}\n"
                   "  - {from: b, to: a, connect: {rule: none, multapses: %s}, weight: -1 pA, delay: 1 ms, "
                   "receptors: {inh: 1}, rewire: {%s}}\n"
                   "growth:\n  - {on: a.axon, model: constant, initial: 30}\n"
                   "  - {on: a.dendrite_exc, model: constant, initial: 30}\n"
                   "  - {on: b.axon, model: constant, initial: 30}\n"
                   "  - {on: a.dendrite_inh, model: constant, initial: 7}\n"
                   "structure: {every: 1 s, vacant_decay: 0}\n",
                   TARGETS, INHIBITORY, autapses ? "true" : "false", multapse, kernel, multapse, kernel);
    test_run run;
    rw_structural_plasticity *structural = structural_of(&run, yaml, n_threads);
    uint64_t n = 0, own = 0;
    for (uint64_t update = 1; update <= 2; update++)
        assert_ok(rw_update_connectivity(structural, update * 10000));
    uint32_t most = most_of_a_pair(run.network, 0, &n, &own);
    assert_int_equal(n, multapses ? 30 * TARGETS : TARGETS * (TARGETS - (autapses ? 0 : 1)));
    assert_true(multapses ? most > 1 : most == 1);
    assert_true(autapses ? own >= (multapses ? 1 : TARGETS) : own == 0);
    most = most_of_a_pair(run.network, 1, &n, &own);
    assert_int_equal(n, multapses ? 7 * TARGETS : INHIBITORY * TARGETS);
    assert_true(multapses ? most > 1 : most == 1);
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

static void flags_say_which_cells_may_meet(void **state) {
    (void)state;
    for (int flags = 0; flags < 4; flags++) {
        expect_flags_kept("", flags & 1, flags & 2, 1 + flags % 3);
        expect_flags_kept("kernel: gaussian, sigma: 150 um", flags & 1, flags & 2, 1 + (flags + 1) % 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vacant_elements_pair_until_one_side_has_none_left),
        cmocka_unit_test(where_few_dendrites_grow_the_kernel_holds),
        cmocka_unit_test(flags_say_which_cells_may_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
