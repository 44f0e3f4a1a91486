/* The GLIF cells against an adaptive integration of the published equations. */
#include "cell.h"
#include "table.h"

enum { MODEL, TIME, V_M, THRESHOLD_SPIKE, THRESHOLD_VOLTAGE, ASC_1, ASC_2, SPIKES };

static const double h = 0.1;

/* The reference's parameters (references/glif.py). */
static cell reference_cell(bool by_spikes, bool currents, bool adapts) {
    static const char *const keys[] = {"g",         "C_m",          "E_L",     "V_th",      "V_reset",
                                       "t_ref",     "th_spike_add", "asc_r_2", "tau_syn_1", "tau_syn_2",
                                       "tau_syn_3", "tau_syn_4",    "I_ext"};
    static const double values[] = {9.43, 58.72, -78.85, -51.68, -70.0,        3.7,  2.1,
                                    0.4,  5.5,   8.5,    2.8,    58.72 / 9.43, 270.0};
    cell c = cell_create("glif_psc", h);
    for (size_t k = 0; k < RW_COUNT(keys); k++)
        single_set(&c.neuron, keys[k], values[k]);
    single_set(&c.neuron, "spike_dependent_threshold", by_spikes);
    single_set(&c.neuron, "after_spike_currents", currents);
    single_set(&c.neuron, "adapting_threshold", adapts);
    cell_start(&c);
    return c;
}

/* The spikes that arrive at the end of a step, as in the reference. */
static void arrive(cell *c, size_t step) {
    single_set(&c->neuron, "syn_1", step % 170 == 20 ? 90.0 : 0.0);
    single_set(&c->neuron, "syn_2", step % 230 == 50 ? -60.0 : 0.0);
    single_set(&c->neuron, "syn_3", step % 110 == 5 ? 75.0 : 0.0);
    single_set(&c->neuron, "syn_4", step % 310 == 77 ? 40.0 : 0.0);
}

/* Runs model `number` and compares every row of its table. */
static void follow(const table *reference, double number, cell c, bool currents) {
    size_t step = 0, rows = 0;
    double spikes = 0.0;
    for (size_t row = 0; row < reference->rows; row++) {
        const double *expected = reference->value[row];
        if (expected[MODEL] != number)
            continue;
        for (; (double)step + 0.5 < expected[TIME] / h; step++) {
            arrive(&c, step);
            spikes += cell_step(&c);
        }
        rows++;
        assert_close(spikes, expected[SPIKES], 0, 0);
        assert_close(single_get(&c.neuron, "V_m"), expected[V_M], 0, 2e-8);
        assert_close(single_get(&c.neuron, "threshold_spike"), expected[THRESHOLD_SPIKE], 0, 2e-9);
        assert_close(single_get(&c.neuron, "threshold_voltage"), expected[THRESHOLD_VOLTAGE], 0, 2e-8);
        if (currents) {
            assert_close(single_get(&c.neuron, "asc_1"), expected[ASC_1], 0, 2e-8);
            assert_close(single_get(&c.neuron, "asc_2"), expected[ASC_2], 0, 2e-8);
        }
    }
    assert_true(rows == 150 && spikes > 4.0);
    cell_destroy(&c);
}

static void all_five_models_follow_the_reference(void **state) {
    (void)state;
    static const bool models[][3] = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}, {1, 1, 1}};
    static table reference;
    table_read(&reference, "glif.txt");
    for (size_t k = 0; k < RW_COUNT(models); k++)
        follow(&reference, (double)(k + 1), reference_cell(models[k][0], models[k][1], models[k][2]), models[k][1]);
}

/* th_voltage_decay = g / C_m is a pole of the closed form that NEST uses. */
static void a_threshold_as_slow_as_the_membrane_is_no_special_case(void **state) {
    (void)state;
    double at[2];
    for (size_t k = 0; k < 2; k++) {
        cell c = cell_create("glif_psc", h);
        single_set(&c.neuron, "spike_dependent_threshold", 1);
        single_set(&c.neuron, "after_spike_currents", 1);
        single_set(&c.neuron, "adapting_threshold", 1);
        single_set(&c.neuron, "th_voltage_decay", 9.43 / 58.72 * (1.0 + 1e-9 * (double)k));
        single_set(&c.neuron, "I_ext", 100.0);
        cell_start(&c);
        for (size_t step = 0; step < 100; step++)
            (void)cell_step(&c);
        at[k] = single_get(&c.neuron, "threshold_voltage");
        cell_destroy(&c);
    }
    assert_true(at[0] > 0.1);
    assert_close(at[0], at[1], 1e-7, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_five_models_follow_the_reference),
        cmocka_unit_test(a_threshold_as_slow_as_the_membrane_is_no_special_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
