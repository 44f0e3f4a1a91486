/* The adaptive exponential cell against an adaptive reference of high order, and in its limits. */
#include "cell.h"
#include "table.h"

/* The reference's parameters: those of NEST's own accuracy test. */
static cell reference_cell(double step_ms) {
    static const char *const keys[] = {"C_m", "g_L",     "E_L",    "V_T", "Delta_T", "tau_w", "a",
                                       "b",   "V_reset", "V_peak", "I_e", "V_m",     "w",     "t_ref"};
    static const double values[] = {200, 11, -70, -50, 2, 300, 3, 0, -58, 0, 420, -70, 5, 0};
    cell c = cell_create("adex", step_ms);
    for (size_t k = 0; k < RW_COUNT(keys); k++)
        single_set(&c.neuron, keys[k], values[k]);
    cell_start(&c);
    return c;
}

static bool near_a_spike(const table *reference, double t, double window_ms) {
    for (size_t k = 0; k < reference->n_spikes; k++)
        if (fabs(t - reference->spike_ms[k]) < window_ms)
            return true;
    return false;
}

/* Compares V_m and w up to `until`, except within 1 ms of a spike. */
static void compare_with_reference(double step_ms, double until, double V_tolerance, double w_tolerance) {
    static table reference;
    table_read(&reference, "adex.txt");
    cell c = reference_cell(step_ms);
    size_t step = 0;
    for (size_t row = 0; row < reference.rows && reference.value[row][0] < until; row++) {
        double t = reference.value[row][0];
        for (; (double)step + 0.5 < t / step_ms; step++)
            (void)cell_step(&c);
        if (near_a_spike(&reference, t, 1.0))
            continue;
        assert_close(single_get(&c.neuron, "V_m"), reference.value[row][1], V_tolerance, 0);
        assert_close(single_get(&c.neuron, "w"), reference.value[row][2], w_tolerance, 0);
    }
    cell_destroy(&c);
}

/* Resets on the grid make every spike late by about a step, so fifteen spikes need a short step. */
static void trace_of_fifteen_spikes_follows_the_reference(void **state) {
    (void)state;
    compare_with_reference(2e-4, 200.0, 5e-4, 1e-4);
}

static void trace_before_the_first_spike_follows_the_reference_at_the_usual_step(void **state) {
    (void)state;
    compare_with_reference(0.1, 18.0, 1e-8, 1e-8);
}

/* The end of the step in which the upstroke passes the peak, or the next when Runge-Kutta sees it too late. Delays add
 * up, as the cell starts again from each reset. */
static void a_spike_is_late_by_at_most_a_step_and_a_half(void **state) {
    (void)state;
    static table reference;
    table_read(&reference, "adex.txt");
    assert_int_equal(reference.n_spikes, 15);
    static const double steps_ms[] = {0.1, 0.01, 0.001};
    for (size_t k = 0; k < RW_COUNT(steps_ms); k++) {
        double h = steps_ms[k];
        cell c = reference_cell(h);
        double late = 0.0;
        size_t spikes = 0;
        for (size_t step = 0; spikes < reference.n_spikes; step++)
            if (cell_step(&c)) {
                double more = ((double)step + 1.0) * h - reference.spike_ms[spikes++] - late;
                assert_true(more > 0.0 && more < 1.5 * h);
                late += more;
            }
        cell_destroy(&c);
    }
}

/* V_m after 10 ms on the way to the first spike. */
static double V_after_10_ms(double step_ms) {
    cell c = reference_cell(step_ms);
    for (size_t step = 0; (double)step + 0.5 < 10.0 / step_ms; step++)
        (void)cell_step(&c);
    double V = single_get(&c.neuron, "V_m");
    cell_destroy(&c);
    return V;
}

static void halving_the_step_divides_the_error_by_sixteen(void **state) {
    (void)state;
    double exact = V_after_10_ms(0.005);
    double ratio = (V_after_10_ms(1.0) - exact) / (V_after_10_ms(0.5) - exact);
    assert_true(ratio > 13.0 && ratio < 20.0);
}

