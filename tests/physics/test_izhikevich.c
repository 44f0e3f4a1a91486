/* Izhikevich's simple model against a plain transcription of the published network script. */
#include "base/random.h"
#include "cell.h"

/* One pass of the script's loop for one cell: spikes are found and reset at its beginning. */
static int published_step(double *v, double *u, double I, double a, double b, double c, double d) {
    int fired = *v >= 30;
    if (fired) {
        *v = c;
        *u = *u + d;
    }
    *v = *v + 0.5 * (0.04 * *v * *v + 5 * *v + 140 - *u + I);
    *v = *v + 0.5 * (0.04 * *v * *v + 5 * *v + 140 - *u + I);
    *u = *u + a * (b * *v - *u);
    return fired;
}

static const double kinds[][4] = {
    {0.02, 0.2, -65, 8},  /* regular spiking */
    {0.02, 0.2, -55, 4},  /* bursting */
    {0.02, 0.2, -50, 2},  /* chattering */
    {0.1, 0.2, -65, 2},   /* fast spiking */
    {0.02, 0.25, -65, 2}, /* low threshold */
};

static cell create(const double *kind, double step_ms) {
    cell c = cell_create("izhikevich", step_ms);
    single_set(&c.neuron, "a", kind[0]);
    single_set(&c.neuron, "b", kind[1]);
    single_set(&c.neuron, "c", kind[2]);
    single_set(&c.neuron, "d", kind[3]);
    single_set(&c.neuron, "U", kind[1] * -65.0);
    cell_start(&c);
    return c;
}

static void a_step_of_1_ms_is_the_published_script(void **state) {
    (void)state;
    for (size_t k = 0; k < RW_COUNT(kinds); k++) {
        cell c = create(kinds[k], 1.0);
        double v = -65.0, u = kinds[k][1] * -65.0;
        int spikes = 0;
        for (uint64_t step = 0; step < 2000; step++) {
            double I = 5.0 + 5.0 * rw_normal(rw_draw(rw_stream_of(3, RW_PURPOSE_NOISE, (uint32_t)k), 0, step));
            single_set(&c.neuron, "I_ext", I);
            int fired = cell_step(&c);
            (void)published_step(&v, &u, I, kinds[k][0], kinds[k][1], kinds[k][2], kinds[k][3]);
            /* the cell resets at the end of the step, the script at the beginning of the next */
            assert_int_equal(fired, v >= 30);
            assert_close(single_get(&c.neuron, "V_m"), fired ? kinds[k][2] : v, 1e-13, 0);
            assert_close(single_get(&c.neuron, "U"), fired ? u + kinds[k][3] : u, 1e-13, 0);
            spikes += fired;
        }
        assert_true(spikes > 20);
        cell_destroy(&c);
    }
}

static void a_spike_that_arrives_is_a_current_during_the_next_step(void **state) {
    (void)state;
    cell spike = create(kinds[0], 1.0), current = create(kinds[0], 1.0);
    single_set(&spike.neuron, "I", 7.0);
    (void)cell_step(&spike);
    (void)cell_step(&current);
    assert_close(single_get(&spike.neuron, "V_m"), single_get(&current.neuron, "V_m"), 0, 0);
    single_set(&spike.neuron, "I", 0.0);
    single_set(&current.neuron, "I_ext", 7.0);
    for (int step = 0; step < 5; step++) {
        (void)cell_step(&spike);
        (void)cell_step(&current);
        single_set(&current.neuron, "I_ext", 0.0);
        assert_close(single_get(&spike.neuron, "V_m"), single_get(&current.neuron, "V_m"), 0, 0);
    }
    cell_destroy(&spike);
    cell_destroy(&current);
}

/* V_m 10 ms after the start under a weak current, without a spike. */
static double V_after_10_ms(double step_ms) {
    cell c = create(kinds[0], step_ms);
    single_set(&c.neuron, "I_ext", 3.6);
    for (size_t step = 0; (double)step + 0.5 < 10.0 / step_ms; step++)
        assert_int_equal(cell_step(&c), 0);
    double V = single_get(&c.neuron, "V_m");
    cell_destroy(&c);
    return V;
}

static void shorter_steps_approach_the_equations(void **state) {
    (void)state;
    double v = -65.0, u = -13.0; /* the equations, by Runge-Kutta of order 2 at 1 us */
    const double dt = 1e-3;
    for (int step = 0; step < 10000; step++) {
        double vm = v + 0.5 * dt * (0.04 * v * v + 5.0 * v + 140.0 - u + 3.6);
        double um = u + 0.5 * dt * 0.02 * (0.2 * v - u);
        v += dt * (0.04 * vm * vm + 5.0 * vm + 140.0 - um + 3.6);
        u += dt * 0.02 * (0.2 * vm - um);
    }
    double coarse = fabs(V_after_10_ms(0.02) - v), fine = fabs(V_after_10_ms(0.01) - v);
    assert_true(fine < 0.01 && coarse / fine > 1.9 && coarse / fine < 2.1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_of_1_ms_is_the_published_script),
        cmocka_unit_test(a_spike_that_arrives_is_a_current_during_the_next_step),
        cmocka_unit_test(shorter_steps_approach_the_equations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
