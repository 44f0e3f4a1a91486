/* Calcium, elements, retraction and partner search do what their equations say. */
#include <stdlib.h>

#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "run.h"
#include "sim/deletion/retraction.h"
#include "sim/elements/growth.h"
#include "sim/structural_plasticity.h"

/* Two populations in the plane; axons of `a` meet dendrites of `b` (and of `c`, with another kernel). */
static const char *const plane =
    "rewire: 1\nseed: 5\ntime: {step: 0.1 ms, until: 10 s}\n"
    "space: {size: [1000 um, 800 um], periodic: true}\n"
    "populations:\n"
    "  a: {model: lif_psc_exp, count: 40}\n"
    "  b: {model: lif_psc_exp, count: 60}\n"
    "  c: {model: lif_psc_exp, count: 30}\n"
    "projections:\n"
    "  - {name: ab, from: a, to: b, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, "
    "rewire: {kernel: gaussian, sigma: 120 um}}\n"
    "  - {name: ac, from: a, to: c, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, "
    "rewire: {kernel: exponential, sigma: 150 um}}\n"
    "growth:\n"
    "  - {on: a.axon, model: linear, target: 0.05}\n"
    "  - {on: b.dendrite_exc, model: linear, target: 0.05}\n"
    "  - {on: c.dendrite_exc, model: linear, target: 0.05}\n"
    "structure: {every: 1 s}\n";

static rw_structural_plasticity *structural_of(test_run *run, const char *yaml, int n_threads) {
    *run = test_run_read(yaml);
    assert_ok(rw_network_create(&run->network, run->scenario, n_threads));
    rw_structural_plasticity *structural = NULL;
    assert_ok(rw_structural_plasticity_create(&structural, run->network));
    return structural;
}

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
    rw_structural_plasticity *structural = structural_of(&run, plane, 3);
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

