/* Calcium and synaptic elements follow their equations. */
#include "sim/elements/growth.h"
#include "structural.h"

static void calcium_follows_its_equation_between_ticks(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural = structural_of(&run, structural_plane, 1);
    uint64_t interval = structural->structure.spec->growth_every_steps;
    assert_int_equal(interval, 100);
    const uint64_t stamps[] = {1, 37, 100, 101, 250};
    double exact = 0.0;
    for (uint64_t tick = 1; tick <= 3; tick++) {
        for (size_t s = 0; s < 5; s++)
            if (stamps[s] > (tick - 1) * interval && stamps[s] <= tick * interval)
                rw_structure_spike(&structural->structure, 1, 7, stamps[s]);
        rw_structure_grow(&structural->structure, 0, tick * interval);
    }
    for (size_t s = 0; s < 5; s++)
        exact += 0.001 * exp(-(300.0 - (double)stamps[s]) * 0.1 / 10000.0);
    assert_close(structural->structure.cells[1].calcium[7], exact, 1e-12, 0);
    assert_close(structural->structure.cells[1].calcium[8], 0.0, 0, 0);
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

/* A target that changes over time: z' = nu (1 - c / (f eps)), and f is that of the tick's end. */
static void a_target_factor_moves_the_target(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural =
        structural_of(&run,
                      "rewire: 1\ntime: {step: 0.1 ms, until: 1 s}\n"
                      "populations: {a: {model: lif_psc_exp, count: 3}}\n"
                      "growth:\n  - {on: a.axon, model: linear, epsilon: 0.05, nu: 1e-3 /ms, "
                      "target_factor: {steps: [[0 s, 1], [20 ms, 0.8]]}}\n"
                      "structure: {every: 1 s, growth_every: 10 ms, tau_Ca: 1e9 s}\n",
                      1);
    double *z = structural->structure.cells[0].elements[RW_AXON].z, before = 2.0;
    structural->structure.cells[0].calcium[1] = 0.04;
    z[1] = before;
    for (uint64_t tick = 1; tick <= 3; tick++) {
        rw_structure_grow(&structural->structure, 0, 100 * tick);
        double factor = tick < 2 ? 1.0 : 0.8;
        assert_close(z[1] - before, 10.0 * 1e-3 * (1.0 - 0.04 / (factor * 0.05)), 0, 1e-12);
        before = z[1];
    }
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

static void a_fraction_of_an_element_does_not_decay(void **state) {
    (void)state;
    test_run run;
    rw_structural_plasticity *structural = structural_of(&run, structural_plane, 1);
    structural->structure.cells[0].elements[RW_AXON].z[0] = 0.9;
    for (uint64_t update = 1; update < 50; update++)
        assert_ok(rw_update_connectivity(structural, update * 10000));
    assert_close(structural->structure.cells[0].elements[RW_AXON].z[0], 0.9, 0, 0);
    rw_structural_plasticity_destroy(&structural);
    test_run_end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calcium_follows_its_equation_between_ticks),
        cmocka_unit_test(a_target_factor_moves_the_target),
        cmocka_unit_test(a_fraction_of_an_element_does_not_decay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
