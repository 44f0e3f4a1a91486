/* Which runs recover, and when. */
#ifndef RW_STUDY_COMPARISON_RECOVERY_H
#define RW_STUDY_COMPARISON_RECOVERY_H

#include "study/comparison/cohort.h"

/* One run. */
typedef struct {
    double
        time_ms;  /* from the begin of the watch to meeting the criterion, or to the end of the watch; NaN: see below */
    bool met;     /* false: censored at that time */
    double level; /* mean of what is watched, over the watch; with windows, 0 and 1 are their means */
    const char *missing; /* why it has no time; NULL: it has */
} rw_recovery_run;

typedef struct {
    const rw_recovery_spec *spec;
    const rw_recovery_run *runs; /* [n_groups x n_units] */
    const double *predictor;     /* [n_groups x n_units] NaN: none, or the criterion was met before it was measured */
    const char *unit;            /* of the level */
} rw_recovery;

/* Watches the series of every run. A run that is not done, or has nothing to regain, has no time. In the cohort's
 * arena. Errors: RW_ERR_INPUT (no run has the series, or the predictor; no window of that name; no run is long enough),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_recovery_find(const rw_cohort *cohort, const rw_recovery_spec *spec, rw_recovery *recovery);

#endif
