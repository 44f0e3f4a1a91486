/* The saturating NMDA gate in event form against the equations it stands for. */
#include "base/random.h"
#include "cell.h"

static const double alpha = 0.5, tau_rise = 2.0, tau_decay = 100.0;

static double jump(single *receptor, double *gate, double elapsed_ms) {
    rw_chunk chunk = single_chunk(receptor);
    return receptor->block.model->receptor.presynaptic_jump(&chunk, gate, elapsed_ms);
}

static void the_jump_constants_are_the_published_ones(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "nmda_saturating", 0.1);
    single_start(&receptor);
    assert_close(single_get(&receptor, "k0"), 0.648417, 0, 1e-5);
    assert_close(single_get(&receptor, "k1"), -0.632121, 0, 1e-5);
    rw_block_destroy(&receptor.block);
}

/* k0 by Simpson's rule: z^(1-a) times the integral of t^(a-1) e^-t from 0 to z, with t = z u^(1/a) to tame the origin.
 */
static double jump_by_quadrature(double rate, double rise, double decay) {
    double z = rate * rise, a = 1.0 - rise / decay, sum = 0.0;
    enum { PANELS = 20000 };
    for (int k = 0; k <= PANELS; k++) {
        double u = (double)k / PANELS;
        double weight = k == 0 || k == PANELS ? 1.0 : (k % 2 == 1 ? 4.0 : 2.0);
        sum += weight * exp(-z * pow(u, 1.0 / a));
    }
    return z / a * sum / (3.0 * PANELS);
}

static void the_jump_constant_equals_its_integral_for_other_parameters(void **state) {
    (void)state;
    static const double sets[][3] = {{0.5, 2, 100}, {1.0, 2, 80}, {0.1, 1, 50}, {5.0, 5, 60}, {10.0, 50, 500}};
    for (size_t k = 0; k < RW_COUNT(sets); k++) {
        single receptor = single_create(RW_RECEPTOR, "nmda_saturating", 0.1);
        single_set(&receptor, "alpha", sets[k][0]);
        single_set(&receptor, "tau_rise", sets[k][1]);
        single_set(&receptor, "tau_decay", sets[k][2]);
        single_start(&receptor);
        assert_close(single_get(&receptor, "k0"), jump_by_quadrature(sets[k][0], sets[k][1], sets[k][2]), 1e-6, 0);
        rw_block_destroy(&receptor.block);
    }
}

static void the_gate_decays_between_spikes_and_jumps_at_them(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "nmda_saturating", 0.1);
    single_start(&receptor);
    double gate = 0.0;
    double first = jump(&receptor, &gate, 0.0);
    assert_close(first, 0.648417, 0, 1e-5);
    assert_close(gate, first, 0, 0);
    double second = jump(&receptor, &gate, 50.0);
    double decayed = first * exp(-0.5);
    assert_close(second, 0.648417 - 0.632121 * decayed, 0, 1e-5);
    assert_close(gate, decayed + second, 1e-15, 0);
    rw_block_destroy(&receptor.block);
}

/* Mean of the gate over a Poisson train, in event form (result[0]) and from the equations (result[1]). */
static void mean_gate(single *receptor, double rate_hz, double result[2]) {
    const double until = 400000.0, dt = 0.05;
    rw_stream stream = rw_stream_of(7, RW_PURPOSE_POISSON, (uint32_t)rate_hz);
    uint64_t draw = 0;
    rw_bits bits = rw_draw(stream, 0, draw++);
    double next = -1000.0 / rate_hz * log(rw_uniform64(bits.word[0], bits.word[1]));
    double gate = 0.0, last = 0.0, event_area = 0.0, s = 0.0, x = 0.0, area = 0.0;
    for (uint64_t step = 0; (double)step * dt < until; step++) {
        double x_middle = x * exp(-0.5 * dt / tau_rise); /* exponential Euler with x at the middle of the step */
        double speed = 1.0 / tau_decay + alpha * x_middle;
        double target = alpha * x_middle / speed;
        s = target + (s - target) * exp(-dt * speed);
        area += s * dt;
        x *= exp(-dt / tau_rise);
        while (next <= ((double)step + 1.0) * dt) {
            event_area += gate * tau_decay * -expm1(-(next - last) / tau_decay);
            (void)jump(receptor, &gate, next - last);
            x += 1.0;
            last = next;
            bits = rw_draw(stream, 0, draw++);
            next -= 1000.0 / rate_hz * log(rw_uniform64(bits.word[0], bits.word[1]));
        }
    }
    result[0] = event_area / last;
    result[1] = area / until;
}

static void the_mean_gate_under_poisson_input_equals_the_equations(void **state) {
    (void)state;
    /* rate, mean of the event form as computed independently */
    static const double table[][2] = {{1, 0.061}, {3, 0.164}, {10, 0.397}, {20, 0.573}, {40, 0.735}, {80, 0.856}};
    single receptor = single_create(RW_RECEPTOR, "nmda_saturating", 0.1);
    single_start(&receptor);
    for (size_t row = 0; row < RW_COUNT(table); row++) {
        double mean[2];
        mean_gate(&receptor, table[row][0], mean);
        assert_close(mean[0], mean[1], 0.03, 0);
        assert_close(mean[0], table[row][1], row == 0 ? 0.08 : 0.03, 0); /* 400 s at 1 Hz leave 5 % of noise */
    }
    rw_block_destroy(&receptor.block);
}

static void the_conductance_is_the_weight_times_the_gate(void **state) {
    (void)state;
    const double h = 0.1, weight = 0.3;
    single receptor = single_create(RW_RECEPTOR, "nmda_saturating", h);
    single_start(&receptor);
    double gate = 0.0, V_m = -65.0, last = 0.0;
    for (int step = 0; step < 5000; step++) {
        double t = (step + 1) * h, g = 0.0, gE = 0.0;
        float arrivals = 0.0f;
        if (step % 170 == 0) {
            arrivals = (float)(weight * jump(&receptor, &gate, t - last));
            last = t;
        }
        rw_chunk chunk = single_chunk(&receptor);
        static const float no_drug = 0.0f;
        rw_receptor_io io = {&V_m, &arrivals, 0.0f, &no_drug, 1.0, &g, &gE, false, false};
        receptor.block.model->receptor.update(&chunk, &io);
        assert_close(single_get(&receptor, "g"), weight * gate * exp(-(t - last) / tau_decay), 1e-7,
                     0); /* jumps travel in single precision */
    }
    rw_block_destroy(&receptor.block);
}

static void a_gate_that_the_event_form_cannot_stand_for_is_refused(void **state) {
    (void)state;
    single receptor = single_create(RW_RECEPTOR, "nmda_saturating", 0.1);
    single_set(&receptor, "tau_rise", 20.0);
    assert_int_equal(rw_block_finish(&receptor.block, NULL), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "tau_decay must be at least ten times tau_rise"));
    rw_block_destroy(&receptor.block);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_jump_constants_are_the_published_ones),
        cmocka_unit_test(the_jump_constant_equals_its_integral_for_other_parameters),
        cmocka_unit_test(the_gate_decays_between_spikes_and_jumps_at_them),
        cmocka_unit_test(the_mean_gate_under_poisson_input_equals_the_equations),
        cmocka_unit_test(the_conductance_is_the_weight_times_the_gate),
        cmocka_unit_test(a_gate_that_the_event_form_cannot_stand_for_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
