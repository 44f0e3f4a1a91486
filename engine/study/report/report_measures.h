/* The part of a run's report that shows the measures of its connectivity. */
#ifndef RW_STUDY_REPORT_REPORT_MEASURES_H
#define RW_STUDY_REPORT_REPORT_MEASURES_H

#include "io/result_in.h"
#include "study/report/figure.h"

/* Adds figures of the group measures of series.h5; nothing without it. `span` says which run, for
 * captions; `time` is the axis of time, units_per_ms its units in a ms of the run. Errors: RW_ERR_INPUT (damaged
 * files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_measures(rw_figures *figures, const rw_result_in *result, const char *span, rw_axis time,
                                        double units_per_ms);

#endif
