/* IntFire1 against NEURON's own. */
#include "cell.h"
#include "table.h"

static const double h = 0.1, weights[] = {0.15, 0.3, -0.1, 0.45};

/* The weight of the spike that arrives at a step (references/intfire1.py), or 0. */
static double arriving(size_t step) {
    size_t k = (step * step * step + 5 * step) % 1009 % 23;
    return k < RW_COUNT(weights) ? weights[k] : 0.0;
}

static void the_sum_and_the_spikes_are_those_of_neuron(void **state) {
    (void)state;
    static table reference;
    table_read(&reference, "intfire1.txt");
    cell c = cell_create("intfire1", h);
    single_set(&c.neuron, "tau", 12.0);
    single_set(&c.neuron, "refrac", 2.03);
    cell_start(&c);
    size_t step = 0;
    double spikes = 0.0;
    for (size_t row = 0; row < reference.rows; row++) {
        const double *expected = reference.value[row];
        for (; (double)(step + 1) * h < expected[0]; step++) {
            single_set(&c.neuron, "w", arriving(step + 1));
            spikes += cell_step(&c);
        }
        double since = expected[0] - (double)step * h; /* the table is between two steps */
        assert_close(spikes, expected[2], 0, 0);
        assert_close(single_get(&c.neuron, "V_m") * exp(-since / 12.0), expected[1], 0, 1e-7);
    }
    assert_true(spikes > 30.0);
    cell_destroy(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_sum_and_the_spikes_are_those_of_neuron)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
