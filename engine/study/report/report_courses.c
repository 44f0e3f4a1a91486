#include "study/report/report_courses.h"

#include <math.h>

#include "base/memory.h"
#include "study/comparison/courses.h"

/* The mean courses of a series, by group, and what they are drawn over. */
typedef struct {
    rw_mean_course by_group[RW_GROUPS_SHOWN];
    size_t n;
    rw_axis time;
    double units_per_ms;
} course_set;

static rw_err read_courses(const rw_cohort_page *page, const char *dataset, course_set *set) {
    double until_ms = 0.0;
    set->n = page->cohort->n_groups < RW_GROUPS_SHOWN ? page->cohort->n_groups : RW_GROUPS_SHOWN;
    for (size_t g = 0; g < set->n; g++) {
        rw_mean_course *course = &set->by_group[g];
        RW_TRY(rw_courses_mean(page->cohort, g, dataset, course));
        if (course->rows == 0)
            continue;
        until_ms = fmax(until_ms, course->time_ms[course->rows - 1]);
    }
    set->time = rw_axis_of_time(until_ms, &set->units_per_ms);
    return RW_OK;
}

static rw_err add_course(rw_cohort_page *page, rw_figure *figure, const course_set *set, size_t group) {
    const rw_mean_course *course = &set->by_group[group];
    double *at = NULL;
    if (course->rows == 0)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(page->figures->arena, at, course->rows));
    for (size_t i = 0; i < course->rows; i++)
        at[i] = set->units_per_ms * course->time_ms[i];
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = page->legends[group],
                                      .kind = RW_MARK_LINE,
                                      .colour = rw_cohort_page_colour(page, group),
                                      .n = course->rows,
                                      .x = at,
                                      .y = course->mean,
                                      .low = page->cohort->n_units > 1 ? course->low : NULL,
                                      .high = page->cohort->n_units > 1 ? course->high : NULL});
}

static rw_err course_figure(rw_cohort_page *page, const rw_followed *followed, const char *id, const char *caption) {
    rw_figure *figure = NULL;
    course_set set;
    RW_TRY(read_courses(page, followed->dataset, &set));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = id,
                                      .title = followed->title,
                                      .caption = caption,
                                      .x = set.time,
                                      .y = {.label = followed->label, .unit = followed->unit},
                                      .interactive = true},
                          &figure));
    for (size_t g = 0; g < set.n; g++)
        RW_TRY(add_course(page, figure, &set, g));
    if (figure->n_traces == 0)
        page->figures->count--;
    return RW_OK;
}

rw_err rw_report_courses(rw_cohort_page *page) {
    const rw_followed *followed = NULL;
    const char *caption = NULL;
    size_t n = 0;
    RW_TRY(rw_courses_list(page->cohort, &followed, &n));
    RW_TRY(rw_figures_text(
        page->figures, &caption, "%s%s. %s.",
        page->cohort->n_units > 1 ? "Mean over runs with its 95 % interval (Student's t)" : "One run of each scenario",
        page->legend_title[0] != '\0' ? rw_path_of(", by %s", page->legend_title).text : "", page->span));
    for (size_t f = 0; f < n && f < 2 * RW_OUTCOMES_SHOWN; f++) {
        const char *id = NULL;
        RW_TRY(rw_figures_text(page->figures, &id, "course_%zu", f));
        RW_TRY(course_figure(page, &followed[f], id, caption));
    }
    return RW_OK;
}
