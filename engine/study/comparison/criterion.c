#include "study/comparison/criterion.h"

#include <math.h>
#include <string.h>

#include "study/comparison/statistics.h"
#include "study/sweep/plan_recovery.h"

typedef struct {
    size_t outcome;
    rw_threshold threshold;
} outcome_criterion;

static rw_err read_criterion(const rw_cohort *cohort, const char *text, outcome_criterion *criterion) {
    size_t length = strcspn(text, "<>");
    RW_CHECK(rw_threshold_read(text + length, &criterion->threshold), RW_ERR_INPUT,
             "--criterion \"%s\": write OUTCOME<VALUE, with <, <=, > or >=, for example rate.pyr<5", text);
    while (length > 0 && text[length - 1] == ' ')
        length--;
    for (criterion->outcome = 0; criterion->outcome < cohort->n_outcomes; criterion->outcome++)
        if (strlen(cohort->outcomes[criterion->outcome].name) == length &&
            strncmp(cohort->outcomes[criterion->outcome].name, text, length) == 0)
            return RW_OK;
    return rw_fail(RW_ERR_INPUT, "--criterion \"%s\": there is no outcome of this name; the first outcome is %s", text,
                   cohort->n_outcomes > 0 ? cohort->outcomes[0].name : "none");
}

rw_err rw_criterion_table(const rw_cohort *cohort, const char *text, rw_table *table) {
    outcome_criterion criterion;
    const char **group = NULL;
    double *n = NULL, *met = NULL, *share = NULL, *low = NULL, *high = NULL;
    RW_TRY(read_criterion(cohort, text, &criterion));
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
            double value = cohort->outcomes[criterion.outcome].values[g * cohort->n_units + u];
            count += isnan(value) ? 0 : 1;
            fulfilled += !isnan(value) && rw_threshold_meets(&criterion.threshold, value);
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
