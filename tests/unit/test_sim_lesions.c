/* Lesions take what they say, when they say it, and nothing else. */
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "run.h"
#include "sim/advance.h"
#include "sim/elements/vacancies.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/simulation_state.h"

enum { N = 120, PER_CELL = 12 };

/* Driven cells in space with synapses among themselves that neither form nor vanish by themselves. */
static test_run driven(const char *lesions, int n_threads) {
    char yaml[3072];
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\nseed: 3\ntime: {step: 0.1 ms, until: 2 s}\n"
        "space: {size: [1000 um, 600 um], periodic: true}\n"
        "populations:\n  a: {model: lif_psc_delta, count: %d}\n  b: {model: lif_psc_delta, count: 40, set: {I_e: 450 "
        "pA}}\n"
        "projections:\n"
        "  - {name: aa, from: a, to: a, connect: {rule: fixed_indegree, n: %d}, weight: 0.01 mV, delay: 1 ms, "
        "receptors: {delta: 1}, rewire: {}}\n"
        "  - {name: ab, from: a, to: b, connect: {rule: fixed_indegree, n: %d}, weight: 0.01 mV, delay: 1 ms, "
        "receptors: {delta: 1}, rewire: {}}\n"
        "inputs:\n  - {to: a, kind: poisson, rate: 20 kHz, weight: 0.12 mV, receptors: {delta: 1}}\n"
        "  - {to: a, kind: current, amplitude: 30 pA}\n"
        "growth:\n  - {on: a.axon, model: constant, nu: 0 /ms}\n  - {on: a.dendrite_exc, model: constant, nu: 0 /ms}\n"
        "  - {on: b.dendrite_exc, model: constant, nu: 0 /ms}\n"
        "structure: {every: 100 ms, vacant_decay: 0}\nlesions:\n%s",
        N, PER_CELL, PER_CELL, lesions);
    test_run run = test_run_read(yaml);
    test_run_start(&run, n_threads);
    return run;
}

/* Spikes of each cell of a population, before and after a step. */
typedef struct {
    uint64_t spikes[N], after[N];
    uint64_t since;
    uint32_t population;
} counts;

static rw_err count(void *self, const rw_simulation *sim, const rw_spike *spikes, size_t n) {
    counts *it = self;
    (void)sim;
    for (size_t k = 0; k < n; k++)
        if (spikes[k].population == it->population)
            (spikes[k].step > it->since ? it->after : it->spikes)[spikes[k].id]++;
    return RW_OK;
}

static uint64_t total(const uint64_t *per_cell, uint64_t first, uint64_t end) {
    uint64_t sum = 0;
    for (uint64_t id = first; id < end; id++)
        sum += per_cell[id];
    return sum;
}

static uint64_t synapses(const test_run *run, size_t p, bool (*of)(const rw_edge *)) {
    rw_edge *edges = NULL;
    uint64_t n = 0;
    assert_ok(rw_projection_edges(run->network, &run->network->projections[p], &edges));
    for (uint64_t k = 0; k < rw_projection_count(&run->network->partition, &run->network->projections[p]); k++)
        n += of(&edges[k]);
    rw_free(edges);
    return n;
}

/* Vacant elements of each cell of a population. */
static void find_vacant(const test_run *run, uint32_t population, rw_element element, uint32_t vacant[N]) {
    rw_vacant_list list = {0};
    memset(vacant, 0, N * sizeof *vacant);
    assert_ok(rw_structure_list_vacant(&run->sim->structural->structure, population, element, &list));
    for (size_t i = 0; i < list.n; i++)
        vacant[list.items[i].id] = list.items[i].vacant;
    rw_free(list.items);
}

static bool touches_the_first_20(const rw_edge *edge) {
    return edge->source < 20 || edge->target < 20;
}

static bool comes_from_the_first_20(const rw_edge *edge) {
    return edge->source < 20;
}

static bool leads_to_the_first_20(const rw_edge *edge) {
    return edge->target < 20;
}

static bool is_any(const rw_edge *edge) {
    (void)edge;
    return true;
}

