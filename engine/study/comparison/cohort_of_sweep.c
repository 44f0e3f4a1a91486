#include "study/comparison/cohort_of_sweep.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/result_in.h"
#include "study/measure_table.h"
#include "study/sweep/point_failure.h"
#include "study/sweep/status.h"
#include "study/sweep/sweep_results.h"

/* Whether the first parameter tells the rows apart, because the others go with it. */
static bool first_is_enough(const rw_sweep_plan *plan) {
    const rw_sweep_parameter *first = &plan->parameters[0];
    if (plan->design != RW_DESIGN_ZIP)
        return false;
    for (size_t i = 0; i < first->n_levels; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(first->labels[i], first->labels[k]) == 0)
                return false;
    return true;
}

/* "ketamine, dose = 0.5 mg/kg" */
static rw_err name_group(const rw_sweep *sweep, size_t row, size_t arm, const char **name) {
    const rw_sweep_plan *plan = sweep->plan;
    const size_t runs = (size_t)(plan->n_subjects * plan->n_replicates);
    const rw_point *point = &sweep->points.points[(row * plan->n_arms + arm) * runs];
    char text[512] = "";
    size_t length = 0;
    if (plan->n_arms > 1)
        length = (size_t)snprintf(text, sizeof text, "%.64s", plan->arms[arm].name);
    for (size_t p = 0; p < plan->n_parameters && length < sizeof text - 1; p++) {
        if (plan->parameters[p].n_levels == 1 || (p > 0 && first_is_enough(plan)))
            continue;
        int more = snprintf(text + length, sizeof text - length, "%s%.64s = %.64s", length > 0 ? ", " : "",
                            plan->parameters[p].name, point->labels[p]);
        length += more > 0 ? (size_t)more : 0;
    }
    return rw_arena_string(sweep->arena, name, text[0] != '\0' ? text : "all");
}

/* The points are in the order of groups and units. */
static rw_err list_directories(rw_cohort *cohort, const rw_sweep *sweep) {
    const char **list = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, list, sweep->points.n_points));
    for (size_t i = 0; i < sweep->points.n_points; i++) {
        rw_path path = rw_sweep_point_path(sweep, i, "");
        if (rw_result_is(path.text))
            RW_TRY(rw_arena_string(cohort->arena, &list[i], path.text));
    }
    cohort->directories = list;
    return RW_OK;
}

/* "the simulation diverged: population 'e' runs away: ..." */
static rw_err read_reason(const rw_sweep *sweep, size_t point, const char **reason) {
    static const char prefix[] = "rewire: error: ";
    rw_point_failure failure;
    char text[600];
    RW_TRY(rw_point_failure_read(sweep, point, sweep->arena, &failure));
    const char *words = failure.last_words;
    words += strncmp(words, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    const int length = (int)strcspn(words, "\n");
    (void)snprintf(text, sizeof text, "%s%s%.*s", failure.reason, length > 0 ? ": " : "", length < 400 ? length : 400,
                   words);
    return rw_arena_string(sweep->arena, reason, text);
}

/* The points are in the order of groups and units; `status` is what rw_sweep_gather says of each. */
static rw_err read_states(rw_cohort *cohort, const rw_sweep *sweep, const char *const *status) {
    rw_group_state *states = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, states, cohort->n_groups));
    for (size_t i = 0; i < sweep->points.n_points; i++) {
        rw_group_state *state = &states[i / cohort->n_units];
        state->n_done += strcmp(status[i], rw_point_state_name(RW_POINT_DONE)) == 0;
        if (strcmp(status[i], rw_point_state_name(RW_POINT_FAILED)) != 0)
            continue;
        if (state->n_failed++ == 0)
            RW_TRY(read_reason(sweep, i, &state->reason));
    }
    cohort->states = states;
    return RW_OK;
}

rw_err rw_cohort_of_sweep(rw_cohort *cohort, const rw_sweep *sweep) {
    const rw_sweep_plan *plan = sweep->plan;
    rw_table table;
    rw_outcome *outcomes = NULL;
    const char **groups = NULL;
    size_t n_done = 0;
    RW_TRY(rw_sweep_gather(sweep, &table, &n_done));
    *cohort = (rw_cohort){.arena = sweep->arena,
                          .title = plan->title,
                          .windows = plan->windows,
                          .n_windows = plan->n_windows,
                          .sweep = sweep};
    cohort->n_units = (size_t)(plan->n_subjects * plan->n_replicates);
    cohort->n_groups = sweep->points.n_points / cohort->n_units;
    cohort->n_missing = sweep->points.n_points - n_done;
    cohort->unit_name = plan->n_subjects == 1 ? "seed" : plan->n_replicates == 1 ? "subject" : "run";
    RW_TRY(read_states(cohort, sweep, rw_table_find(&table, "status")->texts));
    for (size_t g = 0; g < cohort->n_groups && n_done == 0; g++)
        RW_CHECK(cohort->states[g].n_failed == 0, RW_ERR_INPUT,
                 "%s: no point is done, and some failed, the first because %s; `rewire sweep retry %s` runs them again",
                 sweep->path, cohort->states[g].reason, sweep->path);
    RW_CHECK(n_done > 0, RW_ERR_INPUT, "%s: no point is done yet; `rewire sweep run %s` first", sweep->path,
             sweep->path);
    RW_TRY(RW_ARENA_NEW(cohort->arena, groups, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        RW_TRY(name_group(sweep, g / plan->n_arms, g % plan->n_arms, &groups[g]));
    RW_TRY(RW_ARENA_NEW(cohort->arena, outcomes, table.n_columns));
    for (size_t c = 0; c < table.n_columns; c++) {
        const rw_table_column *column = &table.columns[c];
        const char *description = rw_measure_describe(column->name);
        if (column->numbers != NULL && description != NULL && strchr(column->name, '.') != NULL)
            outcomes[cohort->n_outcomes++] =
                (rw_outcome){column->name, column->unit != NULL ? column->unit : "1", description, column->numbers,
                             rw_measure_is_plain_series(column->name)};
    }
    cohort->groups = groups;
    cohort->outcomes = outcomes;
    return list_directories(cohort, sweep);
}
