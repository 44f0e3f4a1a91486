/* How well a number separates those who meet a criterion from those who do not: receiver operating characteristic. */
#ifndef RW_STUDY_COMPARISON_ROC_H
#define RW_STUDY_COMPARISON_ROC_H

#include "base/memory.h"
#include "study/comparison/statistics.h"

/* "At least `threshold`" as a prediction. */
typedef struct {
    double threshold;                       /* +infinity: nobody is predicted */
    double true_positives, false_positives; /* shares of those who meet it, and of those who do not */
} rw_roc_point;

typedef struct {
    const rw_roc_point *points; /* [n_points] from (0, 0) to (1, 1), one for each distinct value */
    size_t n_points, n_met, n_unmet;
    double area; /* P(value of one who meets it > that of one who does not) + P(equal) / 2; NaN: one class only */
    rw_interval interval; /* NaN where the variance is 0 (all are separated), or a class has one member */
} rw_roc;

/* The curve and its area (Mann & Whitney's statistic), with the 95 % interval of DeLong et al. 1988, Biometrics 44:837,
 * cut at 0 and 1. Subjects whose value is NaN are left out. In the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_roc_estimate(rw_arena *arena, const double *values, const bool *met, size_t n, rw_roc *roc);

#endif
