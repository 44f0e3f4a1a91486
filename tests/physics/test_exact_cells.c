/* The cells with linear equations follow their closed solution to rounding, whatever the step. */
#include "cell.h"

static const double tau_m = 10.0, C_m = 250.0, E_L = -70.0, h = 0.1, I_e = 120.0, V_0 = -66.0;

/* A cell with its threshold out of reach. */
static cell silent_cell(const char *model, double step_ms) {
    cell c = cell_create(model, step_ms);
    single_set(&c.neuron, "tau_m", tau_m);
    single_set(&c.neuron, "C_m", C_m);
    single_set(&c.neuron, "E_L", E_L);
    single_set(&c.neuron, "V_th", 900.0);
    single_set(&c.neuron, "I_e", I_e);
    single_set(&c.neuron, "V_m", V_0);
    return c;
}

static double without_synapses(double t) {
    return E_L + (V_0 - E_L) * exp(-t / tau_m) + I_e * tau_m / C_m * (1.0 - exp(-t / tau_m));
}

/* V of a current I e^(-t/tau_s), from the difference of exponentials or its limit. */
static double of_exponential(double I, double tau_s, double t) {
    if (tau_s == tau_m)
        return I * t / C_m * exp(-t / tau_m);
    return I * tau_s * tau_m / (C_m * (tau_m - tau_s)) * (exp(-t / tau_m) - exp(-t / tau_s));
}

/* V of a current D t e^(-t/tau_s), by parts or its limit. */
static double of_alpha(double D, double tau_s, double t) {
    if (tau_s == tau_m)
        return D * t * t / (2.0 * C_m) * exp(-t / tau_m);
    double k = 1.0 / tau_s - 1.0 / tau_m;
    return D / C_m * ((exp(-t / tau_m) - exp(-t / tau_s)) / (k * k) - t * exp(-t / tau_s) / k);
}

static const double taus[][2] = {{2.0, 5.0}, {10.0, 10.0}, {0.5, 40.0}};

static void one_step_of_lif_psc_exp_is_exact(void **state) {
    (void)state;
    for (size_t k = 0; k < RW_COUNT(taus); k++) {
        double ex = taus[k][0], in = taus[k][1];
        cell c = silent_cell("lif_psc_exp", h);
        single_set(&c.neuron, "tau_syn_ex", ex);
        single_set(&c.neuron, "tau_syn_in", in);
        single_set(&c.neuron, "I_syn_ex", 300.0);
        single_set(&c.neuron, "I_syn_in", -90.0);
        cell_start(&c);
        cell_step(&c);
        double V = without_synapses(h) + of_exponential(300.0, ex, h) + of_exponential(-90.0, in, h);
        assert_close(single_get(&c.neuron, "V_m"), V, 1e-12, 0);
        assert_close(single_get(&c.neuron, "I_syn_ex"), 300.0 * exp(-h / ex), 1e-12, 0);
        assert_close(single_get(&c.neuron, "I_syn_in"), -90.0 * exp(-h / in), 1e-12, 0);
        cell_destroy(&c);
    }
}

static void one_step_of_lif_psc_alpha_is_exact(void **state) {
    (void)state;
    const double step = 1.0; /* so long that the closed form's differences keep twelve digits */
    for (size_t k = 0; k < RW_COUNT(taus); k++) {
        double ex = taus[k][0], in = taus[k][1];
        cell c = silent_cell("lif_psc_alpha", step);
        single_set(&c.neuron, "tau_syn_ex", ex);
        single_set(&c.neuron, "tau_syn_in", in);
        single_set(&c.neuron, "I_syn_ex", 300.0);
        single_set(&c.neuron, "dI_syn_ex", 40.0);
        single_set(&c.neuron, "dI_syn_in", -70.0);
        cell_start(&c);
        cell_step(&c);
        double V = without_synapses(step) + of_exponential(300.0, ex, step) + of_alpha(40.0, ex, step) +
                   of_alpha(-70.0, in, step);
        assert_close(single_get(&c.neuron, "V_m"), V, 1e-12, 0);
        assert_close(single_get(&c.neuron, "I_syn_ex"), (300.0 + 40.0 * step) * exp(-step / ex), 1e-12, 0);
        assert_close(single_get(&c.neuron, "dI_syn_in"), -70.0 * exp(-step / in), 1e-12, 0);
        cell_destroy(&c);
    }
}

