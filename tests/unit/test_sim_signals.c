/* Growth signals follow their equations exactly, drive what they should, and change formation alone. */
#include "model/registry.h"
#include "net/mechanism.h"
#include "run.h"
#include "sim/advance.h"
#include "sim/drugs/drug_effects.h"
#include "sim/simulation_state.h"

enum { N = 100, PER_CELL = 20 };

static const rw_model *model(rw_kind kind, const char *name) {
    const rw_model *found = rw_registry_find(kind, name);
    assert_non_null(found);
    return found;
}

static rw_setting set(const rw_model *of, const char *name, double value) {
    size_t field = rw_model_field(of, name);
    assert_true(field != RW_NO_FIELD);
    return (rw_setting){field, {.kind = RW_CONSTANT, .a = value, .min = -INFINITY, .max = INFINITY}};
}

/* A signal that a slow-onset drive of `level` drives at once, all of it. */
typedef struct {
    rw_setting drive[3], cascade[7];
    uint64_t step;
    double none;
    rw_signal_spec spec;
    rw_signal signal;
} chain;

static void chain_start(chain *c, double tau_B, double tau_G, double lag, double interval_ms) {
    const rw_model *drive = model(RW_DRIVE, "disinhibition"), *cascade = model(RW_SIGNAL, "bdnf_mtor");
    const rw_setting drive_settings[] = {set(drive, "r_base", 2.0), set(drive, "tau_r", 1.0)};
    const rw_setting settings[] = {set(cascade, "tau_B", tau_B), set(cascade, "tau_G", tau_G), set(cascade, "lag", lag),
                                   set(cascade, "k_u", 0.5),     set(cascade, "n", 2.0),       set(cascade, "k", 3.0),
                                   set(cascade, "a", 4.0)};
    *c = (chain){0};
    memcpy(c->drive, drive_settings, sizeof drive_settings);
    memcpy(c->cascade, settings, sizeof settings);
    c->spec = (rw_signal_spec){.name = "s",
                               .drive = drive,
                               .model = cascade,
                               .drive_settings = c->drive,
                               .n_drive_settings = 2,
                               .settings = c->cascade,
                               .n_settings = 7};
    assert_ok(rw_signal_create(&c->signal, &c->spec, interval_ms));
}

/* B and G at time t after a drive of hill(u) = target began, from nothing; and after it ended at t_off. */
static void response(double t, double t_off, double target, double tau_B, double tau_G, double k, double *B,
                     double *G) {
    double on = fmin(t, t_off), off = t - on;
    double B_on = target * -expm1(-on / tau_B);
    double G_on =
        k * target *
        (1.0 - (tau_G * exp(-on / tau_G) - tau_B * exp(-on / tau_B)) / (tau_G - tau_B)); /* two exponentials */
    *B = B_on * exp(-off / tau_B);
    *G = G_on * exp(-off / tau_G) + k * B_on * tau_B / (tau_G - tau_B) * (exp(-off / tau_G) - exp(-off / tau_B));
}

static void a_square_drive_gives_the_closed_form(void **state) {
    (void)state;
    const double hour = 3.6e6, tau_B = 0.75 * hour, tau_G = 48.0 * hour, interval = 0.2 * hour, lag = 8.0 * hour;
    chain c;
    chain_start(&c, tau_B, tau_G, lag, interval);
    for (int k = 1; k <= 500; k++) {
        double t = k * interval, t_off = 2.0 * hour, B, G, B_past, G_past;
        bool on = k <= 10;
        rw_signal_advance(&c.signal, &(rw_drive_view){.rate_hz = on ? 3.0 : 1.0, .end_ms = t}, 1.0);
        /* the rate is 1.5 of the baseline: u = k_u, half activation; averaging over 1 ms is over at once */
        assert_close(c.signal.u, on ? 0.5 : 0.0, 0, 1e-12);
        response(t, t_off, 0.5, tau_B, tau_G, 3.0, &B, &G);
        assert_close(c.signal.state[0], B, 1e-9, 1e-15);
        assert_close(c.signal.state[1], G, 1e-9, 1e-15);
        response(fmax(t - lag, 0.0), t_off, 0.5, tau_B, tau_G, 3.0, &B_past, &G_past);
        assert_close(c.signal.acting, G_past, 1e-9, 1e-15);
        assert_close(c.signal.formation, 1.0 + 4.0 * G_past, 1e-9, 0);
    }
    rw_signal_destroy(&c.signal);
}

/* The answer at a time does not depend on how often the signal is advanced, and equal time constants are no exception:
 * then G after time t is k target (1 - (1 + t/tau) exp(-t/tau)). */
