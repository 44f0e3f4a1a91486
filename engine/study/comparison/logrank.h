/* Whether groups meet an event at different times: the log-rank test. */
#ifndef RW_STUDY_COMPARISON_LOGRANK_H
#define RW_STUDY_COMPARISON_LOGRANK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/* Subjects of all groups; those whose time is NaN are left out. */
typedef struct {
    const double *times;
    const bool *events;
    const size_t *groups; /* 0 .. n_groups - 1 */
    const size_t *strata; /* 0 .. n_strata - 1; NULL: one */
    size_t n, n_groups, n_strata;
} rw_logrank_sample;

typedef struct {
    const double *observed, *expected; /* [n_groups] events, and those expected if all groups met them alike */
    double chi2, p;                    /* NaN: nothing can be compared */
    size_t freedom;                    /* degrees of freedom; 0: nothing can be compared */
} rw_logrank;

/* Tests that the hazards of all groups are equal (Mantel 1966, Cancer Chemother Rep 50:163; variance hypergeometric,
 * ties included). With strata, subjects are compared only within their stratum, and the differences are summed
 * (stratified log-rank test); strata of one subject in each group make it a test of pairs. Without strata the groups
 * are taken as independent. In the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_logrank_test(rw_arena *arena, const rw_logrank_sample *sample, rw_logrank *test);

#endif