static void one_step_of_lif_psc_delta_is_exact(void **state) {
    (void)state;
    cell c = silent_cell("lif_psc_delta", h);
    cell_start(&c);
    single_set(&c.neuron, "delta", 3.25);
    single_set(&c.neuron, "I_ext", 50.0);
    cell_step(&c);
    double from_I_ext = 50.0 * tau_m / C_m * (1.0 - exp(-h / tau_m));
    assert_close(single_get(&c.neuron, "V_m"), without_synapses(h) + from_I_ext + 3.25, 1e-12, 0);
    cell_destroy(&c);
}

static void many_short_steps_equal_one_long_step(void **state) {
    (void)state;
    static const char *const models[] = {"lif_psc_exp", "lif_psc_alpha"};
    for (size_t k = 0; k < RW_COUNT(models); k++) {
        cell fine = silent_cell(models[k], 0.1), coarse = silent_cell(models[k], 20.0);
        cell *both[] = {&fine, &coarse};
        for (size_t b = 0; b < 2; b++) {
            single_set(&both[b]->neuron, "I_syn_ex", 500.0);
            single_set(&both[b]->neuron, "I_syn_in", -80.0);
            single_set(&both[b]->neuron, "tau_syn_in", 10.0);
            cell_start(both[b]);
        }
        for (int step = 0; step < 200; step++)
            cell_step(&fine);
        cell_step(&coarse);
        assert_close(single_get(&fine.neuron, "V_m"), single_get(&coarse.neuron, "V_m"), 1e-12, 0);
        cell_destroy(&fine);
        cell_destroy(&coarse);
    }
}

static void alpha_current_peaks_at_its_weight_after_tau_syn(void **state) {
    (void)state;
    cell c = silent_cell("lif_psc_alpha", h);
    single_set(&c.neuron, "tau_syn_ex", 2.0);
    single_set(&c.neuron, "tau_syn_in", 0.7);
    cell_start(&c);
    single_set(&c.neuron, "exc", 585.0);
    single_set(&c.neuron, "inh", -60.0);
    cell_step(&c);
    single_set(&c.neuron, "exc", 0.0);
    single_set(&c.neuron, "inh", 0.0);
    assert_close(single_get(&c.neuron, "I_syn_ex"), 0.0, 0, 0); /* arrived now: nothing flowed yet */
    double largest = 0.0;
    for (int step = 1; step <= 60; step++) {
        cell_step(&c);
        double I = single_get(&c.neuron, "I_syn_ex");
        largest = I > largest ? I : largest;
        if (step == 20)
            assert_close(I, 585.0, 1e-12, 0);
        if (step == 7)
            assert_close(single_get(&c.neuron, "I_syn_in"), -60.0, 1e-12, 0);
    }
    assert_close(largest, 585.0, 1e-12, 0);
    cell_destroy(&c);
}

static void nearly_equal_time_constants_are_no_special_case(void **state) {
    (void)state;
    static const double differences[] = {1e-14,  1e-12,  1e-10,  1e-8,  1e-6,  1e-4,
                                         -1e-14, -1e-12, -1e-10, -1e-8, -1e-6, -1e-4};
    double exp_at = rw_propagate_exp_current(10.0, 1.0, 10.0, 0.1);
    double alpha_at = rw_propagate_alpha_current(10.0, 1.0, 10.0, 0.1);
    /* derivatives with tau_s at tau_s = tau_m: h/(2 tau^2) and 2 h/(3 tau^2) of the value */
    double slope = 0.1 / (2.0 * 100.0), alpha_slope = 2.0 * 0.1 / (3.0 * 100.0);
    for (size_t k = 0; k < RW_COUNT(differences); k++) {
        double tau_s = 10.0 + differences[k], moved = tau_s - 10.0;
        assert_close(rw_propagate_exp_current(10.0, 1.0, tau_s, 0.1), exp_at * (1.0 + slope * moved), 1e-10, 0);
        assert_close(rw_propagate_alpha_current(10.0, 1.0, tau_s, 0.1), alpha_at * (1.0 + alpha_slope * moved), 1e-10,
                     0);
    }
}

