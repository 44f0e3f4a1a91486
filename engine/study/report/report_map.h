/* Maps of a sweep: every outcome over the two parameters that it varies. */
#ifndef RW_STUDY_REPORT_REPORT_MAP_H
#define RW_STUDY_REPORT_REPORT_MAP_H

#include "study/comparison/cohort.h"
#include "study/report/figure.h"

/* Whether a sweep is a grid over two parameters. */
bool rw_report_has_plane(const rw_sweep_plan *plan);

/* Adds a map of every outcome asked for, of each arm, over the two parameters of such a sweep; `span` names what they
 * show. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_maps(rw_figures *figures, const rw_cohort *cohort, const char *patterns,
                                    const char *span);

#endif
