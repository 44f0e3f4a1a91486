/* The estimated errors of a clock are those that closed forms and direct simulation give, and the factor follows from
 * them. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "close.h"
#include "model/registry.h"
#include "net/mechanism.h"
#include "sim/accuracy/clock_control.h"

static const double HOUR = 3.6e6;

/* A signal with its ensemble. */
typedef struct {
    rw_setting drive[4], cascade[7];
    rw_signal_spec spec;
    rw_signal signal;
    rw_signal_ensemble ensemble;
} chain;

static rw_setting set(const rw_model *of, const char *name, double value) {
    size_t field = rw_model_field(of, name);
    assert_true(field != RW_NO_FIELD);
    return (rw_setting){field, {.kind = RW_CONSTANT, .a = value, .min = -INFINITY, .max = INFINITY}};
}

enum { R_HOURS = 2, B_HOURS = 1, G_HOURS = 6 };
static const double BASE_HZ = 2.0, K_G = 3.0, A = 4.0;

/* u = r / 2 Hz - 1, r averaged over 2 h; B over 1 h; G over 6 h; formation 1 + 4 G. */
static void chain_start(chain *c, double k_u, double n, double interval_ms) {
    const rw_model *drive = rw_registry_find(RW_DRIVE, "disinhibition");
    const rw_model *cascade = rw_registry_find(RW_SIGNAL, "bdnf_mtor");
    const rw_setting drive_settings[] = {set(drive, "r_base", BASE_HZ), set(drive, "tau_r", R_HOURS * HOUR),
                                         set(drive, "tau_base", HOUR)};
    const rw_setting settings[] = {set(cascade, "tau_B", B_HOURS * HOUR),
                                   set(cascade, "tau_G", G_HOURS * HOUR),
                                   set(cascade, "lag", 0.0),
                                   set(cascade, "k_u", k_u),
                                   set(cascade, "n", n),
                                   set(cascade, "k", K_G),
                                   set(cascade, "a", A)};
    *c = (chain){0};
    memcpy(c->drive, drive_settings, sizeof drive_settings);
    memcpy(c->cascade, settings, sizeof settings);
    c->spec = (rw_signal_spec){.name = "s",
                               .drive = drive,
                               .model = cascade,
                               .drive_settings = c->drive,
                               .n_drive_settings = 3,
                               .settings = c->cascade,
                               .n_settings = 7};
    assert_ok(rw_signal_create(&c->signal, &c->spec, interval_ms));
    assert_ok(rw_signal_ensemble_create(&c->ensemble, &c->signal, 1, 0));
}

static void chain_end(chain *c) {
    rw_signal_ensemble_destroy(&c->ensemble);
    rw_signal_destroy(&c->signal);
}

/* One interval at a rate; the rest of `interval` as given. */
static void chain_advance(chain *c, double rate_hz, rw_signal_interval interval) {
    interval.view.rate_hz = rate_hz;
    interval.view.end_ms = HOUR; /* the baseline is known from time 0 on */
    interval.left = 1.0;
    interval.mean_hz = rate_hz;
    interval.before = c->signal.formation;
    rw_signal_advance(&c->signal, &interval.view, 1.0);
    rw_signal_ensemble_advance(&c->ensemble, &interval);
}

/* Standard deviation of the factor on formation, relative to it, when the rate has white noise of relative variance D
 * over one ms: three first-order filters in series, integral of |H|^2 / (2 pi). */
static double linear_noise(double D, double gain, double formation) {
    double r = R_HOURS * HOUR, B = B_HOURS * HOUR, G = G_HOURS * HOUR;
    return gain * sqrt(0.5 * D * (r * B + B * G + r * G) / ((r + B) * (B + G) * (r + G))) / formation;
}

/* At 3 Hz u = 0.5; with k_u = 1, n = 1 hill = 1/3 and its slope 1 / 1.5^2, so one per cent of rate are
 * 0.01 x 1.5 x 0.444 = 0.00667 of B and 3 times as much of G, 4 times that of formation, which is 1 + 4 x 3 / 3 = 5. */