static void dead_cells_fire_no_more_and_have_nothing(void **state) {
    (void)state;
    test_run run = driven("  - {at: 1050 ms, on: a, what: cells, targets: {first: 20}}\n", 3);
    counts seen = {.since = 10500};
    assert_ok(rw_simulation_observe(run.sim, (rw_observer){.self = &seen, .spikes = count}));
    assert_ok(rw_simulation_advance(run.sim, 10499, NULL));
    assert_true(synapses(&run, 0, touches_the_first_20) > 20 * PER_CELL);
    uint64_t bystanders = N * PER_CELL - synapses(&run, 0, touches_the_first_20);
    uint32_t vacant[N];
    find_vacant(&run, 1, RW_DENDRITE_EXC, vacant);
    assert_int_equal(vacant[0], 0);
    assert_ok(rw_simulation_advance(run.sim, 10501, NULL));
    assert_int_equal(synapses(&run, 0, touches_the_first_20), 0);
    assert_int_equal(synapses(&run, 0, is_any), bystanders);
    assert_int_equal(synapses(&run, 1, comes_from_the_first_20), 0);
    for (uint64_t id = 0; id < 20; id++) {
        assert_close(rw_simulation_elements(run.sim, 0, RW_AXON)[id], 0.0, 0, 0);
        assert_close(rw_simulation_elements(run.sim, 0, RW_DENDRITE_EXC)[id], 0.0, 0, 0);
    }
    /* partners keep their elements, vacant */
    double dendrites = 0.0;
    for (uint64_t id = 0; id < 40; id++)
        dendrites += rw_simulation_elements(run.sim, 1, RW_DENDRITE_EXC)[id];
    assert_close(dendrites, 40.0 * PER_CELL, 0, 0);
    uint64_t created = run.sim->structural->created;
    assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
    assert_true(total(seen.spikes, 0, 20) > 100);
    assert_int_equal(total(seen.after, 0, 20), 0);
    assert_true(total(seen.after, 20, N) > 500);
    assert_true(run.sim->structural->created > created); /* vacant elements of the living meet */
    assert_int_equal(synapses(&run, 0, touches_the_first_20), 0);
    test_run_end(&run);
}

/* b fires without any drive. */
static void cells_that_fire_by_themselves_die_too(void **state) {
    (void)state;
    test_run run = driven("  - {at: 250 ms, on: b, what: cells, targets: {first: 10}}\n", 2);
    counts seen = {.since = 2500, .population = 1};
    assert_ok(rw_simulation_observe(run.sim, (rw_observer){.self = &seen, .spikes = count}));
    assert_ok(rw_simulation_advance(run.sim, 5000, NULL));
    assert_true(total(seen.spikes, 0, 10) > 50);
    assert_int_equal(total(seen.after, 0, 10), 0);
    assert_true(total(seen.after, 10, 40) > 150);
    test_run_end(&run);
}

static void cells_without_inputs_fall_silent_and_keep_their_synapses(void **state) {
    (void)state;
    test_run run = driven("  - {at: 1.0503 s, on: a, what: inputs, targets: {first: 20}}\n", 2);
    counts seen = {.since = 10503 + 200};
    assert_ok(rw_simulation_observe(run.sim, (rw_observer){.self = &seen, .spikes = count}));
    assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
    assert_true(total(seen.spikes, 0, 20) > 100);
    assert_int_equal(total(seen.after, 0, 20), 0);
    assert_true(total(seen.after, 20, N) > 500);
    assert_int_equal(synapses(&run, 0, leads_to_the_first_20), 20 * PER_CELL);
    test_run_end(&run);
}

