#include "study/measures/decision.h"

#include <math.h>
#include <string.h>

#include "base/count.h"

/* Which population won, and when. */
typedef struct {
    bool known;     /* the samples tell */
    int choice;     /* 1: the first, -1: the second, 0: none */
    double time_ms; /* since the stimulus began */
} decision;

/* Both measures are of the first population. */
static bool is_measured(const rw_measure_source *from) {
    const rw_scenario *scenario = from->scenario;
    return scenario != NULL && scenario->outcomes.decision.over_steps > 0 &&
           strcmp(scenario->populations[scenario->outcomes.decision.first].name, from->object) == 0;
}

/* The mean rate over the samples whose intervals lie in (end - over, end]; NaN if these do not fill it. */
static double mean_rate(const rw_measure_source *from, const double *rate, size_t end, double over_ms) {
    const double *time = from->time.values, tolerance_ms = rw_measure_tolerance(from->result);
    double spikes = 0.0;
    size_t i = end;
    for (; i > 0 && time[i - 1] >= time[end] - over_ms - tolerance_ms; i--)
        spikes += rate[i] * (time[i] - time[i - 1]);
    return i < end && time[i] <= time[end] - over_ms + tolerance_ms ? spikes / (time[end] - time[i]) : NAN;
}

/* Samples whose mean lies after the begin of the stimulus count, in the window. Where both reach the threshold at the
 * same sample, the one with the higher rate has won. */
static rw_err decide(const rw_measure_source *from, decision *found) {
    const rw_decision_spec *spec = &from->scenario->outcomes.decision;
    const double step_ms = from->scenario->step_ms, begin_ms = (double)spec->from_step * step_ms;
    const double over_ms = (double)spec->over_steps * step_ms, tolerance_ms = rw_measure_tolerance(from->result);
    const char *const second = from->scenario->populations[spec->second].name;
    rw_result_numbers other;
    *found = (decision){0};
    RW_TRY(rw_result_in_numbers(from->result, "series.h5", rw_series_path(RW_SERIES_RATE, second).text, &other));
    for (size_t i = 1; other.rows == from->series.rows && i < from->series.rows; i++) {
        const double time_ms = from->time.values[i];
        if (!rw_measure_source_has(from, time_ms) || time_ms - over_ms < begin_ms - tolerance_ms)
            continue;
        const double a = mean_rate(from, from->series.values, i, over_ms);
        const double b = mean_rate(from, other.values, i, over_ms);
        if (isnan(a) || isnan(b))
            continue;
        found->known = true;
        if (fmax(a, b) < spec->threshold_hz)
            continue;
        *found = (decision){.known = true, .choice = a > b ? 1 : b > a ? -1 : 0, .time_ms = time_ms - begin_ms};
        if (found->choice != 0)
            return RW_OK;
    }
    return RW_OK;
}

static rw_err choice(const rw_measure_source *from, double *value) {
    decision found;
    RW_TRY(decide(from, &found));
    *value = found.choice != 0 ? 0.5 * (1.0 + found.choice) : NAN;
    return RW_OK;
}

static rw_err reaction_time(const rw_measure_source *from, double *value) {
    decision found;
    RW_TRY(decide(from, &found));
    *value = found.choice != 0 ? found.time_ms : NAN;
    return RW_OK;
}

static rw_err decided(const rw_measure_source *from, double *value) {
    decision found;
    RW_TRY(decide(from, &found));
    *value = found.known ? (double)(found.choice != 0) : NAN;
    return RW_OK;
}

#define DECISION "a decision in the window: a population that reaches outcomes.decision.threshold after the stimulus"
#define ENTRY(name_, title_, unit_, value_, takes_, is_choice_, description_)                                          \
    {                                                                                                                  \
        .series = RW_SERIES_RATE, .name = (name_), .title = (title_), .unit = (unit_), .value = (value_),              \
        .takes = (takes_), .description = (description_), .applies = is_measured, .is_choice = (is_choice_)            \
    }

static const rw_measure_entry entries[] = {
    ENTRY("choice", "Choice", "1", choice, DECISION, true,
          "1: this population is the first to reach outcomes.decision.threshold, 0: the other one is; its mean is the "
          "share of trials that choose this one"),
    ENTRY("reaction_time", "Reaction time", "ms", reaction_time, DECISION, false,
          "from the begin of the stimulus until a population reaches the threshold, as exact as the samples are"),
    ENTRY("decided", "Trials with a decision", "1", decided,
          "samples of both populations after the stimulus has begun, in the window", false,
          "1: a population reached the threshold in the window, 0: none did"),
};

const rw_measure_group rw_decision_measures = {entries, RW_COUNT(entries)};
