#include "study/report/run_page.h"

#include "base/memory.h"
#include "study/report/series_axis.h"

rw_err rw_run_page_series(const rw_run_page *page, rw_figure *figure, const char *dataset, const char *label,
                          int colour, bool dashed) {
    rw_result_numbers series;
    RW_TRY(rw_result_in_numbers(page->result, "series.h5", dataset, &series));
    if (series.rows == 0 || series.rows != page->time.rows)
        return RW_OK;
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = colour,
                                      .n = series.rows,
                                      .x = page->at,
                                      .y = series.values,
                                      .dashed = dashed});
}

rw_err rw_run_page_begin(const rw_run_page *page, const char *id, const char *title, rw_axis y, const char *what,
                         rw_figure **figure) {
    const char *caption = NULL;
    RW_TRY(rw_figures_text(page->figures, &caption, "%s %s.", what, page->span));
    return rw_figures_add(
        page->figures,
        (rw_figure){.id = id, .title = title, .caption = caption, .x = page->time_axis, .y = y, .interactive = true},
        figure);
}

rw_err rw_run_page_begin_series(const rw_run_page *page, const char *id, rw_series series, const char *title,
                                const char *what, rw_figure **figure) {
    return rw_run_page_begin(page, id, title != NULL ? title : rw_series_get(series)->title, rw_axis_of_series(series),
                             what, figure);
}

rw_err rw_run_page_series_figure(const rw_run_page *page, const char *id, rw_series series, const char *title,
                                 const char *const *objects, size_t n, const char *what, rw_figure **made) {
    rw_figure *figure = NULL;
    RW_TRY(rw_run_page_begin_series(page, id, series, title, what, &figure));
    for (size_t i = 0; i < n; i++)
        RW_TRY(rw_run_page_series(page, figure, rw_series_path(series, objects[i]).text, objects[i], (int)i, false));
    rw_run_page_drop_empty(page, &figure);
    if (made != NULL)
        *made = figure;
    return RW_OK;
}

void rw_run_page_drop_empty(const rw_run_page *page, rw_figure **figure) {
    if ((*figure)->n_traces > 0)
        return;
    page->figures->count--;
    *figure = NULL;
}