/* Bystanders meet the very numbers they would have met. */
static void a_lesion_changes_no_drive_but_that_of_its_cells(void **state) {
    (void)state;
    counts seen[2] = {{.since = 0}, {.since = 0}};
    const char *const lesions[] = {"  - {at: 1.0503 s, on: a, what: inputs, targets: {ids: [7]}}\n",
                                   "  - {at: 2 s, on: a, what: inputs, targets: {ids: [7]}}\n"};
    for (int k = 0; k < 2; k++) {
        test_run run = driven(lesions[k], 1 + k);
        for (size_t p = 0; p < 2; p++) /* so that cell 7 matters to nobody */
            for (int t = 0; t < 1 + k; t++)
                for (uint64_t place = 0; place < run.network->projections[p].adjacency[t].pool_size; place++)
                    run.network->projections[p].adjacency[t].synapses[place].weight = 0.0f;
        assert_ok(rw_simulation_observe(run.sim, (rw_observer){.self = &seen[k], .spikes = count}));
        assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
        test_run_end(&run);
    }
    assert_true(seen[0].after[7] < seen[1].after[7]);
    for (int id = 0; id < N; id++)
        if (id != 7)
            assert_int_equal(seen[0].after[id], seen[1].after[id]);
}

static void cut_synapses_take_the_axon_s_element_and_leave_the_dendrite_s(void **state) {
    (void)state;
    test_run run = driven("  - {at: 50 ms, on: a, what: incoming, targets: {first: 20}}\n", 2);
    assert_ok(rw_simulation_advance(run.sim, 500, NULL));
    assert_int_equal(synapses(&run, 0, leads_to_the_first_20), 0);
    assert_int_equal(synapses(&run, 0, is_any), (N - 20) * PER_CELL);
    assert_int_equal(synapses(&run, 1, is_any), 40 * PER_CELL);
    assert_int_equal(run.sim->lesions.events.n, 20 * PER_CELL);
    for (size_t e = 0; e < run.sim->lesions.events.n; e++) {
        const rw_edge_event *event = &run.sim->lesions.events.items[e];
        assert_int_equal(event->cause, RW_CAUSE_LESION);
        assert_int_equal(event->projection, 0);
        assert_true(event->target < 20 && !event->created);
        assert_true(e == 0 || event->uid > event[-1].uid);
    }
    double axons = 0.0;
    uint32_t vacant[N];
    find_vacant(&run, 0, RW_DENDRITE_EXC, vacant);
    for (uint64_t id = 0; id < N; id++) {
        axons += rw_simulation_elements(run.sim, 0, RW_AXON)[id];
        assert_close(rw_simulation_elements(run.sim, 0, RW_DENDRITE_EXC)[id], PER_CELL, 0, 0);
        assert_int_equal(vacant[id], id < 20 ? PER_CELL : 0);
    }
    assert_close(axons, (N - 20 + 40) * PER_CELL, 0, 0);
    test_run_end(&run);
}

static void a_disk_holds_the_cells_within_its_radius_around_the_edges_too(void **state) {
    (void)state;
    test_run run =
        driven("  - {at: 50 ms, on: a, what: cells, targets: {disk: {center: [10 um, 590 um], radius: 150 um}}}\n"
               "  - {at: 50 ms, on: b, what: cells, targets: {fraction: 0.25}}\n",
               1);
    assert_ok(rw_simulation_advance(run.sim, 500, NULL));
    uint64_t dead = 0;
    for (uint64_t id = 0; id < N; id++) {
        double x = run.network->populations[0].position_um[0][id], y = run.network->populations[0].position_um[1][id];
        double dx = fmin(fabs(x - 10.0), 1000.0 - fabs(x - 10.0)), dy = fmin(fabs(y - 590.0), 600.0 - fabs(y - 590.0));
        bool within = sqrt(dx * dx + dy * dy) <= 150.0;
        assert_int_equal(run.sim->plans[0].silent[id], within);
        dead += within;
    }
    assert_in_range(dead, 4, 40); /* 14 expected */
    dead = 0;
    for (uint64_t id = 0; id < 40; id++)
        dead += run.sim->plans[1].silent[id];
    assert_int_equal(dead, 10);
    test_run_end(&run);
}

