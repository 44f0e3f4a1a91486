#include "study/comparison/dose_response.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/outcomes.h"

/* Share of the variance from which on the curve describes the points, and the Hill coefficient below which it does. */
#define CURVE_FITS 0.9
#define STEEPEST 10.0

enum { FEWEST = 4 };

/* ---- the doses ---- */

static double dose_in(const rw_cohort *cohort, size_t parameter, size_t row) {
    const rw_sweep *sweep = cohort->sweep;
    return sweep->points.points[row * sweep->plan->n_arms * cohort->n_units].numbers[parameter];
}

/* Whether the others go with this parameter: its values say the row of the design. Two rows of one dose would differ in
 * something that is not the dose. */
static bool says_row(const rw_cohort *cohort, size_t parameter) {
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const size_t n = cohort->n_groups / plan->n_arms;
    for (size_t i = 0; plan->design == RW_DESIGN_ZIP && i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (dose_in(cohort, parameter, i) == dose_in(cohort, parameter, j))
                return false;
    return plan->design == RW_DESIGN_ZIP;
}

static rw_err find_parameter(const rw_cohort *cohort, const char *name, size_t *parameter) {
    RW_CHECK(cohort->sweep != NULL, RW_ERR_INPUT, "--dose needs a sweep, which says the doses");
    const rw_sweep_plan *plan = cohort->sweep->plan;
    for (*parameter = 0; *parameter < plan->n_parameters; ++*parameter)
        if (strcmp(plan->parameters[*parameter].name, name) == 0)
            break;
    RW_CHECK(*parameter < plan->n_parameters && plan->parameters[*parameter].unit != NULL, RW_ERR_INPUT,
             "--dose %s: the sweep has no parameter of this name whose values are numbers of one quantity", name);
    for (size_t p = 0; p < plan->n_parameters; p++)
        RW_CHECK(p == *parameter || plan->parameters[p].n_levels == 1 || says_row(cohort, *parameter), RW_ERR_INPUT,
                 "--dose %s: %s varies too; a dose-response curve is fitted where nothing else varies, or goes with it "
                 "(design zip, each dose once)",
                 name, plan->parameters[p].name);
    return RW_OK;
}

rw_err rw_doses_find(const rw_cohort *cohort, const char *name, rw_doses *doses) {
    double *values = NULL;
    size_t *rows = NULL;
    RW_TRY(find_parameter(cohort, name, &doses->parameter));
    const size_t n = cohort->n_groups / cohort->sweep->plan->n_arms;
    RW_TRY(RW_ARENA_NEW(cohort->arena, rows, n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, values, n));
    for (size_t i = 0; i < n; i++) {
        const double dose = dose_in(cohort, doses->parameter, i);
        size_t at = i;
        RW_CHECK(dose >= 0.0, RW_ERR_INPUT, "--dose %s: %g is below 0", name, dose);
        for (; at > 0 && values[at - 1] > dose; at--) {
            values[at] = values[at - 1];
            rows[at] = rows[at - 1];
        }
        values[at] = dose;
        rows[at] = i;
    }
    RW_CHECK(n >= FEWEST, RW_ERR_INPUT, "--dose %s: %zu doses are too few for a curve with four parameters", name, n);
    doses->values = values;
    doses->rows = rows;
    doses->n = n;
    return RW_OK;
}

/* ---- one curve ---- */

/* Finds the first step from one dose to the next that rises beyond its interval, and the first that falls; n if there
 * is none. */
static rw_err find_turns(const rw_cohort *cohort, const double *effects, size_t n, uint64_t seed, size_t *rise,
                         size_t *fall) {
    double *steps = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, steps, cohort->n_units));
    *rise = *fall = n;
    for (size_t d = 0; d + 1 < n; d++) {
        rw_interval interval;
        size_t kept = 0;
        for (size_t u = 0; u < cohort->n_units; u++) {
            double step = effects[u * n + d + 1] - effects[u * n + d];
            if (!isnan(step))
                steps[kept++] = step;
        }
        RW_TRY(rw_bootstrap_mean(steps, kept, seed, &interval));
        if (interval.low > 0.0 && *rise == n)
            *rise = d;
        if (interval.high < 0.0 && *fall == n)
            *fall = d;
    }
    return RW_OK;
}

