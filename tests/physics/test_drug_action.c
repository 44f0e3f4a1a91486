/* Drugs on receptors: published affinities, closed forms, trapping, and doses from a scenario to the blocked share. */
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "config/parse.h"
#include "sim/drugs/dosing.h"

static const double C_uM[] = {0.36, 0.43, 0.778, 5.0, 10.0};

/* The action of a compound on a subunit, with up to one constant of its own. */
static rw_block action_of(const char *compound, const char *action, rw_glun2 subunit, const char *field, double value) {
    const rw_model *model = rw_registry_find(RW_ACTION, action);
    assert_non_null(model);
    rw_setting setting = {0};
    if (field != NULL)
        setting = (rw_setting){rw_model_field(model, field), {.kind = RW_CONSTANT, .a = value}};
    rw_drug_spec spec = {.compound = rw_registry_find(RW_COMPOUND, compound),
                         .action = model,
                         .assay = model->action.assay,
                         .action_settings = &setting,
                         .n_action_settings = field != NULL};
    rw_block block;
    assert_ok(rw_drug_action(&block, &spec, subunit, 0.1));
    return block;
}

static double left(rw_block *block, double conc_uM) {
    double *x[CELL_FIELDS];
    rw_block_chunk(block, 0, x);
    return block->model->action.left(x, conc_uM);
}

/* Per cent of the channels that ketamine blocks: Kotermanski & Johnson's IC50 in 1 mM magnesium, Hill coefficient 1. */
static void a_therapeutic_level_blocks_a_tenth_of_2A_and_2B_and_a_third_of_2C(void **state) {
    (void)state;
    static const double blocked[RW_GLUN2_COUNT][5] = {{6.3, 7.4, 12.7, 48.3, 65.1},
                                                      {6.6, 7.8, 13.3, 49.6, 66.3},
                                                      {23.4, 26.7, 39.7, 80.9, 89.4},
                                                      {10.9, 12.7, 20.9, 62.9, 77.2}};
    for (rw_glun2 subunit = RW_GLUN2A; subunit < RW_GLUN2_COUNT; subunit++) {
        rw_block block = action_of("ketamine", "hill", subunit, NULL, 0.0);
        for (size_t k = 0; k < RW_COUNT(C_uM); k++)
            assert_close(100.0 * (1.0 - left(&block, C_uM[k])), blocked[subunit][k], 0.0, 0.051);
        rw_block_destroy(&block);
    }
}

static void half_is_left_at_the_IC50_and_a_ceiling_holds(void **state) {
    (void)state;
    rw_block block = action_of("ketamine", "hill", RW_GLUN2A, "n", 0.84);
    assert_close(left(&block, 5.35), 0.5, 1e-14, 0.0);
    assert_close(1.0 / left(&block, 0.778) - 1.0, pow(0.778 / 5.35, 0.84), 1e-13, 0.0);
    assert_close(left(&block, 0.0), 1.0, 0.0, 0.0);
    rw_block_destroy(&block);
    block = action_of("ifenprodil", "allosteric", RW_GLUN2B, NULL, 0.0);
    assert_close(left(&block, 1e5), 0.15, 5e-3, 0.0);  /* partial efficacy: 15 % stay */
    assert_close(left(&block, 0.2), 0.575, 3e-3, 0.0); /* at K with glutamate bound, half of that */
    rw_block_destroy(&block);
    block = action_of("ifenprodil", "allosteric", RW_GLUN2A, NULL, 0.0);
    assert_true(left(&block, 0.2) > 0.99);
    rw_block_destroy(&block);
    block = action_of("ap5", "competitive", RW_GLUN2A, NULL, 0.0);
    assert_true(left(&block, 50.0) < 0.01); /* 50 umol/l stops synaptic NMDA receptors */
    rw_block_destroy(&block);
    block = action_of("ap5", "competitive", RW_GLUN2A, "glutamate", 1000.0);
    double K_app = 0.3 * (1.0 + 1000.0 / 3.0); /* Schild: the agonist shifts the antagonist's IC50 */
    assert_close(left(&block, K_app), 0.5, 1e-13, 0.0);
    rw_block_destroy(&block);
}

/* Conductance of nmda with magnesium and a drug at V_m, relative to no drug. */
static double conducts(double Mg, double V_m, rw_block *action, double conc_uM) {
    single receptor = single_create(RW_RECEPTOR, "nmda", 1e-7);
    single_set(&receptor, "Mg", Mg);
    single_set(&receptor, "g", 1.0);
    single_start(&receptor);
    double g[2] = {0.0, 0.0}, gE = 0.0, *x[CELL_FIELDS];
    float arrivals = 0.0f;
    rw_block_chunk(action, 0, x);
    double slope = x[action->model->action.slope][0];
    for (int k = 0; k < 2; k++) {
        float drug = (float)(action->model->action.pore(x, conc_uM) * exp(-slope * V_m));
        rw_chunk chunk = single_chunk(&receptor);
        rw_receptor_io io = {&V_m, &arrivals, (float)k, &drug, 1.0, &g[k], &gE, false, false};
        receptor.block.model->receptor.update(&chunk, &io);
        single_set(&receptor, "g", 1.0);
    }
    rw_block_destroy(&receptor.block);
    return g[1] / g[0];
}