/* Three projections that do not rewire: all alike, drawn weights and delays, and a rule that changes them. */
static test_run still(const char *lesions, int n_threads) {
    char yaml[3072];
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\nseed: 5\ntime: {step: 0.1 ms, until: 400 ms}\n"
                   "populations:\n  a: {model: lif_psc_delta, count: %d, set: {I_e: {uniform: [400 pA, 600 pA]}}}\n"
                   "  b: {model: lif_psc_delta, count: 40}\n"
                   "projections:\n"
                   "  - {name: alike, from: a, to: b, connect: {rule: fixed_indegree, n: %d, multapses: true}, weight: "
                   "4 mV, delay: 1 ms, receptors: {delta: 1}}\n"
                   "  - {name: drawn, from: a, to: b, connect: {rule: pairwise_bernoulli, p: 0.2}, weight: {uniform: "
                   "[0.5 mV, 1 mV]}, delay: {uniform: [1 ms, 3 ms]}, receptors: {delta: 1}}\n"
                   "  - {name: plastic, from: a, to: b, connect: {rule: fixed_outdegree, n: 5}, weight: 0.5 mV, delay: "
                   "1 ms, receptors: {delta: 1}, plasticity: {stdp: {}}}\nlesions:\n%s",
                   N, PER_CELL, lesions);
    test_run run = test_run_read(yaml);
    test_run_start(&run, n_threads);
    return run;
}

/* What is left of edges [n] when what the events [n_events] tell of projection p is gone; returns how many. */
static uint64_t without(rw_edge *edges, uint64_t n, uint32_t p, const rw_edge_event *events, size_t n_events) {
    uint64_t left = 0;
    size_t found = 0, told = 0;
    for (size_t e = 0; e < n_events; e++) {
        told += events[e].projection == p;
        assert_true(!events[e].created && events[e].cause == RW_CAUSE_LESION && events[e].time == 2000);
        assert_true(e == 0 || events[e].projection > events[e - 1].projection || events[e].uid > events[e - 1].uid);
    }
    for (uint64_t k = 0; k < n; k++) {
        const rw_edge_event *told_of = NULL;
        for (size_t e = 0; e < n_events; e++)
            if (events[e].projection == p && events[e].uid == edges[k].uid)
                told_of = &events[e];
        if (told_of == NULL) {
            edges[left++] = edges[k];
            continue;
        }
        assert_true(told_of->source == edges[k].source && told_of->target == edges[k].target);
        assert_true(told_of->weight == edges[k].weight && told_of->delay_steps == edges[k].delay_steps);
        found++;
    }
    assert_int_equal(found, told);
    return left;
}

static void cut_static_synapses_vanish_and_the_others_stay_what_they_were(void **state) {
    (void)state;
    for (int n_threads = 1; n_threads <= 3; n_threads += 2) {
        test_run run = still("  - {at: 200 ms, on: b, what: incoming, targets: {first: 20}}\n", n_threads);
        rw_edge *before[3] = {NULL};
        uint64_t n[3];
        assert_ok(rw_simulation_advance(run.sim, 2000, NULL));
        test_run whole = still("  - {at: 400 ms, on: b, what: incoming, targets: {first: 20}}\n", n_threads);
        assert_ok(rw_simulation_advance(whole.sim, 2000, NULL));
        assert_ok(rw_simulation_update_weights(whole.sim));
        assert_ok(rw_simulation_update_weights(run.sim));
        const rw_edge_event_log *gone = &run.sim->lesions.events;
        assert_true(gone->n > 20 * (PER_CELL + 20));
        for (uint32_t p = 0; p < 3; p++) {
            rw_edge *after = NULL;
            assert_ok(rw_projection_edges(whole.network, &whole.network->projections[p], &before[p]));
            n[p] = rw_projection_count(&whole.network->partition, &whole.network->projections[p]);
            uint64_t left = without(before[p], n[p], p, gone->items, gone->n);
            assert_int_equal(left, rw_projection_count(&run.network->partition, &run.network->projections[p]));
            assert_ok(rw_projection_edges(run.network, &run.network->projections[p], &after));
            for (uint64_t k = 0; k < left; k++) {
                assert_true(after[k].uid == before[p][k].uid && after[k].target == before[p][k].target);
                assert_true(after[k].target >= 20 && after[k].weight == before[p][k].weight);
                assert_int_equal(after[k].delay_steps, before[p][k].delay_steps);
            }
            rw_free(before[p]);
            rw_free(after);
        }
        test_run_end(&whole);
        test_run_end(&run);
    }
}