static rw_err judge(const rw_cohort *cohort, const rw_doses *doses, const double *effects, uint64_t seed,
                    rw_dose_curve *curve) {
    const char *const unit = cohort->sweep->plan->parameters[doses->parameter].unit;
    const double *at = doses->values;
    const rw_hill *hill = &curve->hill;
    char text[200] = "";
    size_t rise = 0, fall = 0;
    RW_TRY(find_turns(cohort, effects, doses->n, seed, &rise, &fall));
    const size_t first = rise < fall ? rise : fall, then = rise < fall ? fall : rise;
    if (!isfinite(hill->EC50))
        (void)snprintf(text, sizeof text, "no curve could be fitted");
    else if (rise < doses->n && fall < doses->n)
        (void)snprintf(text, sizeof text, "it %s from %.4g to %.4g %.40s and %s from %.4g to %.4g",
                       rise < fall ? "rises" : "falls", at[first], at[first + 1], unit, rise < fall ? "falls" : "rises",
                       at[then], at[then + 1]);
    else if (!(hill->r_squared > CURVE_FITS))
        (void)snprintf(text, sizeof text, "it explains only %.0f %% of the variance",
                       100.0 * fmax(hill->r_squared, 0.0));
    else if (hill->h > STEEPEST)
        (void)snprintf(text, sizeof text, "it is a step between two doses");
    return text[0] == '\0' ? RW_OK : rw_arena_string(cohort->arena, &curve->problem, text);
}

rw_err rw_dose_curve_fit(const rw_cohort *cohort, const rw_doses *doses, size_t outcome, size_t arm, uint64_t seed,
                         rw_dose_curve *curve) {
    const size_t arms = cohort->sweep->plan->n_arms, n = doses->n;
    double *effects = NULL;
    rw_hill *again = NULL;
    *curve = (rw_dose_curve){0};
    RW_TRY(RW_ARENA_NEW(cohort->arena, effects, n * cohort->n_units));
    RW_TRY(RW_ARENA_NEW(cohort->arena, again, RW_HILL_RESAMPLES));
    for (size_t u = 0; u < cohort->n_units; u++)
        for (size_t d = 0; d < n; d++)
            effects[u * n + d] = cohort->outcomes[outcome].values[(doses->rows[d] * arms + arm) * cohort->n_units + u];
    RW_TRY(rw_hill_fit(doses->values, n, effects, cohort->n_units, seed, &curve->hill, again));
    curve->again = again;
    return judge(cohort, doses, effects, seed, curve);
}

/* ---- all of them ---- */

typedef struct {
    const char **outcome, **arm, **reading;
    double *E0, *E0_low, *E0_high, *E_max, *E_max_low, *E_max_high, *EC50, *EC50_low, *EC50_high, *h, *h_low, *h_high,
        *r_squared, *n;
} dose_columns;

