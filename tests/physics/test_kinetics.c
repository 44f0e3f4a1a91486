/* Doses to concentrations: published courses, closed forms, conservation, and independence of any step. */
#include <string.h>

#include "close.h"
#include "model/exponential.h"
#include "model/kinetics.h"
#include "model/registry.h"

static const double ng_per_umol = 237.73; /* ketamine base, ng/ml in 1 umol/l */

/* A model with its defaults (for `kg` of body mass) and intakes into compartments. */
static const rw_kinetics *solve(rw_arena *arena, const char *name, double kg, double ke0, const rw_intake *intakes,
                                size_t n) {
    const rw_model *model = rw_registry_find(RW_DRUG, name);
    assert_non_null(model);
    double x[64];
    for (size_t f = 0; f < model->n_fields; f++)
        x[f] = model->fields[f].value * pow(kg / model->drug.reference_kg, model->drug.allometry[f]);
    rw_kinetics *kinetics = NULL;
    static const rw_depot depot = {12.0};
    assert_ok(rw_kinetics_create(&kinetics, arena, model, x, &depot, 1, ke0, intakes, n));
    return kinetics;
}

/* 35 mg over 40 min: 0.5 mg/kg in 70 kg. */
static const rw_intake infusion = {0.0, 40.0 / 60.0, 35.0e3 / 237.73, 0};

static double plasma(const rw_kinetics *kinetics, double minutes, size_t species) {
    rw_kinetics_state state = rw_kinetics_at(kinetics, minutes / 60.0);
    return rw_kinetics_plasma(kinetics, &state, species);
}

/* Recomputed by other programs from the published constants, ng/ml. */
static void an_infusion_of_half_a_milligram_per_kilogram_follows_the_published_models(void **state) {
    (void)state;
    static const double minutes[] = {10, 20, 40, 60, 80, 110, 120, 180, 230, 480};
    static const struct {
        const char *model;
        double level[10];
    } rows[] = {
        {"kamp_2020", {154.5, 198.3, 253.0, 95.9, 73.7, 54.3, 49.9, 33.9, 26.7, 10.1}},
        {"domino_1984", {181.8, 209.6, 240.0, 55.1, 45.8, 38.1, 35.8, 24.9, 18.4, 4.06}},
        {"fanta_2015", {56.1, 98.0, 158.0, 103.8, 78.8, 59.5, 55.1, 36.6, 26.7, 7.73}},
        {"simons_2022", {195.1, 234.5, 288.6, 90.7, 62.9, 42.2, 38.2, 25.8, 20.9, 8.42}},
    };
    rw_arena *arena = NULL;
    assert_ok(rw_arena_create(&arena));
    for (size_t m = 0; m < RW_COUNT(rows); m++) {
        const rw_kinetics *kinetics = solve(arena, rows[m].model, 70.0, INFINITY, &infusion, 1);
        for (size_t k = 0; k < RW_COUNT(minutes); k++)
            assert_close(ng_per_umol * plasma(kinetics, minutes[k], 0), rows[m].level[k], 0.005, 0.0);
        assert_true(plasma(kinetics, 40.0, 0) > plasma(kinetics, 39.9, 0));
        assert_true(plasma(kinetics, 40.0, 0) > plasma(kinetics, 40.1, 0));
    }
    const rw_kinetics *bolus =
        solve(arena, "kamp_2020", 70.0, INFINITY, &(rw_intake){0.0, 0.0, 140.0e3 / 237.73, 0}, 1);
    static const double after[][2] = {{5, 2084}, {10, 1012}, {15, 665}, {30, 432}};
    for (size_t k = 0; k < RW_COUNT(after); k++)
        assert_close(ng_per_umol * plasma(bolus, after[k][0], 0), after[k][1], 0.005, 0.0);
    rw_arena_destroy(&arena);
}

/* Racemate at 0.28, 0.57 and 1.14 mg/kg/h for an hour each; arterial S-ketamine of volunteers, digitised, umol/l. */
static void three_rising_infusions_meet_the_levels_measured_in_volunteers(void **state) {
    (void)state;
    static const double measured[][2] = {{0.25, 0.114}, {0.5, 0.193}, {1.0, 0.270}, {1.5, 0.429},
                                         {2.0, 0.524},  {2.5, 0.942}, {3.0, 1.046}, {3.167, 0.616},
                                         {3.5, 0.410},  {4.0, 0.333}, {5.0, 0.247}};
    static const double rate[] = {0.28, 0.57, 1.14};
    rw_arena *arena = NULL;
    assert_ok(rw_arena_create(&arena));
    rw_intake hours[3];
    for (size_t k = 0; k < 3; k++) /* half of the racemate is S */
        hours[k] = (rw_intake){(double)k, 1.0, 0.5 * 70.0 * rate[k] * 1e3 / 237.73, 0};
    const rw_kinetics *kinetics = solve(arena, "kamp_2020", 70.0, INFINITY, hours, 3);
    size_t close = 0;
    for (size_t k = 0; k < RW_COUNT(measured); k++)
        close += fabs(plasma(kinetics, 60.0 * measured[k][0], 0) / measured[k][1] - 1.0) < 0.10;
    assert_true(close > RW_COUNT(measured) / 2); /* the median error is below 10 % */
    rw_arena_destroy(&arena);
}

