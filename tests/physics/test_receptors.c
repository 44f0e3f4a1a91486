/* Receptors against closed forms, tables and their published equations. */
#include "cell.h"

static const double h = 0.1;
static const float no_drug = 0.0f;
static const double instant = 1e-7; /* a step so short that the mean over it is the value */

/* What a receptor gives back at V_m, with its state as it is. */
static double conductance(single *receptor, double V_m, double factor, double *gE) {
    double g = 0.0, current = 0.0;
    float arrivals = 0.0f;
    rw_chunk chunk = single_chunk(receptor);
    rw_receptor_io io = {&V_m, &arrivals, 0.0f, &no_drug, factor, &g, &current, false, false};
    receptor->block.model->receptor.update(&chunk, &io);
    if (gE != NULL)
        *gE = current;
    return g;
}

/* Lets spikes of that summed weight arrive at the end of the step. */
static void step_receptor(single *receptor, double weight) {
    double V_m = -65.0, g = 0.0, gE = 0.0;
    float arrivals = (float)weight;
    rw_chunk chunk = single_chunk(receptor);
    rw_receptor_io io = {&V_m, &arrivals, 0.0f, &no_drug, 1.0, &g, &gE, false, false};
    receptor->block.model->receptor.update(&chunk, &io);
}

static void magnesium_block_equals_the_jahr_stevens_table(void **state) {
    (void)state;
    static const double table[][2] = {{-80, 0.024425}, {-70, 0.044471}, {-65, 0.059668}, {-60, 0.079626},
                                      {-50, 0.138544}, {-40, 0.230155}, {-30, 0.357224}, {-20, 0.508141},
                                      {0, 0.781182},   {40, 0.977080}};
    static const char *const models[] = {"nmda", "nmda_saturating"};
    for (size_t k = 0; k < RW_COUNT(models); k++)
        for (size_t row = 0; row < RW_COUNT(table); row++) {
            single receptor = single_create(RW_RECEPTOR, models[k], instant);
            single_set(&receptor, "g", 1.0);
            single_start(&receptor);
            assert_close(conductance(&receptor, table[row][0], 1.0, NULL), table[row][1], 0, 1e-6);
            rw_block_destroy(&receptor.block);
        }
}

static void half_of_the_channels_are_blocked_at_minus_20_525_mV(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "nmda", instant);
    single_start(&receptor);
    double low = -60.0, high = 20.0;
    while (high - low > 1e-9) {
        single_set(&receptor, "g", 1.0);
        double middle = 0.5 * (low + high);
        if (conductance(&receptor, middle, 1.0, NULL) < 0.5)
            low = middle;
        else
            high = middle;
    }
    assert_close(low, -20.525, 0, 5e-4);
    rw_block_destroy(&receptor.block);
}

static void without_magnesium_nothing_is_blocked(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "nmda", instant);
    single_set(&receptor, "Mg", 0.0);
    single_set(&receptor, "g", 0.7);
    single_start(&receptor);
    assert_close(conductance(&receptor, -90.0, 1.0, NULL), 0.7, 1e-8, 0);
    rw_block_destroy(&receptor.block);
}

/* The mean of g over [0, 0.1 ms] by Simpson's rule on the exact course of the conductance. */
static void conductance_is_the_mean_over_the_step(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "nmda", h);
    single_set(&receptor, "Mg", 0.0);
    single_set(&receptor, "g", 0.7);
    single_set(&receptor, "dg", 3.0);
    single_start(&receptor);
    double mean = 0.0;
    enum { N = 200 };
    for (int k = 0; k <= N; k++) {
        double t = h * k / N, r = exp(-t / 2.0), d = exp(-t / 100.0);
        mean += (k == 0 || k == N ? 1.0
                 : k % 2          ? 4.0
                                  : 2.0) *
                (0.7 * d + 3.0 * (d - r) / (1 / 2.0 - 1 / 100.0)) / (3.0 * N);
    }
    assert_close(conductance(&receptor, -90.0, 1.0, NULL), mean, 1e-11, 0);
    rw_block_destroy(&receptor.block);
    receptor = single_create(RW_RECEPTOR, "ampa", h);
    single_set(&receptor, "g", 1.0);
    single_start(&receptor);
    assert_close(conductance(&receptor, 0.0, 1.0, NULL), (1.0 - exp(-h / 2.0)) * 2.0 / h, 1e-14, 0);
    rw_block_destroy(&receptor.block);
}

