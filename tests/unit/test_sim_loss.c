/* Synapses are lost by chance and under stress at the rates and in the order that the scenario asks for. */
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "run.h"
#include "sim/advance.h"
#include "sim/simulation_state.h"

enum { N = 200, PER_CELL = 50 };

/* Silent cells with elements that neither grow nor retract, so that only loss changes anything. */
static test_run silent(const char *rewire, const char *weight, const char *nu) {
    char yaml[2048];
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\ntime: {step: 1 ms, until: 20 s}\n"
        "populations: {a: {model: lif_cond, count: %d}}\n"
        "projections:\n  - {from: a, to: a, connect: {rule: fixed_indegree, n: %d}, weight: %s, delay: 1 ms, "
        "receptors: {ampa: 1}, rewire: {%s}}\n"
        "growth:\n  - {on: a.axon, model: constant, nu: %s}\n  - {on: a.dendrite_exc, model: constant, nu: %s}\n"
        "structure: {every: 100 ms, vacant_decay: 0}\n",
        N, PER_CELL, weight, rewire, nu, nu);
    return test_run_read(yaml);
}

static uint64_t count(const test_run *run) {
    return rw_projection_count(&run->network->partition, &run->network->projections[0]);
}

static void loss_by_chance_is_exponential(void **state) {
    (void)state;
    test_run run = silent("loss: {rate: 0.1 /s}", "1 nS", "0 /ms");
    test_run_start(&run, 2);
    for (uint64_t second = 5; second <= 20; second += 5) {
        assert_ok(rw_simulation_advance(run.sim, 1000 * second, NULL));
        double left = exp(-0.1 * (double)second), n = N * PER_CELL;
        assert_close((double)count(&run), n * left, 0, 4.0 * sqrt(n * left * (1.0 - left)));
    }
    test_run_end(&run);
}

static void weak_synapses_are_lost_sooner(void **state) {
    (void)state;
    test_run run = silent("loss: {rate: 0.5 /s, weight: 0.5 nS}", "{uniform: [0 nS, 2 nS]}", "0 /ms");
    double expected[4] = {0.0}, found[4] = {0.0}, mean = N * PER_CELL / 4.0;
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 4000, NULL));
    for (int bin = 0; bin < 400; bin++) /* hazard of the middle of each of many bins */
        expected[bin / 100] += mean / 100.0 * exp(-4.0 * 0.5 * exp(-(bin + 0.5) * 0.005 / 0.5));
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
    for (uint64_t e = 0; e < count(&run); e++)
        found[(int)fmin(3.0, edges[e].weight / 0.5)] += 1.0;
    rw_free(edges);
    for (int quarter = 0; quarter < 4; quarter++)
        assert_close(found[quarter], expected[quarter], 0, 4.0 * sqrt(mean * 0.25) + 0.03 * mean);
    assert_true(found[3] > 1.5 * found[0]);
    test_run_end(&run);
}

static void stress_takes_the_weakest_and_no_more_than_its_share(void **state) {
    (void)state;
    test_run run = silent("stress: {from: 2 s, until: 12 s, fraction: 0.3}", "{uniform: [0 nS, 1 nS]}", "0 /ms");
    test_run_start(&run, 3);
    assert_ok(rw_simulation_advance(run.sim, 2000, NULL));
    assert_int_equal(count(&run), N * PER_CELL);
    assert_ok(rw_simulation_advance(run.sim, 7000, NULL));
    assert_close((double)count(&run), N * PER_CELL * sqrt(0.7), 0, 40);
    assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
    assert_close((double)count(&run), N * PER_CELL * 0.7, 0, 60);
    rw_edge *edges = NULL;
    double weakest = 1.0;
    assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
    for (uint64_t e = 0; e < count(&run); e++)
        weakest = fmin(weakest, edges[e].weight);
    rw_free(edges);
    assert_close(weakest, 0.3, 0, 0.02);
    test_run_end(&run);
}

/* 30 % in 5 s, and 20 % of what is left in the 10 s from 7 s on; nothing between and after. */
static void stress_again_takes_its_share_of_what_is_left(void **state) {
    (void)state;
    test_run run =
        silent("stress: {from: 0 s, until: 5 s, fraction: 0.3}, stress_again: {from: 7 s, until: 17 s, fraction: 0.2}",
               "{uniform: [0 nS, 1 nS]}", "0 /ms");
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 5000, NULL));
    const uint64_t after = count(&run);
    assert_close((double)after, N * PER_CELL * 0.7, 0, 60);
    assert_ok(rw_simulation_advance(run.sim, 7000, NULL));
    assert_int_equal(count(&run), after);
    assert_ok(rw_simulation_advance(run.sim, 17000, NULL));
    const uint64_t end = count(&run);
    assert_close((double)end, 0.8 * (double)after, 0, 60);
    assert_ok(rw_simulation_advance(run.sim, 20000, NULL));
    assert_int_equal(count(&run), end);
    test_run_end(&run);
}