static const double LINEAR_GAIN = 1.5 / 2.25 * 3.0 * 4.0, LINEAR_FORMATION = 5.0;

static void noise_of_a_linear_chain_is_that_of_its_filters(void **state) {
    (void)state;
    const double interval = 0.1 * HOUR, D = 1e-6 * HOUR;
    chain c;
    chain_start(&c, 1.0, 1.0, interval);
    double sum = 0.0;
    enum { BEFORE = 500, COUNTED = 20000 };
    for (uint64_t k = 0; k < BEFORE + COUNTED; k++) {
        chain_advance(&c, 3.0, (rw_signal_interval){.noise = sqrt(D / interval), .number = k});
        double sampling = rw_signal_ensemble_errors(&c.ensemble).formation.sampling;
        sum += k >= BEFORE ? sampling * sampling : 0.0;
    }
    assert_close(c.signal.formation, LINEAR_FORMATION, 1e-9, 0);
    assert_close(sqrt(sum / COUNTED), linear_noise(D, LINEAR_GAIN, LINEAR_FORMATION), 0.05, 0);

    rw_signal_outlook outlook = {.view = {.rate_hz = 3.0}, .left = 1.0, .noise_ms = D};
    double ahead = rw_signal_ensemble_forecast(&c.ensemble, &outlook, 2.0).formation.sampling;
    assert_close(ahead, linear_noise(D, LINEAR_GAIN, LINEAR_FORMATION), 0.5, 0); /* eight pairs, and their largest */
    double times_4 = rw_signal_ensemble_forecast(&c.ensemble, &outlook, 5.0).formation.sampling;
    assert_close(times_4, 2.0 * ahead, 0.01, 0);
    assert_close(rw_signal_ensemble_forecast(&c.ensemble, &outlook, 1.0).formation.sampling, 0.0, 0, 0);
    chain_end(&c);
}

/* Chance alone drives a steep signal at rest: no linear estimate says so. */
static void noise_of_a_steep_chain_is_that_of_direct_simulation(void **state) {
    (void)state;
    const double interval = 0.1 * HOUR, D = 4e-3 * HOUR;
    enum { RUNS = 400, STEPS = RW_FORECAST_STEPS };
    chain c;
    chain_start(&c, 0.05, 8.0, interval);
    for (uint64_t k = 0; k < 500; k++)
        chain_advance(&c, BASE_HZ, (rw_signal_interval){.number = k});
    rw_signal_outlook outlook = {.view = {.rate_hz = BASE_HZ}, .left = 1.0, .noise_ms = D};
    double ahead = rw_signal_ensemble_forecast(&c.ensemble, &outlook, 2.0).formation.sampling, squares[STEPS] = {0};
    rw_stream stream = rw_stream_of(7, RW_PURPOSE_NOISE, 0);
    for (uint64_t run = 0; run < RUNS; run++) {
        chain direct;
        chain_start(&direct, 0.05, 8.0, interval);
        for (int k = 0; k < 500; k++)
            rw_signal_advance(&direct.signal, &(rw_drive_view){.rate_hz = BASE_HZ, .end_ms = HOUR}, 1.0);
        for (uint64_t k = 0; k < STEPS; k++) {
            double xi = rw_normal(rw_draw(stream, run, k));
            rw_signal_advance(&direct.signal,
                              &(rw_drive_view){.rate_hz = BASE_HZ * (1.0 + sqrt(D / interval) * xi), .end_ms = HOUR},
                              1.0);
            squares[k] += (direct.signal.formation - 1.0) * (direct.signal.formation - 1.0) / RUNS;
        }
        chain_end(&direct);
    }
    double largest = 0.0;
    for (int k = 0; k < STEPS; k++)
        largest = fmax(largest, sqrt(squares[k]));
    assert_true(largest > 0.01);
    assert_true(ahead > 0.5 * largest && ahead < 2.0 * largest); /* of eight pairs; the noise has a long tail */
    chain_end(&c);
}