static void the_interval_of_updates_does_not_matter(void **state) {
    (void)state;
    const double hour = 3.6e6, tau = 5.0 * hour;
    for (int per_hour = 1; per_hour <= 64; per_hour *= 4) {
        chain c;
        chain_start(&c, tau, tau, 0.0, hour / per_hour);
        for (int k = 1; k <= 10 * per_hour; k++)
            rw_signal_advance(&c.signal, &(rw_drive_view){.rate_hz = 3.0, .end_ms = k * hour / per_hour}, 1.0);
        assert_close(c.signal.state[0], 0.5 * -expm1(-2.0), 1e-12, 0);
        assert_close(c.signal.state[1], 1.5 * (1.0 - 3.0 * exp(-2.0)), 1e-11, 0);
        rw_signal_destroy(&c.signal);
    }
}

static void blocked_translation_stops_the_slow_signal_only(void **state) {
    (void)state;
    const double hour = 3.6e6;
    chain free, half, none;
    chain_start(&free, hour, 30.0 * hour, 0.0, hour);
    chain_start(&half, hour, 30.0 * hour, 0.0, hour);
    chain_start(&none, hour, 30.0 * hour, 0.0, hour);
    for (int k = 1; k <= 20; k++) {
        rw_drive_view view = {.rate_hz = 4.0, .end_ms = k * hour};
        rw_signal_advance(&free.signal, &view, 1.0);
        rw_signal_advance(&half.signal, &view, 0.5);
        rw_signal_advance(&none.signal, &view, 0.0);
        assert_close(half.signal.state[0], free.signal.state[0], 0, 0);
        assert_close(half.signal.state[1], 0.5 * free.signal.state[1], 1e-14, 0);
        assert_close(none.signal.formation, 1.0, 0, 0);
    }
    assert_true(free.signal.state[1] > 0.5);
    rw_signal_destroy(&free.signal);
    rw_signal_destroy(&half.signal);
    rw_signal_destroy(&none.signal);
}

/* Rates that never change are no drive, whatever they are; a step is, until the baseline has followed. */
static void a_running_baseline_follows_the_rate(void **state) {
    (void)state;
    const double hour = 3.6e6;
    const rw_model *drive = model(RW_DRIVE, "disinhibition");
    const rw_setting settings[] = {set(drive, "tau_r", hour), set(drive, "tau_base", 24.0 * hour),
                                   set(drive, "learn", 2.0 * hour)};
    rw_mechanism d = {0};
    assert_ok(rw_mechanism_create(&d, hour, drive, settings, 3));
    double s[4] = {0.0}, u = 0.0;
    for (int k = 1; k <= 100; k++) {
        rw_drive_view view = {.rate_hz = k <= 2 ? 9.0 : 3.0, .end_ms = k * hour};
        u = drive->drive.level(d.p, s, &view);
        assert_close(u, 0.0, 0, 1e-12); /* high while it only learns, then never above what it was */
    }
    for (int k = 101; k <= 400; k++) {
        rw_drive_view view = {.rate_hz = 4.5, .end_ms = k * hour};
        double before = u;
        u = drive->drive.level(d.p, s, &view);
        if (k == 104)
            assert_in_range((int)(100.0 * u), 28, 40); /* 50 % above, less what has not come through or was followed */
        if (k > 110)
            assert_true(u <= before);
    }
    assert_close(u, 0.0, 0, 1e-4);
    rw_mechanism_destroy(&d);
}

/* Cells that a current drives; synapses that form, retract or are lost in biological time. */
#define FACTOR UINT64_C(3600) /* of the clock: biological steps for each of the network's */

static test_run network(const char *time, const char *signals, const char *growth, const char *rewire,
                        const char *more) {
    char yaml[4096];
    (void)snprintf(
        yaml, sizeof yaml,
        "rewire: 1\ntime: {step: 1 ms, %s}\n"
        "populations: {a: {model: lif_cond, count: %d, set: {I_e: 300 pA}, glun2: {A: 0.5, B: 0.5}}}\n"
        "projections:\n  - {from: a, to: a, connect: {rule: fixed_indegree, n: %d}, weight: 0.001 nS, delay: "
        "1 ms, receptors: {ampa: 1, nmda: 1}, rewire: {%s}}\n"
        "signals: {s: {%s}}\ngrowth: [%s]\nstructure: {every: 6 min, vacant_decay: 0}\n%s\n",
        time, N, PER_CELL, rewire, signals, growth, more);
    return test_run_read(yaml);
}

