/* Cells with excess elements delete as many synapses, each as likely. */
#include "sim/deletion/retraction.h"
#include "structural.h"

/* One cell with ten synapses, of its axon or its dendrite, must lose three, again and again with other seeds: each
 * synapse is as likely to go. */
static void expect_uniform_loss(bool of_axon) {
    enum { RUNS = 1000 };
    double lost[10] = {0}, expected[10];
    char yaml[2048];
    for (int seed = 1; seed <= RUNS; seed++) {
        (void)snprintf(yaml, sizeof yaml,
                       "rewire: 1\nseed: %d\ntime: {step: 0.1 ms, until: 10 s}\n"
                       "populations:\n  a: {model: lif_psc_exp, count: %d}\n  b: {model: lif_psc_exp, count: %d}\n"
                       "projections:\n  - {from: a, to: b, connect: {rule: all_to_all}, weight: 1 pA, delay: 1 ms, "
                       "receptors: {exc: 1}, "
                       "rewire: {}}\n"
                       "growth:\n  - {on: a.axon, model: linear, target: 0.05}\n  - {on: b.dendrite_exc, model: "
                       "linear, target: 0.05}\n"
                       "structure: {every: 1 s, vacant_decay: 0}\n",
                       seed, of_axon ? 1 : 10, of_axon ? 10 : 1);
        test_run run;
        rw_structural_plasticity *structural = structural_of(&run, yaml, 1 + seed % 3);
        rw_elements *elements =
            &structural->structure.cells[of_axon ? 0 : 1].elements[of_axon ? RW_AXON : RW_DENDRITE_EXC];
        assert_close(elements->z[0], 10.0, 0, 0);
        elements->z[0] = 7.5;
        const rw_connectivity_update update = rw_connectivity_update_at(structural, 10000);
        assert_ok(rw_retract_synapses(&update));
        assert_int_equal(structural->events.n, 3);
        assert_int_equal(elements->connected[0], 7);
        for (size_t e = 0; e < 3; e++) {
            assert_false(structural->events.items[e].created);
            assert_int_equal(structural->events.items[e].cause,
                             of_axon ? RW_CAUSE_RETRACTION_AXON : RW_CAUSE_RETRACTION_DENDRITE);
            lost[of_axon ? structural->events.items[e].target : structural->events.items[e].source] += 1.0;
        }
        assert_int_equal(rw_projection_count(&run.network->partition, &run.network->projections[0]), 7);
        rw_structural_plasticity_destroy(&structural);
        test_run_end(&run);
    }
    for (int k = 0; k < 10; k++)
        expected[k] = 3.0 * RUNS / 10;
    assert_true(chi_square(lost, expected, 10) < 9 + 5 * sqrt(18.0));
}

static void cells_with_excess_elements_delete_synapses_uniformly(void **state) {
    (void)state;
    expect_uniform_loss(true);
    expect_uniform_loss(false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_with_excess_elements_delete_synapses_uniformly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
