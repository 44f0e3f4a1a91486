/* The part of a run's report that shows its connectivity. */
#ifndef RW_STUDY_REPORT_REPORT_STRUCTURE_H
#define RW_STUDY_REPORT_REPORT_STRUCTURE_H

#include "config/scenario.h"
#include "io/result_in.h"
#include "study/report/figure.h"

/* Adds degrees, weights, distances and the matrix over time; nothing without snapshots or scenario (NULL). `span` says
 * which run, for captions. Errors: RW_ERR_INPUT (damaged files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_structure(rw_figures *figures, const rw_result_in *result, const rw_scenario *scenario,
                                         const char *span);

#endif