static void a_blockade_scales_conductance_and_current_alike(void **state) {
    (void)state;
    static const char *const models[] = {"ampa", "nmda", "nmda_saturating", "gaba_a", "gaba_b"};
    for (size_t k = 0; k < RW_COUNT(models); k++) {
        single receptor = single_create(RW_RECEPTOR, models[k], h);
        single_set(&receptor, "E_rev", -11.0);
        single_set(&receptor, strcmp(models[k], "gaba_b") == 0 ? "G" : "g", 4.0);
        single_start(&receptor);
        single blocked = single_create(RW_RECEPTOR, models[k], h);
        single_set(&blocked, "E_rev", -11.0);
        single_set(&blocked, strcmp(models[k], "gaba_b") == 0 ? "G" : "g", 4.0);
        single_start(&blocked);
        double gE_full, gE_blocked;
        double full = conductance(&receptor, -40.0, 1.0, &gE_full);
        double rest = conductance(&blocked, -40.0, 0.25, &gE_blocked);
        assert_true(full > 0.0);
        assert_close(rest, 0.25 * full, 1e-15, 0);
        assert_close(gE_full, -11.0 * full, 1e-15, 0);
        assert_close(gE_blocked, -11.0 * rest, 1e-15, 0);
        rw_block_destroy(&receptor.block);
        rw_block_destroy(&blocked.block);
    }
}

static void a_conductance_jumps_by_its_weight_and_decays_exponentially(void **state) {
    (void)state;
    static const char *const models[] = {"ampa", "gaba_a", "nmda_saturating"};
    for (size_t k = 0; k < RW_COUNT(models); k++) {
        single receptor = single_create(RW_RECEPTOR, models[k], h);
        single_set(&receptor, "tau_decay", 30.0);
        single_start(&receptor);
        step_receptor(&receptor, 6.5);
        assert_close(single_get(&receptor, "g"), 6.5, 0, 0);
        for (int step = 0; step < 300; step++)
            step_receptor(&receptor, 0.0);
        assert_close(single_get(&receptor, "g"), 6.5 * exp(-1.0), 1e-12, 0);
        rw_block_destroy(&receptor.block);
    }
}

static void nmda_peaks_at_its_weight_and_follows_two_exponentials(void **state) {
    (void)state;
    static const double taus[][2] = {{2.0, 100.0}, {15.0, 150.0}, {5.0, 5.0}, {40.0, 40.000001}};
    for (size_t k = 0; k < RW_COUNT(taus); k++) {
        double rise = taus[k][0], decay = taus[k][1], fine = 0.01;
        single receptor = single_create(RW_RECEPTOR, "nmda", fine);
        single_set(&receptor, "tau_rise", rise);
        single_set(&receptor, "tau_decay", decay);
        single_start(&receptor);
        step_receptor(&receptor, 0.75);
        double peak = rise * decay / (decay - rise) * log(decay / rise);
        double largest = 0.0;
        for (int step = 1; step <= 12000; step++) {
            step_receptor(&receptor, 0.0);
            double t = step * fine, g = single_get(&receptor, "g");
            largest = g > largest ? g : largest;
            double shape = decay - rise > 1.0
                               ? (exp(-t / decay) - exp(-t / rise)) / (exp(-peak / decay) - exp(-peak / rise))
                               : t / decay * exp(1.0 - t / decay);
            assert_close(g, 0.75 * shape, decay - rise > 1.0 ? 1e-11 : 1e-6, 1e-12);
        }
        assert_close(largest, 0.75, 1e-5, 0);
        rw_block_destroy(&receptor.block);
    }
}

/* The published GABA-B kinetics with transmitter pulses of 0.3 ms, by Runge-Kutta at 0.5 us. Returns the peak of
 * G^4 / (G^4 + 100) over `until` ms. */
