/* A comparison on standard output, for people and for machines. */
#ifndef RW_CLI_COMPARISON_PRINT_H
#define RW_CLI_COMPARISON_PRINT_H

#include "study/comparison/effects.h"
#include "study/comparison/recovery_tables.h"

/* Tables without columns were not asked for. */
typedef struct {
    rw_table effects, dose, choices, sensitivity, criterion, courses;
    rw_recovery_tables recovery;
    const rw_effect *list;
    size_t n_effects;
    const char *const *gaps; /* [n_gaps] sentences on what could not be compared */
    size_t n_gaps;
} rw_comparison;

/* Prints the comparison for people; criterion is the one asked for, or NULL; directory says where the tables are. */
void rw_comparison_print(const rw_cohort *cohort, const rw_comparison *comparison, const char *criterion,
                         const char *directory);

/* Prints it as one JSON object. */
void rw_comparison_print_json(const rw_cohort *cohort, const rw_comparison *comparison, const char *directory);

#endif
