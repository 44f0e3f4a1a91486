/* What a comparison cannot say, and why. */
#ifndef RW_STUDY_COMPARISON_GAPS_H
#define RW_STUDY_COMPARISON_GAPS_H

#include "study/comparison/cohort.h"

/* A sentence for every scenario of which runs failed, with the reason of the first, for every scenario in which
 * outcomes that are asked for have no value though others have one, and for outcomes without a value in any run, with
 * what they take. In the cohort's arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_gaps_find(const rw_cohort *cohort, const char *patterns, const char *const **sentences,
                                  size_t *n);

#endif