/* One compartment, by mouth and into the vein: the textbook's closed forms. */
static void one_compartment_equals_its_closed_forms(void **state) {
    (void)state;
    rw_arena *arena = NULL;
    assert_ok(rw_arena_create(&arena));
    const double V = 700.0, k = 8.1 / 700.0, ka = 12.0, ke0 = 20.0, dose = 100.0;
    const rw_kinetics *oral = solve(arena, "memantine_oral", 70.0, ke0, &(rw_intake){0.0, 0.0, dose, 1}, 1);
    for (double t = 0.01; t < 300.0; t *= 1.7) {
        rw_kinetics_state at = rw_kinetics_at(oral, t);
        double expected = dose * ka / (V * (ka - k)) * (exp(-k * t) - exp(-ka * t));
        assert_close(rw_kinetics_plasma(oral, &at, 0), expected, 1e-11, 0.0);
        double a = exp(-k * t) / ((ka - k) * (ke0 - k)), b = exp(-ka * t) / ((k - ka) * (ke0 - ka));
        double c = exp(-ke0 * t) / ((k - ke0) * (ka - ke0));
        assert_close(rw_kinetics_effect(oral, &at, 0), dose * ka * ke0 / V * (a + b + c), 1e-9, 1e-15);
    }
    const rw_kinetics *vein = solve(arena, "memantine_oral", 70.0, INFINITY, &(rw_intake){2.0, 5.0, dose, 0}, 1);
    assert_true(plasma(vein, 119.0, 0) == 0.0);
    assert_close(plasma(vein, 7.0 * 60.0, 0), dose / 5.0 / (V * k) * -expm1(-k * 5.0), 1e-12, 0.0);
    assert_close(plasma(vein, 40.0 * 60.0, 0), dose / 5.0 / (V * k) * -expm1(-k * 5.0) * exp(-k * 33.0), 1e-12, 0.0);
    rw_arena_destroy(&arena);
}

static void what_was_given_is_in_the_body_or_has_left_it(void **state) {
    (void)state;
    rw_arena *arena = NULL;
    assert_ok(rw_arena_create(&arena));
    const rw_intake intakes[] = {{0.0, 0.0, 10.0, 0}, {1.0, 0.5, 20.0, 0},   {1.2, 3.0, 5.0, 0},
                                 {30.0, 0.0, 7.0, 0}, {72.0, 2.0, 100.0, 0}, {72.0, 0.0, 3.0, RW_NOWHERE}};
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        if (model->kind != RW_DRUG || model->drug.flows == NULL)
            continue;
        const rw_kinetics *kinetics = solve(arena, model->name, 55.0, 20.0, intakes, RW_COUNT(intakes));
        for (double t = 0.05; t < 600.0; t *= 1.3) {
            double given = 0.0;
            for (size_t i = 0; i < RW_COUNT(intakes); i++) {
                double passed = t - intakes[i].at_h, over = intakes[i].over_h;
                double share = passed < 0.0 ? 0.0 : over == 0.0 ? 1.0 : fmin(passed / over, 1.0);
                given += share * intakes[i].amount_umol;
            }
            rw_kinetics_state at = rw_kinetics_at(kinetics, t);
            assert_close(rw_kinetics_in_body(kinetics, &at) + rw_kinetics_left(kinetics, &at), given, 1e-9, 0.0);
            for (size_t i = 0; i < kinetics->n; i++)
                assert_true(at.amount[i] >= 0.0);
        }
    }
    rw_arena_destroy(&arena);
}

/* Two half steps of the solver are one step: e^A = e^(A/2) e^(A/2), and a course in pieces is the course. */
static void concentrations_do_not_depend_on_how_time_is_cut(void **state) {
    (void)state;
    rw_arena *arena = NULL;
    assert_ok(rw_arena_create(&arena));
    const rw_kinetics *whole = solve(arena, "simons_2022", 70.0, 20.0, &infusion, 1);
    rw_intake cut[64]; /* the same infusion, said as many short ones: the solver stops at each */
    for (size_t k = 0; k < 64; k++)
        cut[k] =
            (rw_intake){infusion.over_h * (double)k / 64.0, infusion.over_h / 64.0, infusion.amount_umol / 64.0, 0};
    const rw_kinetics *parts = solve(arena, "simons_2022", 70.0, 20.0, cut, 64);
    const double weight[] = {1.0, 0.5, 0.25};
    for (double t = 0.02; t < 40.0; t *= 1.1) {
        rw_kinetics_state a = rw_kinetics_at(whole, t), b = rw_kinetics_at(parts, t);
        double sum = 0.0;
        for (size_t s = 0; s < 3; s++) {
            assert_close(rw_kinetics_effect(parts, &b, s), rw_kinetics_effect(whole, &a, s), 1e-12, 0.0);
            sum += weight[s] * rw_kinetics_effect(whole, &a, s);
        }
        rw_segment piece = rw_kinetics_segment(whole, weight, t);
        assert_true(piece.from_h <= t && t < piece.to_h);
        assert_close(rw_segment_at(&piece, t), sum, 1e-12, 0.0);
    }
    rw_arena_destroy(&arena);
}

/* Salt taken for base is a classic error: it must move the table above by far more than its tolerance. */
static void salt_taken_for_base_would_be_seen(void **state) {
    (void)state;
    const rw_model *ketamine = rw_registry_find(RW_COMPOUND, "ketamine");
    double base = ketamine->fields[rw_model_field(ketamine, "molar_mass")].value;
    double salt = ketamine->fields[rw_model_field(ketamine, "salt_mass")].value;
    assert_close(salt / base, 1.153, 5e-4, 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_infusion_of_half_a_milligram_per_kilogram_follows_the_published_models),
        cmocka_unit_test(three_rising_infusions_meet_the_levels_measured_in_volunteers),
        cmocka_unit_test(one_compartment_equals_its_closed_forms),
        cmocka_unit_test(what_was_given_is_in_the_body_or_has_left_it),
        cmocka_unit_test(concentrations_do_not_depend_on_how_time_is_cut),
        cmocka_unit_test(salt_taken_for_base_would_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
