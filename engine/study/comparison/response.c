/* What the outcomes of a sweep say about its parameters: sensitivity, shares that meet a criterion. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/number.h"
#include "study/comparison/compare.h"

/* ---- sensitivity ---- */

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

rw_err rw_sensitivity_table(const rw_cohort *cohort, const rw_compare_options *options, rw_table *table) {
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const size_t n_rows = cohort->n_groups / plan->n_arms, k = plan->n_parameters;
    const bool saltelli = plan->design == RW_DESIGN_SALTELLI;
    double *outcomes = NULL, *values = NULL;
    sensitivity_columns c;
    size_t row = 0;
    RW_TRY(RW_ARENA_NEW(cohort->arena, outcomes, n_rows));
    RW_TRY(RW_ARENA_NEW(cohort->arena, values, n_rows));
    *table = rw_table_begin(cohort->arena, rw_outcomes_told(cohort, options->patterns) * plan->n_arms * k);
    RW_TRY(add_sensitivity_columns(table, saltelli, &c));
    for (size_t o = 0; o < cohort->n_outcomes; o++)
        for (size_t arm = 0; arm < plan->n_arms && rw_outcome_is_told(cohort, o, options->patterns); arm++) {
            for (size_t i = 0; i < n_rows; i++)
                outcomes[i] = row_mean(cohort, o, i, arm);
            for (size_t p = 0; p < k; p++) {
                c.outcome[row + p] = cohort->outcomes[o].name;
                c.arm[row + p] = plan->arms[arm].name;
                c.parameter[row + p] = plan->parameters[p].name;
            }
            if (saltelli)
                RW_TRY(fill_indices(cohort, outcomes, n_rows, options->seed, row, &c));
            else
                RW_TRY(fill_correlations(cohort, outcomes, n_rows, row, values, &c));
            row += k;
        }
    return RW_OK;
}

/* ---- criteria ---- */

typedef struct {
    size_t outcome;
    bool greater, equal;
    double value;
} criterion;

static rw_err read_criterion(const rw_cohort *cohort, const char *text, criterion *it) {
    size_t length = strcspn(text, "<>");
    const char *at = text + length;
    bool right = *at != '\0';
    it->greater = *at == '>';
    at += right;
    it->equal = right && *at == '=';
    at += it->equal;
    at += strspn(at, " ");
    const char *end = right ? rw_number_parse(at, &it->value) : NULL;
    RW_CHECK(end != NULL && *end == '\0', RW_ERR_INPUT,
             "--criterion \"%s\": write OUTCOME<VALUE, with <, <=, > or >=, for example rate.pyr<5", text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    for (it->outcome = 0; it->outcome < cohort->n_outcomes; it->outcome++)
        if (strlen(cohort->outcomes[it->outcome].name) == length &&
            strncmp(cohort->outcomes[it->outcome].name, text, length) == 0)
            return RW_OK;
    return rw_fail(RW_ERR_INPUT, "--criterion \"%s\": there is no outcome of this name; the first there is is %s", text,
                   cohort->n_outcomes > 0 ? cohort->outcomes[0].name : "none");
}

static bool meets(const criterion *it, double value) {
    return it->equal && value == it->value ? true : it->greater ? value > it->value : value < it->value;
}

rw_err rw_criterion_table(const rw_cohort *cohort, const char *text, rw_table *table) {
    criterion it;
    const char **group = NULL;
    double *n = NULL, *met = NULL, *share = NULL, *low = NULL, *high = NULL;
    RW_TRY(read_criterion(cohort, text, &it));
    *table = rw_table_begin(cohort->arena, cohort->n_groups);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &group));
    RW_TRY(rw_table_add_numbers(table, "n", NULL, "runs", &n));
    RW_TRY(rw_table_add_numbers(table, "met", NULL, "runs that meet the criterion", &met));
    RW_TRY(rw_table_add_numbers(table, "share", NULL, "share of the runs that meet the criterion", &share));
    RW_TRY(rw_table_add_numbers(table, "low", NULL, "lower end of its 95 % interval (Wilson)", &low));
    RW_TRY(rw_table_add_numbers(table, "high", NULL, "upper end of its 95 % interval (Wilson)", &high));
    for (size_t g = 0; g < cohort->n_groups; g++) {
        size_t count = 0, fulfilled = 0;
        for (size_t u = 0; u < cohort->n_units; u++) {
            double value = cohort->outcomes[it.outcome].values[g * cohort->n_units + u];
            count += isnan(value) ? 0 : 1;
            fulfilled += !isnan(value) && meets(&it, value);
        }
        rw_interval interval = rw_wilson(fulfilled, count);
        group[g] = cohort->groups[g];
        n[g] = (double)count;
        met[g] = (double)fulfilled;
        share[g] = count > 0 ? (double)fulfilled / (double)count : NAN;
        low[g] = interval.low;
        high[g] = interval.high;
    }
    return RW_OK;
}