/* A network that lags tau shows the rate of tau ago. */
static void the_member_of_lag_is_the_signal_of_a_network_without_lag(void **state) {
    (void)state;
    const double interval = 0.1 * HOUR, lag = 0.05 * HOUR, slope = 0.02 / HOUR;
    chain late, prompt;
    chain_start(&late, 0.5, 2.0, interval);
    chain_start(&prompt, 0.5, 2.0, interval);
    for (uint64_t k = 0; k < 300; k++) {
        double t = (double)k * interval, now = 3.0 + slope * t, seen = 3.0 + slope * (t - lag);
        chain_advance(&late, seen, (rw_signal_interval){.lag_hz = slope * lag, .number = k});
        chain_advance(&prompt, now, (rw_signal_interval){.number = k});
    }
    double error = fabs(prompt.signal.formation - late.signal.formation) / late.signal.formation;
    assert_true(error > 1e-5);
    assert_close(rw_signal_ensemble_errors(&late.ensemble).formation.lag, error, 1e-9, 0);
    assert_close(rw_signal_ensemble_errors(&prompt.ensemble).formation.lag, 0.0, 0, 1e-15);
    chain_end(&late);
    chain_end(&prompt);
}

static double surge_hz(double t_h) {
    return 2.0 + 1.5 * exp(-0.5 * (t_h - 10.0) * (t_h - 10.0) / 4.0);
}

/* Formation at the end of 16 h in which the rate surges, and the estimated error of steps. */
static double formation_after_surge(double interval_h, double *steps) {
    chain c;
    chain_start(&c, 0.3, 4.0, interval_h * HOUR);
    for (int k = 0; k < (int)round(16.0 / interval_h); k++) {
        double t = ((double)k + 0.5) * interval_h, rate = surge_hz(t);
        chain_advance(&c, rate,
                      (rw_signal_interval){.rate_hz = rate - surge_hz(t - interval_h), .number = (uint64_t)k});
    }
    double formation = c.signal.formation;
    if (steps != NULL)
        *steps = rw_signal_ensemble_errors(&c.ensemble).formation.steps;
    chain_end(&c);
    return formation;
}

/* The difference between one step and two is half of a first-order error, so estimate and truth are alike in size. */
static void the_error_of_steps_has_the_size_that_is_estimated(void **state) {
    (void)state;
    double exact = formation_after_surge(1.0 / 512.0, NULL);
    for (int per_hour = 1; per_hour <= 4; per_hour *= 2) {
        double steps, formation = formation_after_surge(1.0 / per_hour, &steps);
        double truth = fabs(formation - exact) / formation;
        assert_true(steps > truth / 3.0 && steps < 3.0 * truth);
    }
}

static void a_wrong_formation_adds_up_in_the_number_of_synapses(void **state) {
    (void)state;
    const double interval = 0.1 * HOUR, formed = 1e-4, deleted = 1e-3;
    chain c;
    chain_start(&c, 1.0, 1.0, interval);
    for (uint64_t k = 0; k < 500; k++)
        chain_advance(&c, 3.0, (rw_signal_interval){.lag_hz = 0.03, .number = k});
    rw_error_sources before = rw_signal_ensemble_errors(&c.ensemble).formation;
    for (uint64_t k = 0; k < 1000; k++)
        chain_advance(&c, 3.0, (rw_signal_interval){.lag_hz = 0.03, .formed = formed, .deleted = deleted, .number = k});
    double difference = before.lag * LINEAR_FORMATION; /* constant by now */
    double expected = formed * difference * (1.0 - pow(1.0 - deleted, 1000)) / deleted;
    assert_close(rw_signal_ensemble_errors(&c.ensemble).synapses.lag, expected, 1e-3, 0);
    chain_end(&c);
}

