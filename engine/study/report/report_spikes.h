/* The figures of a run's spikes: raster and spectrum. */
#ifndef RW_STUDY_REPORT_REPORT_SPIKES_H
#define RW_STUDY_REPORT_REPORT_SPIKES_H

#include "study/report/run_page.h"

/* Adds raster and spectrum, if spikes were recorded. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_spikes(rw_run_page *page);

#endif
