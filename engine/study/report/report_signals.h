/* The figures of growth signals. */
#ifndef RW_STUDY_REPORT_REPORT_SIGNALS_H
#define RW_STUDY_REPORT_REPORT_SIGNALS_H

#include "study/report/run_page.h"

/* Adds the stages of growth signals, and what comes of them; nothing without any. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_report_signals(rw_run_page *page);

#endif
