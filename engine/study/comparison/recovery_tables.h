/* Recovery as tables. */
#ifndef RW_STUDY_COMPARISON_RECOVERY_TABLES_H
#define RW_STUDY_COMPARISON_RECOVERY_TABLES_H

#include "study/comparison/recovery_analysis.h"

/* Those that do not apply have no columns. */
typedef struct {
    rw_table recovery;   /* a row for each scenario: share with interval, median time with interval */
    rw_table never;      /* a row for each scenario: who never met the criterion, and who has no value and why */
    rw_table survival;   /* a row for each step of each curve */
    rw_table logrank;    /* a row for each contrast */
    rw_table traits;     /* a row for each scenario and trait */
    rw_table prediction; /* a row for each scenario: area under the curve with interval */
    rw_table roc;        /* a row for each point of each curve */
    rw_table runs;       /* a row for each run */
} rw_recovery_tables;

/* Makes all of them, in the cohort's arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_recovery_tables_make(const rw_cohort *cohort, const rw_recovery_analysis *analysis,
                                             rw_recovery_tables *tables);

/* What a run is called in tables: the number of its subject or of its seed. */
size_t rw_recovery_unit_number(const rw_cohort *cohort, size_t unit);

#endif
