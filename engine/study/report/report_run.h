/* What the figures of a run share. */
#ifndef RW_STUDY_REPORT_REPORT_RUN_H
#define RW_STUDY_REPORT_REPORT_RUN_H

#include "config/scenario.h"
#include "study/report/report.h"

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

/* Adds raster and spectrum, if spikes were recorded. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_spikes(rw_run_page *it);

#endif
