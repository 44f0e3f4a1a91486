#include "study/comparison/recovery.h"

#include <math.h>
#include <string.h>

#include "config/series_catalogue.h"
#include "io/result_in.h"
#include "study/sweep/plan_recovery.h"

/* Times are whole steps, as far as rounding allows. */
#define SAME_TIME 1e-9

/* The series of a run while it is looked at. */
typedef struct {
    const double *time_ms, *values;
    size_t n;
} watched_series;

static bool lies_in(double time_ms, double from_ms, double to_ms) {
    return time_ms > from_ms * (1.0 + SAME_TIME) && time_ms <= to_ms * (1.0 + SAME_TIME);
}

/* The mean of the samples with from < time <= to; NaN: none. */
static double mean_between(const watched_series *series, double from_ms, double to_ms) {
    double sum = 0.0, n = 0.0;
    for (size_t i = 0; i < series->n; i++)
        if (lies_in(series->time_ms[i], from_ms, to_ms) && !isnan(series->values[i])) {
            sum += series->values[i];
            n += 1.0;
        }
    return n > 0.0 ? sum / n : NAN;
}

/* The series in units of its two windows: 0 and 1 are their means. */
static double level_of(const rw_recovery_spec *spec, double zero, double one, double value) {
    return spec->between_windows ? (value - zero) / (one - zero) : value;
}

/* Means of the two windows of a run; NaN: not there, or not asked for. */
typedef struct {
    double zero, one;
} reference;

/* The mean over the last lasting_ms before sample i; the sample itself if that is 0. */
static double recent_mean(const rw_recovery_spec *spec, const watched_series *series, size_t i) {
    double sum = 0.0, n = 0.0;
    if (!(spec->lasting_ms > 0.0))
        return series->values[i];
    for (size_t j = i + 1; j-- > 0 && lies_in(series->time_ms[j], series->time_ms[i] - spec->lasting_ms, INFINITY);)
        if (!isnan(series->values[j])) {
            sum += series->values[j];
            n += 1.0;
        }
    return n > 0.0 ? sum / n : NAN;
}

/* Follows the samples of the watch up to the first that meets the criterion. */
static void watch(const rw_recovery_spec *spec, const watched_series *series, const reference *of,
                  rw_recovery_run *run) {
    double last_ms = NAN;
    for (size_t i = 0; i < series->n; i++) {
        const double time_ms = series->time_ms[i];
        if (!lies_in(time_ms, spec->from_ms, spec->until_ms))
            continue;
        last_ms = time_ms;
        if (time_ms - spec->from_ms < spec->lasting_ms * (1.0 - SAME_TIME))
            continue;
        const double level = level_of(spec, of->zero, of->one, recent_mean(spec, series, i));
        run->met = rw_threshold_meets(&spec->reaches, level);
        if (run->met)
            break;
    }
    run->time_ms = last_ms - spec->from_ms;
    run->level = level_of(spec, of->zero, of->one, mean_between(series, spec->from_ms, spec->until_ms));
    if (isnan(run->level))
        run->missing = "it has no value while it is watched";
}

/* ---- reading the runs ---- */

/* What is done with the series of every run, once it is read. */
typedef struct {
    const rw_cohort *cohort;
    const rw_recovery_spec *spec;
    rw_recovery_run *runs;
    reference *references; /* [n_groups x n_units] */
    bool any;              /* a run has the series */
    const char *unit;
} run_walk;

/* Reads the series; n is 0 if the run has none. */
static rw_err read_series(run_walk *walk, rw_arena *arena, size_t i, watched_series *series) {
    const rw_result_in result = {.arena = arena, .path = walk->cohort->directories[i]};
    rw_result_numbers time, values;
    RW_TRY(rw_result_in_numbers(&result, "series.h5", rw_series_path(RW_SERIES_TIME, "").text, &time));
    RW_TRY(rw_result_in_numbers(&result, "series.h5", walk->spec->series, &values));
    *series = (watched_series){time.values, values.values, values.rows == time.rows ? values.rows : 0};
    if (series->n == 0)
        return RW_OK;
    RW_CHECK(values.width == 1, RW_ERR_INPUT, "recovery: %s has %zu numbers a sample; name a series of one number",
             walk->spec->series, values.width);
    if (!walk->any) {
        const char *unit = NULL;
        RW_TRY(rw_result_in_unit(&result, "series.h5", walk->spec->series, &unit));
        RW_TRY(rw_arena_string(walk->cohort->arena, &walk->unit, unit));
    }
    walk->any = true;
    return RW_OK;
}

static void refer(run_walk *walk, const watched_series *series, size_t i) {
    const rw_recovery_spec *spec = walk->spec;
    walk->references[i] = (reference){mean_between(series, spec->zero.from_ms, spec->zero.to_ms),
                                      mean_between(series, spec->one.from_ms, spec->one.to_ms)};
    if (isnan(walk->references[i].zero) || isnan(walk->references[i].one))
        walk->runs[i].missing = "one of its windows holds no sample";
}

