#include "study/report/report_sessions.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/outcomes.h"

/* Figures of a comparison, and scenarios in one of them: more would not be legible. */
enum { FIGURES_SHOWN = 8, ROWS_SHOWN = 12 };

/* ---- a run ---- */

/* The sessions of one name: when each was, and the means over its presentations. */
typedef struct {
    double *at, *recall, *chance;
    size_t n;
} session_means;

/* Samples with presentations that follow each other are one session. */
static rw_err read_means(const rw_run_page *page, const char *session, session_means *means) {
    rw_result_numbers n, recall, chance;
    const rw_result_in *result = page->result;
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_PRESENTATIONS, session).text, &n));
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_RECALL, session).text, &recall));
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_OUTSIDE, session).text, &chance));
    *means = (session_means){.n = 0};
    if (n.rows != page->time.rows || recall.rows != n.rows || chance.rows != n.rows)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, means->at, 3 * n.rows));
    means->recall = means->at + n.rows;
    means->chance = means->recall + n.rows;
    for (size_t i = 0; i < n.rows; i++) {
        double sum = 0.0, sum_recall = 0.0, sum_chance = 0.0;
        const size_t first = i;
        for (; i < n.rows && n.values[i] > 0.0 && !isnan(recall.values[i]); i++) {
            sum += n.values[i];
            sum_recall += n.values[i] * recall.values[i];
            sum_chance += n.values[i] * chance.values[i];
        }
        if (i == first)
            continue;
        means->at[means->n] = page->at[first];
        means->recall[means->n] = sum_recall / sum;
        means->chance[means->n++] = sum_chance / sum;
    }
    return RW_OK;
}

static rw_err add_trace(const rw_run_page *page, rw_figure *figure, const session_means *means, const double *y,
                        rw_mark_kind kind, const char *label, int colour, bool dashed) {
    return rw_figure_trace(
        page->figures, figure,
        (rw_trace){
            .label = label, .kind = kind, .colour = colour, .n = means->n, .x = means->at, .y = y, .dashed = dashed});
}

static rw_err add_session(const rw_run_page *page, rw_figure *figure, const char *session, int *colour) {
    session_means means;
    const char *by_chance = NULL;
    RW_TRY(read_means(page, session, &means));
    if (means.n == 0)
        return RW_OK;
    RW_TRY(rw_figures_text(page->figures, &by_chance, "%s, by chance", session));
    RW_TRY(add_trace(page, figure, &means, means.recall, RW_MARK_LINE, session, *colour, false));
    RW_TRY(add_trace(page, figure, &means, means.recall, RW_MARK_DOTS, "", *colour, false));
    return add_trace(page, figure, &means, means.chance, RW_MARK_LINE, by_chance, (*colour)++, true);
}

rw_err rw_report_sessions(rw_run_page *page) {
    const char *const *names = NULL;
    rw_figure *figure = NULL;
    size_t n = 0;
    int colour = 0;
    RW_TRY(rw_result_in_groups(page->result, "series.h5", rw_series_group_path(RW_SERIES_OF_SESSION, "").text, &names,
                               &n));
    if (n == 0)
        return RW_OK;
    RW_TRY(rw_run_page_begin(
        page, "sessions", "Recall of patterns", (rw_axis){.label = "share that fired", .min = 0.0, .max = 1.0},
        "Of the cells of a pattern that are not stimulated, the share that fires in a presentation, "
        "mean over the presentations of a session; dashed: of the cells outside of the pattern.",
        &figure));
    for (size_t i = 0; i < n; i++)
        RW_TRY(add_session(page, figure, names[i], &colour));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

/* ---- many runs ---- */

/* The outcome `outside.SESSION.WINDOW` of `recall.SESSION.WINDOW`; n_outcomes if there is none. */
static size_t find_chance(const rw_cohort *cohort, const char *recall) {
    const rw_path chance = rw_path_of("outside%s", strchr(recall, '.'));
    size_t o = 0;
    while (o < cohort->n_outcomes && strcmp(cohort->outcomes[o].name, chance.text) != 0)
        o++;
    return o;
}

/* Means of an outcome in every scenario, a row each. */
static rw_err add_means(const rw_cohort_page *page, rw_figure *figure, size_t outcome, size_t rows, const char *label,
                        int colour, double place) {
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 4 * rows));
    double *y = x + rows, *low = y + rows, *high = low + rows;
    for (size_t g = 0; g < rows; g++) {
        rw_interval interval;
        RW_TRY(rw_cohort_group_mean(page->cohort, outcome, g, &x[g], &interval));
        y[g] = (double)g + place;
        low[g] = interval.low;
        high[g] = interval.high;
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = colour,
                                      .n = rows,
                                      .x = x,
                                      .y = y,
                                      .low = low,
                                      .high = high});
}

/* Whether any run has a value. */
static bool has_value(const rw_cohort *cohort, size_t outcome) {
    for (size_t i = 0; i < cohort->n_groups * cohort->n_units; i++)
        if (!isnan(cohort->outcomes[outcome].values[i]))
            return true;
    return false;
}

static rw_err recall_figure(const rw_cohort_page *page, size_t recall, size_t chance, size_t number) {
    const rw_cohort *cohort = page->cohort;
    const rw_outcome *of = &cohort->outcomes[recall];
    const size_t rows = cohort->n_groups < ROWS_SHOWN ? cohort->n_groups : ROWS_SHOWN;
    const char *id = NULL, *name = NULL, *sentence = NULL, *caption = NULL, *cut = "";
    rw_figure *figure = NULL;
    RW_TRY(rw_cohort_page_describe(page, of, &name, &sentence));
    RW_TRY(rw_figures_text(page->figures, &id, "recall_%zu", number));
    if (rows < cohort->n_groups)
        RW_TRY(rw_figures_text(page->figures, &cut, " The first %zu of %zu scenarios.", rows, cohort->n_groups));
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "%s (%s), and the same of the cells outside of the pattern: what recall would be by chance. "
                           "Means with 95 %% BCa bootstrap intervals.%s %s.",
                           sentence, of->name, cut, page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = id,
                                      .title = name,
                                      .caption = caption,
                                      .x = {.label = "share that fired", .min = 0.0, .max = 1.0},
                                      .y = {.label = "", .names = cohort->groups, .n_names = rows}},
                          &figure));
    RW_TRY(add_means(page, figure, recall, rows, "recall", 0, 0.12));
    return add_means(page, figure, chance, rows, "by chance", 1, -0.12);
}

rw_err rw_report_recall(const rw_cohort_page *page) {
    const rw_cohort *cohort = page->cohort;
    size_t shown = 0;
    for (size_t o = 0; o < cohort->n_outcomes && shown < FIGURES_SHOWN; o++) {
        const rw_outcome *of = &cohort->outcomes[o];
        if (strncmp(of->name, "recall.", 7) != 0 || !rw_outcome_matches(of, page->patterns) || !has_value(cohort, o))
            continue;
        const size_t chance = find_chance(cohort, of->name);
        if (chance < cohort->n_outcomes)
            RW_TRY(recall_figure(page, o, chance, shown++));
    }
    return RW_OK;
}
