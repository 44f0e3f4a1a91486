#include "study/comparison/choices.h"

#include "base/memory.h"
#include "study/comparison/abscissa.h"
#include "study/comparison/outcomes.h"
#include "study/measure_table.h"

rw_err rw_choice_fit(const rw_cohort *cohort, size_t outcome, size_t arm, rw_psychometric *fit) {
    const size_t arms = cohort->sweep->plan->n_arms, rows = cohort->n_groups / arms, units = cohort->n_units;
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, x, 2 * rows * units));
    double *choice = x + rows * units;
    for (size_t i = 0; i < rows * units; i++) {
        x[i] = rw_cohort_abscissa(cohort, i / units);
        choice[i] = cohort->outcomes[outcome].values[(i / units * arms + arm) * units + i % units];
    }
    return rw_psychometric_fit(x, choice, rows * units, fit);
}

typedef struct {
    const char **outcome, **arm, **problem;
    double *n, *even, *even_low, *even_high, *slope, *slope_low, *slope_high, *deviance;
} choice_columns;

static rw_err add_columns(const rw_cohort *cohort, rw_table *table, choice_columns *c) {
    const char *const unit = rw_cohort_abscissa_parameter(cohort)->unit, *per = NULL;
    if (unit[0] != '\0')
        RW_TRY(rw_arena_string(cohort->arena, &per, rw_path_of("1/(%.60s)", unit).text));
    RW_TRY(rw_table_add_texts(table, "outcome", "outcome measure", &c->outcome));
    RW_TRY(rw_table_add_texts(table, "arm", "arm of the sweep", &c->arm));
    RW_TRY(rw_table_add_numbers(table, "n", NULL, "trials with a choice", &c->n));
    RW_TRY(rw_table_add_numbers(table, "even", unit, "value at which both choices are as frequent", &c->even));
    RW_TRY(rw_table_add_numbers(table, "even_low", unit, "lower end of its 95 % interval (Wald)", &c->even_low));
    RW_TRY(rw_table_add_numbers(table, "even_high", unit, "upper end of its 95 % interval (Wald)", &c->even_high));
    RW_TRY(rw_table_add_numbers(table, "slope", per, "rise of the log odds of the choice", &c->slope));
    RW_TRY(rw_table_add_numbers(table, "slope_low", per, "lower end of its 95 % interval (Wald)", &c->slope_low));
    RW_TRY(rw_table_add_numbers(table, "slope_high", per, "upper end of its 95 % interval (Wald)", &c->slope_high));
    RW_TRY(rw_table_add_numbers(table, "deviance", NULL, "of the curve from the shares at each value", &c->deviance));
    return rw_table_add_texts(table, "problem", "why there is no curve", &c->problem);
}

static bool is_listed(const rw_cohort *cohort, size_t outcome, const char *patterns) {
    return rw_measure_is_choice(cohort->outcomes[outcome].name) && rw_outcome_is_compared(cohort, outcome, patterns);
}

rw_err rw_choices_table(const rw_cohort *cohort, const char *patterns, rw_table *table) {
    choice_columns c;
    size_t listed = 0, row = 0;
    *table = (rw_table){0};
    for (size_t o = 0; rw_cohort_has_abscissa(cohort) && o < cohort->n_outcomes; o++)
        listed += is_listed(cohort, o, patterns);
    if (listed == 0)
        return RW_OK;
    const rw_sweep_plan *plan = cohort->sweep->plan;
    *table = rw_table_begin(cohort->arena, listed * plan->n_arms);
    RW_TRY(add_columns(cohort, table, &c));
    for (size_t o = 0; o < cohort->n_outcomes; o++)
        for (size_t arm = 0; arm < plan->n_arms && is_listed(cohort, o, patterns); arm++, row++) {
            rw_psychometric fit;
            RW_TRY(rw_choice_fit(cohort, o, arm, &fit));
            c.outcome[row] = cohort->outcomes[o].name;
            c.arm[row] = plan->arms[arm].name;
            c.problem[row] = fit.problem != NULL ? fit.problem : "";
            c.n[row] = (double)fit.n;
            c.even[row] = fit.even;
            c.even_low[row] = fit.of_even.low;
            c.even_high[row] = fit.of_even.high;
            c.slope[row] = fit.slope;
            c.slope_low[row] = fit.of_slope.low;
            c.slope_high[row] = fit.of_slope.high;
            c.deviance[row] = fit.deviance;
        }
    return RW_OK;
}
