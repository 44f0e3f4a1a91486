/* Which traits explain recovery, and whether an early outcome predicts it, as tables. */
#ifndef RW_STUDY_COMPARISON_PREDICTION_TABLES_H
#define RW_STUDY_COMPARISON_PREDICTION_TABLES_H

#include "study/comparison/recovery_analysis.h"

/* A row for each scenario and trait; no columns without traits. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_traits_table(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table);

/* A row for each scenario; no columns without a predictor. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_prediction_table(const rw_cohort *cohort, const rw_recovery_analysis *analysis,
                                         rw_table *table);

/* A row for each point of each ROC curve; no columns without one. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_roc_table(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table);

#endif
