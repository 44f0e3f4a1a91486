/* Inputs have the distributions and the times they claim. */
#include "run.h"
#include "sim/advance.h"
#include "sim/input.h"

enum { STEPS = 4000, CELLS = 500 };

/* Counts that Poisson input `index` delivers to each cell in STEPS steps, as a histogram of counts per step. */
static void histogram(const char *rate, double *observed, size_t bins, double *mean, double *variance) {
    char yaml[512];
    (void)snprintf(yaml, sizeof yaml,
                   "rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\n"
                   "populations: {a: {model: lif_psc_delta, count: %d}}\n"
                   "inputs: [{to: a, kind: poisson, rate: %s, weight: 1 mV, receptors: {delta: 1}}]\n",
                   CELLS, rate);
    test_run run = test_run_read(yaml);
    assert_ok(rw_network_create(&run.network, run.scenario, 1));
    rw_input input;
    rw_poisson_table table = {.mean = -1.0};
    assert_ok(rw_input_create(&input, run.network, 0));
    memset(observed, 0, bins * sizeof *observed);
    double sum = 0.0, square = 0.0;
    for (uint64_t step = 0; step < STEPS; step++) {
        for (uint64_t first = 0; first < CELLS; first += RW_CHUNK) {
            float arrivals[RW_CHUNK] = {0};
            size_t n = CELLS - first < RW_CHUNK ? (size_t)(CELLS - first) : RW_CHUNK;
            rw_input_poisson(&input, &table, step, first, first, n, arrivals);
            for (size_t i = 0; i < n; i++) {
                size_t count = (size_t)arrivals[i];
                observed[count < bins ? count : bins - 1] += 1.0;
                sum += arrivals[i];
                square += (double)arrivals[i] * arrivals[i];
            }
        }
    }
    double total = (double)STEPS * CELLS;
    *mean = sum / total;
    *variance = square / total - *mean * *mean;
    rw_input_destroy(&input);
    test_run_end(&run);
}

/* Chi-square of the histogram against the Poisson distribution, bins with few expected counts merged into the last. */
static void assert_poisson(const char *rate, double expected_mean) {
    enum { BINS = 400 };
    static double observed[BINS], expected[BINS];
    double mean, variance, total = (double)STEPS * CELLS;
    histogram(rate, observed, BINS, &mean, &variance);
    assert_close(mean, expected_mean, 0, 5.0 * sqrt(expected_mean / total));
    assert_close(variance, expected_mean, 0.02, 0);
    double merged_observed[BINS], merged_expected[BINS], rest_observed = 0, rest_expected = 0;
    size_t n = 0;
    for (size_t k = 0; k < BINS; k++) {
        expected[k] = total * exp(-expected_mean + (double)k * log(expected_mean) - lgamma((double)k + 1.0));
        if (expected[k] >= 20.0) {
            merged_observed[n] = observed[k];
            merged_expected[n++] = expected[k];
        } else {
            rest_observed += observed[k];
            rest_expected += expected[k];
        }
    }
    if (rest_expected >= 5.0) {
        merged_observed[n] = rest_observed;
        merged_expected[n++] = rest_expected;
    }
    double statistic = chi_square(merged_observed, merged_expected, n), freedom = (double)n - 1.0;
    if (statistic > freedom + 5.0 * sqrt(2.0 * freedom))
        fail_msg("rate %s: chi-square %.1f with %.0f degrees of freedom", rate, statistic, freedom);
}

static void poisson_counts_follow_poisson_at_low_rates(void **state) {
    (void)state;
    assert_poisson("500 Hz", 0.05);
}

static void poisson_counts_follow_poisson_at_usual_rates(void **state) {
    (void)state;
    assert_poisson("9000 Hz", 0.9);
    assert_poisson("80 kHz", 8.0);
}

static void poisson_counts_follow_poisson_at_high_rates(void **state) {
    (void)state;
    assert_poisson("400 kHz", 40.0);
    assert_poisson("1 MHz", 100.0);
    assert_poisson("2.5 MHz", 250.0); /* the table's counts start above 0 */
}

static void a_high_rate_is_counted_with_or_without_the_table(void **state) {
    (void)state;
    enum { CELLS_OF_CHUNK = 64 };
    static const double means[] = {0.3, 5.0, 40.0, 250.0, 4000.0, 9000.0}; /* the last two lie beyond a table */
    rw_poisson_streams streams = {rw_stream_of(1, RW_PURPOSE_POISSON, 0), rw_stream_of(1, RW_PURPOSE_POISSON_LOWER, 0)};
    static rw_poisson_table table;
    double scale[CELLS_OF_CHUNK];
    for (size_t i = 0; i < CELLS_OF_CHUNK; i++)
        scale[i] = 1.0;
    for (size_t m = 0; m < RW_COUNT(means); m++) {
        double mean[RW_POISSON_WINDOW];
        for (size_t k = 0; k < RW_POISSON_WINDOW; k++)
            mean[k] = k < 3 ? means[m] : 0.5 * means[m]; /* a rate that changes within a window */
        table.mean = -1.0;
        for (uint64_t window = 0; window < 20; window++) {
            uint16_t alike[RW_POISSON_WINDOW * CELLS_OF_CHUNK], own[RW_POISSON_WINDOW * CELLS_OF_CHUNK];
            rw_poisson_draw(streams, &table, mean, NULL, 0, window, CELLS_OF_CHUNK, alike);
            rw_poisson_draw(streams, &table, mean, scale, 0, window, CELLS_OF_CHUNK, own);
            assert_memory_equal(alike, own, sizeof own);
        }
    }
}

