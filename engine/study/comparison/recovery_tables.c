#include "study/comparison/recovery_tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "study/comparison/prediction_tables.h"

#define MS_PER_DAY 86400000.0

size_t rw_recovery_unit_number(const rw_cohort *cohort, size_t unit) {
    if (cohort->sweep == NULL)
        return unit;
    const rw_point *point = &cohort->sweep->points.points[unit];
    return strcmp(cohort->unit_name, "subject") == 0 ? point->subject : (size_t)point->seed;
}

/* ---- each scenario ---- */

static rw_err make_recovery(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const char **scenario = NULL;
    double *n = NULL, *missing = NULL, *met = NULL, *share = NULL, *low = NULL, *high = NULL, *median = NULL,
           *median_low = NULL, *median_high = NULL;
    const rw_number_column columns[] = {
        {"n", NULL, "runs that were watched", &n},
        {"missing", NULL, "runs without a value", &missing},
        {"met", NULL, "runs that met the criterion while they were watched", &met},
        {"share", NULL, "share of the runs that met it", &share},
        {"low", NULL, "lower end of its 95 % interval (Wilson)", &low},
        {"high", NULL, "upper end of its 95 % interval (Wilson)", &high},
        {"median", "day", "time until half have met it (Kaplan-Meier); nan: not reached", &median},
        {"median_low", "day", "lower end of its 95 % interval (Brookmeyer-Crowley, log-log)", &median_low},
        {"median_high", "day", "upper end of its 95 % interval; nan: not reached", &median_high}};
    *table = rw_table_begin(cohort->arena, cohort->n_groups);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    for (size_t g = 0; g < cohort->n_groups; g++) {
        const rw_survival *curve = &analysis->curves[g];
        const rw_interval interval = rw_wilson(curve->n_events, curve->n_subjects);
        scenario[g] = cohort->groups[g];
        n[g] = (double)curve->n_subjects;
        missing[g] = (double)(cohort->n_units - curve->n_subjects);
        met[g] = (double)curve->n_events;
        share[g] = curve->n_subjects > 0 ? met[g] / n[g] : NAN;
        low[g] = interval.low;
        high[g] = interval.high;
        median[g] = curve->median / MS_PER_DAY;
        median_low[g] = curve->of_median.low / MS_PER_DAY;
        median_high[g] = curve->of_median.high / MS_PER_DAY;
    }
    return RW_OK;
}

/* "3, 7, 12"; "-" for none */
static rw_err name_never(const rw_cohort *cohort, const rw_recovery_run *runs, const char **text) {
    char all[2048] = "";
    size_t at = 0, more = 0;
    for (size_t u = 0; u < cohort->n_units; u++) {
        if (runs[u].missing != NULL || runs[u].met)
            continue;
        if (at + 64 > sizeof all)
            more++;
        else
            at += (size_t)snprintf(all + at, sizeof all - at, "%s%zu", at > 0 ? ", " : "",
                                   rw_recovery_unit_number(cohort, u));
    }
    if (more > 0)
        (void)snprintf(all + at, sizeof all - at, " and %zu more", more);
    return rw_arena_string(cohort->arena, text, all[0] != '\0' ? all : "-");
}

/* "4: the run is not done"; runs with the same reason as the one before are only numbered */
static rw_err name_missing(const rw_cohort *cohort, const rw_recovery_run *runs, const char **text) {
    const char *before = NULL;
    char all[2048] = "";
    size_t at = 0;
    for (size_t u = 0; u < cohort->n_units && at + 256 < sizeof all; u++) {
        if (runs[u].missing == NULL)
            continue;
        if (before != NULL && strcmp(before, runs[u].missing) != 0)
            at += (size_t)snprintf(all + at, sizeof all - at, ": %s; ", before);
        else if (before != NULL)
            at += (size_t)snprintf(all + at, sizeof all - at, ", ");
        at += (size_t)snprintf(all + at, sizeof all - at, "%zu", rw_recovery_unit_number(cohort, u));
        before = runs[u].missing;
    }
    if (before != NULL)
        (void)snprintf(all + at, sizeof all - at, ": %s", before);
    return rw_arena_string(cohort->arena, text, all[0] != '\0' ? all : "-");
}

static rw_err make_never(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const char **scenario = NULL, **never = NULL, **missing = NULL;
    *table = rw_table_begin(cohort->arena, cohort->n_groups);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_texts(table, "never", "runs that did not meet the criterion while watched", &never));
    RW_TRY(rw_table_add_texts(table, "missing", "runs without a value, and why", &missing));
    for (size_t g = 0; g < cohort->n_groups; g++) {
        const rw_recovery_run *runs = analysis->recovery.runs + g * cohort->n_units;
        scenario[g] = cohort->groups[g];
        RW_TRY(name_never(cohort, runs, &never[g]));
        RW_TRY(name_missing(cohort, runs, &missing[g]));
    }
    return RW_OK;
}

/* ---- times ---- */

