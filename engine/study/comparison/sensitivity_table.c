#include "study/comparison/sensitivity_table.h"

#include "base/memory.h"
#include "study/comparison/outcomes.h"
#include "study/comparison/sensitivity.h"
#include "study/comparison/statistics.h"

/* The mean over seeds and subjects of a row of the design in an arm; NaN if one is missing. */
static double row_mean(const rw_cohort *cohort, size_t outcome, size_t row, size_t arm) {
    const double *values =
        cohort->outcomes[outcome].values + (row * cohort->sweep->plan->n_arms + arm) * cohort->n_units;
    double sum = 0.0;
    for (size_t u = 0; u < cohort->n_units; u++)
        sum += values[u];
    return sum / (double)cohort->n_units;
}

typedef struct {
    const char **outcome, **arm, **parameter;
    double *first, *first_low, *first_high, *total, *total_low, *total_high, *rho;
} sensitivity_columns;

static rw_err add_sensitivity_columns(rw_table *table, bool saltelli, sensitivity_columns *c) {
    RW_TRY(rw_table_add_texts(table, "outcome", "outcome measure", &c->outcome));
    RW_TRY(rw_table_add_texts(table, "arm", "arm of the sweep", &c->arm));
    RW_TRY(rw_table_add_texts(table, "parameter", "parameter of the sweep", &c->parameter));
    if (!saltelli)
        return rw_table_add_numbers(table, "spearman", NULL, "rank correlation of parameter and outcome", &c->rho);
    RW_TRY(rw_table_add_numbers(table, "first", NULL, "share of the variance explained alone", &c->first));
    RW_TRY(rw_table_add_numbers(table, "first_low", NULL, "lower end of its 95 % interval", &c->first_low));
    RW_TRY(rw_table_add_numbers(table, "first_high", NULL, "upper end of its 95 % interval", &c->first_high));
    RW_TRY(rw_table_add_numbers(table, "total", NULL, "share explained with all interactions", &c->total));
    RW_TRY(rw_table_add_numbers(table, "total_low", NULL, "lower end of its 95 % interval", &c->total_low));
    return rw_table_add_numbers(table, "total_high", NULL, "upper end of its 95 % interval", &c->total_high);
}

static rw_err fill_indices(const rw_cohort *cohort, const double *outcomes, size_t n_rows, uint64_t seed, size_t row,
                           const sensitivity_columns *c) {
    const size_t k = cohort->sweep->plan->n_parameters;
    rw_sensitivity *indices = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, indices, k));
    RW_TRY(rw_sensitivity_indices(outcomes, n_rows / (k + 2), k, seed, indices));
    for (size_t p = 0; p < k; p++) {
        c->first[row + p] = indices[p].first;
        c->first_low[row + p] = indices[p].of_first.low;
        c->first_high[row + p] = indices[p].of_first.high;
        c->total[row + p] = indices[p].total;
        c->total_low[row + p] = indices[p].of_total.low;
        c->total_high[row + p] = indices[p].of_total.high;
    }
    return RW_OK;
}

static rw_err fill_correlations(const rw_cohort *cohort, const double *outcomes, size_t n_rows, size_t row,
                                double *values, const sensitivity_columns *c) {
    const rw_sweep_plan *plan = cohort->sweep->plan;
    for (size_t p = 0; p < plan->n_parameters; p++) {
        for (size_t i = 0; i < n_rows; i++)
            values[i] = cohort->sweep->points.points[i * plan->n_arms * cohort->n_units].numbers[p];
        RW_TRY(rw_spearman(values, outcomes, n_rows, &c->rho[row + p]));
    }
    return RW_OK;
}

rw_err rw_sensitivity_table(const rw_cohort *cohort, const char *patterns, uint64_t seed, rw_table *table) {
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const size_t n_rows = cohort->n_groups / plan->n_arms, k = plan->n_parameters;
    const bool saltelli = plan->design == RW_DESIGN_SALTELLI;
    double *outcomes = NULL, *values = NULL;
    sensitivity_columns c;
    size_t row = 0;
    RW_TRY(RW_ARENA_NEW(cohort->arena, outcomes, n_rows));
    RW_TRY(RW_ARENA_NEW(cohort->arena, values, n_rows));
    *table = rw_table_begin(cohort->arena, rw_outcomes_compared(cohort, patterns) * plan->n_arms * k);
    RW_TRY(add_sensitivity_columns(table, saltelli, &c));
    for (size_t o = 0; o < cohort->n_outcomes; o++)
        for (size_t arm = 0; arm < plan->n_arms && rw_outcome_is_compared(cohort, o, patterns); arm++) {
            for (size_t i = 0; i < n_rows; i++)
                outcomes[i] = row_mean(cohort, o, i, arm);
            for (size_t p = 0; p < k; p++) {
                c.outcome[row + p] = cohort->outcomes[o].name;
                c.arm[row + p] = plan->arms[arm].name;
                c.parameter[row + p] = plan->parameters[p].name;
            }
            if (saltelli)
                RW_TRY(fill_indices(cohort, outcomes, n_rows, seed, row, &c));
            else
                RW_TRY(fill_correlations(cohort, outcomes, n_rows, row, values, &c));
            row += k;
        }
    return RW_OK;
}
