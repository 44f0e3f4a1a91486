/* The clock: exact integers between biological time and steps of the network, and a run that keeps to them. */
#include <string.h>

#include "run.h"
#include "sim/advance.h"
#include "sim/clock.h"
#include "sim/simulation_state.h"

/* A network in which something rewires every minute; %s: the keys of time.clock, and more of the scenario. */
static test_run network(const char *clock, const char *more) {
    char yaml[4096];
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\ntime: {step: 0.1 ms, until: 1 h%s}\n"
                   "populations: {a: {model: lif_cond, count: 40, set: {I_e: 300 pA}}}\n"
                   "projections:\n  - {from: a, to: a, connect: {rule: fixed_indegree, n: 5}, weight: 0.01 nS, delay: "
                   "1 ms, receptors: {ampa: 1}, rewire: {loss: {rate: 0.5 /h}}}\n"
                   "growth:\n  - {on: a.axon, model: constant, nu: 1 /h}\n"
                   "  - {on: a.dendrite_exc, model: constant, nu: 1 /h}\n"
                   "structure: {every: 1 min, growth_every: 1 ms, vacant_decay: 0}\n%s\n",
                   clock, more);
    return test_run_read(yaml);
}

/* Goes through all stretches of a run with random numbers of steps. */
static void boundaries_are_met_exactly_whatever_the_factor(void **state) {
    (void)state;
    test_run run = network(", clock: {factor: 60, real_time: [{from: 90 s, until: 91.2345 s}]}", "");
    rw_clock clock;
    assert_ok(rw_clock_create(&clock, run.scenario));
    assert_int_equal(clock.unit, 10);
    uint64_t expected = 0, random = 12345, n_stretches = 0;
    while (expected < run.scenario->n_steps) {
        rw_clock_stretch next = rw_clock_next(&clock);
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t units = 1 + (random >> 33) % (next.length / next.unit);
        assert_int_equal(next.begin, expected);
        assert_true(next.length % next.unit == 0);
        rw_clock_begin(&clock, next, next.real_time ? next.length : units * next.unit);
        assert_int_equal(rw_clock_time(&clock, clock.step), next.begin);
        assert_int_equal(rw_clock_time(&clock, rw_clock_end(&clock)), next.begin + next.length);
        for (int k = 0; k < 100; k++) { /* step_at is the first step at which the time is reached */
            uint64_t time = next.begin + 1 + (random >> 20) % next.length, step = rw_clock_step_at(&clock, time);
            random = random * UINT64_C(6364136223846793005) + 1;
            assert_true(rw_clock_time(&clock, step) >= time);
            assert_true(rw_clock_time(&clock, step - 1) < time);
        }
        expected = next.begin + next.length;
        n_stretches++;
    }
    assert_int_equal(n_stretches, 60 + 2);
    test_run_end(&run);
}

static void the_factor_is_the_nearest_of_whole_units(void **state) {
    (void)state;
    const rw_clock_stretch stretch = {.length = 6000000, .unit = 100};
    assert_int_equal(rw_clock_steps(&stretch, 1.0), 6000000);
    assert_int_equal(rw_clock_steps(&stretch, 3600.0), 1700); /* 1666.7 */
    assert_int_equal(rw_clock_steps(&stretch, 1e9), 100);
    assert_int_equal(rw_clock_steps(&(rw_clock_stretch){.length = 150, .unit = 100}, 1.0), 100);
}

/* Pulses and windows of the scenario, widened to whole units, as one where they meet. */
static void real_time_is_found_and_merged(void **state) {
    (void)state;
    test_run run = network(", clock: {factor: 600, real_time: [{from: 10.05 s, until: 10.2 s}]}",
                           "inputs:\n  - {to: a, kind: pulse, amplitude: 1 pA, at: [5 s, 10.15 s], width: 100.3 ms}");
    rw_clock clock;
    assert_ok(rw_clock_create(&clock, run.scenario));
    assert_int_equal(clock.n_real_time, 2);
    assert_int_equal(clock.real_time[0].from_step, 50000);
    assert_int_equal(clock.real_time[0].until_step, 51010);
    assert_int_equal(clock.real_time[1].from_step, 100500);
    assert_int_equal(clock.real_time[1].until_step, 102510);
    test_run_end(&run);
}

