#include "study/report/report_turnover.h"

#include <math.h>

#include "base/memory.h"

enum { TURNOVER_BINS = 60 };

/* Names of the projections whose synapses formed or vanished; all weights of the others are in the table of weights. */
static rw_err changing_projections(rw_run_page *page, const char *const **names, size_t *n) {
    const char **list = NULL;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, list, page->result->n_projections));
    *n = 0;
    for (size_t p = 0; p < page->result->n_projections; p++) {
        rw_result_numbers created, deleted;
        double events = 0.0;
        const char *name = page->result->projections[p];
        RW_TRY(rw_result_in_numbers(page->result, "series.h5", rw_series_path(RW_SERIES_CREATED, name).text, &created));
        RW_TRY(rw_result_in_numbers(page->result, "series.h5", rw_series_path(RW_SERIES_DELETED, name).text, &deleted));
        for (size_t i = 0; i < created.rows && i < deleted.rows; i++)
            events += created.values[i] + deleted.values[i];
        if (events > 0.0)
            list[(*n)++] = name;
    }
    *names = list;
    return RW_OK;
}

/* A span of whole updates of the connectivity and of some samples: between updates nothing changes, and shorter spans
 * would alternate between zero and nonzero. */
static double turnover_span_ms(const rw_run_page *page) {
    const rw_scenario *scenario = page->scenario;
    const double update_ms = scenario != NULL ? (double)scenario->structure.every_steps * scenario->step_ms : 0.0;
    const double sample_ms = page->time.rows > 1 ? page->time.values[1] - page->time.values[0] : 0.0;
    const double span_ms = fmax(sample_ms, page->result->reached_ms / TURNOVER_BINS);
    return update_ms > 0.0 ? update_ms * ceil(span_ms / update_ms) : span_ms;
}

/* Events between samples as a rate over spans. */
static rw_err add_turnover(rw_run_page *page, rw_figure *figure, const char *projection, rw_series series,
                           const char *label, int colour) {
    const double span_ms = turnover_span_ms(page);
    rw_result_numbers events;
    double *x = NULL;
    RW_TRY(rw_result_in_numbers(page->result, "series.h5", rw_series_path(series, projection).text, &events));
    if (events.rows == 0 || events.rows != page->time.rows)
        return RW_OK;
    const size_t most = (size_t)ceil(page->result->reached_ms / span_ms);
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, 2 * most));
    double *y = x + most;
    for (size_t i = 0; i < events.rows; i++) {
        const double place = ceil(page->time.values[i] / span_ms - 1e-9) - 1.0;
        if (place >= 0.0 && place < (double)most)
            y[(size_t)place] += events.values[i];
    }
    for (size_t b = 0; b < most; b++) { /* the last span may be cut short */
        const double from_ms = span_ms * (double)b, to_ms = fmin(span_ms * (double)(b + 1), page->result->reached_ms);
        x[b] = 0.5 * (from_ms + to_ms) * page->units_per_ms;
        y[b] = 1e3 * y[b] / (to_ms - from_ms);
    }
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = colour,
                                      .n = most,
                                      .x = x,
                                      .y = y,
                                      .dashed = series == RW_SERIES_DELETED});
}

static rw_err turnover_figure(rw_run_page *page, const char *const *names, size_t n) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "Synapses that formed (lines) and vanished (dashed) in a second of the network, over spans "
                           "of %.6g s. %s.",
                           1e-3 * turnover_span_ms(page), page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "turnover",
                                      .title = "Synapses formed and vanished",
                                      .caption = caption,
                                      .x = page->time_axis,
                                      .y = {.label = rw_series_get(RW_SERIES_CREATED)->quantity, .unit = "1/s"},
                                      .interactive = true},
                          &figure));
    for (size_t i = 0; i < n; i++) {
        const char *label = NULL;
        RW_TRY(rw_figures_text(page->figures, &label, "%s formed", names[i]));
        RW_TRY(add_turnover(page, figure, names[i], RW_SERIES_CREATED, label, 2 * (int)i));
        RW_TRY(rw_figures_text(page->figures, &label, "%s vanished", names[i]));
        RW_TRY(add_turnover(page, figure, names[i], RW_SERIES_DELETED, label, 2 * (int)i + 1));
    }
    return RW_OK;
}

rw_err rw_report_turnover(rw_run_page *page) {
    const char *const *changing = NULL;
    size_t n_changing = 0;
    RW_TRY(changing_projections(page, &changing, &n_changing));
    if (n_changing == 0)
        return RW_OK;
    RW_TRY(rw_run_page_series_figure(page, "synapses", RW_SERIES_SYNAPSES, NULL, changing, n_changing,
                                     "Live synapses of the projections that rewire.", NULL));
    return turnover_figure(page, changing, n_changing);
}