static void counts_give_their_fano_factor(void **state) {
    (void)state;
    const double fanos[] = {1.0, 4.0, 1.0}, rise[] = {0.0, 0.0, 0.5}; /* Hz from one count to the next, in 1e5 cells */
    for (int f = 0; f < 3; f++) {
        rw_rate_evidence rate = {.settling_ms = 10.0, .cells = f < 2 ? 100.0 : 1e5};
        rw_stream stream = rw_stream_of(3, RW_PURPOSE_NOISE, (uint32_t)f);
        double mean = 0.0;
        for (uint64_t k = 0; k < 4000; k++) {
            double network_ms = k % 2 == 0 && f < 2 ? 1000.0 : 4000.0; /* a factor that changes is no noise */
            double rate_hz = f < 2 ? 5.0 : 5.0 + rise[f] * (double)k;
            double expected = rate_hz * rate.cells * 1e-3 * network_ms;
            double spikes = round(expected + sqrt(fanos[f] * expected) * rw_normal(rw_draw(stream, 0, k)));
            rw_rate_evidence_count(&rate, spikes, network_ms);
            mean += k >= 64 ? rate.fano / (4000.0 - 64.0) : 0.0;
        }
        assert_close(mean, fanos[f], 0.05, 0);
    }
}

static void a_rate_that_rises_gives_its_slope(void **state) {
    (void)state;
    rw_rate_evidence rate = {.settling_ms = 10.0, .cells = 1000.0};
    for (int k = 0; k < 200; k++)
        rw_rate_evidence_add(&rate, 1000.0 * (10.0 + 0.01 * k), 1000.0, HOUR); /* Hz: 10 + 0.01 k */
    assert_close(rate.slope_per_ms, 0.01 / HOUR / rate.mean_hz, 0.01, 0);
}

/* Evidence of one population and one signal at 3 Hz. */
typedef struct {
    chain chain;
    rw_rate_evidence rate;
    rw_signal_outlook outlook;
    rw_clock_evidence evidence;
} known;

static void know(known *k, double noise_ms, double slope_per_ms) {
    *k = (known){0};
    chain_start(&k->chain, 1.0, 1.0, 0.1 * HOUR);
    for (uint64_t i = 0; i < 500; i++)
        chain_advance(&k->chain, 3.0, (rw_signal_interval){.number = i});
    k->rate = (rw_rate_evidence){.settling_ms = 500.0, .cells = 100.0, .slope_per_ms = slope_per_ms};
    k->outlook = (rw_signal_outlook){.view = {.rate_hz = 3.0}, .left = 1.0, .noise_ms = noise_ms};
    k->evidence = (rw_clock_evidence){.interval_ms = 0.1 * HOUR,
                                      .factor = 100.0,
                                      .rates = &k->rate,
                                      .n_rates = 1,
                                      .ensembles = &k->chain.ensemble,
                                      .outlooks = &k->outlook,
                                      .n_signals = 1};
}

/* The factor at which control comes to rest. */
static double settled(known *k, const rw_clock_spec *tolerance) {
    double S = 0.0;
    for (int i = 0; i < 30; i++)
        k->evidence.factor = S = rw_clock_control(&k->evidence, tolerance);
    return S;
}

static void noise_allows_a_factor_with_the_square_of_the_tolerance(void **state) {
    (void)state;
    known k;
    know(&k, 1e-6 * HOUR, 0.0);
    rw_clock_spec tolerance = {.tolerance = 0.02, .slowest = 1.0, .fastest = 1e9, .of = RW_CLOCK_SIGNALS};
    double S = settled(&k, &tolerance);
    tolerance.tolerance = 0.01;
    double half = settled(&k, &tolerance);
    assert_true(S / half > 4.0 / 1.2 && S / half < 4.0 * 1.2); /* a step of the search is a factor of 1.19 */
    /* and it is the one at which three standard deviations of the closed form are the tolerance */
    double exact = pow(0.01 / 3.0 / linear_noise(1e-6 * HOUR, LINEAR_GAIN, LINEAR_FORMATION), 2.0);
    assert_true(half > exact / 2.5 && half < exact * 2.5);
    tolerance.fastest = 20.0;
    assert_close(settled(&k, &tolerance), 20.0, 0, 0);
    chain_end(&k.chain);
}

