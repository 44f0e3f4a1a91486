/* The figures of synapses that form and vanish. */
#ifndef RW_STUDY_REPORT_REPORT_TURNOVER_H
#define RW_STUDY_REPORT_REPORT_TURNOVER_H

#include "study/report/run_page.h"

/* Adds the synapses of the projections that rewire, and their turnover; nothing without any. Errors: RW_ERR_INPUT,
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_turnover(rw_run_page *page);

#endif
