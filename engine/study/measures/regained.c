#include "study/measures/regained.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"

static const double day_ms = 86400e3;

/* The regained share over time: (synapses - left) / (before - left). */
typedef struct {
    const rw_measure_source *from;
    double begin_ms, last_ms, mean_ms; /* when it begins to count, the last dose, the time of a mean */
    double left, lost;                 /* synapses that were left at the begin, and that had been lost; > 0 */
    double relapse;                    /* part of the best below which it is one */
} regained_course;

/* A mean over some time. */
typedef struct {
    double middle_ms, share;
} regained_mean;

static bool is_measured(const rw_measure_source *from) {
    const bool *of = from->scenario != NULL ? from->scenario->outcomes.regained.of : NULL;
    for (size_t p = 0; of != NULL && p < from->scenario->n_projections; p++)
        if (of[p] && strcmp(from->scenario->projections[p].name, from->object) == 0)
            return true;
    return false;
}

static double tolerance(const rw_measure_source *from) {
    return rw_measure_tolerance(from->result);
}

/* The synapses at the last sample until a time; NaN before the first. */
static double count_at(const rw_measure_source *from, double time_ms) {
    double count = NAN;
    for (size_t i = 0; i < from->time.rows && from->time.values[i] <= time_ms + tolerance(from); i++)
        count = from->series.values[i];
    return count;
}

/* Whether there is a course: synapses had been lost, and the samples begin before that (a branch may begin later). */
static bool find_course(const rw_measure_source *from, regained_course *course) {
    const rw_regained_spec *spec = &from->scenario->outcomes.regained;
    const double step_ms = from->scenario->step_ms;
    *course = (regained_course){.from = from,
                                .begin_ms = (double)spec->from_step * step_ms,
                                .last_ms = (double)spec->last_step * step_ms,
                                .mean_ms = (double)spec->mean_steps * step_ms,
                                .relapse = spec->relapse};
    course->left = count_at(from, course->begin_ms);
    course->lost = count_at(from, (double)spec->before_step * step_ms) - course->left;
    return course->lost > 0.0;
}

static double share_of(const regained_course *course, double synapses) {
    return (synapses - course->left) / course->lost;
}

/* Whether a sample counts: in the window, and since the begin. */
static bool counts(const regained_course *course, size_t i) {
    return rw_measure_source_has_sample(course->from, i) &&
           course->from->time.values[i] >= course->begin_ms - tolerance(course->from);
}

/* The means whose time lies wholly in the window and after the begin, ascending; in the arena. */
static rw_err list_means(const regained_course *course, regained_mean **means, size_t *n) {
    const rw_measure_source *from = course->from;
    const double first_ms = fmax(course->begin_ms, from->window.from_ms) - tolerance(from), *time = from->time.values;
    size_t oldest = 0;
    double sum = 0.0;
    *n = 0;
    RW_TRY(RW_ARENA_NEW(from->result->arena, *means, from->series.rows));
    for (size_t i = 0; i < from->series.rows; i++) {
        sum += from->series.values[i]; /* whole numbers: exact */
        while (time[oldest] <= time[i] - course->mean_ms + tolerance(from))
            sum -= from->series.values[oldest++];
        if (time[i] - course->mean_ms < first_ms || !counts(course, i))
            continue;
        (*means)[(*n)++] =
            (regained_mean){time[i] - 0.5 * course->mean_ms, share_of(course, sum / (double)(i + 1 - oldest))};
    }
    return RW_OK;
}

/* The means, and the highest of those from `since_ms` on; *best is NULL where none rises above what was left. */
static rw_err find_best(const regained_course *course, double since_ms, const regained_mean **best,
                        const regained_mean **end) {
    regained_mean *means = NULL;
    size_t n = 0;
    *best = *end = NULL;
    RW_TRY(list_means(course, &means, &n));
    for (size_t i = 0; i < n; i++)
        if (means[i].middle_ms - 0.5 * course->mean_ms >= since_ms - tolerance(course->from) && means[i].share > 0.0 &&
            (*best == NULL || means[i].share > (*best)->share))
            *best = &means[i];
    *end = means + n;
    return RW_OK;
}

/* ---- shares ---- */

