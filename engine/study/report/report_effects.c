#include "study/report/report_effects.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/effects.h"
#include "study/comparison/reach.h"

/* Whether differences of an outcome have a spread to be measured by. */
static bool has_size(const rw_effect *e) {
    return isfinite(e->cohen_d) && isfinite(e->interval.low) && e->difference != 0.0;
}

/* Differences from the reference in units of the spread, with their intervals in the same units. */
rw_err rw_report_effects(rw_cohort_page *page, const rw_effect *effects, size_t n_effects) {
    const rw_cohort *cohort = page->cohort;
    const char **names = NULL, **titles = NULL, *caption = NULL, *sentence = NULL;
    rw_figure *figure = NULL;
    double *x = NULL;
    size_t n_names = 0;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, names, cohort->n_outcomes));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, titles, cohort->n_outcomes));
    for (size_t i = 0; i < n_effects && n_names < 24; i++)
        if (has_size(&effects[i]) &&
            (n_names == 0 || strcmp(names[n_names - 1], cohort->outcomes[effects[i].outcome].name) != 0)) {
            const rw_outcome *outcome = &cohort->outcomes[effects[i].outcome];
            RW_TRY(rw_cohort_page_describe(page, outcome, &titles[n_names], &sentence));
            names[n_names++] = outcome->name;
        }
    if (n_names == 0)
        return RW_OK;
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "Paired difference from %s over the root of the mean variance (Cohen's d), with 95 %% BCa "
                           "bootstrap intervals. %s. %s.",
                           cohort->groups[0], page->span, rw_reach_of(cohort->n_units, n_effects).text));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "effects",
                                      .title = "Effects",
                                      .caption = caption,
                                      .x = {.label = "standardised difference"},
                                      .y = {.label = "", .names = titles, .n_names = n_names}},
                          &figure));
    for (size_t g = 1; g < cohort->n_groups && g <= RW_GROUPS_SHOWN; g++) {
        size_t n = 0;
        RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * n_names));
        double *y = x + n_names, *low = y + n_names, *high = low + n_names;
        for (size_t i = 0; i < n_effects; i++) {
            const rw_effect *e = &effects[i];
            for (size_t k = 0; k < n_names && e->b == g && has_size(e); k++)
                if (strcmp(names[k], cohort->outcomes[e->outcome].name) == 0) {
                    double scale = e->cohen_d / e->difference;
                    x[n] = e->cohen_d;
                    y[n] = (double)k + 0.8 * ((double)g / (double)cohort->n_groups - 0.5);
                    low[n] = scale * e->interval.low;
                    high[n++] = scale * e->interval.high;
                }
        }
        RW_TRY(rw_figure_trace(page->figures, figure,
                               (rw_trace){.label = page->legends[g],
                                          .kind = RW_MARK_INTERVAL,
                                          .colour = rw_cohort_page_colour(page, g),
                                          .n = n,
                                          .x = x,
                                          .y = y,
                                          .low = low,
                                          .high = high}));
    }
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4));
    x[2] = -0.6;
    x[3] = (double)n_names - 0.4;
    return rw_figure_trace(
        page->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = x, .y = x + 2});
}
