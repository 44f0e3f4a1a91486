/* A report: one page that opens offline, and its figures as files. */
#ifndef RW_STUDY_REPORT_REPORT_PAGE_H
#define RW_STUDY_REPORT_REPORT_PAGE_H

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

/* Writes report.html, and figures/ID.svg and figures/ID.csv, into a directory that is made. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_write(const rw_page *page, const char *directory);

#endif