static rw_err mean_share(const rw_measure_source *from, double *value) {
    regained_course course;
    double sum = 0.0;
    size_t n = 0;
    *value = NAN;
    if (!find_course(from, &course))
        return RW_OK;
    for (size_t i = 0; i < from->series.rows; i++)
        if (counts(&course, i)) {
            sum += share_of(&course, from->series.values[i]);
            n++;
        }
    *value = n > 0 ? sum / (double)n : NAN;
    return RW_OK;
}

/* The share a day after a dose, if that is in the window. */
static void share_after(const regained_course *course, double dose_ms, double *value) {
    const double at_ms = dose_ms + day_ms;
    *value = rw_measure_source_has(course->from, at_ms) ? share_of(course, count_at(course->from, at_ms)) : NAN;
}

static rw_err share_after_first(const rw_measure_source *from, double *value) {
    regained_course course;
    *value = NAN;
    if (find_course(from, &course))
        share_after(&course, course.begin_ms, value);
    return RW_OK;
}

static rw_err share_after_last(const rw_measure_source *from, double *value) {
    regained_course course;
    *value = NAN;
    if (find_course(from, &course))
        share_after(&course, course.last_ms, value);
    return RW_OK;
}

/* record.measures counts the synapses that are gone since a reference, and at how many of their pairs is one again. */
static rw_err share_of_pairs(const rw_measure_source *from, double *value) {
    rw_result_numbers time, returned;
    RW_TRY(
        rw_result_in_numbers(from->result, "series.h5", rw_series_path(RW_SERIES_CONNECTIVITY_TIME, "").text, &time));
    RW_TRY(rw_result_in_numbers(from->result, "series.h5", rw_series_path(RW_SERIES_RETURNED, from->object).text,
                                &returned));
    *value = NAN;
    for (size_t i = 0; i < time.rows && i < returned.rows; i++)
        if (rw_measure_source_has(from, time.values[i]))
            *value = returned.values[i];
    return RW_OK;
}

/* ---- the best, and what becomes of it ---- */

static rw_err best_share(const rw_measure_source *from, double *value) {
    regained_course course;
    const regained_mean *best = NULL, *end = NULL;
    if (find_course(from, &course))
        RW_TRY(find_best(&course, -INFINITY, &best, &end));
    *value = best != NULL ? best->share : NAN;
    return RW_OK;
}

static rw_err best_day(const rw_measure_source *from, double *value) {
    regained_course course;
    const regained_mean *best = NULL, *end = NULL;
    if (find_course(from, &course))
        RW_TRY(find_best(&course, -INFINITY, &best, &end));
    *value = best != NULL ? (best->middle_ms - course.begin_ms) / day_ms : NAN;
    return RW_OK;
}

static rw_err half_life(const rw_measure_source *from, double *value) {
    regained_course course;
    const regained_mean *best = NULL, *end = NULL;
    *value = NAN;
    if (find_course(from, &course))
        RW_TRY(find_best(&course, course.last_ms, &best, &end));
    for (const regained_mean *at = best; at != NULL && at + 1 < end; at++) {
        const double half = 0.5 * best->share, fall = at[0].share - at[1].share;
        if (at[1].share > half)
            continue;
        const double crossing_ms = at[0].middle_ms + (at[0].share - half) / fall * (at[1].middle_ms - at[0].middle_ms);
        *value = (crossing_ms - best->middle_ms) / day_ms;
        break;
    }
    return RW_OK;
}

/* How long the course was followed after the last dose, until a relapse or the end of the window. */
typedef struct {
    bool known, relapsed; /* known: something had been regained, and there is a mean after the last dose */
    double days;
} regained_follow_up;

static rw_err follow(const rw_measure_source *from, regained_follow_up *up) {
    regained_course course;
    regained_mean *means = NULL;
    double best = 0.0;
    size_t n = 0;
    *up = (regained_follow_up){0};
    if (find_course(from, &course))
        RW_TRY(list_means(&course, &means, &n));
    for (size_t i = 0; i < n && !up->relapsed; i++) {
        best = fmax(best, means[i].share);
        if (means[i].middle_ms - 0.5 * course.mean_ms < course.last_ms - tolerance(from) || best <= 0.0)
            continue;
        up->known = true;
        up->relapsed = means[i].share < course.relapse * best;
        up->days = (means[i].middle_ms - course.last_ms) / day_ms;
    }
    return RW_OK;
}

