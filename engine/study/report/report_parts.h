/* The parts that the report of a sweep is shared out to. */
#ifndef RW_STUDY_REPORT_REPORT_PARTS_H
#define RW_STUDY_REPORT_REPORT_PARTS_H

#include <string.h>

#include "study/report/report.h"
#include "study/sweep/plan_values.h"

enum { RW_OUTCOMES_SHOWN = 8, RW_GROUPS_SHOWN = 7 };

/* What the figures of a sweep or a comparison share. */
typedef struct {
    rw_figures *figures;
    const rw_cohort *cohort;
    const char *patterns, *span; /* outcomes asked for; "4 seeds per scenario" */
    const char **legends;        /* [n_groups] names of the groups without what they have in common */
    const char *legend_title;    /* that, or "" */
    bool is_ordered;             /* the groups are ascending doses, and have colours in their order */
} rw_cohort_page;

/* The colour of a group. */
int rw_report_colour(const rw_cohort_page *it, size_t group);

/* What an outcome is called, and its description as a sentence. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_outcome_words(const rw_cohort_page *it, const rw_outcome *outcome, const char **title,
                                             const char **sentence);

/* The mean of a group's runs, with its interval. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_group_mean(const rw_cohort *cohort, size_t outcome, size_t group, double *mean,
                                          rw_interval *interval);

/* Whether a sweep varies one number over at least three ascending values and nothing else. */
bool rw_report_has_doses(const rw_cohort *cohort);

/* Adds a figure of every outcome asked for over that number, with Hill's curve where it describes the points.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_responses(const rw_cohort_page *it);

/* Whether a sweep is a grid over two parameters. */
bool rw_report_has_plane(const rw_sweep_plan *plan);

/* Adds a map of every outcome asked for, of each arm, over the two parameters of such a sweep; `span` says what of.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_maps(rw_figures *figures, const rw_cohort *cohort, const char *patterns,
                                    const char *span);

#endif
