/* Figures of choices over the evidence for them: shares of the runs, and the psychometric curve through them. */
#ifndef RW_STUDY_REPORT_REPORT_CHOICE_H
#define RW_STUDY_REPORT_REPORT_CHOICE_H

#include "study/report/cohort_page.h"

/* Adds the figure of a choice, of a sweep with an abscissa; `number` makes its id. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_choice(const rw_cohort_page *page, size_t outcome, size_t number);

#endif