/* How often a sample is taken, and for which times. */
typedef struct {
    uint64_t n, last, every;
    bool regular;
} counted;

static rw_err count(void *self, const rw_simulation *sim) {
    counted *seen = self;
    uint64_t time = rw_simulation_time(sim);
    seen->regular = seen->regular && (seen->n == 0 ? time == 0 : time == seen->last + seen->every);
    seen->last = time;
    seen->n++;
    return RW_OK;
}

static void what_is_periodic_happens_as_often_at_every_factor(void **state) {
    (void)state;
    static const char *const clocks[] = {", clock: {factor: 60}", ", clock: {factor: 777}", ", clock: {factor: 6000}"};
    for (size_t k = 0; k < RW_COUNT(clocks); k++) {
        test_run run = network(clocks[k], "record: {series: none, snapshots: none}\ncheckpoint: none");
        counted often = {.every = 75000, .regular = true}, seldom = {.every = 3000000, .regular = true};
        test_run_start(&run, 2);
        assert_ok(
            rw_simulation_observe(run.sim, (rw_observer){.self = &often, .sample = count, .every_steps = often.every}));
        assert_ok(rw_simulation_observe(run.sim,
                                        (rw_observer){.self = &seldom, .sample = count, .every_steps = seldom.every}));
        assert_ok(rw_simulation_advance(run.sim, run.scenario->n_steps, NULL));
        assert_true(often.regular && often.n == 36000000 / 75000 + 1);
        assert_true(seldom.regular && seldom.n == 36000000 / 3000000 + 1);
        assert_int_equal(rw_simulation_time(run.sim), run.scenario->n_steps);
        assert_int_equal(rw_simulation_step(run.sim), rw_clock_predict(run.scenario));
        /* growth is exact: an element an hour, whatever the number of ticks */
        double grown = 0.0;
        for (int i = 0; i < 40; i++)
            grown += rw_simulation_elements(run.sim, 0, RW_AXON)[i] / 40;
        assert_close(grown, 6.0, 1e-9, 0);
        test_run_end(&run);
    }
}

/* Loss by chance has the variance of its biological time: binomial, at every factor. */
static void chance_does_not_depend_on_the_factor(void **state) {
    (void)state;
    static const char *const clocks[] = {", clock: {factor: 600}", ", clock: {factor: 6000}"};
    uint64_t lost[2];
    for (size_t k = 0; k < 2; k++) {
        test_run run = network(clocks[k], "");
        test_run_start(&run, 1);
        assert_ok(rw_simulation_advance(run.sim, 30 * UINT64_C(600000), NULL));
        lost[k] = run.sim->structural->deleted;
        test_run_end(&run);
    }
    assert_int_equal(lost[0], lost[1]); /* the same draws: a number of an update names them, not a step */
    assert_true(lost[0] > 20 && lost[0] < 80);
}

static uint64_t total_spikes(const char *clock, uint64_t *synapses) {
    test_run run = network(clock, "inputs:\n  - {to: a, kind: poisson, rate: {steps: [[0 s, 1 kHz], [500 ms, 2 kHz]]}, "
                                  "weight: 1 nS, receptors: {ampa: 1}}");
    test_run_start(&run, 1);
    assert_ok(rw_simulation_advance(run.sim, 10000, NULL));
    uint64_t spikes = run.sim->total_spikes;
    *synapses = rw_projection_count(&run.network->partition, &run.network->projections[0]);
    test_run_end(&run);
    return spikes;
}

static void a_factor_of_one_is_no_clock(void **state) {
    (void)state;
    uint64_t with, without;
    assert_int_equal(total_spikes(", clock: {factor: 1}", &with), total_spikes("", &without));
    assert_int_equal(with, without);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boundaries_are_met_exactly_whatever_the_factor),
        cmocka_unit_test(the_factor_is_the_nearest_of_whole_units),
        cmocka_unit_test(real_time_is_found_and_merged),
        cmocka_unit_test(what_is_periodic_happens_as_often_at_every_factor),
        cmocka_unit_test(chance_does_not_depend_on_the_factor),
        cmocka_unit_test(a_factor_of_one_is_no_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
