/* The figures of a clock that runs faster than the network. */
#ifndef RW_STUDY_REPORT_REPORT_CLOCK_H
#define RW_STUDY_REPORT_REPORT_CLOCK_H

#include "study/report/run_page.h"

/* Adds the factor of the clock, and the errors that it makes by its estimates; nothing without time.clock. Errors:
 * RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_clock(rw_run_page *page);

#endif