static void poisson_counts_follow_poisson_with_rates_of_their_own(void **state) {
    (void)state;
    assert_poisson("{uniform: [9000 Hz, 9000.0001 Hz]}", 0.9);
}

static void what_decays_undisturbed_becomes_zero(void **state) {
    (void)state;
    /* As a subnormal number it would stay, and slow the run down a hundredfold. */
    test_run run = test_run_read("rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\n"
                                 "populations: {a: {model: lif_psc_exp, count: 40, set: {tau_syn_ex: 0.5 ms}}}\n"
                                 "inputs:\n"
                                 "  - {to: a, kind: poisson, rate: {steps: [[0 s, 9 kHz], [20 ms, 0 Hz]]}, "
                                 "weight: 1 pA, receptors: {exc: 1}}\n");
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 200, NULL));
    assert_true(test_run_value(&run, 0, "I_syn_ex", 0) > 0.0);
    assert_ok(rw_simulation_advance(run.sim, 10000, NULL));
    for (uint64_t cell = 0; cell < 40; cell++)
        assert_true(test_run_value(&run, 0, "I_syn_ex", cell) == 0.0);
    test_run_end(&run);
}

static void a_current_acts_from_its_step_to_its_end(void **state) {
    (void)state;
    /* Without leak to speak of, V counts the steps for which 250 pA flowed: 1 mV per ms on 250 pF. */
    test_run run = test_run_read(
        "rewire: 1\ntime: {step: 0.1 ms, until: 100 ms}\n"
        "populations: {a: {model: lif_psc_exp, count: 40, set: {tau_m: 1e6 ms, V_th: 100 mV, E_L: 0 mV, "
        "V_m: 0 mV}}}\n"
        "inputs:\n"
        "  - {to: a, kind: pulse, amplitude: 250 pA, at: [10 ms, 50 ms], width: 5 ms, targets: {first: 10}}\n"
        "  - {to: a, kind: current, amplitude: {steps: [[0 s, 0 pA], [90 ms, 250 pA]]}, targets: {ids: "
        "[20]}}\n");
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 100, NULL));
    assert_close(test_run_value(&run, 0, "V_m", 0), 0.0, 0, 1e-9);
    assert_ok(rw_simulation_advance(run.sim, 101, NULL));
    assert_close(test_run_value(&run, 0, "V_m", 9), 0.1, 1e-3, 0);
    assert_ok(rw_simulation_advance(run.sim, 1000, NULL));
    assert_close(test_run_value(&run, 0, "V_m", 0), 10.0, 1e-3, 0);
    assert_close(test_run_value(&run, 0, "V_m", 10), 0.0, 0, 1e-9);
    assert_close(test_run_value(&run, 0, "V_m", 20), 10.0, 1e-3, 0);
    test_run_end(&run);
}

static void noise_makes_the_variance_of_a_filtered_gaussian(void **state) {
    (void)state;
    /* V obeys V' = P V + Q xi, so var V = Q^2 / (1 - P^2) for white draws held one step. */
    test_run run =
        test_run_read("rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\n"
                      "populations: {a: {model: lif_psc_exp, count: 4000, set: {V_th: 1000 mV, E_L: 0 mV}}}\n"
                      "inputs: [{to: a, kind: noise, mean: 100 pA, std: 500 pA}]\n");
    test_run_start(&run, 2);
    assert_ok(rw_simulation_advance(run.sim, 10000, NULL));
    double mean = 0, square = 0;
    for (uint64_t i = 0; i < 4000; i++) {
        double V = test_run_value(&run, 0, "V_m", i);
        mean += V / 4000;
        square += V * V / 4000;
    }
    double P = exp(-0.1 / 10.0), Q = (1 - P) * 10.0 / 250.0;
    double variance = Q * Q * 500 * 500 / (1 - P * P);
    assert_close(mean, 100 * 10.0 / 250.0, 0, 5 * sqrt(variance / 4000));
    assert_close(square - mean * mean, variance, 5 * sqrt(2.0 / 4000), 0);
    test_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poisson_counts_follow_poisson_at_low_rates),
        cmocka_unit_test(poisson_counts_follow_poisson_at_usual_rates),
        cmocka_unit_test(poisson_counts_follow_poisson_at_high_rates),
        cmocka_unit_test(a_high_rate_is_counted_with_or_without_the_table),
        cmocka_unit_test(poisson_counts_follow_poisson_with_rates_of_their_own),
        cmocka_unit_test(what_decays_undisturbed_becomes_zero),
        cmocka_unit_test(a_current_acts_from_its_step_to_its_end),
        cmocka_unit_test(noise_makes_the_variance_of_a_filtered_gaussian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
