/* The time course of a series over the runs of a scenario: mean over the runs, with a band. */
#ifndef RW_STUDY_COMPARISON_COURSES_H
#define RW_STUDY_COMPARISON_COURSES_H

#include "study/comparison/cohort.h"

/* A series that is followed, of series.h5. */
typedef struct {
    const char *dataset; /* "/populations/pyr/rate" */
    const char *title;   /* "Firing rate of pyr" */
    const char *label, *unit;
} rw_followed;

/* [rows]; low and high are the ends of the 95 % interval of the mean (Student's t), NaN with fewer than two runs. */
typedef struct {
    size_t rows;
    const double *time_ms, *mean, *low, *high, *n;
} rw_mean_course;

/* The series that are followed unless others are asked for: levels of drugs, rates and calcium of populations, what
 * growth signals do to formation, synapses of projections that rewire, as far as the first run of any group has them.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_courses_list(const rw_cohort *cohort, const rw_followed **followed, size_t *n);

/* The mean over the runs of a group. Runs with other sample times are left out; rows is 0 if none is left. In the
 * cohort's arena. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_courses_mean(const rw_cohort *cohort, size_t group, const char *dataset,
                                     rw_mean_course *course);

/* All followed series of all groups as a table: series, unit, scenario, time, n, mean, low, high. Errors: as above. */
RW_MUST_CHECK rw_err rw_courses_table(const rw_cohort *cohort, rw_table *table);

#endif