static void a_fraction_of_an_element_does_not_decay(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural = structural_of(&run, plane, 1);
    structural->structure.cells[0].elements[RW_AXON].z[0] = 0.9;
    for (uint64_t update = 1; update < 50; update++)
        assert_ok(rw_update_connectivity(structural, update * 10000));
    assert_close(structural->structure.cells[0].elements[RW_AXON].z[0], 0.9, 0, 0);
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

/* One cell with ten synapses, of its axon or its dendrite, must lose three, again and again with other seeds: each
 * synapse is as likely to go. */
static void expect_uniform_loss(bool of_axon) {
    enum { RUNS = 1000 };
    double lost[10] = {0}, expected[10];
    char yaml[2048];
    for (int seed = 1; seed <= RUNS; seed++) {
        (void)snprintf(yaml, sizeof yaml,
                       "rewire: 1\nseed: %d\ntime: {step: 0.1 ms, until: 10 s}\n"
                       "populations:\n  a: {model: lif_psc_exp, count: %d}\n  b: {model: lif_psc_exp, count: %d}\n"
                       "projections:\n  - {from: a, to: b, connect: {rule: all_to_all}, weight: 1 pA, delay: 1 ms, "
                       "receptors: {exc: 1}, "
                       "rewire: {}}\n"
                       "growth:\n  - {on: a.axon, model: linear, target: 0.05}\n  - {on: b.dendrite_exc, model: "
                       "linear, target: 0.05}\n"
                       "structure: {every: 1 s, vacant_decay: 0}\n",
                       seed, of_axon ? 1 : 10, of_axon ? 10 : 1);
        test_run run;
        rw_structural_plasticity *structural = structural_of(&run, yaml, 1 + seed % 3);
        rw_elements *elements =
            &structural->structure.cells[of_axon ? 0 : 1].elements[of_axon ? RW_AXON : RW_DENDRITE_EXC];
        assert_close(elements->z[0], 10.0, 0, 0);
        elements->z[0] = 7.5;
        const rw_connectivity_update update = rw_connectivity_update_at(structural, 10000);
        assert_ok(rw_retract_synapses(&update));
        assert_int_equal(structural->events.n, 3);
        assert_int_equal(elements->connected[0], 7);
        for (size_t e = 0; e < 3; e++) {
            assert_false(structural->events.items[e].created);
            assert_int_equal(structural->events.items[e].cause,
                             of_axon ? RW_CAUSE_RETRACTION_AXON : RW_CAUSE_RETRACTION_DENDRITE);
            lost[of_axon ? structural->events.items[e].target : structural->events.items[e].source] += 1.0;
        }
        assert_int_equal(rw_projection_count(&run.network->partition, &run.network->projections[0]), 7);
        rw_structural_plasticity_destroy(&structural);
        test_run_end(&run);
    }
    for (int k = 0; k < 10; k++)
        expected[k] = 3.0 * RUNS / 10;
    assert_true(chi_square(lost, expected, 10) < 9 + 5 * sqrt(18.0));
}

static void surplus_elements_break_synapses_uniformly(void **state) {
    (void)state;
    expect_uniform_loss(true);
    expect_uniform_loss(false);
}

static void calcium_follows_its_equation_between_ticks(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural = structural_of(&run, plane, 1);
    uint64_t interval = structural->structure.spec->growth_every_steps;
    assert_int_equal(interval, 100);
    const uint64_t stamps[] = {1, 37, 100, 101, 250};
    double exact = 0.0;
    for (uint64_t tick = 1; tick <= 3; tick++) {
        for (size_t s = 0; s < 5; s++)
            if (stamps[s] > (tick - 1) * interval && stamps[s] <= tick * interval)
                rw_structure_spike(&structural->structure, 1, 7, stamps[s]);
        rw_structure_grow(&structural->structure, 0, tick * interval);
    }
    for (size_t s = 0; s < 5; s++)
        exact += 0.001 * exp(-(300.0 - (double)stamps[s]) * 0.1 / 10000.0);
    assert_close(structural->structure.cells[1].calcium[7], exact, 1e-12, 0);
    assert_close(structural->structure.cells[1].calcium[8], 0.0, 0, 0);
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

/* A target that changes over time: z' = nu (1 - c / (f eps)), and f is that of the tick's end. */
static void a_target_factor_moves_the_target(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural =
        structural_of(&run,
                      "rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\n"
                      "populations: {a: {model: lif_psc_exp, count: 3}}\n"
                      "growth:\n  - {on: a.axon, model: linear, epsilon: 0.05, nu: 1e-3 /ms, "
                      "target_factor: {steps: [[0 s, 1], [20 ms, 0.8]]}}\n"
                      "structure: {every: 1 s, growth_every: 10 ms, tau_Ca: 1e9 s}\n",
                      1);
    double *z = structural->structure.cells[0].elements[RW_AXON].z, before = 2.0;
    structural->structure.cells[0].calcium[1] = 0.04;
    z[1] = before;
    for (uint64_t tick = 1; tick <= 3; tick++) {
        rw_structure_grow(&structural->structure, 0, 100 * tick);
        double factor = tick < 2 ? 1.0 : 0.8;
        assert_close(z[1] - before, 10.0 * 1e-3 * (1.0 - 0.04 / (factor * 0.05)), 0, 1e-12);
        before = z[1];
    }
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

static int by_projection_and_uid(const void *left, const void *right) {
    const rw_edge_event *a = left, *b = right;
    if (a->projection != b->projection)
        return a->projection < b->projection ? -1 : 1;
    return a->uid < b->uid ? -1 : a->uid > b->uid;
}

/* Keys that differ in few bytes, in all, and not at all; weights tell that whole events were moved. */
static void events_come_in_the_order_of_projection_and_uid(void **state) {
    (void)state;
    enum { MOST = 3000 };
    static rw_edge_event events[MOST], expected[MOST];
    rw_edge_event_log log = {.items = events};
    const struct {
        size_t n;
        uint64_t uids;
        uint32_t projections;
    } cases[] = {{0, 1, 1}, {1, 1, 1}, {2, 2, 1}, {300, 1000, 3}, {MOST, UINT64_MAX, 70000}, {MOST, 1ull << 37, 300}};
    rw_stream stream = rw_stream_of(3, RW_PURPOSE_SELECTION, 0);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        for (uint32_t k = 0; k < cases[c].n; k++) {
            rw_bits bits = rw_draw(stream, k, c);
            events[k] = (rw_edge_event){.uid = ((uint64_t)bits.word[0] << 32 | bits.word[1]) % cases[c].uids,
                                        .projection = bits.word[2] % cases[c].projections};
            events[k].target = events[k].uid ^ events[k].projection;
            expected[k] = events[k];
        }
        qsort(expected, cases[c].n, sizeof expected[0], by_projection_and_uid);
        for (int twice = 0; twice < 2; twice++) {
            log.n = cases[c].n;
            assert_ok(rw_edge_event_log_sort(&log));
            for (size_t k = 0; k < cases[c].n; k++) {
                assert_true(events[k].uid == expected[k].uid && events[k].projection == expected[k].projection);
                assert_true(events[k].target == (events[k].uid ^ events[k].projection));
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_the_order_of_projection_and_uid),
        cmocka_unit_test(vacant_elements_pair_until_one_side_has_none_left),
        cmocka_unit_test(flags_say_which_cells_may_meet),
        cmocka_unit_test(a_fraction_of_an_element_does_not_decay),
        cmocka_unit_test(surplus_elements_break_synapses_uniformly),
        cmocka_unit_test(a_target_factor_moves_the_target),
        cmocka_unit_test(calcium_follows_its_equation_between_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
