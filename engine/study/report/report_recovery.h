/* Figures of recovery: how many have recovered by when, which traits explain it, whether it could be predicted. */
#ifndef RW_STUDY_REPORT_REPORT_RECOVERY_H
#define RW_STUDY_REPORT_REPORT_RECOVERY_H

#include "study/comparison/recovery_analysis.h"
#include "study/report/cohort_page.h"

/* Adds the figures of the first RW_GROUPS_SHOWN scenarios. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_recovery(const rw_cohort_page *page, const rw_recovery_spec *spec);

#endif