static void magnesium_shifts_the_IC50_of_a_drug_in_the_pore(void **state) {
    (void)state;
    rw_block block = action_of("ketamine", "mg_competitive", RW_GLUN2A, NULL, 0.0);
    assert_close(conducts(0.0, -66.0, &block, 0.33), 0.5, 1e-6, 0.0);
    double shift = 1.0 + exp(0.062 * 66.0) / 3.57;
    assert_close(shift, 17.8, 2e-3, 0.0); /* Kotermanski measured 16 */
    assert_close(conducts(1.0, -66.0, &block, 0.33 * shift), 0.5, 1e-6, 0.0);
    assert_close(conducts(1.0, 0.0, &block, 0.33 * (1.0 + 1.0 / 3.57)), 0.5, 1e-6, 0.0);
    rw_block_destroy(&block);
}

static void the_receptors_own_magnesium_can_be_asked_for(void **state) {
    (void)state;
    static const char *const names[] = {"nmda", "nmda_saturating"};
    for (size_t k = 0; k < RW_COUNT(names); k++) {
        single receptor = single_create(RW_RECEPTOR, names[k], 0.1);
        single_start(&receptor);
        for (double V_m = -90.0; V_m < 50.0; V_m += 20.0)
            assert_close(rw_receptor_magnesium(&receptor.block, 0, V_m), exp(-0.062 * V_m) / 3.57, 1e-6,
                         1e-6); /* the share is of single precision */
        rw_block_destroy(&receptor.block);
    }
}

/* Gilling et al. 2009 at 22 C: 0.71 umol/l at -70 mV with delta 0.79. */
static void depolarisation_lets_the_drug_out(void **state) {
    (void)state;
    static const double table[][2] = {{-70.0, 0.71}, {-50.0, 1.32}, {-20.0, 3.36}, {0.0, 6.26}};
    const rw_model *model = rw_registry_find(RW_ACTION, "woodhull");
    rw_block block;
    assert_ok(rw_block_create(&block, model, 1, 0.1));
    rw_block_fill(&block, rw_model_field(model, "K"), 0.71);
    rw_block_fill(&block, rw_model_field(model, "V_K"), -70.0);
    rw_block_fill(&block, rw_model_field(model, "RT_F"), 25.4);
    assert_ok(rw_block_finish(&block, NULL));
    for (size_t k = 0; k < RW_COUNT(table); k++)
        assert_close(conducts(0.0, table[k][0], &block, table[k][1]), 0.5, 3e-3, 0.0);
    rw_block_destroy(&block);
}

/* Lets the gates of receptors that are the `share` of a cell's be open in the share `open` at V_m for `seconds`,
 * without magnesium; returns the blocked share. */
static double trap_at(double V_m, double share, rw_block *block, double conc_uM, double open, double seconds) {
    double *x[CELL_FIELDS];
    rw_block_chunk(block, 0, x);
    rw_chunk one = {.n = 1, .step_ms = block->step_ms, .x = x, .homogeneous = true};
    float shape = (float)exp(-x[block->model->action.slope][0] * V_m);
    for (double t = 0.0; t < 1e3 * seconds - 1e-6; t += block->step_ms) {
        double gate = 20.0 * share * open, g = gate, gE = 0.0;
        block->model->action.update(&one, &(rw_action_io){conc_uM, 1.0, share, &gate, &shape, &g, &gE});
    }
    return x[block->model->action.blocked][0];
}

/* The same where the rates were measured, with one subunit. */
static double trap(rw_block *block, double conc_uM, double open, double seconds) {
    return trap_at(-70.0, 1.0, block, conc_uM, open, seconds);
}