static double published_gaba_b(const double *spike_ms, size_t n_spikes, double until) {
    const double dt = 5e-4, K1 = 0.52, K2 = 0.0013, K3 = 0.098, K4 = 0.033;
    double R = 0.0, G = 0.0, peak = 0.0;
    for (size_t step = 0; (double)step * dt < until; step++) {
        double t = ((double)step + 0.5) * dt, T = 0.0;
        for (size_t k = 0; k < n_spikes; k++)
            if (t >= spike_ms[k] && t < spike_ms[k] + 0.3)
                T = 0.5;
        double r1 = K1 * T * (1.0 - R) - K2 * R, g1 = K3 * R - K4 * G;
        double Rm = R + 0.5 * dt * r1, Gm = G + 0.5 * dt * g1;
        R += dt * (K1 * T * (1.0 - Rm) - K2 * Rm);
        G += dt * (K3 * Rm - K4 * Gm);
        double G4 = G * G * G * G, open = G4 / (G4 + 100.0);
        peak = open > peak ? open : peak;
    }
    return peak;
}

static double event_gaba_b(const double *spike_ms, size_t n_spikes, double until) {
    single receptor = single_create(RW_RECEPTOR, "gaba_b", h);
    single_set(&receptor, "g_max", 3.0);
    single_start(&receptor);
    double peak = 0.0;
    for (int step = 0; step * h < until; step++) {
        double weight = 0.0;
        for (size_t k = 0; k < n_spikes; k++)
            if (fabs((step + 1) * h - spike_ms[k]) < 0.01)
                weight = 3.0;
        step_receptor(&receptor, weight);
        double G = single_get(&receptor, "G"), G4 = G * G * G * G;
        peak = fmax(peak, G4 / (G4 + 100.0));
    }
    single_set(&receptor, "G", 10.0);
    assert_close(conductance(&receptor, -65.0, 1.0, NULL), 3.0 * 1e4 / (1e4 + 100.0), 1e-14, 0);
    rw_block_destroy(&receptor.block);
    return peak;
}

static void gaba_b_in_event_form_follows_the_published_kinetics(void **state) {
    (void)state;
    static const double spikes[] = {10, 15, 20, 25, 30, 35, 40, 45, 50, 55};
    double peak = 0.0;
    for (size_t n = 1; n <= 10; n += 3) {
        double event = event_gaba_b(spikes, n, 400.0);
        assert_close(event, published_gaba_b(spikes, n, 400.0), 0.01, 0);
        if (n > 1)
            assert_true(event > 1.5 * (double)n / ((double)n - 3.0) * peak); /* far more than in proportion */
        peak = event;
    }
}

static void gaba_b_cannot_bind_more_receptors_than_there_are(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "gaba_b", h);
    single_start(&receptor);
    for (int step = 0; step < 100; step++) {
        step_receptor(&receptor, 1e6);
        assert_true(single_get(&receptor, "R") <= 1.0);
    }
    rw_block_destroy(&receptor.block);
}

static void receptors_that_inhibit_say_so(void **state) {
    (void)state;
    for (size_t k = 0; k < rw_registry_count(); k++) {
        const rw_model *model = rw_registry_at(k);
        if (model->kind == RW_RECEPTOR)
            assert_int_equal(model->receptor.inhibitory, strncmp(model->name, "gaba", 4) == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(magnesium_block_equals_the_jahr_stevens_table),
        cmocka_unit_test(half_of_the_channels_are_blocked_at_minus_20_525_mV),
        cmocka_unit_test(without_magnesium_nothing_is_blocked),
        cmocka_unit_test(conductance_is_the_mean_over_the_step),
        cmocka_unit_test(a_blockade_scales_conductance_and_current_alike),
        cmocka_unit_test(a_conductance_jumps_by_its_weight_and_decays_exponentially),
        cmocka_unit_test(nmda_peaks_at_its_weight_and_follows_two_exponentials),
        cmocka_unit_test(gaba_b_in_event_form_follows_the_published_kinetics),
        cmocka_unit_test(gaba_b_cannot_bind_more_receptors_than_there_are),
        cmocka_unit_test(receptors_that_inhibit_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