static rw_err add_dose_columns(rw_table *table, const char *unit, dose_columns *c) {
    RW_TRY(rw_table_add_texts(table, "outcome", "outcome measure", &c->outcome));
    RW_TRY(rw_table_add_texts(table, "arm", "arm of the sweep", &c->arm));
    RW_TRY(rw_table_add_numbers(table, "n", NULL, "seeds or subjects", &c->n));
    RW_TRY(rw_table_add_numbers(table, "EC50", unit, "dose of half the effect", &c->EC50));
    RW_TRY(rw_table_add_numbers(table, "EC50_low", unit, "lower end of its 95 % interval", &c->EC50_low));
    RW_TRY(rw_table_add_numbers(table, "EC50_high", unit, "upper end of its 95 % interval", &c->EC50_high));
    RW_TRY(rw_table_add_numbers(table, "h", NULL, "Hill coefficient", &c->h));
    RW_TRY(rw_table_add_numbers(table, "h_low", NULL, "lower end of its 95 % interval", &c->h_low));
    RW_TRY(rw_table_add_numbers(table, "h_high", NULL, "upper end of its 95 % interval", &c->h_high));
    RW_TRY(rw_table_add_numbers(table, "E0", NULL, "outcome without dose", &c->E0));
    RW_TRY(rw_table_add_numbers(table, "E0_low", NULL, "lower end of its 95 % interval", &c->E0_low));
    RW_TRY(rw_table_add_numbers(table, "E0_high", NULL, "upper end of its 95 % interval", &c->E0_high));
    RW_TRY(rw_table_add_numbers(table, "E_max", NULL, "largest change of the outcome", &c->E_max));
    RW_TRY(rw_table_add_numbers(table, "E_max_low", NULL, "lower end of its 95 % interval", &c->E_max_low));
    RW_TRY(rw_table_add_numbers(table, "E_max_high", NULL, "upper end of its 95 % interval", &c->E_max_high));
    RW_TRY(
        rw_table_add_numbers(table, "r_squared", NULL, "share of the variance that the curve explains", &c->r_squared));
    return rw_table_add_texts(table, "reading", "whether Hill's curve describes the points", &c->reading);
}

static void put_fit(const dose_columns *c, size_t row, const rw_hill *fit) {
    c->EC50[row] = fit->EC50;
    c->EC50_low[row] = fit->of_EC50.low;
    c->EC50_high[row] = fit->of_EC50.high;
    c->h[row] = fit->h;
    c->h_low[row] = fit->of_h.low;
    c->h_high[row] = fit->of_h.high;
    c->E0[row] = fit->E0;
    c->E0_low[row] = fit->of_E0.low;
    c->E0_high[row] = fit->of_E0.high;
    c->E_max[row] = fit->E_max;
    c->E_max_low[row] = fit->of_E_max.low;
    c->E_max_high[row] = fit->of_E_max.high;
    c->r_squared[row] = fit->r_squared;
}

/* Why a fit does not describe the points. */
static rw_err read_fit(const rw_cohort *cohort, const rw_dose_curve *curve, const rw_doses *doses,
                       const char **reading) {
    *reading = curve->hill.EC50 > doses->values[doses->n - 1] ? "Hill, EC50 and E_max beyond the doses" : "Hill";
    return curve->problem == NULL
               ? RW_OK
               : rw_arena_string(cohort->arena, reading, rw_path_of("not Hill: %.300s", curve->problem).text);
}

rw_err rw_dose_response(const rw_cohort *cohort, const char *parameter, const char *patterns, uint64_t seed,
                        rw_table *table) {
    size_t row = 0;
    rw_doses doses;
    dose_columns c;
    RW_TRY(rw_doses_find(cohort, parameter, &doses));
    const rw_sweep_plan *plan = cohort->sweep->plan;
    *table = rw_table_begin(cohort->arena, rw_outcomes_compared(cohort, patterns) * plan->n_arms);
    RW_TRY(add_dose_columns(table, plan->parameters[doses.parameter].unit, &c));
    for (size_t o = 0; o < cohort->n_outcomes; o++)
        for (size_t arm = 0; arm < plan->n_arms && rw_outcome_is_compared(cohort, o, patterns); arm++, row++) {
            rw_dose_curve curve;
            RW_TRY(rw_dose_curve_fit(cohort, &doses, o, arm, seed, &curve));
            c.outcome[row] = cohort->outcomes[o].name;
            c.arm[row] = plan->arms[arm].name;
            c.n[row] = (double)cohort->n_units;
            put_fit(&c, row, &curve.hill);
            RW_TRY(read_fit(cohort, &curve, &doses, &c.reading[row]));
        }
    return RW_OK;
}
