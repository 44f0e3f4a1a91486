/* Time until an event that some subjects never meet: Kaplan and Meier's curve.
 *
 * Times are of any unit. A subject without an event is censored: it was watched until its time and had not met it. */
#ifndef RW_STUDY_COMPARISON_SURVIVAL_H
#define RW_STUDY_COMPARISON_SURVIVAL_H

#include "base/memory.h"
#include "study/comparison/statistics.h"

/* What happened at one time. */
typedef struct {
    double time;
    size_t at_risk;          /* just before: neither met nor censored */
    size_t events, censored; /* at this time; an event comes before a censoring at the same time */
    double survival;         /* share without an event, from this time on */
    rw_interval interval;    /* of the share; NaN where it is 0 or 1, because Greenwood's variance is 0 there */
} rw_survival_step;

/* The curve of n_subjects with a known time; 1 before its first step. */
typedef struct {
    const rw_survival_step *steps; /* [n] ascending in time */
    size_t n, n_subjects, n_events;
    double median;         /* the first time with a share of 0.5 or less; NaN: not reached */
    rw_interval of_median; /* an end that was not reached is NaN */
} rw_survival;

/* Estimates the curve (Kaplan & Meier 1958, J Am Stat Assoc 53:457) of n times with or without an event; subjects
 * whose time is NaN are left out. Intervals of 95 % are Greenwood's on the scale log(-log S) (Kalbfleisch & Prentice
 * 1980), those of the median the times at which the curve's interval leaves 0.5 (Brookmeyer & Crowley 1982, Biometrics
 * 38:29); where the share is exactly 0.5 between two events, the median is midway. In the arena.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_survival_estimate(rw_arena *arena, const double *times, const bool *events, size_t n,
                                          rw_survival *curve);

/* How many are at risk at a time, the events and censorings at it not yet taken off. */
size_t rw_survival_at_risk(const rw_survival *curve, double time);

#endif
