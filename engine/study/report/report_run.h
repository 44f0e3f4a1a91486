/* The figures of one run. */
#ifndef RW_STUDY_REPORT_REPORT_RUN_H
#define RW_STUDY_REPORT_REPORT_RUN_H

#include "io/result_in.h"
#include "study/report/figure.h"

/* Adds the figures of a run: drug and blockade, rates, raster, spectrum, calcium, synapses, turnover, degrees, weights,
 * distances, connectivity. What was not recorded gives no figure. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_run(rw_figures *figures, const rw_result_in *result);

#endif