static double mean_weight_left(const char *which) {
    char rewire[128];
    (void)snprintf(rewire, sizeof rewire, "stress: {from: 0 s, until: 10 s, fraction: 40 %%, which: %s}", which);
    test_run run = silent(rewire, "{uniform: [0 nS, 1 nS]}", "0 /ms");
    rw_edge *edges = NULL;
    double sum = 0.0;
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 10000, NULL));
    uint64_t n = count(&run);
    assert_close((double)n, N * PER_CELL * 0.6, 0, 60);
    assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
    for (uint64_t e = 0; e < n; e++)
        sum += edges[e].weight;
    rw_free(edges);
    test_run_end(&run);
    return sum / (double)n;
}

/* Weights are uniform in [0, 1]: means of what is left when the lowest 40 %, any, or the highest 40 % go. */
static void stress_takes_those_that_it_is_told_to(void **state) {
    (void)state;
    assert_close(mean_weight_left("weakest"), 0.7, 0, 0.01);
    assert_close(mean_weight_left("random"), 0.5, 0, 0.015);
    assert_close(mean_weight_left("largest"), 0.3, 0, 0.01);
}

static void expect_two_kinds(const test_run *run, double n, double share, double seconds) {
    double left = share * exp(-0.05 * seconds) + (1.0 - share) * exp(-seconds);
    assert_close((double)count(run), n * left, 0, 4.0 * sqrt(n * left * (1.0 - left)));
}

static void a_share_of_synapses_is_persistent(void **state) {
    (void)state;
    const char *loss = "loss: {rate: 1 /s, persistent: 40 %, persistent_rate: 0.05 /s}";
    test_run run = silent(loss, "1 nS", "0 /ms");
    test_run_start(&run, 2);
    for (uint64_t second = 2; second <= 10; second += 4) { /* there are as many as formation would have left */
        assert_ok(rw_simulation_advance(run.sim, 1000 * second, NULL));
        expect_two_kinds(&run, N * PER_CELL, 0.4 / 0.05 / (0.4 / 0.05 + 0.6), (double)second);
    }
    test_run_end(&run);
    char yaml[1024];
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\ntime: {step: 1 ms, until: 20 s}\npopulations: {a: {model: lif_cond, count: 200}}\n"
                   "projections:\n  - {from: a, to: a, connect: {rule: none}, weight: 1 nS, delay: 1 ms, "
                   "receptors: {ampa: 1}, rewire: {%s}}\n"
                   "growth:\n  - {on: a.axon, model: constant, initial: 50}\n"
                   "  - {on: a.dendrite_exc, model: constant, initial: 50}\n"
                   "structure: {every: 100 ms, vacant_decay: 0}\n",
                   loss);
    run = test_run_read(yaml);
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 100, NULL));
    double formed = (double)count(&run);
    assert_close(formed, N * PER_CELL, 0, 100);
    for (uint64_t second = 1; second <= 9; second += 4) {
        assert_ok(rw_simulation_advance(run.sim, 100 + 1000 * second, NULL));
        expect_two_kinds(&run, formed, 0.4, (double)second);
    }
    test_run_end(&run);
}

/* Of so many on a thread that those far behind are not even listed. */
static void each_update_of_stress_takes_the_very_weakest(void **state) {
    (void)state;
    for (int n_threads = 1; n_threads <= 2; n_threads++) {
        test_run run = silent("stress: {from: 0 s, until: 1 s, fraction: 0.3}", "{uniform: [0 nS, 1 nS]}", "0 /ms");
        test_run_start(&run, n_threads);
        for (uint64_t update = 1; update <= 3; update++) {
            double strongest_gone = 0.0, weakest_left = 1.0;
            rw_edge *edges = NULL;
            assert_ok(rw_simulation_advance(run.sim, 100 * update, NULL));
            for (size_t e = 0; e < run.sim->structural->events.n; e++)
                strongest_gone = fmax(strongest_gone, run.sim->structural->events.items[e].weight);
            assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
            for (uint64_t e = 0; e < count(&run); e++)
                weakest_left = fmin(weakest_left, edges[e].weight);
            rw_free(edges);
            assert_in_range(run.sim->structural->events.n, 300, 360);
            assert_true(strongest_gone <= weakest_left);
        }
        test_run_end(&run);
    }
}

/* Formation and loss at rates: the number of synapses settles where they balance; new ones have the weight of new ones.
 */
static void formation_and_loss_balance(void **state) {
    (void)state;
    test_run run = silent("loss: {rate: 1 /s}, weight: 0.125 nS", "1 nS", "0.02 /ms");
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 12000, NULL));
    /* a cell forms 20 elements a second; at updates every 100 ms, (2 formed) / (share lost in 100 ms) remain */
    double expected = N * 2.0 / -expm1(-0.1);
    assert_close((double)count(&run), expected, 0.06, 0);
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
    uint64_t young = 0;
    for (uint64_t e = 0; e < count(&run); e++)
        young += edges[e].weight == 0.125f;
    rw_free(edges);
    assert_true(young > count(&run) * 9 / 10);
    test_run_end(&run);
}