static void trapping_block_comes_and_goes_with_use(void **state) {
    (void)state;
    rw_block block = action_of("ketamine", "trapping", RW_GLUN2A, NULL, 0.0);
    const double C = 0.778, K_d = 0.22 / 0.15, tau_s = 1.0 / (0.15 * C + 0.22);
    assert_close(K_d, 1.467, 1e-3, 0.0);
    assert_close(tau_s, 2.970, 1e-3, 0.0);
    double B_inf = C / (C + K_d);
    assert_close(trap(&block, C, 1.0, tau_s), B_inf * -expm1(-1.0), 1e-4, 0.0);
    double B = trap(&block, C, 1.0, 60.0);
    assert_close(B, B_inf, 1e-6, 0.0);
    assert_close(trap(&block, 0.0, 0.0, 100.0), B, 1e-14, 0.0); /* closed channels keep ketamine */
    assert_close(trap(&block, 0.0, 0.1, 10.0), B * exp(-10.0 * 0.1 * 0.22), 1e-4, 0.0);
    rw_block_destroy(&block);
    block = action_of("ketamine", "trapping", RW_GLUN2A, NULL, 0.0);
    assert_close(trap(&block, C, 0.01, 3000.0), B_inf, 1e-3, 0.0); /* whatever the use */
    rw_block_destroy(&block);
    block = action_of("ketamine", "trapping", RW_GLUN2A, NULL, 0.0);
    B = trap_at(-70.0, 0.4, &block, C, 3.0, tau_s); /* no more gates can open than there are, of a subunit its share */
    assert_close(B, B_inf * -expm1(-1.0), 1e-4, 0.0);
    rw_block_destroy(&block);
    block = action_of("memantine", "trapping", RW_GLUN2A, NULL, 0.0);
    B = trap(&block, 5.0, 1.0, 30.0);
    assert_close(trap(&block, 0.0, 0.0, 1.0), B * 5.0 / 6.0, 1e-5, 0.0); /* a sixth leaves on closing */
    rw_block_destroy(&block);
}

/* Depolarisation lets go, and a subunit that binds the drug less keeps it for a shorter time. */
static void trapped_drug_leaves_by_voltage_and_subunit(void **state) {
    (void)state;
    static const double relative[RW_GLUN2_COUNT] = {1.0, 0.31 / 0.33, 0.51 / 0.33, 0.83 / 0.33}; /* Kotermanski */
    for (rw_glun2 subunit = RW_GLUN2A; subunit < RW_GLUN2_COUNT; subunit++)
        for (double V_m = -70.0; V_m < 50.0; V_m += 35.0)
            for (double share = 0.4; share <= 1.0; share += 0.6) {
                rw_block block = action_of("ketamine", "trapping", subunit, NULL, 0.0);
                double *x[CELL_FIELDS];
                rw_block_chunk(&block, 0, x);
                double off = 0.22 * relative[subunit] * exp(0.79 * (V_m + 70.0) / 26.7), on = 0.15 * 0.778;
                double B_inf = on / (on + off), in_s = 1e-4 * round(2e4 / (on + off)), out_s = 1e-4 * round(4e4 / off);
                double B = B_inf * -expm1(-0.5 * (on + off) * in_s);
                assert_close(trap_at(V_m, share, &block, 0.778, 0.5, in_s), B, 1e-6, 0.0);
                assert_close(trap_at(V_m, share, &block, 0.0, 0.25, out_s), B * exp(-0.25 * off * out_s), 1e-6, 0.0);
                assert_close(block.model->action.equilibrium(x, 0.778, V_m, 0.0), B_inf, 1e-12, 0.0);
                assert_close(block.model->action.equilibrium(x, 0.778, V_m, 3.0), 0.25 * on / (0.25 * on + off), 1e-12,
                             0.0);
                rw_block_destroy(&block);
            }
}

static const char scenario_text[] = "rewire: 1\ntime: {step: %s, until: 3 h}\npopulations:\n"
                                    "  pyr: {model: lif_cond, count: 2, receptors: {nmda: {}}, glun2: {A: 1}}\n"
                                    "drugs: {%s: {model: %s, dose: %s, %s, body_mass: %s, %s}}\n";

/* What is at the receptor after 40 min. */
static double level_at_40_min(const char *step, const char *drug, const char *model, const char *dose, const char *how,
                              const char *mass, const char *more, rw_drug *solved, rw_scenario **scenario) {
    char text[1024];
    int length = snprintf(text, sizeof text, scenario_text, step, drug, model, dose, how, mass, more);
    assert_ok(rw_scenario_parse(scenario, "test", text, (size_t)length, NULL, 0));
    assert_ok(rw_drug_create(solved, *scenario, 0));
    rw_segment piece = {0};
    return rw_drug_level(solved, (uint64_t)(40.0 * 60e3 / (*scenario)->step_ms + 0.5), &piece);
}

#define INFUSION "over: 40 min"
#define NO_DELAY "constants: {half_life_ke0: 1e-3 min}"