static rw_err look_at(run_walk *walk, size_t i) {
    rw_arena *arena = NULL;
    watched_series series = {0};
    rw_recovery_run *run = &walk->runs[i];
    run->time_ms = run->level = NAN;
    if (walk->cohort->directories[i] == NULL) {
        run->missing = "the run is not done";
        return RW_OK;
    }
    RW_TRY(rw_arena_create(&arena));
    rw_err err = read_series(walk, arena, i, &series);
    if (err == RW_OK && series.n == 0)
        run->missing = "it does not record the series";
    if (err == RW_OK && run->missing == NULL && walk->spec->between_windows)
        refer(walk, &series, i);
    if (err == RW_OK && run->missing == NULL)
        watch(walk->spec, &series, &walk->references[i], run);
    rw_arena_destroy(&arena);
    return err;
}

/* A run whose windows differ the other way than most do, or not at all, has nothing to regain. */
static void leave_out_unchanged(const run_walk *walk, size_t n) {
    double signs = 0.0;
    if (!walk->spec->between_windows)
        return;
    for (size_t i = 0; i < n; i++)
        if (walk->runs[i].missing == NULL) {
            const double change = walk->references[i].one - walk->references[i].zero;
            signs += (change > 0.0) - (change < 0.0);
        }
    for (size_t i = 0; i < n; i++)
        if (walk->runs[i].missing == NULL && !(signs * (walk->references[i].one - walk->references[i].zero) > 0.0))
            walk->runs[i] =
                (rw_recovery_run){.time_ms = NAN, .level = NAN, .missing = "between its windows nothing was lost"};
}

/* ---- the predictor ---- */

static rw_err find_predictor(const rw_cohort *cohort, const rw_recovery_spec *spec, const rw_recovery_run *runs,
                             const double **predictor) {
    const size_t n = cohort->n_groups * cohort->n_units;
    double *values = NULL;
    size_t o = 0;
    if (spec->predictor == NULL)
        return RW_OK;
    while (o < cohort->n_outcomes && strcmp(cohort->outcomes[o].name, spec->predictor) != 0)
        o++;
    RW_CHECK(o<cohort->n_outcomes, RW_ERR_INPUT,
                 "recovery: the predictor %s is no outcome of these runs; the first outcome is %s", spec->predictor,
                 cohort->n_outcomes> 0
                 ? cohort->outcomes[0].name
                 : "none");
    RW_TRY(RW_ARENA_NEW(cohort->arena, values, n));
    const double measured_ms = spec->predictor_window.to_ms - spec->from_ms;
    double end_ms = 0.0;
    for (size_t i = 0; i < n; i++)
        end_ms = fmax(end_ms, runs[i].time_ms);
    RW_CHECK(measured_ms < end_ms * (1.0 - SAME_TIME), RW_ERR_INPUT,
             "recovery: the window of the predictor %s ends when the watch does, so that it predicts nothing; take an "
             "earlier window",
             spec->predictor);
    for (size_t i = 0; i < n; i++) {
        const bool too_late = runs[i].met && runs[i].time_ms <= measured_ms;
        values[i] = runs[i].missing == NULL && !too_late ? cohort->outcomes[o].values[i] : NAN;
    }
    *predictor = values;
    return RW_OK;
}

rw_err rw_recovery_find(const rw_cohort *cohort, const rw_recovery_spec *spec, rw_recovery *recovery) {
    const size_t n = cohort->n_groups * cohort->n_units;
    run_walk walk = {.cohort = cohort, .spec = spec, .unit = ""};
    size_t watched = 0;
    *recovery = (rw_recovery){.spec = spec};
    RW_TRY(RW_ARENA_NEW(cohort->arena, walk.runs, n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, walk.references, n));
    for (size_t i = 0; i < n; i++)
        RW_TRY(look_at(&walk, i));
    RW_CHECK(walk.any, RW_ERR_INPUT, "recovery: no run has the series %s; `h5ls -r DIR/series.h5` lists what it has",
             spec->series);
    leave_out_unchanged(&walk, n);
    for (size_t i = 0; i < n; i++)
        watched += walk.runs[i].missing == NULL;
    for (size_t i = 0; i < n && watched == 0; i++)
        RW_CHECK(walk.runs[i].missing == NULL || cohort->directories[i] == NULL, RW_ERR_INPUT,
                 "recovery: no run can be watched; in %s %s. Look at from, until and between", cohort->directories[i],
                 walk.runs[i].missing);
    recovery->runs = walk.runs;
    recovery->unit = spec->between_windows ? "1" : walk.unit;
    return find_predictor(cohort, spec, walk.runs, &recovery->predictor);
}