static double mean_elements(const test_run *run, rw_element element) {
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        sum += rw_simulation_elements(run->sim, 0, element)[i] / N;
    return sum;
}

/* Two signals on one rule: formation is (1 + 4 / 2) (1 + 2 / 2) = 6 times as fast after the lags of 2 h and 5 h. */
static void factors_of_two_signals_multiply(void **state) {
    (void)state;
    test_run run =
        network("until: 10 h, clock: {factor: 3600}",
                "of: a, drive: {model: slow_onset, level: 0.1, tau: 1 ms}, model: bdnf_mtor, tau_B: 1 ms, "
                "tau_G: 1 ms, a: 4, lag: 2 h}, t: {of: a, drive: {model: slow_onset, level: 0.1, tau: 1 ms}, "
                "model: bdnf_mtor, tau_B: 1 ms, tau_G: 1 ms, a: 2, lag: 5 h",
                "{on: a.axon, model: constant, nu: 0 /h}, "
                "{on: a.dendrite_exc, model: constant, nu: 0.01 /h, initial: 0, signal: s, second_signal: t}",
                "", "");
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 10000 * FACTOR, NULL));
    assert_close(mean_elements(&run, RW_DENDRITE_EXC), PER_CELL + 0.01 * (2.1 + 3.0 * 3.0 + 6.0 * 4.9), 1e-9, 0);
    test_run_end(&run);
}

/* With a drive of u = k_u from the start and no time constants worth the name, formation is 1 + a/2 after the lag. */
static void a_signal_changes_formation_and_not_retraction(void **state) {
    (void)state;
    test_run run = network("until: 10 h, clock: {factor: 3600}",
                           "of: a, drive: {model: slow_onset, level: 0.1, tau: 1 ms}, model: bdnf_mtor, tau_B: 1 ms, "
                           "tau_G: 1 ms, a: 4, lag: 2 h",
                           "{on: a.axon, model: constant, nu: -0.5 /h, initial: 9.5, signal: s}, "
                           "{on: a.dendrite_exc, model: constant, nu: 0.01 /h, initial: 0, signal: s}",
                           "", "");
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 10000 * FACTOR, NULL));
    const rw_signal *signal = rw_simulation_growth_signal(run.sim, 0);
    assert_close(signal->formation, 3.0, 1e-9, 0);
    /* the drive is there after the first update; the lag is 20 more; thrice the formation from 2.1 h to 10 h */
    assert_close(mean_elements(&run, RW_DENDRITE_EXC), PER_CELL + 0.01 * (2.1 + 3.0 * 7.9), 1e-9, 0);
    assert_close(mean_elements(&run, RW_AXON), PER_CELL + 9.5 - 0.5 * 10.0, 1e-9, 0);
    test_run_end(&run);
}

/* Ten hours pass in 1 s or in 10 s of network: the same is lost by chance and by stress. */
static void loss_and_stress_keep_biological_time(void **state) {
    (void)state;
    static const char *const times[] = {"until: 10 h, clock: {factor: 3600}", "until: 10 h, clock: {factor: 36000}"};
    const double n = N * PER_CELL;
    for (int k = 0; k < 2; k++) {
        const char *growth = "{on: a.axon, model: constant, nu: 0 /h}, {on: a.dendrite_exc, model: constant, nu: 0 /h}";
        const char *signals = "of: a, drive: direct, model: bdnf_mtor";
        test_run chance = network(times[k], signals, growth, "loss: {rate: 0.05 /h}", "");
        test_run stress = network(times[k], signals, growth, "stress: {from: 2 h, until: 6 h, fraction: 30 %}", "");
        test_run_start(&chance, 1);
        test_run_start(&stress, 1);
        assert_ok(rw_simulation_advance(chance.sim, chance.scenario->n_steps, NULL));
        double left = exp(-0.5);
        assert_close((double)rw_projection_count(&chance.network->partition, &chance.network->projections[0]), n * left,
                     0, 4.0 * sqrt(n * left * (1.0 - left)));
        assert_ok(rw_simulation_advance(stress.sim, stress.scenario->n_steps / 5, NULL));
        assert_int_equal(rw_projection_count(&stress.network->partition, &stress.network->projections[0]),
                         N * PER_CELL);
        assert_ok(rw_simulation_advance(stress.sim, stress.scenario->n_steps * 3 / 5, NULL));
        assert_close((double)rw_projection_count(&stress.network->partition, &stress.network->projections[0]), 0.7 * n,
                     0, 30);
        test_run_end(&chance);
        test_run_end(&stress);
    }
}

/* The direct drive is the block of the population's own receptors: drugs and factors that meet multiply, subunits count
 * by their share. */
