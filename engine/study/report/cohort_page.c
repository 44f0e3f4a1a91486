#include "study/report/cohort_page.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "base/memory.h"
#include "study/measure_table.h"

rw_err rw_cohort_page_describe(const rw_cohort_page *page, const rw_outcome *outcome, const char **title,
                               const char **sentence) {
    char text[512];
    rw_measure_title(outcome->name, text, sizeof text);
    RW_TRY(rw_figures_text(page->figures, title, "%s", text));
    char begin = outcome->description[0];
    return rw_figures_text(page->figures, sentence, "%c%s", begin >= 'a' && begin <= 'z' ? (char)(begin - 32) : begin,
                           outcome->description + 1);
}

int rw_cohort_page_colour(const rw_cohort_page *page, size_t group) {
    return page->is_ordered ? rw_palette_ordered(group, page->cohort->n_groups) : (int)group;
}

rw_err rw_cohort_group_mean(const rw_cohort *cohort, size_t outcome, size_t group, double *mean,
                            rw_interval *interval) {
    const double *values = cohort->outcomes[outcome].values + group * cohort->n_units;
    double *kept = NULL;
    size_t n = 0;
    RW_TRY(RW_ARENA_NEW(cohort->arena, kept, cohort->n_units));
    for (size_t u = 0; u < cohort->n_units; u++)
        if (!isnan(values[u]))
            kept[n++] = values[u];
    *mean = n > 0 ? gsl_stats_mean(kept, 1, n) : NAN;
    return rw_bootstrap_mean(kept, n, 1, interval);
}
