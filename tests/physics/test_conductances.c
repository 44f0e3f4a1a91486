/* Receptors on a leaky cell against Brian2 and NEURON; the order of the scheme. */
#include "cell.h"
#include "table.h"

/* Spikes onto one receptor: arrival times (ms) and weight (nS). */
typedef struct {
    const char *receptor;
    double weight;
    double at[8];
    size_t n;
} train;

static const train brian2_trains[] = {
    {"ampa", 1.0, {10, 12.5, 30, 31, 32, 60}, 6},
    {"nmda", 2.0, {10, 30, 60, 62.5}, 4},
    {"gaba_a", 2.0, {40, 62}, 2},
};

static const train neuron_trains[] = {
    {"nmda", 1.5, {10, 30, 60, 62.5}, 4},
    {"gaba_a", 4.0, {20, 22.5, 90}, 3},
};

static cell reference_cell(const train *trains, size_t n, double I_e, double Mg, double step_ms) {
    cell c = cell_create("lif_cond", step_ms);
    single_set(&c.neuron, "C_m", 200.0);
    single_set(&c.neuron, "g_L", 10.0);
    single_set(&c.neuron, "E_L", -70.0);
    single_set(&c.neuron, "V_th", 900.0);
    single_set(&c.neuron, "I_e", I_e);
    for (size_t k = 0; k < n; k++) {
        single *receptor = cell_receptor(&c, trains[k].receptor);
        if (strcmp(trains[k].receptor, "nmda") == 0)
            single_set(receptor, "Mg", Mg);
        if (strcmp(trains[k].receptor, "gaba_a") == 0)
            single_set(receptor, "E_rev", -80.0);
    }
    cell_start(&c);
    return c;
}

static void advance(cell *c, const train *trains, double *t, double until, double h) {
    while (*t < until - 0.5 * h) {
        *t += h;
        for (size_t k = 0; k < c->n_receptors; k++)
            for (size_t spike = 0; spike < trains[k].n; spike++)
                if (fabs(*t - trains[k].at[spike]) < 0.5 * h)
                    c->arrivals[k] = (float)trains[k].weight;
        (void)cell_step(c);
    }
}

/* Compares the conductances with the table and returns the largest difference of V_m in mV. */
static double largest_difference(const char *name, const train *trains, size_t n, double I_e, double Mg, double h,
                                 double g_tolerance) {
    static table reference;
    table_read(&reference, name);
    assert_int_equal(reference.columns, 2 + n);
    cell c = reference_cell(trains, n, I_e, Mg, h);
    double t = 0.0, largest = 0.0;
    for (size_t row = 0; row < reference.rows; row++) {
        const double *expected = reference.value[row];
        advance(&c, trains, &t, expected[0], h);
        for (size_t k = 0; k < n; k++)
            assert_close(single_get(&c.receptors[k], "g"), expected[2 + k], g_tolerance, g_tolerance);
        largest = fmax(largest, fabs(single_get(&c.neuron, "V_m") - expected[1]));
    }
    cell_destroy(&c);
    return largest;
}

static double against_brian2(double h) {
    return largest_difference("conductances.txt", brian2_trains, RW_COUNT(brian2_trains), 50.0, 1.0, h, 1e-8);
}

static double against_neuron(double h) {
    return largest_difference("two_exponential.txt", neuron_trains, RW_COUNT(neuron_trains), 0.0, 0.0, h, 1e-6);
}

static void ampa_nmda_and_gaba_follow_brian2(void **state) {
    (void)state;
    assert_true(against_brian2(0.1) < 0.001);
    assert_true(against_brian2(0.01) < 0.0001);
}

static void two_exponential_conductances_follow_neuron(void **state) {
    (void)state;
    assert_true(against_neuron(0.1) < 0.0002);
    assert_true(against_neuron(0.01) < 0.0001);
}

/* Mean conductances make the scheme second order; the magnesium block at the start of the step is first order. */
static void halving_the_step_quarters_the_error_and_halves_that_of_the_block(void **state) {
    (void)state;
    double ratio = against_neuron(0.1) / against_neuron(0.05);
    assert_true(ratio > 3.5 && ratio < 4.5);
    ratio = against_brian2(0.1) / against_brian2(0.05);
    assert_true(ratio > 1.8 && ratio < 2.2);
}

static void a_constant_conductance_is_solved_exactly(void **state) {
    (void)state;
    cell c = cell_create("lif_cond", 0.5);
    single_set(&c.neuron, "V_th", 900.0);
    single_set(&c.neuron, "V_m", -64.0);
    cell_start(&c);
    single_set(&c.neuron, "I_ext", 30.0);
    single_set(&c.neuron, "g_syn", 5.0);
    single_set(&c.neuron, "gE_syn", 5.0 * -20.0);
    rw_chunk chunk = single_chunk(&c.neuron);
    double fired;
    c.neuron.block.model->neuron.update(&chunk, &fired);
    double g = 16.6667 + 5.0, V_inf = (16.6667 * -70.0 + 5.0 * -20.0 + 30.0) / g;
    assert_close(single_get(&c.neuron, "V_m"), V_inf + (-64.0 - V_inf) * exp(-0.5 * g / 250.0), 1e-14, 0);
    cell_destroy(&c);
}

static void half_a_blockade_is_half_the_weight(void **state) {
    (void)state;
    double V[2];
    for (int blocked = 0; blocked < 2; blocked++) {
        cell c = cell_create("lif_cond", 0.1);
        (void)cell_receptor(&c, "nmda");
        cell_start(&c);
        c.factor[0] = blocked ? 0.5 : 1.0;
        c.arrivals[0] = blocked ? 2.0 : 1.0;
        for (int step = 0; step < 300; step++)
            (void)cell_step(&c);
        V[blocked] = single_get(&c.neuron, "V_m");
        cell_destroy(&c);
    }
    assert_true(V[0] > -69.99);
    assert_close(V[0], V[1], 0, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ampa_nmda_and_gaba_follow_brian2),
        cmocka_unit_test(two_exponential_conductances_follow_neuron),
        cmocka_unit_test(halving_the_step_quarters_the_error_and_halves_that_of_the_block),
        cmocka_unit_test(a_constant_conductance_is_solved_exactly),
        cmocka_unit_test(half_a_blockade_is_half_the_weight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
