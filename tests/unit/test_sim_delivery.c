/* Spikes arrive when, where and as strong as they should, on any team of threads. */
#include "run.h"
#include "sim/advance.h"
#include "sim/drugs/drug_effects.h"
#include "sim/profile.h"

#include "net/edges/edge.h"
#include "net/edges/edge_list.h"

static const uint64_t steps[] = {3, 3, 10, 200};
static const uint64_t ids[] = {0, 1, 0, 1};

static void give_spikes(test_run *run) {
    run->scenario->populations[0].spikes = (rw_spike_table){.count = 4, .step = steps, .id = ids};
}

/* Two virtual cells drive perfect integrators: V is the sum of the weights that have arrived. */
static test_run integrators(const char *projections) {
    char yaml[2048];
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\ntime: {step: 0.1 ms, until: 100 ms}\n"
        "populations:\n"
        "  s: {model: spikes, count: 2}\n"
        "  a: {model: lif_psc_delta, count: 100, set: {tau_m: 1e5 ms, V_th: 1000 mV, E_L: 0 mV, V_m: 0 mV}}\n"
        "projections:\n%s",
        projections);
    test_run run = test_run_read(yaml);
    give_spikes(&run);
    return run;
}

static void a_spike_arrives_after_its_delay(void **state) {
    (void)state;
    for (int n_threads = 1; n_threads <= 3; n_threads++) {
        test_run run = integrators(
            "  - {from: s, to: a, connect: {rule: all_to_all}, weight: 2 mV, delay: 1.5 ms, receptors: {delta: 1}}\n");
        test_run_start(&run, n_threads);
        assert_ok(rw_simulation_advance(run.sim, 17, NULL));
        assert_close(test_run_value(&run, 1, "V_m", 50), 0.0, 0, 1e-12);
        assert_ok(rw_simulation_advance(run.sim, 18, NULL)); /* stamp 3 + 15 steps */
        assert_close(test_run_value(&run, 1, "V_m", 50), 4.0, 1e-4, 0);
        assert_ok(rw_simulation_advance(run.sim, 1000, NULL));
        assert_close(test_run_value(&run, 1, "V_m", 99), 8.0, 2e-3, 0);
        assert_int_equal((int)rw_simulation_profile(run.sim).synaptic_events, 400);
        test_run_end(&run);
    }
}

static void delays_may_differ_between_synapses(void **state) {
    (void)state;
    test_run run = integrators("  - {from: s, to: a, connect: {rule: all_to_all}, weight: 1 mV, delay: {uniform: [0.5 "
                               "ms, 60 ms]}, receptors: {delta: 1}}\n");
    test_run_start(&run, 2);
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(run.network, &run.network->projections[0], &edges));
    for (uint64_t step = 1; step <= 1000; step++) {
        assert_ok(rw_simulation_advance(run.sim, step, NULL));
        for (uint64_t cell = 0; cell < 100; cell += 33) {
            double arrived = 0.0;
            for (uint64_t e = 0; e < 200; e++)
                for (int s = 0; s < 4; s++)
                    if (edges[e].target == cell && edges[e].source == ids[s] && steps[s] + edges[e].delay_steps <= step)
                        arrived += 1.0;
            assert_close(test_run_value(&run, 1, "V_m", cell), arrived, 2e-3, 0);
        }
    }
    rw_free(edges);
    test_run_end(&run);
}

static void shares_split_a_weight_between_ports(void **state) {
    (void)state;
    test_run run = test_run_read("rewire: 1\ntime: {step: 0.1 ms, until: 10 ms}\n"
                                 "populations:\n"
                                 "  s: {model: spikes, count: 2}\n"
                                 "  a: {model: lif_psc_exp, count: 20}\n"
                                 "projections:\n"
                                 "  - {from: s, to: a, connect: {rule: all_to_all}, weight: 10 pA, delay: 0.1 ms, "
                                 "receptors: {exc: 1, inh: 0.25}}\n"
                                 "  - {name: again, from: s, to: a, connect: {rule: all_to_all}, weight: 1 pA, delay: "
                                 "0.1 ms, receptors: {exc: 1}}\n");
    give_spikes(&run);
    test_run_start(&run, 2);
    assert_int_equal((int)run.network->populations[1].n_ports, 2);
    assert_ok(rw_simulation_advance(run.sim, 4, NULL));
    assert_close(test_run_value(&run, 1, "I_syn_ex", 7), 22.0, 1e-6, 0);
    assert_close(test_run_value(&run, 1, "I_syn_in", 7), 5.0, 1e-6, 0);
    test_run_end(&run);
}

