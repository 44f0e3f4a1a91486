/* A report: one page that opens offline, and its figures as files. */
#ifndef RW_STUDY_REPORT_REPORT_H
#define RW_STUDY_REPORT_REPORT_H

#include "io/result_in.h"
#include "study/comparison/compare.h"
#include "study/report/figure.h"

/* A line of facts at the head of a page. */
typedef struct {
    const char *name, *value;
} rw_fact;

typedef struct {
    const char *title;
    const char *text; /* what it is about; "" for nothing */
    const rw_fact *facts;
    size_t n_facts;
    const rw_figures *figures;
    const char *source_title, *source; /* a text shown at the end: the scenario or the plan */
} rw_page;

/* Adds the figures of a run: drug and blockade, rates, raster, spectrum, calcium, synapses, turnover, degrees, weights,
 * distances, connectivity. What was not recorded gives no figure. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_run(rw_figures *figures, const rw_result_in *result);

/* Adds the figures of a sweep or of compared results: time courses with bands, effects, dose-response, values of every
 * run, maps over two parameters. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_cohort(rw_figures *figures, const rw_cohort *cohort, const char *patterns);

/* Writes report.html, and figures/ID.svg and figures/ID.csv, into a directory that is made. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_write(const rw_page *page, const char *directory);

#endif
