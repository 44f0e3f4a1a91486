#include "study/sweep/points_check.h"

#include <stdio.h>
#include <string.h>

#include "config/parse.h"

enum { MAX_CHECKED = 500 };

static rw_err check_files(const rw_scenario *scenario) {
    for (size_t i = 0; i < scenario->n_populations; i++) {
        const char *file = scenario->populations[i].spikes_file;
        RW_CHECK(file == NULL || file[0] == '/', RW_ERR_INPUT,
                 "%s: population %s reads %s; the base scenario of a sweep is copied, so give the whole path, from /",
                 scenario->path, scenario->populations[i].name, file);
    }
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

/* The scenario of a point, and that the windows lie within its run. */
static rw_err check_point(const rw_sweep_plan *plan, const rw_point *point, size_t number, const char *base) {
    rw_scenario *scenario = NULL;
    rw_err err = rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), point->set, point->n_set);
    if (err == RW_OK)
        err = check_files(scenario);
    for (size_t w = 0; err == RW_OK && w < plan->n_windows; w++)
        if (plan->windows[w].to_ms > scenario->step_ms * (double)scenario->n_steps * (1 + 1e-12))
            err = rw_fail(RW_ERR_INPUT, "the window %s of measure ends at %g ms, after the run, which ends at %g ms",
                          plan->windows[w].name, plan->windows[w].to_ms, scenario->step_ms * (double)scenario->n_steps);
    if (err == RW_OK && scenario->record.series_steps == 0)
        err =
            rw_fail(RW_ERR_INPUT, "%s: measures are taken from the series; set record.series, for example {every: 1 s}",
                    plan->scenario);
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
