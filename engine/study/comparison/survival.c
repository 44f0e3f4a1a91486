#include "study/comparison/survival.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>

/* Shares nearer than this are equal: they are products of fractions. */
#define SAME_SHARE 1e-9

/* The times that are numbers, ascending, as indices. */
static rw_err order_times(rw_arena *arena, const double *times, size_t n, size_t **order, size_t *count) {
    double *known = NULL;
    size_t *of = NULL;
    *count = 0;
    RW_TRY(RW_ARENA_NEW(arena, known, n));
    RW_TRY(RW_ARENA_NEW(arena, of, n));
    RW_TRY(RW_ARENA_NEW(arena, *order, n));
    for (size_t i = 0; i < n; i++)
        if (!isnan(times[i])) {
            known[*count] = times[i];
            of[(*count)++] = i;
        }
    if (*count > 0)
        gsl_sort_index(*order, known, 1, *count);
    for (size_t k = 0; k < *count; k++)
        (*order)[k] = of[(*order)[k]];
    return RW_OK;
}

/* Greenwood's variance of log S is `sum`; the interval is symmetric on the scale log(-log S). */
static rw_interval interval_of(double survival, double sum) {
    if (!(survival > 0.0 && survival < 1.0))
        return (rw_interval){NAN, NAN};
    const double z = gsl_cdf_ugaussian_Pinv(0.5 * (1.0 + RW_LEVEL)), log_s = log(survival);
    const double half = z * sqrt(sum) / fabs(log_s);
    return (rw_interval){exp(log_s * exp(half)), exp(log_s * exp(-half))};
}

/* Counts what happens at each distinct time. */
static size_t count_steps(const double *times, const bool *events, const size_t *order, size_t count,
                          rw_survival_step *steps) {
    size_t n = 0;
    for (size_t k = 0; k < count; k++) {
        const size_t i = order[k];
        if (n == 0 || steps[n - 1].time != times[i])
            steps[n++] = (rw_survival_step){.time = times[i], .at_risk = count - k};
        steps[n - 1].events += events[i];
        steps[n - 1].censored += !events[i];
    }
    return n;
}

/* What a step says of a share: the curve or an end of its interval. */
typedef enum { SHARE, LOW, HIGH } share_kind;

static double share_of(const rw_survival_step *step, share_kind kind) {
    return kind == SHARE ? step->survival : kind == LOW ? step->interval.low : step->interval.high;
}

/* The first time at which a share is 0.5 or less; midway to the next event if it is exactly 0.5. The curve at 0 is
 * below 0.5 without an interval: an end that has not passed 0.5 before stays unknown. */
static double time_of_half(const rw_survival *curve, share_kind kind) {
    for (size_t k = 0; k < curve->n; k++) {
        const double share = share_of(&curve->steps[k], kind);
        if (curve->steps[k].events == 0 || isnan(share) || share > 0.5 + SAME_SHARE)
            continue;
        if (share < 0.5 - SAME_SHARE)
            return curve->steps[k].time;
        for (size_t next = k + 1; next < curve->n; next++)
            if (curve->steps[next].events > 0)
                return 0.5 * (curve->steps[k].time + curve->steps[next].time);
        return curve->steps[k].time;
    }
    return NAN;
}

rw_err rw_survival_estimate(rw_arena *arena, const double *times, const bool *events, size_t n, rw_survival *curve) {
    rw_survival_step *steps = NULL;
    size_t *order = NULL;
    double survival = 1.0, sum = 0.0;
    *curve = (rw_survival){.median = NAN, .of_median = {NAN, NAN}};
    RW_TRY(order_times(arena, times, n, &order, &curve->n_subjects));
    RW_TRY(RW_ARENA_NEW(arena, steps, curve->n_subjects));
    curve->n = count_steps(times, events, order, curve->n_subjects, steps);
    for (size_t k = 0; k < curve->n; k++) {
        const double risk = (double)steps[k].at_risk, met = (double)steps[k].events;
        survival *= (risk - met) / risk;
        sum += risk > met ? met / (risk * (risk - met)) : 0.0; /* at a share of 0 there is no interval */
        curve->n_events += steps[k].events;
        steps[k].survival = survival;
        steps[k].interval = interval_of(survival, sum);
    }
    curve->steps = steps;
    curve->median = time_of_half(curve, SHARE);
    curve->of_median = (rw_interval){time_of_half(curve, LOW), time_of_half(curve, HIGH)};
    return RW_OK;
}

size_t rw_survival_at_risk(const rw_survival *curve, double time) {
    for (size_t k = 0; k < curve->n; k++)
        if (curve->steps[k].time >= time)
            return curve->steps[k].at_risk;
    return 0;
}