static void a_dose_in_a_scenario_becomes_the_published_level_and_block(void **state) {
    (void)state;
    rw_drug drug;
    rw_scenario *scenario;
    double C =
        level_at_40_min("1 ms", "ketamine", "kamp_2020", "0.5 mg/kg", INFUSION, "70 kg", NO_DELAY, &drug, &scenario);
    assert_close(C, 0.53 * 253.0 / 237.73, 0.005, 0.0);
    rw_block block;
    assert_ok(rw_drug_action(&block, drug.spec, RW_GLUN2A, 1.0));
    double occupied = rw_drug_occupancy(drug.spec, &block, C, -65.0, 0.0), expected = C / (C + 5.35);
    assert_close(occupied, expected, 1e-12, 0.0);
    assert_close(occupied, 0.0954, 0.005, 0.0);
    rw_block_destroy(&block);
    rw_scenario_destroy(&scenario);
    /* The classic errors are far outside what is allowed above. */
    double salt = level_at_40_min("1 ms", "ketamine", "kamp_2020", "0.5 mg/kg", INFUSION ", form: salt", "70 kg",
                                  NO_DELAY, &drug, &scenario);
    assert_close(C / salt, 1.153, 5e-4, 0.0);
    rw_scenario_destroy(&scenario);
    double wrongly_free_of_mg = C / (C + 0.33), twice = 1.0 - (1.0 - expected) * (1.0 - expected);
    assert_true(fabs(wrongly_free_of_mg / 0.0954 - 1.0) > 0.5 && fabs(twice / 0.0954 - 1.0) > 0.5);
}

static void the_step_of_the_network_changes_no_concentration(void **state) {
    (void)state;
    static const char *const steps[] = {"0.1 ms", "0.05 ms", "0.025 ms"};
    double C[3];
    for (size_t k = 0; k < 3; k++) {
        rw_drug drug;
        rw_scenario *scenario;
        C[k] = level_at_40_min(steps[k], "esketamine", "simons_2022", "28 mg", INFUSION, "80 kg", "subject: 3", &drug,
                               &scenario);
        rw_scenario_destroy(&scenario);
    }
    assert_true(C[0] > 0.0);
    assert_close(C[1], C[0], 1e-12, 0.0);
    assert_close(C[2], C[0], 1e-12, 0.0);
}

/* Persons: lognormal with the published variances, correlated, the same whoever asks. */
static void persons_of_a_cohort_have_the_published_spread(void **state) {
    (void)state;
    enum { N = 4000 };
    double sum[2] = {0}, square[2] = {0}, product = 0.0, first = 0.0;
    rw_drug drug;
    rw_scenario *scenario;
    (void)level_at_40_min("1 ms", "esketamine", "fanta_2015", "35 mg", INFUSION, "70 kg", "subject: 1", &drug,
                          &scenario);
    for (uint64_t n = 1; n <= N; n++) {
        scenario->drugs[0].subject = n;
        assert_ok(rw_drug_create(&drug, scenario, 0));
        double V1 = log(drug.x[rw_model_field(drug.spec->model, "V1")] / 133.0);
        double CL = log(drug.x[rw_model_field(drug.spec->model, "CL")] / 95.2);
        first = n == 1 ? V1 : first;
        assert_true(n == 1 || V1 != first);
        sum[0] += V1, sum[1] += CL, square[0] += V1 * V1, square[1] += CL * CL, product += V1 * CL;
    }
    scenario->drugs[0].subject = 1;
    assert_ok(rw_drug_create(&drug, scenario, 0));
    assert_true(log(drug.x[rw_model_field(drug.spec->model, "V1")] / 133.0) == first);
    rw_scenario_destroy(&scenario);
    assert_close(sum[0] / N, 0.0, 0.0, 4.0 * sqrt(0.084 / N));
    assert_close(sum[1] / N, 0.0, 0.0, 4.0 * sqrt(0.026 / N));
    assert_close(square[0] / N, 0.084, 4.0 * sqrt(2.0 / N), 0.0);
    assert_close(square[1] / N, 0.026, 4.0 * sqrt(2.0 / N), 0.0);
    assert_close(product / N, 0.023, 4.0 * sqrt(2.0 / N) * sqrt(0.084 * 0.026) / 0.023, 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_therapeutic_level_blocks_a_tenth_of_2A_and_2B_and_a_third_of_2C),
        cmocka_unit_test(half_is_left_at_the_IC50_and_a_ceiling_holds),
        cmocka_unit_test(magnesium_shifts_the_IC50_of_a_drug_in_the_pore),
        cmocka_unit_test(the_receptors_own_magnesium_can_be_asked_for),
        cmocka_unit_test(depolarisation_lets_the_drug_out),
        cmocka_unit_test(trapping_block_comes_and_goes_with_use),
        cmocka_unit_test(trapped_drug_leaves_by_voltage_and_subunit),
        cmocka_unit_test(a_dose_in_a_scenario_becomes_the_published_level_and_block),
        cmocka_unit_test(the_step_of_the_network_changes_no_concentration),
        cmocka_unit_test(persons_of_a_cohort_have_the_published_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
