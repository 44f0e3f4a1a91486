#include "study/report/report_effects.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/effects.h"
#include "study/comparison/reach.h"

enum { OUTCOMES_SHOWN = 24 };

/* Whether differences of an outcome have a spread to be measured by. */
static bool has_size(const rw_effect *e) {
    return isfinite(e->cohen_d) && isfinite(e->interval.low) && e->difference != 0.0;
}

/* The outcomes in the figure, a row each. */
typedef struct {
    size_t outcome[OUTCOMES_SHOWN], n;
    const char *titles[OUTCOMES_SHOWN];
} outcome_rows;

/* Those whose differences have a size; effects of an outcome follow each other. */
static rw_err choose_rows(const rw_cohort_page *page, const rw_effect *effects, size_t n_effects, outcome_rows *rows) {
    const char *sentence = NULL;
    for (size_t i = 0; i < n_effects && rows->n < OUTCOMES_SHOWN; i++) {
        const size_t outcome = effects[i].outcome;
        if (!has_size(&effects[i]) || (rows->n > 0 && rows->outcome[rows->n - 1] == outcome))
            continue;
        RW_TRY(rw_cohort_page_describe(page, &page->cohort->outcomes[outcome], &rows->titles[rows->n], &sentence));
        rows->outcome[rows->n++] = outcome;
    }
    return RW_OK;
}

/* The effects of a group, in units of the spread, with their intervals in the same units. */
static rw_err add_group(const rw_cohort_page *page, const rw_effect *effects, size_t n_effects,
                        const outcome_rows *rows, size_t group, rw_figure *figure) {
    double *x = NULL;
    size_t n = 0;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * rows->n));
    double *y = x + rows->n, *low = y + rows->n, *high = low + rows->n;
    for (size_t i = 0; i < n_effects; i++) {
        const rw_effect *e = &effects[i];
        for (size_t k = 0; k < rows->n && e->b == group && has_size(e); k++)
            if (rows->outcome[k] == e->outcome) {
                double scale = e->cohen_d / e->difference;
                x[n] = e->cohen_d;
                y[n] = (double)k + 0.8 * ((double)group / (double)page->cohort->n_groups - 0.5);
                low[n] = scale * e->interval.low;
                high[n++] = scale * e->interval.high;
            }
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = page->legends[group],
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = n,
                                      .x = x,
                                      .y = y,
                                      .low = low,
                                      .high = high});
}

/* A line at no difference. */
static rw_err add_zero(const rw_cohort_page *page, const outcome_rows *rows, rw_figure *figure) {
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4));
    x[2] = -0.6;
    x[3] = (double)rows->n - 0.4;
    return rw_figure_trace(
        page->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = x, .y = x + 2});
}

rw_err rw_report_effects(rw_cohort_page *page, const rw_effect *effects, size_t n_effects) {
    const rw_cohort *cohort = page->cohort;
    const char **titles = NULL, *caption = NULL;
    rw_figure *figure = NULL;
    outcome_rows rows = {.n = 0};
    RW_TRY(choose_rows(page, effects, n_effects, &rows));
    if (rows.n == 0)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, titles, rows.n));
    memcpy(titles, rows.titles, rows.n * sizeof *titles);
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "Paired difference from %s over the root of the mean variance (Cohen's d), with 95 %% BCa "
                           "bootstrap intervals. %s. %s.",
                           cohort->groups[0], page->span, rw_reach_of(cohort->n_units, n_effects).text));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "effects",
                                      .title = "Effects",
                                      .caption = caption,
                                      .x = {.label = "standardised difference"},
                                      .y = {.label = "", .names = titles, .n_names = rows.n}},
                          &figure));
    for (size_t g = 1; g < cohort->n_groups && g <= RW_GROUPS_SHOWN; g++)
        RW_TRY(add_group(page, effects, n_effects, &rows, g, figure));
    return add_zero(page, &rows, figure);
}
