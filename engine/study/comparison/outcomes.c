#include "study/comparison/outcomes.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool rw_outcome_matches(const rw_outcome *outcome, const char *patterns) {
    if (patterns == NULL)
        return !outcome->is_plain_series;
    for (const char *at = patterns; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
        char pattern[256];
        size_t length = strcspn(at, ",");
        (void)snprintf(pattern, sizeof pattern, "%.*s", (int)(length < 255 ? length : 255), at);
        if (fnmatch(pattern, outcome->name, 0) == 0)
            return true;
    }
    return false;
}

/* Means of equal numbers differ in their last bits where runs have different numbers of samples. */
static bool is_same(double a, double b) {
    return fabs(a - b) <= 1e-12 * fabs(a);
}

/* Whether a unit has another value in some group than in the first that has one; of one group, whether units differ. */
static bool differs(const rw_cohort *cohort, size_t outcome) {
    const size_t units = cohort->n_units;
    const bool alone = cohort->n_groups == 1;
    double first = NAN;
    for (size_t u = 0; u < units; u++) {
        first = alone ? first : NAN;
        for (size_t g = 0; g < cohort->n_groups; g++) {
            double value = cohort->outcomes[outcome].values[g * units + u];
            if (isnan(first))
                first = value;
            else if (!isnan(value) && !is_same(first, value))
                return true;
        }
    }
    return false;
}

bool rw_outcome_is_compared(const rw_cohort *cohort, size_t outcome, const char *patterns) {
    return rw_outcome_matches(&cohort->outcomes[outcome], patterns) && differs(cohort, outcome);
}

size_t rw_outcomes_compared(const rw_cohort *cohort, const char *patterns) {
    size_t n = 0;
    for (size_t o = 0; o < cohort->n_outcomes; o++)
        n += rw_outcome_is_compared(cohort, o, patterns);
    return n;
}