static void the_direct_drive_is_the_block_at_rest(void **state) {
    (void)state;
    test_run run =
        network("until: 1 h, clock: {factor: 3600}", "of: a, drive: {model: direct, gain: 2}, model: bdnf_mtor",
                "{on: a.axon, model: constant, nu: 0 /h}, {on: a.dendrite_exc, model: constant, nu: 0 /h}", "",
                "blockade: [{receptor: nmda, on: a, factor: 0.8}]\n"
                "drugs: {ketamine: {model: concentration, level: 1 uM, constants: {IC50_2A: 1 uM, IC50_2B: 3 uM}}}");
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 1000 * FACTOR, NULL));
    double occupied[2], blocked = 0.0;
    for (size_t use = 0; use < 2; use++) {
        assert_ok(rw_simulation_occupancy(run.sim, 0, use, &occupied[use]));
        blocked += 0.5 * (1.0 - 0.8 * (1.0 - occupied[use]));
    }
    assert_true(occupied[0] > occupied[1] + 0.1 && occupied[1] > 0.05);
    assert_close(rw_simulation_growth_signal(run.sim, 0)->u, 2.0 * blocked, 1e-12, 0);
    test_run_end(&run);
}

/* The rate that drives is that of all cells of the population, on any number of threads. */
static void the_disinhibition_drive_counts_spikes(void **state) {
    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        test_run run =
            network("until: 1 h, clock: {factor: 3600}",
                    "of: a, drive: {model: disinhibition, tau_r: 1 ms, r_base: 1 Hz}, model: bdnf_mtor",
                    "{on: a.axon, model: constant, nu: 0 /h}, {on: a.dendrite_exc, model: constant, nu: 0 /h}", "", "");
        test_run_start(&run, threads);
        assert_ok(rw_simulation_advance(run.sim, 900 * FACTOR, NULL));
        uint64_t before = run.sim->total_spikes;
        assert_ok(rw_simulation_advance(run.sim, 1000 * FACTOR, NULL));
        double rate = (double)(run.sim->total_spikes - before) / (N * 0.1);
        assert_true(rate > 2.0);
        assert_close(rw_simulation_growth_signal(run.sim, 0)->u, rate - 1.0, 1e-12, 0);
        test_run_end(&run);
    }
}

/* Existing synapses gain at once, without the lag: the factor is 1 + gain x G, times that of the schedule. */
static void a_signal_strengthens_synapses_at_once(void **state) {
    (void)state;
    test_run run =
        network("until: 5 h, clock: {factor: 3600}",
                "of: a, drive: {model: slow_onset, tau: 1 ms}, model: bdnf_mtor, tau_G: 5 h, k: 2, lag: 100 h",
                "{on: a.axon, model: constant, nu: 0 /h}, {on: a.dendrite_exc, model: constant, nu: 0 /h}", "",
                "blockade: [{receptor: ampa, on: a, factor: 0.5, signal: s, gain: 3}]");
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 4900 * FACTOR, NULL));
    double G = rw_simulation_growth_signal(run.sim, 0)->state[1];
    assert_true(G > 0.3);
    assert_close(rw_simulation_growth_signal(run.sim, 0)->formation, 1.0, 0, 0);
    assert_close(rw_simulation_factor(run.sim, 0), 0.5 * (1.0 + 3.0 * G), 1e-14, 0);
    assert_ok(rw_simulation_advance(run.sim, 4901 * FACTOR, NULL)); /* a block that began after the update */
    const rw_population_plan *plan = &run.sim->plans[0];
    for (size_t r = 0; r < plan->population->n_receptors; r++) {
        bool ampa = strcmp(plan->population->receptors[r].block.model->name, "ampa") == 0;
        assert_close(plan->factors[r * RW_BLOCK_STEPS], ampa ? 0.5 * (1.0 + 3.0 * G) : 1.0, 1e-14, 0);
    }
    test_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_square_drive_gives_the_closed_form),
        cmocka_unit_test(the_interval_of_updates_does_not_matter),
        cmocka_unit_test(blocked_translation_stops_the_slow_signal_only),
        cmocka_unit_test(a_running_baseline_follows_the_rate),
        cmocka_unit_test(factors_of_two_signals_multiply),
        cmocka_unit_test(a_signal_changes_formation_and_not_retraction),
        cmocka_unit_test(loss_and_stress_keep_biological_time),
        cmocka_unit_test(the_direct_drive_is_the_block_at_rest),
        cmocka_unit_test(the_disinhibition_drive_counts_spikes),
        cmocka_unit_test(a_signal_strengthens_synapses_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