static void zero_Delta_T_is_a_leaky_cell_with_threshold_V_T(void **state) {
    (void)state;
    cell exponential = cell_create("adex", 0.1), leaky = cell_create("lif_cond", 0.1);
    static const char *const common[] = {"C_m", "g_L", "E_L", "V_reset", "t_ref", "I_e"};
    static const double values[] = {200, 10, -70, -58, 1.5, 500};
    for (size_t k = 0; k < RW_COUNT(common); k++) {
        single_set(&exponential.neuron, common[k], values[k]);
        single_set(&leaky.neuron, common[k], values[k]);
    }
    single_set(&exponential.neuron, "Delta_T", 0.0);
    single_set(&exponential.neuron, "a", 0.0);
    single_set(&exponential.neuron, "b", 0.0);
    single_set(&exponential.neuron, "V_T", -50.0);
    single_set(&leaky.neuron, "V_th", -50.0);
    cell_start(&exponential);
    cell_start(&leaky);
    int spikes = 0;
    for (int step = 0; step < 5000; step++) {
        int fired = cell_step(&exponential);
        assert_int_equal(fired, cell_step(&leaky));
        assert_close(single_get(&exponential.neuron, "V_m"), single_get(&leaky.neuron, "V_m"), 1e-8, 0);
        spikes += fired;
    }
    assert_true(spikes > 30);
    cell_destroy(&exponential);
    cell_destroy(&leaky);
}

static void adaptation_runs_on_while_the_potential_is_held(void **state) {
    (void)state;
    cell c = cell_create("adex", 0.1);
    single_set(&c.neuron, "t_ref", 5.0);
    single_set(&c.neuron, "V_m", -1.0);
    single_set(&c.neuron, "w", 10.0);
    single_set(&c.neuron, "I_e", 0.0);
    cell_start(&c);
    assert_int_equal(cell_step(&c), 1);
    double w = single_get(&c.neuron, "w");
    assert_true(w > 10.0 + 80.5 - 1.0); /* b was added */
    for (int step = 0; step < 50; step++) {
        assert_int_equal(cell_step(&c), 0);
        assert_close(single_get(&c.neuron, "V_m"), -60.0, 0, 0);
    }
    double held = 4.0 * (-60.0 - -70.6); /* a (V_reset - E_L) */
    assert_close(single_get(&c.neuron, "w"), held + (w - held) * exp(-5.0 / 144.0), 1e-9, 0);
    (void)cell_step(&c);
    assert_true(single_get(&c.neuron, "V_m") != -60.0);
    cell_destroy(&c);
}

static void the_published_regular_spiking_cell_adapts(void **state) {
    (void)state;
    cell c = cell_create("adex", 0.05);
    single_set(&c.neuron, "V_reset", -70.6);
    single_set(&c.neuron, "I_e", 1000.0);
    cell_start(&c);
    double last = 0.0, first_interval = 0.0, interval = 0.0;
    for (int step = 0; step < 10000; step++)
        if (cell_step(&c)) {
            interval = step * 0.05 - last;
            if (last > 0.0 && first_interval == 0.0)
                first_interval = interval;
            last = step * 0.05;
        }
    assert_true(first_interval > 0.0 && interval > 1.5 * first_interval);
    cell_destroy(&c);
}

static void what_cannot_be_stepped_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *key;
        double value;
        const char *message;
    } bad[] = {
        {"V_peak", -60.0, "V_peak must not lie below V_T"},
        {"V_reset", 10.0, "V_reset must lie below V_peak"},
        {"Delta_T", 0.05, "the upstroke overflows"},
        {"C_m", 2.0, "the step is longer than the membrane time constant"},
        {"tau_w", 0.1, "the step is longer than tau_w"},
    };
    for (size_t k = 0; k < RW_COUNT(bad); k++) {
        single s = single_create(RW_NEURON, "adex", 0.15);
        single_set(&s, bad[k].key, bad[k].value);
        assert_int_equal(rw_block_finish(&s.block, NULL), RW_ERR_INPUT);
        assert_non_null(strstr(rw_error_message(), bad[k].message));
        rw_block_destroy(&s.block);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trace_of_fifteen_spikes_follows_the_reference),
        cmocka_unit_test(trace_before_the_first_spike_follows_the_reference_at_the_usual_step),
        cmocka_unit_test(a_spike_is_late_by_at_most_a_step_and_a_half),
        cmocka_unit_test(halving_the_step_divides_the_error_by_sixteen),
        cmocka_unit_test(zero_Delta_T_is_a_leaky_cell_with_threshold_V_T),
        cmocka_unit_test(adaptation_runs_on_while_the_potential_is_held),
        cmocka_unit_test(the_published_regular_spiking_cell_adapts),
        cmocka_unit_test(what_cannot_be_stepped_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
