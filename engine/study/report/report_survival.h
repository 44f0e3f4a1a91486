/* The figure of how long synapses live. */
#ifndef RW_STUDY_REPORT_REPORT_SURVIVAL_H
#define RW_STUDY_REPORT_REPORT_SURVIVAL_H

#include "config/scenario.h"
#include "io/result_in.h"
#include "study/report/figure.h"

/* Adds the survival of synapses by age; nothing if it was not recorded. Errors: RW_ERR_INPUT
 * (damaged files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_survival(rw_figures *figures, const rw_result_in *result, const rw_scenario *scenario,
                                        const char *span);

#endif