static void lag_allows_a_factor_in_proportion_to_the_tolerance(void **state) {
    (void)state;
    known k;
    know(&k, 0.0, 1e-7);
    rw_clock_spec tolerance = {.tolerance = 0.02, .slowest = 1.0, .fastest = 1e9, .of = RW_CLOCK_RATES};
    double S = settled(&k, &tolerance); /* S x 500 ms x 1e-7 /ms = 0.02: 400 */
    assert_true(S > 400.0 / 1.2 && S < 1.001 * 400.0);
    tolerance.tolerance = 0.01;
    S = settled(&k, &tolerance);
    assert_true(S > 200.0 / 1.2 && S < 1.001 * 200.0);
    k.rate.known_per_ms = 1e-6; /* a dose ahead: at once */
    k.evidence.factor = 200.0;
    S = rw_clock_control(&k.evidence, &tolerance);
    assert_true(S > 20.0 / 1.2 && S < 1.001 * 20.0);
    k.rate.known_per_ms = 1.0;
    assert_close(rw_clock_control(&k.evidence, &tolerance), 1.0, 0, 0);
    chain_end(&k.chain);
}

static void the_factor_at_most_doubles_and_begins_where_the_network_can_settle(void **state) {
    (void)state;
    known k;
    know(&k, 0.0, 0.0);
    rw_clock_spec tolerance = {.tolerance = 0.02, .slowest = 1.0, .fastest = 1e9, .of = RW_CLOCK_RATES};
    k.evidence.factor = 0.0;
    double first = rw_clock_control(&k.evidence, &tolerance);
    assert_close(first, 0.1 * HOUR / 25e3, 1e-12, 0); /* 1 / 0.02^2 spikes of 100 cells at 1 Hz take 25 s */
    tolerance.tolerance = 0.2;
    first = rw_clock_control(&k.evidence, &tolerance);
    assert_close(first, 0.1 * HOUR / 5000.0, 1e-12, 0); /* ten times 500 ms of the network for 0.1 h */
    k.evidence.factor = first;
    assert_close(rw_clock_control(&k.evidence, &tolerance), 2.0 * first, 1e-12, 0);
    chain_end(&k.chain);
}

/* A delay of more than the response time over e makes a feedback overshoot. */
static void steering_by_calcium_is_never_later_than_synapses_respond(void **state) {
    (void)state;
    rw_rate_evidence rate = {.settling_ms = 10.0};
    rw_clock_evidence evidence = {.interval_ms = HOUR,
                                  .factor = 1e5,
                                  .rates = &rate,
                                  .n_rates = 1,
                                  .synapses = {.number = 1e4, .steered_per_ms = 1e-7, .calcium_ms = 1e4}};
    rw_clock_spec tolerance = {.tolerance = 0.02, .slowest = 1.0, .fastest = 1e9, .of = RW_CLOCK_SYNAPSES};
    double S = rw_clock_control(&evidence, &tolerance);
    assert_true(S * 1e-7 * 1e4 <= 0.3 && S * 1e-7 * 1e4 > 0.25);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_a_linear_chain_is_that_of_its_filters),
        cmocka_unit_test(noise_of_a_steep_chain_is_that_of_direct_simulation),
        cmocka_unit_test(the_member_of_lag_is_the_signal_of_a_network_without_lag),
        cmocka_unit_test(the_error_of_steps_has_the_size_that_is_estimated),
        cmocka_unit_test(a_wrong_formation_adds_up_in_the_number_of_synapses),
        cmocka_unit_test(counts_give_their_fano_factor),
        cmocka_unit_test(a_rate_that_rises_gives_its_slope),
        cmocka_unit_test(noise_allows_a_factor_with_the_square_of_the_tolerance),
        cmocka_unit_test(lag_allows_a_factor_in_proportion_to_the_tolerance),
        cmocka_unit_test(the_factor_at_most_doubles_and_begins_where_the_network_can_settle),
        cmocka_unit_test(steering_by_calcium_is_never_later_than_synapses_respond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
