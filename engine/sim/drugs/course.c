#include "sim/drugs/course.h"

#include <math.h>

#include "model/registry.h"
#include "net/receptor_instances.h"
#include "sim/drugs/dosing.h"

#define MS_PER_HOUR 3.6e6

enum { POINTS = 2000 };

/* A value of the course at an hour. */
typedef double (*value_at)(const rw_course *course, size_t which, double t_h);

static double plasma_at(const rw_course *course, size_t species, double t_h) {
    rw_kinetics_state state = rw_kinetics_at(course->drug.kinetics, t_h);
    return rw_kinetics_plasma(course->drug.kinetics, &state, species);
}

static double level_at(const rw_course *course, size_t unused, double t_h) {
    (void)unused;
    return rw_drug_level_at(&course->drug, t_h, &(rw_segment){0});
}

/* The peak between two points of a grid, by golden section: there is at most one between doses. */
static void refine(const rw_course *course, value_at value, size_t which, double low, double high, rw_peak *peak) {
    const double golden = 0.5 * (sqrt(5.0) - 1.0);
    for (int k = 0; k < 40; k++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        double at_left = value(course, which, left), at_right = value(course, which, right);
        if (fmax(at_left, at_right) > peak->value)
            *peak = at_left > at_right ? (rw_peak){at_left, left} : (rw_peak){at_right, right};
        *(at_left > at_right ? &high : &low) = at_left > at_right ? right : left;
    }
}

/* The highest at the points of a table, between which the level is constant or a straight line. */
static rw_peak find_peak_of_table(const rw_course *course, value_at value, size_t which, double from_h, double to_h,
                                  rw_peak peak) {
    const rw_schedule *level = &course->drug.spec->level;
    for (size_t k = 0; k < level->count; k++) {
        const double t_h = (double)level->step[k] * course->drug.scenario->step_ms / MS_PER_HOUR;
        const double here = t_h >= from_h && t_h <= to_h ? value(course, which, t_h) : 0.0;
        peak = here > peak.value ? (rw_peak){here, t_h} : peak;
    }
    return peak;
}

/* Peaks lie at the end of an infusion or at a bolus, which are events, or between two points of the grid. */
static rw_peak find_peak(const rw_course *course, value_at value, size_t which, double from_h, double to_h) {
    rw_peak peak = {value(course, which, from_h), from_h};
    const rw_kinetics *kinetics = course->drug.kinetics;
    double width = (to_h - from_h) / POINTS;
    for (int k = 1; k <= POINTS; k++) {
        double t_h = from_h + width * k, here = value(course, which, t_h);
        peak = here > peak.value ? (rw_peak){here, t_h} : peak;
    }
    if (peak.value > 0.0)
        refine(course, value, which, fmax(from_h, peak.at_h - width), fmin(to_h, peak.at_h + width), &peak);
    if (kinetics == NULL)
        return find_peak_of_table(course, value, which, from_h, to_h, peak);
    for (size_t e = 0; e < kinetics->n_events && kinetics->event_h[e] <= to_h; e++) {
        if (kinetics->event_h[e] < from_h)
            continue;
        double here = value(course, which, kinetics->event_h[e]);
        peak = here >= peak.value * (1.0 - 1e-12) ? (rw_peak){here, kinetics->event_h[e]} : peak;
    }
    return peak;
}

double rw_course_peak(const rw_course *course, double from_ms, double until_ms) {
    const double hours_per_ms = 1.0 / MS_PER_HOUR;
    const double from_h = from_ms * hours_per_ms, until_h = until_ms * hours_per_ms;
    const double before_h = until_h - 1e-9 * (until_h - from_h); /* a dose at the end is not in it */
    return find_peak(course, level_at, 0, from_h, before_h).value;
}

/* The resting potential of cells, if their model defines it. */
static double resting_mV(const rw_population_spec *population) {
    size_t field = rw_model_field(population->model, "E_L");
    double V_m = field != RW_NO_FIELD ? population->model->fields[field].value : -65.0;
    for (size_t k = 0; k < population->n_settings; k++)
        if (population->settings[k].field == field)
            V_m = population->settings[k].value.kind == RW_TABLE ? V_m : population->settings[k].value.a;
    return V_m;
}