static rw_err make_survival(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const char **scenario = NULL;
    double *time = NULL, *at_risk = NULL, *events = NULL, *censored = NULL, *share = NULL, *low = NULL, *high = NULL;
    const rw_number_column columns[] = {
        {"time", "day", "since the begin of the watch", &time},
        {"at_risk", NULL, "runs that had neither met the criterion nor been censored before", &at_risk},
        {"events", NULL, "runs that met it at this time", &events},
        {"censored", NULL, "runs whose watch ended at this time without meeting it", &censored},
        {"not_met", NULL, "share that has not met it from this time on (Kaplan-Meier)", &share},
        {"low", NULL, "lower end of its 95 % interval (Greenwood, log-log)", &low},
        {"high", NULL, "upper end of its 95 % interval", &high}};
    size_t n = 0, row = 0;
    for (size_t g = 0; g < cohort->n_groups; g++)
        n += analysis->curves[g].n;
    *table = rw_table_begin(cohort->arena, n);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    for (size_t g = 0; g < cohort->n_groups; g++)
        for (size_t k = 0; k < analysis->curves[g].n; k++, row++) {
            const rw_survival_step *step = &analysis->curves[g].steps[k];
            scenario[row] = cohort->groups[g];
            time[row] = step->time / MS_PER_DAY;
            at_risk[row] = (double)step->at_risk;
            events[row] = (double)step->events;
            censored[row] = (double)step->censored;
            share[row] = step->survival;
            low[row] = step->interval.low;
            high[row] = step->interval.high;
        }
    return RW_OK;
}

static rw_err make_logrank(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const char **reference = NULL, **other = NULL;
    double *chi2 = NULL, *freedom = NULL, *p = NULL, *paired_chi2 = NULL, *paired_p = NULL, *p_holm = NULL;
    const rw_number_column columns[] = {
        {"chi2", NULL, "log-rank statistic, groups taken as independent", &chi2},
        {"freedom", NULL, "its degrees of freedom", &freedom},
        {"p", NULL, "of equal hazards, groups taken as independent", &p},
        {"paired_chi2", NULL, "log-rank statistic within each subject or seed (stratified)", &paired_chi2},
        {"paired_p", NULL, "of equal hazards within each subject or seed", &paired_p},
        {"p_holm", NULL, "paired p after Holm's correction over the pairs", &p_holm}};
    if (analysis->n_contrasts == 0)
        return RW_OK;
    *table = rw_table_begin(cohort->arena, analysis->n_contrasts);
    RW_TRY(rw_table_add_texts(table, "reference", "scenario", &reference));
    RW_TRY(rw_table_add_texts(table, "other", "scenario that is compared with it", &other));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    for (size_t i = 0; i < analysis->n_contrasts; i++) {
        const rw_recovery_contrast *contrast = &analysis->contrasts[i];
        const bool all = contrast->a == contrast->b;
        reference[i] = all ? "all" : cohort->groups[contrast->a];
        other[i] = all ? "all" : cohort->groups[contrast->b];
        chi2[i] = contrast->independent.chi2;
        freedom[i] = (double)contrast->independent.freedom;
        p[i] = contrast->independent.p;
        paired_chi2[i] = contrast->paired.chi2;
        paired_p[i] = contrast->paired.p;
        p_holm[i] = contrast->p_holm;
    }
    return RW_OK;
}

/* ---- each run ---- */

static rw_err make_runs(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const size_t n = cohort->n_groups * cohort->n_units;
    const rw_recovery *recovery = &analysis->recovery;
    const char **scenario = NULL, **missing = NULL;
    double *unit = NULL, *met = NULL, *time = NULL, *level = NULL, *predictor = NULL;
    const rw_number_column columns[] = {
        {cohort->unit_name, NULL, "number of the subject or seed", &unit},
        {"met", NULL, "1: met the criterion while watched; 0: did not", &met},
        {"time", "day", "from the begin of the watch to meeting it, or to the end of the watch", &time},
        {"level", recovery->unit, "mean of what is watched", &level},
        {"predictor", NULL, "nan: none, or the criterion was met before it was measured", &predictor}};
    *table = rw_table_begin(cohort->arena, n);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    RW_TRY(rw_table_add_texts(table, "missing", "why it has no value", &missing));
    for (size_t i = 0; i < n; i++) {
        const rw_recovery_run *run = &recovery->runs[i];
        scenario[i] = cohort->groups[i / cohort->n_units];
        unit[i] = (double)rw_recovery_unit_number(cohort, i % cohort->n_units);
        met[i] = run->missing != NULL ? NAN : run->met ? 1.0 : 0.0;
        time[i] = run->time_ms / MS_PER_DAY;
        level[i] = run->level;
        predictor[i] = recovery->predictor != NULL ? recovery->predictor[i] : NAN;
        missing[i] = run->missing != NULL ? run->missing : "-";
    }
    return RW_OK;
}

rw_err rw_recovery_tables_make(const rw_cohort *cohort, const rw_recovery_analysis *analysis,
                               rw_recovery_tables *tables) {
    *tables = (rw_recovery_tables){0};
    RW_TRY(make_recovery(cohort, analysis, &tables->recovery));
    RW_TRY(make_never(cohort, analysis, &tables->never));
    RW_TRY(make_survival(cohort, analysis, &tables->survival));
    RW_TRY(make_logrank(cohort, analysis, &tables->logrank));
    RW_TRY(rw_traits_table(cohort, analysis, &tables->traits));
    RW_TRY(rw_prediction_table(cohort, analysis, &tables->prediction));
    RW_TRY(rw_roc_table(cohort, analysis, &tables->roc));
    return make_runs(cohort, analysis, &tables->runs);
}