static void propagators_stay_finite_for_any_time_constants(void **state) {
    (void)state;
    for (int a = -3; a <= 6; a++)
        for (int b = -3; b <= 6; b++)
            for (int k = -3; k <= 3; k++) {
                double tau_a = pow(10.0, a), tau_b = pow(10.0, b), step = pow(10.0, k);
                double exp_value = rw_propagate_exp_current(tau_a, 1.0, tau_b, step);
                double alpha_value = rw_propagate_alpha_current(tau_a, 1.0, tau_b, step);
                assert_true(exp_value >= 0.0 && exp_value <= step);
                assert_true(alpha_value >= 0.0 && alpha_value <= 0.5 * step * step * (1.0 + 1e-15));
            }
}

static void a_spike_resets_the_potential_and_holds_it_for_t_ref(void **state) {
    (void)state;
    static const char *const models[] = {"lif_psc_exp", "lif_psc_alpha", "lif_psc_delta", "lif_cond"};
    for (size_t k = 0; k < RW_COUNT(models); k++) {
        cell c = cell_create(models[k], h);
        single_set(&c.neuron, "V_reset", -60.0);
        single_set(&c.neuron, "V_m", -55.01);
        single_set(&c.neuron, "I_e", 1000.0);
        single_set(&c.neuron, "t_ref", 2.0);
        cell_start(&c);
        assert_int_equal(cell_step(&c), 1);
        for (int step = 0; step < 20; step++) {
            assert_close(single_get(&c.neuron, "V_m"), -60.0, 0, 0);
            assert_int_equal(cell_step(&c), 0);
        }
        assert_close(single_get(&c.neuron, "V_m"), -60.0, 0, 0);
        cell_step(&c);
        assert_true(single_get(&c.neuron, "V_m") > -60.0);
        cell_destroy(&c);
    }
}

static void a_potential_exactly_at_threshold_spikes(void **state) {
    (void)state;
    cell c = cell_create("lif_psc_delta", h);
    single_set(&c.neuron, "E_L", 0.0);
    single_set(&c.neuron, "V_reset", -10.0);
    single_set(&c.neuron, "V_th", 20.0);
    single_set(&c.neuron, "t_ref", 0.0);
    cell_start(&c);
    single_set(&c.neuron, "delta", 20.0);
    assert_int_equal(cell_step(&c), 1);
    cell_destroy(&c);
}

static void jumps_are_lost_while_refractory(void **state) {
    (void)state;
    cell c = cell_create("lif_psc_delta", h);
    single_set(&c.neuron, "t_ref", 0.5);
    cell_start(&c);
    single_set(&c.neuron, "delta", 15.0);
    for (int step = 0; step < 6; step++)
        assert_int_equal(cell_step(&c), step == 0);
    assert_int_equal(cell_step(&c), 1);
    cell_destroy(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_step_of_lif_psc_exp_is_exact),
        cmocka_unit_test(one_step_of_lif_psc_alpha_is_exact),
        cmocka_unit_test(one_step_of_lif_psc_delta_is_exact),
        cmocka_unit_test(many_short_steps_equal_one_long_step),
        cmocka_unit_test(alpha_current_peaks_at_its_weight_after_tau_syn),
        cmocka_unit_test(nearly_equal_time_constants_are_no_special_case),
        cmocka_unit_test(propagators_stay_finite_for_any_time_constants),
        cmocka_unit_test(a_spike_resets_the_potential_and_holds_it_for_t_ref),
        cmocka_unit_test(a_potential_exactly_at_threshold_spikes),
        cmocka_unit_test(jumps_are_lost_while_refractory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
