/* What recovery tells of each scenario: the share that recovers, when, who, and whether it could be predicted. */
#ifndef RW_STUDY_COMPARISON_RECOVERY_ANALYSIS_H
#define RW_STUDY_COMPARISON_RECOVERY_ANALYSIS_H

#include "study/comparison/logrank.h"
#include "study/comparison/recovery.h"
#include "study/comparison/regression.h"
#include "study/comparison/roc.h"
#include "study/comparison/survival.h"

/* Two groups, or all, compared in their times. */
typedef struct {
    size_t a, b; /* equal: all groups */
    rw_logrank independent, paired;
    double p_holm; /* of the paired p of pairs; NaN for all */
} rw_recovery_contrast;

typedef struct {
    rw_recovery recovery;
    const rw_survival *curves; /* [n_groups] */
    const rw_recovery_contrast *contrasts;
    size_t n_contrasts;                 /* 0: a single group */
    size_t n_traits;                    /* drawn for the subjects; 0: none */
    const rw_regression *fits;          /* [n_groups] of the level on the traits */
    const rw_coefficient *coefficients; /* [n_groups x n_traits] */
    const rw_roc *rocs;                 /* [n_groups]; NULL: no predictor */
} rw_recovery_analysis;

/* Watches all runs and analyses every group. With up to 4 groups all pairs are contrasted, with more each with the
 * first. In the cohort's arena. Errors: those of rw_recovery_find. */
RW_MUST_CHECK rw_err rw_recovery_analyse(const rw_cohort *cohort, const rw_recovery_spec *spec,
                                         rw_recovery_analysis *analysis);

/* The name of a trait. */
const char *rw_recovery_trait(const rw_cohort *cohort, size_t trait);

#endif