/* The spine goes with its synapse, the bouton stays. */
static void a_lost_synapse_takes_its_dendritic_element_along(void **state) {
    (void)state;
    test_run run = silent("loss: {rate: 0.1 /s}", "1 nS", "0 /ms");
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 5000, NULL));
    double axons = 0.0, dendrites = 0.0;
    for (int i = 0; i < N; i++) {
        axons += rw_simulation_elements(run.sim, 0, RW_AXON)[i];
        dendrites += rw_simulation_elements(run.sim, 0, RW_DENDRITE_EXC)[i];
    }
    assert_close(axons, N * PER_CELL, 0, 1e-9);
    assert_close(dendrites, (double)count(&run), 0, 1e-9);
    for (size_t e = 0; e < run.sim->structural->events.n; e++)
        assert_int_equal(run.sim->structural->events.items[e].cause, RW_CAUSE_LOSS);
    test_run_end(&run);
}

/* Newborn synapses of three weights: the weak ones go at the age of pruning, the others stay. */
static void weak_synapses_are_pruned_at_the_age_that_is_said(void **state) {
    (void)state;
    test_run run = silent("weight: {uniform: [0 nS, 1 nS]}, prune: {weight: 0.25 nS, age: 2.5 s}", "1 nS", "0.01 /ms");
    test_run_start(&run, 2);
    const rw_projection *projection = &run.network->projections[0];
    uint64_t pruned = 0;
    for (uint64_t update = 1; update <= 60; update++) {
        assert_ok(rw_simulation_advance(run.sim, 100 * update, NULL));
        for (size_t e = 0; e < run.sim->structural->events.n; e++) {
            const rw_edge_event *event = &run.sim->structural->events.items[e];
            assert_true(event->created || event->cause == RW_CAUSE_PRUNING);
            if (event->created)
                continue;
            assert_true(event->weight < 0.25f);
            assert_int_equal(event->time - event->born_time, 2500);
            pruned++;
        }
    }
    rw_edge *edges = NULL;
    uint64_t weak = 0, young = 0;
    assert_ok(rw_projection_edges(run.network, projection, &edges));
    for (uint64_t e = 0; e < count(&run); e++) {
        int thread =
            rw_partition_thread_of(&run.network->partition, run.network->populations[0].count, edges[e].target);
        uint64_t born = rw_synapse_birth(run.sim->structural->structure.spec, projection, thread, edges[e].slot);
        assert_true(edges[e].weight >= 0.25f || 6000 - born < 2500);
        weak += edges[e].weight < 0.25f;
        young += 6000 - born < 2500;
    }
    rw_free(edges);
    /* 2,000 elements form a second: 7,000 synapses reach the age, a quarter of them weak */
    assert_close((double)pruned, 0.25 * 3500 * 2, 0, 250);
    assert_close((double)weak, 0.25 * 2500 * 2, 0, 250);
    assert_true(young > 4500);
    test_run_end(&run);
}

/* Hazard rate exp(-age / a0): of the synapses that were there at the start exp(-rate a0 (1 - exp(-t / a0))) are left.
 */
static void old_synapses_are_lost_less(void **state) {
    (void)state;
    test_run run = silent("loss: {rate: 0.5 /s, age: 4 s}", "1 nS", "0 /ms");
    test_run_start(&run, 1);
    for (uint64_t second = 4; second <= 12; second += 4) {
        assert_ok(rw_simulation_advance(run.sim, 1000 * second, NULL));
        double left = 1.0, n = N * PER_CELL;
        for (uint64_t update = 1; update <= 10 * second; update++)
            left *= exp(-0.05 * exp(-0.1 * (double)update / 4.0));
        assert_close((double)count(&run), n * left, 0, 4.0 * sqrt(n * left * (1.0 - left)));
    }
    test_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_by_chance_is_exponential),
        cmocka_unit_test(weak_synapses_are_lost_sooner),
        cmocka_unit_test(stress_takes_the_weakest_and_no_more_than_its_share),
        cmocka_unit_test(stress_takes_those_that_it_is_told_to),
        cmocka_unit_test(a_share_of_synapses_is_persistent),
        cmocka_unit_test(stress_again_takes_its_share_of_what_is_left),
        cmocka_unit_test(each_update_of_stress_takes_the_very_weakest),
        cmocka_unit_test(formation_and_loss_balance),
        cmocka_unit_test(weak_synapses_are_pruned_at_the_age_that_is_said),
        cmocka_unit_test(old_synapses_are_lost_less),
        cmocka_unit_test(a_lost_synapse_takes_its_dendritic_element_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
