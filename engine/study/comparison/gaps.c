#include "study/comparison/gaps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/outcomes.h"
#include "study/measure_table.h"

/* "all 2 runs of wild failed: the simulation diverged: ..." */
static rw_err describe_failures(const rw_cohort *cohort, size_t group, const char **sentence) {
    const rw_group_state *state = &cohort->states[group];
    const size_t runs = cohort->n_units;
    char text[1024];
    int at = state->n_failed < runs ? snprintf(text, sizeof text, "%zu of %zu runs", state->n_failed, runs)
             : runs == 1            ? snprintf(text, sizeof text, "the run")
                                    : snprintf(text, sizeof text, "all %zu runs", runs);
    (void)snprintf(text + at, sizeof text - (size_t)at, " of %.200s failed: %.600s", cohort->groups[group],
                   state->reason);
    return rw_arena_string(cohort->arena, sentence, text);
}

static bool has_value(const rw_cohort *cohort, size_t outcome, size_t group) {
    const double *values = cohort->outcomes[outcome].values + group * cohort->n_units;
    for (size_t u = 0; u < cohort->n_units; u++)
        if (!isnan(values[u]))
            return true;
    return false;
}

/* Whether a group has no value of an outcome that is asked for and that another group has. */
static bool lacks(const rw_cohort *cohort, size_t outcome, size_t group, const char *patterns) {
    if (!rw_outcome_matches(&cohort->outcomes[outcome], patterns) || has_value(cohort, outcome, group))
        return false;
    for (size_t g = 0; g < cohort->n_groups; g++)
        if (has_value(cohort, outcome, g))
            return true;
    return false;
}

/* "no run of placebo has a value of level.ketamine, peak.ketamine"; NULL: it has all. */
static rw_err describe_lacking(const rw_cohort *cohort, size_t group, const char *patterns, const char **sentence) {
    char text[1024];
    size_t length = 0;
    *sentence = NULL;
    for (size_t o = 0; o < cohort->n_outcomes; o++) {
        const char *name = cohort->outcomes[o].name;
        if (!lacks(cohort, o, group, patterns) || length + strlen(name) + 8 > sizeof text)
            continue;
        if (length == 0)
            length = (size_t)snprintf(text, sizeof text, "no run of %.200s has a value of ", cohort->groups[group]);
        else
            length += (size_t)snprintf(text + length, sizeof text - length, ", ");
        length += (size_t)snprintf(text + length, sizeof text - length, "%.200s", name);
    }
    return length > 0 ? rw_arena_string(cohort->arena, sentence, text) : RW_OK;
}

/* Whether an outcome that is asked for has no value in any run. */
static bool is_empty(const rw_cohort *cohort, size_t outcome, const char *patterns) {
    if (!rw_outcome_matches(&cohort->outcomes[outcome], patterns))
        return false;
    for (size_t g = 0; g < cohort->n_groups; g++)
        if (has_value(cohort, outcome, g))
            return false;
    return true;
}

/* "no run has a value of cv_isi.e.late, cv_isi.i.late, which takes ..."; names all that take the same as `outcome`.
 * NULL: an earlier one does, or `outcome` has a value. */
static rw_err describe_empty(const rw_cohort *cohort, size_t outcome, const char *patterns, const char **sentence) {
    const char *takes = rw_measure_takes(cohort->outcomes[outcome].name);
    char text[1024];
    size_t length = 0;
    *sentence = NULL;
    if (!is_empty(cohort, outcome, patterns))
        return RW_OK;
    for (size_t o = 0; o < cohort->n_outcomes; o++) {
        const char *name = cohort->outcomes[o].name;
        if (strcmp(rw_measure_takes(name), takes) != 0 || !is_empty(cohort, o, patterns))
            continue;
        if (o < outcome)
            return RW_OK;
        if (length + strlen(name) + strlen(takes) + 40 < sizeof text)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%.200s",
                                       length > 0 ? ", " : "no run has a value of ", name);
    }
    (void)snprintf(text + length, sizeof text - length, ", which takes %.200s", takes);
    return rw_arena_string(cohort->arena, sentence, text);
}

rw_err rw_gaps_find(const rw_cohort *cohort, const char *patterns, const char *const **sentences, size_t *n) {
    const char **list = NULL;
    *n = 0;
    RW_TRY(RW_ARENA_NEW(cohort->arena, list, 2 * cohort->n_groups + cohort->n_outcomes));
    for (size_t g = 0; g < cohort->n_groups; g++) {
        if (cohort->states[g].n_failed > 0)
            RW_TRY(describe_failures(cohort, g, &list[(*n)++]));
        if (cohort->states[g].n_done == 0)
            continue;
        RW_TRY(describe_lacking(cohort, g, patterns, &list[*n]));
        *n += list[*n] != NULL;
    }
    for (size_t o = 0; o < cohort->n_outcomes; o++) {
        RW_TRY(describe_empty(cohort, o, patterns, &list[*n]));
        *n += list[*n] != NULL;
    }
    *sentences = list;
    return RW_OK;
}
