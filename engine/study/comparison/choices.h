/* Choices over the evidence of a sweep: psychometric curves. */
#ifndef RW_STUDY_COMPARISON_CHOICES_H
#define RW_STUDY_COMPARISON_CHOICES_H

#include "study/comparison/cohort.h"
#include "study/comparison/psychometric.h"

/* The curve of an outcome in an arm, over the abscissa of the sweep. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_choice_fit(const rw_cohort *cohort, size_t outcome, size_t arm, rw_psychometric *fit);

/* Curves of every choice that is asked for in every arm, a row each; without an abscissa, or a choice, the table has no
 * columns. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_choices_table(const rw_cohort *cohort, const char *patterns, rw_table *table);

#endif
