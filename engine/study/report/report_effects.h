/* Effect sizes of a comparison. */
#ifndef RW_STUDY_REPORT_REPORT_EFFECTS_H
#define RW_STUDY_REPORT_REPORT_EFFECTS_H

#include "study/comparison/effects.h"
#include "study/report/cohort_page.h"

/* Adds differences from the reference in units of the spread, with their intervals in the same units. Errors:
 * RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_report_effects(rw_cohort_page *page, const rw_effect *effects, size_t n_effects);

#endif