static rw_err relapse_day(const rw_measure_source *from, double *value) {
    regained_follow_up up;
    RW_TRY(follow(from, &up));
    *value = up.relapsed ? up.days : NAN;
    return RW_OK;
}

static rw_err relapsed(const rw_measure_source *from, double *value) {
    regained_follow_up up;
    RW_TRY(follow(from, &up));
    *value = up.known ? (double)up.relapsed : NAN;
    return RW_OK;
}

static rw_err followed(const rw_measure_source *from, double *value) {
    regained_follow_up up;
    RW_TRY(follow(from, &up));
    *value = up.known ? up.days : NAN;
    return RW_OK;
}

/* The trapezoidal rule between samples that count. */
static rw_err synapse_days(const rw_measure_source *from, double *value) {
    regained_course course;
    double sum = 0.0;
    size_t n = 0;
    *value = NAN;
    if (!find_course(from, &course))
        return RW_OK;
    for (size_t i = 1; i < from->series.rows; i++)
        if (counts(&course, i) &&
            from->time.values[i - 1] >= fmax(course.begin_ms, from->window.from_ms) - tolerance(from)) {
            sum += (0.5 * (from->series.values[i - 1] + from->series.values[i]) - course.left) *
                   rw_measure_source_interval(from, i);
            n++;
        }
    *value = n > 0 ? sum / day_ms : NAN;
    return RW_OK;
}

#define LOST "synapses that had been lost when the first dose began"
#define MEANS LOST ", and in the window a whole mean (outcomes.regained.mean) above what was left"
#define ENTRY(name_, title_, unit_, value_, takes_, description_)                                                      \
    {                                                                                                                  \
        .series = RW_SERIES_SYNAPSES, .name = (name_), .title = (title_), .unit = (unit_), .value = (value_),          \
        .takes = (takes_), .description = (description_), .applies = is_measured                                       \
    }

static const rw_measure_entry entries[] = {
    ENTRY("regained", "Share of lost synapses regained", "1", mean_share,
          LOST ", and a sample in the window after that",
          "share of the lost synapses regained, between any pairs of cells: (synapses - left) / (before - left), mean "
          "over the window from the first dose on"),
    ENTRY("regained_first", "Share regained a day after the first dose", "1", share_after_first,
          LOST ", and a window with the time a day after it",
          "share of the lost synapses regained a day after the first dose"),
    ENTRY("regained_last", "Share regained a day after the last dose", "1", share_after_last,
          LOST ", and a window with the time a day after the last dose",
          "share of the lost synapses regained a day after the last dose"),
    ENTRY(
        "regained_pairs", "Share regained between the same cells", "1", share_of_pairs,
        "record.measures with `returned`, a measurement in the window, and synapses lost by then",
        "share of the synapses lost since record.measures.lost_since at whose pair of cells there is one again, at the "
        "end of the window"),
    ENTRY("regained_best", "Best share of lost synapses regained", "1", best_share, MEANS,
          "highest mean of the regained share over outcomes.regained.mean (3 days)"),
    ENTRY("regained_best_day", "Day of the best share regained", "d", best_day, MEANS,
          "days from the first dose to the middle of that mean"),
    ENTRY("regained_half_life", "Half-life of what was regained", "d", half_life,
          MEANS " after the last dose, of which half is lost within the window",
          "days from the best mean after the last dose until the mean is half of it"),
    ENTRY(
        "relapse_day", "Time to relapse", "d", relapse_day,
        MEANS ", and a relapse within it; without one the run is censored: relapsed is 0, followed says until when",
        "days from the last dose to the middle of the first mean below outcomes.regained.relapse (half) of the best so "
        "far"),
    ENTRY("relapsed", "Relapse within the window", "1", relapsed, MEANS " and after the last dose",
          "1: what was regained fell below half of its best after the last dose; 0: not within the window"),
    ENTRY("followed", "Time to relapse or to the end", "d", followed, MEANS " and after the last dose",
          "days from the last dose to the relapse or, where relapsed is 0, to the last mean"),
    ENTRY("synapse_days", "Synapse-days gained", "d", synapse_days,
          LOST ", and an interval between two samples in the window after that",
          "synapses beyond those left at the first dose, times days: the integral of (synapses - left) from the first "
          "dose, or the begin of the window, to its end"),
};

const rw_measure_group rw_regained_measures = {entries, RW_COUNT(entries)};
