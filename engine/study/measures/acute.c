#include "study/measures/acute.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "config/treatment.h"

/* The acute indices of the doses in the window, summed up. */
typedef struct {
    size_t n;
    double first, last, sum;
    double number_sum; /* of number x index, numbers from 0 */
} acute_indices;

static bool is_measured(const rw_measure_source *from) {
    const rw_scenario *scenario = from->scenario;
    return scenario != NULL && scenario->outcomes.acute.over_steps > 0 &&
           strcmp(scenario->populations[scenario->outcomes.acute.population].name, from->object) == 0;
}

static rw_err mean_rate(const rw_measure_source *from, double from_ms, double to_ms, double *rate_hz) {
    rw_measure_source part = *from;
    part.window = (rw_window){"", from_ms, to_ms};
    return rw_measure_mean(&part, rate_hz);
}

/* Whether [from, to) lies in the window. */
static bool lies_in(const rw_window *window, double from_ms, double to_ms) {
    const double slack_ms = 1e-6 * (window->to_ms - window->from_ms);
    return from_ms >= window->from_ms - slack_ms && to_ms <= window->to_ms + slack_ms;
}

/* Adds the index of a dose; no value where there are no samples. */
static rw_err add_index(const rw_measure_source *from, double at_ms, double over_ms, double against_ms,
                        acute_indices *all) {
    double before_hz = NAN, after_hz = NAN;
    RW_TRY(mean_rate(from, at_ms - against_ms, at_ms, &before_hz));
    RW_TRY(mean_rate(from, at_ms, at_ms + over_ms, &after_hz));
    const double index = before_hz > 0.0 ? after_hz / before_hz - 1.0 : NAN;
    all->first = all->n == 0 ? index : all->first;
    all->last = index;
    all->sum += index;
    all->number_sum += (double)all->n * index;
    all->n++;
    return RW_OK;
}

static rw_err find_indices(const rw_measure_source *from, acute_indices *all) {
    const rw_acute_spec *spec = &from->scenario->outcomes.acute;
    const double over_ms = (double)spec->over_steps * from->scenario->step_ms;
    const double against_ms = (double)spec->against_steps * from->scenario->step_ms;
    double at_ms = rw_treatment_next_ms(from->scenario, -1.0);
    *all = (acute_indices){0};
    while (isfinite(at_ms)) {
        if (lies_in(&from->window, at_ms - against_ms, at_ms + over_ms))
            RW_TRY(add_index(from, at_ms, over_ms, against_ms, all));
        at_ms = rw_treatment_next_ms(from->scenario, at_ms);
    }
    return RW_OK;
}

static rw_err first_index(const rw_measure_source *from, double *value) {
    acute_indices all;
    RW_TRY(find_indices(from, &all));
    *value = all.n > 0 ? all.first : NAN;
    return RW_OK;
}

static rw_err last_index(const rw_measure_source *from, double *value) {
    acute_indices all;
    RW_TRY(find_indices(from, &all));
    *value = all.n > 0 ? all.last : NAN;
    return RW_OK;
}

static rw_err mean_index(const rw_measure_source *from, double *value) {
    acute_indices all;
    RW_TRY(find_indices(from, &all));
    *value = all.n > 0 ? all.sum / (double)all.n : NAN;
    return RW_OK;
}

/* The slope of the least-squares line over the number of the dose: the squares of 0 ... n - 1 about their mean sum up
 * to n (n^2 - 1) / 12. */
static rw_err trend(const rw_measure_source *from, double *value) {
    acute_indices all;
    RW_TRY(find_indices(from, &all));
    const double n = (double)all.n;
    *value = all.n > 1 ? (all.number_sum - 0.5 * (n - 1.0) * all.sum) / (n * (n * n - 1.0) / 12.0) : NAN;
    return RW_OK;
}

#define DOSE "in the window a dose with the times before and after it, and samples at their ends"
#define ENTRY(name_, title_, value_, takes_, description_)                                                             \
    {                                                                                                                  \
        .series = RW_SERIES_RATE, .name = (name_), .title = (title_), .unit = "1", .value = (value_),                  \
        .takes = (takes_), .description = (description_), .applies = is_measured                                       \
    }

static const rw_measure_entry entries[] = {
    ENTRY("acute_first", "Acute index of the first dose", first_index, DOSE,
          "rate in the time outcomes.acute.over after the begin of the first dose / rate in the time `against` before "
          "it - 1"),
    ENTRY("acute_last", "Acute index of the last dose", last_index, DOSE, "the same of the last dose"),
    ENTRY("acute_mean", "Acute index of a dose", mean_index, DOSE, "the same, mean over the doses"),
    ENTRY("acute_trend", "Trend of the acute index", trend, "two such doses",
          "change of the acute index from dose to dose, slope of the least-squares line; below 0 the answer shrinks"),
};

const rw_measure_group rw_acute_measures = {entries, RW_COUNT(entries)};