/* b has no other drive; who kept its synapses meets the very spikes it would have met. */
static void cells_whose_static_synapses_are_cut_hear_nothing_more(void **state) {
    (void)state;
    counts seen[2] = {{.since = 2000 + 30, .population = 1}, {.since = 2000 + 30, .population = 1}};
    const char *const lesions[] = {"  - {at: 200 ms, on: b, what: incoming, targets: {first: 20}}\n",
                                   "  - {at: 400 ms, on: b, what: incoming, targets: {first: 20}}\n"};
    for (int k = 0; k < 2; k++) {
        test_run run = still(lesions[k], 2);
        assert_ok(rw_simulation_observe(run.sim, (rw_observer){.self = &seen[k], .spikes = count}));
        assert_ok(rw_simulation_advance(run.sim, 4000, NULL));
        test_run_end(&run);
    }
    assert_true(total(seen[0].spikes, 0, 20) > 50);
    assert_int_equal(total(seen[0].after, 0, 20), 0);
    assert_true(total(seen[1].after, 0, 20) > 50);
    for (int id = 20; id < 40; id++)
        assert_int_equal(seen[0].after[id], seen[1].after[id]);
}

/* Which they are does not depend on the team; two lesions draw apart. */
static void a_fraction_of_synapses_is_cut_at_random(void **state) {
    (void)state;
    const char *const half = "  - {at: 50 ms, on: a, what: incoming, projections: [aa], fraction: 40 %}\n"
                             "  - {at: 50 ms, on: b, what: incoming, fraction: 40 %}\n"
                             "  - {at: 60 ms, on: b, what: incoming, fraction: 50 %}\n";
    uint64_t uids[2] = {0, 0};
    for (int k = 0; k < 2; k++) {
        test_run run = driven(half, 1 + 2 * k);
        assert_ok(rw_simulation_advance(run.sim, 500, NULL));
        for (size_t e = 0; e < run.sim->lesions.events.n; e++)
            uids[k] += run.sim->lesions.events.items[e].uid * (e + 1);
        double left = (double)synapses(&run, 0, is_any), of = N * PER_CELL; /* 1440, of which 576 are expected to go */
        assert_true(fabs(left - 0.6 * of) < 5.0 * sqrt(0.24 * of));
        uint64_t spared = 0; /* axons that keep some */
        for (uint64_t id = 0; id < N; id++)
            spared += rw_simulation_elements(run.sim, 0, RW_AXON)[id] > 0.0;
        assert_in_range(spared, N - 2, N);
        left = (double)synapses(&run, 1, is_any);
        of = 40.0 * PER_CELL;
        assert_true(fabs(left - 0.6 * of) < 5.0 * sqrt(0.24 * of));
        assert_ok(rw_simulation_advance(run.sim, 600, NULL));
        assert_true(fabs((double)synapses(&run, 1, is_any) - 0.5 * left) < 5.0 * sqrt(0.25 * left));
        test_run_end(&run);
    }
    assert_int_equal(uids[0], uids[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dead_cells_fire_no_more_and_have_nothing),
        cmocka_unit_test(cells_that_fire_by_themselves_die_too),
        cmocka_unit_test(cells_without_inputs_fall_silent_and_keep_their_synapses),
        cmocka_unit_test(a_lesion_changes_no_drive_but_that_of_its_cells),
        cmocka_unit_test(cut_synapses_take_the_axon_s_element_and_leave_the_dendrite_s),
        cmocka_unit_test(cut_static_synapses_vanish_and_the_others_stay_what_they_were),
        cmocka_unit_test(cells_whose_static_synapses_are_cut_hear_nothing_more),
        cmocka_unit_test(a_fraction_of_synapses_is_cut_at_random),
        cmocka_unit_test(a_disk_holds_the_cells_within_its_radius_around_the_edges_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
