#include "study/report/report_runs.h"

#include <math.h>

#include "base/memory.h"
#include "study/comparison/outcomes.h"
#include "study/measure_table.h"

/* Groups of a figure of runs, and units whose runs are joined there: more would not be legible. */
enum { ROWS_SHOWN = 12, JOINED_UP_TO = 60 };

/* Where the dot of a unit lies in the row of a group: the same in every row. */
static double run_place(size_t group, size_t unit) {
    return (double)group + 0.22 + 0.12 * ((double)(unit % 5) / 4.0 - 0.5);
}

/* Lines that join the runs of a unit, with a gap behind each. */
static rw_err add_joins(const rw_cohort_page *page, rw_figure *figure, const rw_outcome *outcome, size_t groups) {
    const size_t units = page->cohort->n_units, n = units * (groups + 1);
    double *x = NULL;
    if (groups < 2 || units > JOINED_UP_TO)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 2 * n));
    for (size_t i = 0; i < n; i++) {
        const size_t unit = i / (groups + 1), group = i % (groups + 1);
        x[i] = group < groups ? outcome->values[group * units + unit] : NAN;
        x[n + i] = group < groups ? run_place(group, unit) : NAN;
    }
    return rw_figure_trace(
        page->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_HAIR, .n = n, .x = x, .y = x + n});
}

/* The runs of a group and their mean. */
static rw_err add_runs(const rw_cohort_page *page, rw_figure *figure, size_t outcome, size_t group) {
    const rw_cohort *cohort = page->cohort;
    const size_t units = cohort->n_units;
    double *x = NULL, *dots = NULL;
    rw_interval interval;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, dots, units));
    RW_TRY(rw_cohort_group_mean(cohort, outcome, group, &x[0], &interval));
    x[1] = (double)group;
    x[2] = interval.low;
    x[3] = interval.high;
    for (size_t u = 0; u < units; u++)
        dots[u] = run_place(group, u);
    RW_TRY(rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = "",
                                      .kind = RW_MARK_DOTS,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = units,
                                      .x = cohort->outcomes[outcome].values + group * units,
                                      .y = dots}));
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = "",
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = 1,
                                      .x = x,
                                      .y = x + 1,
                                      .low = x + 2,
                                      .high = x + 3});
}

static rw_err runs_figure(const rw_cohort_page *page, size_t of, size_t number) {
    const rw_cohort *cohort = page->cohort;
    const rw_outcome *outcome = &cohort->outcomes[of];
    const size_t groups = cohort->n_groups < ROWS_SHOWN ? cohort->n_groups : ROWS_SHOWN;
    const char *id = NULL, *name = NULL, *sentence = NULL, *caption = NULL;
    rw_figure *figure = NULL;
    RW_TRY(rw_cohort_page_describe(page, outcome, &name, &sentence));
    RW_TRY(rw_figures_text(page->figures, &id, "runs_%zu", number));
    RW_TRY(rw_figures_text(
        page->figures, &caption, "%s (%s). Small: every run%s%s; large: mean with 95 %% BCa bootstrap interval. %s.",
        sentence, outcome->name, cohort->n_units > JOINED_UP_TO ? "" : ", joined by a line for each ",
        cohort->n_units > JOINED_UP_TO ? "" : cohort->unit_name, page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = id,
                                      .title = name,
                                      .caption = caption,
                                      .x = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit},
                                      .y = {.label = "", .names = cohort->groups, .n_names = groups}},
                          &figure));
    RW_TRY(add_joins(page, figure, outcome, groups));
    for (size_t g = 0; g < groups; g++)
        RW_TRY(add_runs(page, figure, of, g));
    return RW_OK;
}

rw_err rw_report_runs(const rw_cohort_page *page) {
    size_t shown = 0;
    for (size_t o = 0; o < page->cohort->n_outcomes && shown < RW_OUTCOMES_SHOWN; o++)
        if (rw_outcome_is_compared(page->cohort, o, page->patterns))
            RW_TRY(runs_figure(page, o, shown++));
    return RW_OK;
}
