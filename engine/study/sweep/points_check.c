#include "study/sweep/points_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/parse.h"

enum { MAX_CHECKED = 500 };

static rw_err check_file(const rw_scenario *scenario, const char *what, const char *name, const char *file) {
    RW_CHECK(file == NULL || file[0] == '/', RW_ERR_INPUT,
             "%s: %s %s reads %s; the base scenario of a sweep is copied, so give the whole path, from /",
             scenario->path, what, name, file);
    return RW_OK;
}

static rw_err check_files(const rw_scenario *scenario) {
    for (size_t i = 0; i < scenario->n_populations; i++) {
        const rw_population_spec *population = &scenario->populations[i];
        RW_TRY(check_file(scenario, "population", population->name, population->nodes_file));
        for (size_t k = 0; k < population->n_spikes_files; k++)
            RW_TRY(check_file(scenario, "population", population->name, population->spikes_files[k]));
    }
    for (size_t i = 0; i < scenario->n_projections; i++)
        RW_TRY(check_file(scenario, "projection", scenario->projections[i].name, scenario->projections[i].edges_file));
    return RW_OK;
}

/* Names the point of a failure: "point 1 of the sweep (d = 5 ml)". */
static rw_err fail_point(const rw_sweep_plan *plan, const rw_point *point, size_t number, rw_err err) {
    char text[300] = "";
    size_t at = 0;
    if (plan->n_arms > 1)
        at = (size_t)snprintf(text, sizeof text, ", %.60s", plan->arms[point->arm].name);
    for (size_t p = 0; p < plan->n_parameters && at < sizeof text - 1; p++)
        at += (size_t)snprintf(text + at, sizeof text - at, ", %.60s = %.60s", plan->parameters[p].name,
                               point->labels[p]);
    return rw_fail_context(err, "point %zu of the sweep%s%s%s", number, at > 0 ? " (" : "", at > 0 ? text + 2 : "",
                           at > 0 ? ")" : "");
}

static bool has_structure(const rw_scenario *scenario) {
    for (size_t k = 0; k < scenario->n_projections; k++)
        if (scenario->projections[k].structural)
            return true;
    return false;
}

static bool records_all_spikes(const rw_scenario *scenario) {
    for (size_t p = 0; p < scenario->n_populations; p++)
        if (!scenario->record.spikes[p])
            return false;
    return true;
}

/* That a window lies in the run, and has what outcomes take: samples, which stand for the time since the last one. */
static rw_err check_window(const rw_window *window, const rw_scenario *scenario) {
    const double step = scenario->step_ms, end = (double)scenario->n_steps,
                 every = (double)scenario->record.series_steps;
    const double from = ceil(window->from_ms / step - 1e-6), to = floor(window->to_ms / step + 1e-6);
    RW_CHECK(to <= end, RW_ERR_INPUT, "the window %s of measure ends at %g ms, after the run, which ends at %g ms",
             window->name, window->to_ms, step * end);
    const double next = fmin((floor(from / every) + 1.0) * every, end); /* the first sample in the window */
    const double whole = ceil(from / every) * every;                    /* the first interval in it */
    const bool has_interval = fmin(whole + every, end) <= to && whole < end;
    const bool is_filled = whole == from && (fmod(to, every) == 0.0 || to == end);
    RW_CHECK(next <= to && (has_interval || records_all_spikes(scenario)), RW_ERR_INPUT,
             "the window %s of measure, from %g ms to %g ms, holds no %s of record.series, which samples every %g ms; "
             "take a longer window or a shorter interval%s",
             window->name, window->from_ms, window->to_ms, next <= to ? "interval" : "sample", step * every,
             next <= to ? ", or record the spikes of all populations" : "");
    RW_CHECK(is_filled || !has_structure(scenario), RW_ERR_INPUT,
             "the window %s of measure, from %g ms to %g ms, does not begin and end at samples of record.series, which "
             "samples every %g ms, and synapses that form and vanish are counted between samples; shift the window, or "
             "sample more often",
             window->name, window->from_ms, window->to_ms, step * every);
    return RW_OK;
}

static rw_err check_measures(const rw_sweep_plan *plan, const rw_scenario *scenario) {
    RW_CHECK(scenario->record.series_steps > 0, RW_ERR_INPUT,
             "%s: measures are taken from the series; set record.series, for example {every: 1 s}", plan->scenario);
    for (size_t w = 0; w < plan->n_windows; w++)
        RW_TRY(check_window(&plan->windows[w], scenario));
    return RW_OK;
}

/* The scenario of a point, and that it can be measured. */
static rw_err check_point(const rw_sweep_plan *plan, const rw_point *point, size_t number, const char *base) {
    rw_scenario *scenario = NULL;
    rw_err err = rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), point->set, point->n_set);
    if (err == RW_OK)
        err = check_files(scenario);
    if (err == RW_OK)
        err = check_measures(plan, scenario);
    rw_scenario_destroy(&scenario);
    return err == RW_OK ? err : fail_point(plan, point, number, err);
}

rw_err rw_points_check(const rw_sweep_plan *plan, const rw_points *points, const char *base) {
    size_t checks = points->n_points < MAX_CHECKED ? points->n_points : MAX_CHECKED;
    for (size_t i = 0; i < checks; i++) {
        size_t point = checks > 1 ? i * (points->n_points - 1) / (checks - 1) : 0;
        RW_TRY(check_point(plan, &points->points[point], point, base));
    }
    return RW_OK;
}
