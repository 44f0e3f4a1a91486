/* What the figures of a run share: the run, the axis of time, lines of its series. */
#ifndef RW_STUDY_REPORT_RUN_PAGE_H
#define RW_STUDY_REPORT_RUN_PAGE_H

#include "config/scenario.h"
#include "config/series_catalogue.h"
#include "io/result_in.h"
#include "study/report/figure.h"

typedef struct {
    rw_figures *figures;
    const rw_result_in *result;
    rw_scenario *scenario; /* NULL: its text cannot be read back (tables from files) */
    rw_axis time_axis;
    const char *span; /* "seed 1, 1,200 cells" */
    rw_result_numbers time;
    const double *at;    /* [time.rows] in the time unit */
    double units_per_ms; /* of the axis, per ms of the run's time */
} rw_run_page;

/* Begins a figure over time. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_page_begin(const rw_run_page *page, const char *id, const char *title, rw_axis y,
                                       const char *what, rw_figure **figure);

/* Adds a dataset of series.h5 as a line, if it is there. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_page_series(const rw_run_page *page, rw_figure *figure, const char *dataset,
                                        const char *label, int colour, bool dashed);

/* Begins a figure over time of a series of the catalogue; title NULL: the catalogue's. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_page_begin_series(const rw_run_page *page, const char *id, rw_series series,
                                              const char *title, const char *what, rw_figure **figure);

/* Adds a figure of a series of every object; *made is NULL if no object has it, and `made` may be NULL.
 * Errors: as above. */
RW_MUST_CHECK rw_err rw_run_page_series_figure(const rw_run_page *page, const char *id, rw_series series,
                                               const char *title, const char *const *objects, size_t n,
                                               const char *what, rw_figure **made);

/* Removes the figure that was added last, if it has no traces; *figure is then NULL. */
void rw_run_page_drop_empty(const rw_run_page *page, rw_figure **figure);

#endif