static rw_err add_receptor(rw_course *course, const rw_scenario *scenario, uint32_t index, size_t receptor,
                           rw_glun2 subunit) {
    const rw_population_spec *population = &scenario->populations[index];
    rw_course_receptor *added = &course->receptors[course->n_receptors];
    rw_block block;
    *added = (rw_course_receptor){.population = index,
                                  .model = population->receptors[receptor].model,
                                  .subunit = subunit,
                                  .share = population->glun2[subunit],
                                  .V_m = resting_mV(population)};
    RW_TRY(rw_drug_action(&added->action, course->drug.spec, subunit, scenario->step_ms));
    course->n_receptors++;
    RW_TRY(rw_receptor_typical(&block, scenario, population, receptor, subunit));
    added->magnesium = rw_receptor_magnesium(&block, 0, added->V_m);
    rw_block_destroy(&block);
    return RW_OK;
}

/* Whether a drug acts on a receptor of a population, on all its synapses or on some. */
static bool acts(const rw_scenario *scenario, const rw_drug_spec *spec, uint32_t population, const rw_model *model) {
    const rw_places *places = rw_drug_places(spec, model);
    bool acts = places != NULL && places->on_population[population];
    for (size_t k = 0; places != NULL && k < scenario->n_projections; k++)
        acts = acts || (places->on_projection[k] && scenario->projections[k].target == population);
    return acts;
}

static rw_err add_receptors(rw_course *course, const rw_scenario *scenario) {
    size_t most = 0;
    for (size_t p = 0; p < scenario->n_populations; p++)
        most += scenario->populations[p].n_receptors * RW_GLUN2_COUNT;
    RW_TRY(RW_NEW(course->receptors, most, "drugs"));
    for (uint32_t p = 0; p < scenario->n_populations; p++) {
        const rw_population_spec *population = &scenario->populations[p];
        for (size_t r = 0; r < population->n_receptors; r++)
            for (rw_glun2 s = RW_GLUN2A; s < RW_GLUN2_COUNT; s++)
                if (population->glun2[s] > 0.0 && acts(scenario, course->drug.spec, p, population->receptors[r].model))
                    RW_TRY(add_receptor(course, scenario, p, r, s));
    }
    return RW_OK;
}

double rw_course_blocked(const rw_course *course, size_t receptor, double level_uM) {
    const rw_course_receptor *r = &course->receptors[receptor];
    return rw_drug_occupancy(course->drug.spec, &r->action, level_uM, r->V_m, r->magnesium);
}

static void find_blocks(rw_course *course) {
    for (size_t r = 0; r < course->n_receptors; r++) {
        rw_segment segment = {0};
        double sum = 0.0;
        for (int k = 0; k < POINTS; k++)
            sum += rw_course_blocked(course, r,
                                     rw_drug_level_at(&course->drug, course->end_h * (k + 0.5) / POINTS, &segment));
        course->receptors[r].mean = sum / POINTS;
        course->receptors[r].peak = rw_course_blocked(course, r, course->level.value);
    }
}

rw_err rw_course_create(rw_course *course, const rw_scenario *scenario, size_t index) {
    *course = (rw_course){.end_h = rw_drug_hours(scenario, scenario->n_steps)};
    RW_TRY(rw_drug_create(&course->drug, scenario, index));
    for (size_t s = 0; s < rw_drug_species(&course->drug); s++)
        course->plasma[s] = find_peak(course, plasma_at, s, 0.0, course->end_h);
    course->level = find_peak(course, level_at, 0, 0.0, course->end_h);
    rw_err err = add_receptors(course, scenario);
    if (err == RW_OK)
        find_blocks(course);
    else
        rw_course_destroy(course);
    return err;
}

void rw_course_destroy(rw_course *course) {
    for (size_t r = 0; r < course->n_receptors; r++)
        rw_block_destroy(&course->receptors[r].action);
    rw_free(course->receptors);
    *course = (rw_course){0};
}

const char *rw_drug_warning(const rw_drug_spec *spec) {
    rw_assay needs = spec->action->action.assay;
    if (needs == RW_MG_FREE && spec->assay == RW_IN_MG)
        return "counts magnesium twice: its constants were measured in magnesium, and the action lets magnesium "
               "compete "
               "again, so the block at rest is up to 16 times too weak; take constants: mg_free";
    if (needs == RW_IN_MG && spec->assay == RW_MG_FREE)
        return "leaves out magnesium: its constants were measured without, and the action knows none, so the block at "
               "rest is up to 16 times too strong; take constants: in_mg, or the action mg_competitive";
    return NULL;
}