static void blockade_scales_the_conductance_of_its_receptor_only(void **state) {
    (void)state;
    const char *yaml = "rewire: 1\ntime: {step: 0.1 ms, until: 10 ms}\n"
                       "populations:\n"
                       "  s: {model: spikes, count: 2}\n"
                       "  a: {model: lif_cond, count: 2, set: {V_th: 1000 mV, g_L: 1e-3 nS, E_L: -70 mV}, receptors: "
                       "{nmda: {Mg: 0 mmol/l}}}\n"
                       "projections:\n"
                       "  - {name: first, from: s, to: a, connect: {rule: all_to_all}, weight: 1 nS, delay: 0.1 ms, "
                       "receptors: {nmda: 1}}\n"
                       "  - {name: second, from: s, to: a, connect: {rule: all_to_all}, weight: 1 nS, delay: 0.1 ms, "
                       "receptors: {nmda: 1}}\n"
                       "blockade: [{receptor: nmda, on: %s, factor: {steps: [[0 s, 1], [2 ms, 0]]}}]\n";
    double V[3];
    const char *on[] = {"a", "first", "s"};
    for (int k = 0; k < 2; k++) {
        char text[2048];
        (void)snprintf(text, sizeof text, yaml, on[k]);
        test_run run = test_run_read(text);
        give_spikes(&run);
        test_run_start(&run, 1);
        assert_int_equal((int)run.network->populations[1].n_receptors, k + 1);
        assert_ok(rw_simulation_advance(run.sim, 20, NULL));
        V[0] = test_run_value(&run, 1, "V_m", 0);
        assert_true(V[0] > -69.9); /* not blocked yet */
        assert_close(rw_simulation_factor(run.sim, 0), 0.0, 0, 0);
        assert_ok(rw_simulation_advance(run.sim, 100, NULL));
        V[k + 1] = test_run_value(&run, 1, "V_m", 0) - V[0];
        test_run_end(&run);
    }
    assert_close(V[1], 0.0, 0, 1e-3); /* all of it blocked: only the leak is left */
    assert_true(V[2] > 0.1);          /* half of it goes on */
}

static void runaway_firing_stops_the_run_with_a_reason(void **state) {
    (void)state;
    test_run run = test_run_read("rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\nstop: {rate_above: 200 Hz}\n"
                                 "populations: {a: {model: lif_psc_exp, count: 20, set: {I_e: 100000 pA}}}\n");
    test_run_start(&run, 1);
    assert_int_equal(rw_simulation_advance(run.sim, 10000, NULL), RW_ERR_DIVERGED);
    assert_non_null(strstr(rw_error_message(), "runs away"));
    test_run_end(&run);
}

static void a_state_that_is_not_a_number_stops_the_run(void **state) {
    (void)state;
    test_run run = test_run_read("rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\n"
                                 "populations: {a: {model: lif_psc_exp, count: 20}}\n");
    test_run_start(&run, 1);
    double *V = NULL;
    rw_block *block = &run.network->populations[0].neuron;
    for (size_t f = 0; f < block->model->n_fields; f++)
        if (strcmp(block->model->fields[f].name, "V_m") == 0)
            V = block->columns[f].values;
    assert_non_null(V);
    V[13] = NAN;
    assert_int_equal(rw_simulation_advance(run.sim, 10000, NULL), RW_ERR_DIVERGED);
    assert_non_null(strstr(rw_error_message(), "neuron 13"));
    test_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spike_arrives_after_its_delay),
        cmocka_unit_test(delays_may_differ_between_synapses),
        cmocka_unit_test(shares_split_a_weight_between_ports),
        cmocka_unit_test(blockade_scales_the_conductance_of_its_receptor_only),
        cmocka_unit_test(runaway_firing_stops_the_run_with_a_reason),
        cmocka_unit_test(a_state_that_is_not_a_number_stops_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
