/* What the figures of a sweep or a comparison share. */
#ifndef RW_STUDY_REPORT_COHORT_PAGE_H
#define RW_STUDY_REPORT_COHORT_PAGE_H

#include "study/comparison/cohort.h"
#include "study/comparison/statistics.h"
#include "study/report/figure.h"

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
int rw_cohort_page_colour(const rw_cohort_page *page, size_t group);

/* What an outcome is called, and its description as a sentence. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cohort_page_describe(const rw_cohort_page *page, const rw_outcome *outcome, const char **title,
                                             const char **sentence);

/* The mean of a group's runs, with its interval. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cohort_group_mean(const rw_cohort *cohort, size_t outcome, size_t group, double *mean,
                                          rw_interval *interval);

#endif
