#include "study/report/report_clock.h"

/* One estimate as a line: the total of a quantity is solid, its sources are dashed. */
static rw_err add_error(const rw_run_page *page, rw_figure *figure, const char *quantity, const char *source,
                        int colour) {
    const char *const parts[] = {quantity, source};
    const bool total = source[0] == 't';
    const char *label = NULL;
    RW_TRY(rw_figures_text(page->figures, &label, total ? "%s" : "%s: %s", quantity, source));
    return rw_run_page_series(page, figure, rw_series_path_with(RW_SERIES_CLOCK_ERROR, "", parts, 2).text, label,
                              colour, !total);
}

static rw_err error_figure(const rw_run_page *page) {
    static const char *const quantities[] = {"rates", "signals", "synapses"};
    static const char *const sources[] = {"lag", "sampling", "steps"};
    rw_figure *figure = NULL;
    int colour = 0;
    RW_TRY(rw_run_page_begin_series(
        page, "clock_error", RW_SERIES_CLOCK_ERROR, NULL,
        "Estimated relative error that the clock makes (docs/clock.md); solid: lag + steps + 3 "
        "sampling, dashed: one source.",
        &figure));
    for (size_t q = 0; q < RW_COUNT(quantities); q++)
        RW_TRY(add_error(page, figure, quantities[q], "total", colour++));
    for (size_t q = 0; q < RW_COUNT(quantities); q++)
        for (size_t s = 0; s < RW_COUNT(sources); s++)
            RW_TRY(add_error(page, figure, quantities[q], sources[s], colour++));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

rw_err rw_report_clock(rw_run_page *page) {
    rw_figure *figure = NULL;
    RW_TRY(rw_run_page_begin_series(page, "clock", RW_SERIES_CLOCK_FACTOR, NULL,
                                    "Seconds of biology for which a second of the network stands.", &figure));
    figure->y.logarithmic = true;
    RW_TRY(rw_run_page_series(page, figure, rw_series_path(RW_SERIES_CLOCK_FACTOR, "").text, "factor", 0, false));
    rw_run_page_drop_empty(page, &figure);
    return figure == NULL ? RW_OK : error_figure(page);
}
