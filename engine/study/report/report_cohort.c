/* The figures of a comparison or a sweep. */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "study/comparison/courses.h"
#include "study/measure.h"
#include "study/report/report_parts.h"

/* Groups of a figure of runs, and units whose runs are joined there: more would be a tangle. */
enum { ROWS_SHOWN = 12, JOINED_UP_TO = 60 };

/* A scenario that is named after one parameter needs only its value: "0.5 mg/kg" of "dose = 0.5 mg/kg". */
static rw_err make_legends(rw_cohort_page *it) {
    const rw_cohort *cohort = it->cohort;
    const char *const first = cohort->groups[0], *equals = strstr(first, " = ");
    const size_t length = equals != NULL ? (size_t)(equals - first) : 0;
    bool same = length > 0;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, it->legends, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        same = same && strncmp(cohort->groups[g], first, length + 3) == 0 &&
               strstr(cohort->groups[g] + length + 3, " = ") == NULL;
    for (size_t g = 0; g < cohort->n_groups; g++)
        it->legends[g] = cohort->groups[g] + (same ? length + 3 : 0);
    return rw_figures_text(it->figures, &it->legend_title, "%.*s", same ? (int)length : 0, first);
}

rw_err rw_report_outcome_words(const rw_cohort_page *it, const rw_outcome *outcome, const char **title,
                               const char **sentence) {
    char text[512];
    rw_measure_title(outcome->name, text, sizeof text);
    RW_TRY(rw_figures_text(it->figures, title, "%s", text));
    char begin = outcome->description[0];
    return rw_figures_text(it->figures, sentence, "%c%s", begin >= 'a' && begin <= 'z' ? (char)(begin - 32) : begin,
                           outcome->description + 1);
}

int rw_report_colour(const rw_cohort_page *it, size_t group) {
    return it->is_ordered ? rw_figure_ordered(group, it->cohort->n_groups) : (int)group;
}

rw_err rw_report_group_mean(const rw_cohort *cohort, size_t outcome, size_t group, double *mean,
                            rw_interval *interval) {
    const double *values = cohort->outcomes[outcome].values + group * cohort->n_units;
    double *kept = NULL;
    size_t n = 0;
    RW_TRY(RW_ARENA_NEW(cohort->arena, kept, cohort->n_units));
    for (size_t u = 0; u < cohort->n_units; u++)
        if (!isnan(values[u]))
            kept[n++] = values[u];
    *mean = n > 0 ? gsl_stats_mean(kept, 1, n) : NAN;
    return rw_bootstrap_mean(kept, n, 1, interval);
}

/* ---- effects ---- */

/* Whether differences of an outcome have a spread to be measured by. */
static bool has_size(const rw_effect *e) {
    return isfinite(e->cohen_d) && isfinite(e->interval.low) && e->difference != 0.0;
}

/* Differences from the reference in units of the spread, with their intervals scaled alike. */
static rw_err forest_figure(rw_cohort_page *it, const rw_effect *effects, size_t n_effects) {
    const rw_cohort *cohort = it->cohort;
    const char **names = NULL, **titles = NULL, *caption = NULL, *sentence = NULL;
    rw_figure *figure = NULL;
    double *x = NULL;
    size_t n_names = 0;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, names, cohort->n_outcomes));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, titles, cohort->n_outcomes));
    for (size_t i = 0; i < n_effects && n_names < 24; i++)
        if (has_size(&effects[i]) &&
            (n_names == 0 || strcmp(names[n_names - 1], cohort->outcomes[effects[i].outcome].name) != 0)) {
            const rw_outcome *outcome = &cohort->outcomes[effects[i].outcome];
            RW_TRY(rw_report_outcome_words(it, outcome, &titles[n_names], &sentence));
            names[n_names++] = outcome->name;
        }
    if (n_names == 0)
        return RW_OK;
    RW_TRY(rw_figures_text(it->figures, &caption,
                           "Paired difference from %s over the root of the mean variance (Cohen's d), with 95 %% BCa "
                           "bootstrap intervals. %s.",
                           cohort->groups[0], it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = "effects",
                                      .title = "Effects",
                                      .caption = caption,
                                      .x = {.label = "standardised difference"},
                                      .y = {.label = "", .names = titles, .n_names = n_names}},
                          &figure));
    for (size_t g = 1; g < cohort->n_groups && g <= RW_GROUPS_SHOWN; g++) {
        size_t n = 0;
        RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4 * n_names));
        double *y = x + n_names, *low = y + n_names, *high = low + n_names;
        for (size_t i = 0; i < n_effects; i++) {
            const rw_effect *e = &effects[i];
            for (size_t k = 0; k < n_names && e->b == g && has_size(e); k++)
                if (strcmp(names[k], cohort->outcomes[e->outcome].name) == 0) {
                    double scale = e->cohen_d / e->difference;
                    x[n] = e->cohen_d;
                    y[n] = (double)k + 0.8 * ((double)g / (double)cohort->n_groups - 0.5);
                    low[n] = scale * e->interval.low;
                    high[n++] = scale * e->interval.high;
                }
        }
        RW_TRY(rw_figure_trace(it->figures, figure,
                               (rw_trace){.label = it->legends[g],
                                          .kind = RW_MARK_INTERVAL,
                                          .colour = rw_report_colour(it, g),
                                          .n = n,
                                          .x = x,
                                          .y = y,
                                          .low = low,
                                          .high = high}));
    }
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4));
    x[2] = -0.6;
    x[3] = (double)n_names - 0.4;
    return rw_figure_trace(
        it->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_DASHED, .n = 2, .x = x, .y = x + 2});
}

/* ---- every run of a few groups ---- */

/* Where the dot of a unit lies in the row of a group: the same in every row. */
static double run_place(size_t group, size_t unit) {
    return (double)group + 0.22 + 0.12 * ((double)(unit % 5) / 4.0 - 0.5);
}

/* Lines that join the runs of a unit, with a gap behind each. */
static rw_err add_joins(const rw_cohort_page *it, rw_figure *figure, const rw_outcome *outcome, size_t groups) {
    const size_t units = it->cohort->n_units, n = units * (groups + 1);
    double *x = NULL;
    if (groups < 2 || units > JOINED_UP_TO)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 2 * n));
    for (size_t i = 0; i < n; i++) {
        const size_t unit = i / (groups + 1), group = i % (groups + 1);
        x[i] = group < groups ? outcome->values[group * units + unit] : NAN;
        x[n + i] = group < groups ? run_place(group, unit) : NAN;
    }
    return rw_figure_trace(
        it->figures, figure,
        (rw_trace){.label = "", .kind = RW_MARK_LINE, .colour = RW_HAIR, .n = n, .x = x, .y = x + n});
}

/* The runs of a group and their mean. */
static rw_err add_runs(const rw_cohort_page *it, rw_figure *figure, size_t outcome, size_t group) {
    const rw_cohort *cohort = it->cohort;
    const size_t units = cohort->n_units;
    double *x = NULL, *dots = NULL;
    rw_interval interval;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 4));
    RW_TRY(RW_ARENA_NEW(it->figures->arena, dots, units));
    RW_TRY(rw_report_group_mean(cohort, outcome, group, &x[0], &interval));
    x[1] = (double)group;
    x[2] = interval.low;
    x[3] = interval.high;
    for (size_t u = 0; u < units; u++)
        dots[u] = run_place(group, u);
    RW_TRY(rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = "",
                                      .kind = RW_MARK_DOTS,
                                      .colour = rw_report_colour(it, group),
                                      .n = units,
                                      .x = cohort->outcomes[outcome].values + group * units,
                                      .y = dots}));
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = "",
                                      .kind = RW_MARK_INTERVAL,
                                      .colour = rw_report_colour(it, group),
                                      .n = 1,
                                      .x = x,
                                      .y = x + 1,
                                      .low = x + 2,
                                      .high = x + 3});
}

static rw_err runs_figure(const rw_cohort_page *it, size_t of, size_t number) {
    const rw_cohort *cohort = it->cohort;
    const rw_outcome *outcome = &cohort->outcomes[of];
    const size_t groups = cohort->n_groups < ROWS_SHOWN ? cohort->n_groups : ROWS_SHOWN;
    const char *id = NULL, *name = NULL, *sentence = NULL, *caption = NULL;
    rw_figure *figure = NULL;
    RW_TRY(rw_report_outcome_words(it, outcome, &name, &sentence));
    RW_TRY(rw_figures_text(it->figures, &id, "runs_%zu", number));
    RW_TRY(rw_figures_text(
        it->figures, &caption, "%s (%s). Small: every run%s%s; large: mean with 95 %% BCa bootstrap interval. %s.",
        sentence, outcome->name, cohort->n_units > JOINED_UP_TO ? "" : ", joined by a line for each ",
        cohort->n_units > JOINED_UP_TO ? "" : cohort->unit_name, it->span));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = id,
                                      .title = name,
                                      .caption = caption,
                                      .x = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit},
                                      .y = {.label = "", .names = cohort->groups, .n_names = groups}},
                          &figure));
    RW_TRY(add_joins(it, figure, outcome, groups));
    for (size_t g = 0; g < groups; g++)
        RW_TRY(add_runs(it, figure, of, g));
    return RW_OK;
}

static rw_err runs_figures(const rw_cohort_page *it) {
    size_t shown = 0;
    for (size_t o = 0; o < it->cohort->n_outcomes && shown < RW_OUTCOMES_SHOWN; o++)
        if (rw_outcome_is_told(it->cohort, o, it->patterns))
            RW_TRY(runs_figure(it, o, shown++));
    return RW_OK;
}

/* ---- over two parameters or many ---- */

/* Every row of a design as a dot over one parameter. */
static rw_err scatter_figures(rw_cohort_page *it) {
    const rw_cohort *cohort = it->cohort;
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const size_t rows = cohort->n_groups / plan->n_arms;
    size_t shown = 0;
    for (size_t o = 0; o < cohort->n_outcomes && shown < 2 * RW_OUTCOMES_SHOWN; o++)
        for (size_t p = 0; p < plan->n_parameters && rw_outcome_is_told(cohort, o, it->patterns); p++) {
            const rw_outcome *outcome = &cohort->outcomes[o];
            rw_figure *figure = NULL;
            const char *id = NULL, *name = NULL, *sentence = NULL, *title = NULL, *caption = NULL;
            if (plan->parameters[p].unit == NULL)
                continue;
            RW_TRY(rw_report_outcome_words(it, outcome, &name, &sentence));
            RW_TRY(rw_figures_text(it->figures, &id, "scatter_%zu", shown++));
            RW_TRY(rw_figures_text(it->figures, &title, "%s, by %s", name, plan->parameters[p].name));
            RW_TRY(rw_figures_text(it->figures, &caption,
                                   "%s (%s). A dot for every point of the design, mean of its runs. %s.", sentence,
                                   outcome->name, it->span));
            RW_TRY(
                rw_figures_add(it->figures,
                               (rw_figure){.id = id,
                                           .title = title,
                                           .caption = caption,
                                           .x = {.label = plan->parameters[p].name,
                                                 .unit = plan->parameters[p].unit,
                                                 .logarithmic = plan->parameters[p].logarithmic},
                                           .y = {.label = rw_measure_quantity(outcome->name), .unit = outcome->unit}},
                               &figure));
            for (size_t arm = 0; arm < plan->n_arms; arm++) {
                double *x = NULL;
                RW_TRY(RW_ARENA_NEW(it->figures->arena, x, 2 * rows));
                for (size_t i = 0; i < rows; i++) {
                    const double *values = outcome->values + (i * plan->n_arms + arm) * cohort->n_units;
                    x[i] = cohort->sweep->points.points[i * plan->n_arms * cohort->n_units].numbers[p];
                    x[rows + i] = gsl_stats_mean(values, 1, cohort->n_units);
                }
                RW_TRY(rw_figure_trace(it->figures, figure,
                                       (rw_trace){.label = plan->arms[arm].name,
                                                  .kind = RW_MARK_DOTS,
                                                  .colour = (int)arm,
                                                  .n = rows,
                                                  .x = x,
                                                  .y = x + rows}));
            }
        }
    return RW_OK;
}

/* ---- time courses ---- */

/* The mean courses of a series, by group, and what they are drawn over. */
typedef struct {
    rw_mean_course by_group[RW_GROUPS_SHOWN];
    size_t n;
    rw_axis time;
    double units_per_ms;
} course_set;

/* Over biological time if that passes alike in all groups, else over the network's. */
static rw_err read_courses(const rw_cohort_page *it, const char *dataset, course_set *set) {
    double until_ms = 0.0, scale = NAN;
    set->n = it->cohort->n_groups < RW_GROUPS_SHOWN ? it->cohort->n_groups : RW_GROUPS_SHOWN;
    for (size_t g = 0; g < set->n; g++) {
        rw_mean_course *course = &set->by_group[g];
        RW_TRY(rw_courses_mean(it->cohort, g, dataset, course));
        if (course->rows == 0)
            continue;
        until_ms = fmax(until_ms, course->time_ms[course->rows - 1]);
        scale = isnan(scale) || scale == course->time_scale ? course->time_scale : 1.0;
    }
    set->time = rw_axis_of_time(until_ms, isnan(scale) ? 1.0 : scale, &set->units_per_ms);
    return RW_OK;
}

static rw_err add_course(rw_cohort_page *it, rw_figure *figure, const course_set *set, size_t group) {
    const rw_mean_course *course = &set->by_group[group];
    double *at = NULL;
    if (course->rows == 0)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(it->figures->arena, at, course->rows));
    for (size_t i = 0; i < course->rows; i++)
        at[i] = set->units_per_ms * course->time_ms[i];
    return rw_figure_trace(it->figures, figure,
                           (rw_trace){.label = it->legends[group],
                                      .kind = RW_MARK_LINE,
                                      .colour = rw_report_colour(it, group),
                                      .n = course->rows,
                                      .x = at,
                                      .y = course->mean,
                                      .low = it->cohort->n_units > 1 ? course->low : NULL,
                                      .high = it->cohort->n_units > 1 ? course->high : NULL});
}

static rw_err course_figure(rw_cohort_page *it, const rw_followed *followed, const char *id, const char *caption) {
    rw_figure *figure = NULL;
    course_set set;
    RW_TRY(read_courses(it, followed->dataset, &set));
    RW_TRY(rw_figures_add(it->figures,
                          (rw_figure){.id = id,
                                      .title = followed->title,
                                      .caption = caption,
                                      .x = set.time,
                                      .y = {.label = followed->label, .unit = followed->unit},
                                      .interactive = true},
                          &figure));
    for (size_t g = 0; g < set.n; g++)
        RW_TRY(add_course(it, figure, &set, g));
    if (figure->n_traces == 0)
        it->figures->count--;
    return RW_OK;
}

static rw_err course_figures(rw_cohort_page *it) {
    const rw_followed *followed = NULL;
    const char *caption = NULL;
    size_t n = 0;
    RW_TRY(rw_courses_list(it->cohort, &followed, &n));
    RW_TRY(rw_figures_text(it->figures, &caption, "%s%s. %s.",
                           it->cohort->n_units > 1 ? "Mean over runs with its 95 % interval (Student's t)"
                                                   : "One run of each scenario",
                           it->legend_title[0] != '\0' ? rw_path_of(", by %s", it->legend_title).text : "", it->span));
    for (size_t f = 0; f < n && f < 2 * RW_OUTCOMES_SHOWN; f++) {
        const char *id = NULL;
        RW_TRY(rw_figures_text(it->figures, &id, "course_%zu", f));
        RW_TRY(course_figure(it, &followed[f], id, caption));
    }
    return RW_OK;
}

/* ---- everything ---- */

/* "4 seeds per scenario, 1 to 4" */
static rw_err describe_units(rw_cohort_page *it) {
    const rw_cohort *cohort = it->cohort;
    const char *const many = cohort->n_units == 1 ? "" : "s";
    if (cohort->sweep == NULL)
        return rw_figures_text(it->figures, &it->span, "%zu %s%s per scenario", cohort->n_units, cohort->unit_name,
                               many);
    const rw_point *points = cohort->sweep->points.points;
    const char *const word = strcmp(cohort->unit_name, "seed") == 0 ? "" : "seeds ";
    return rw_figures_text(it->figures, &it->span,
                           cohort->n_units > 1 ? "%zu %s%s per scenario, %s%llu to %llu"
                                               : "%zu %s%s per scenario, %s%llu",
                           cohort->n_units, cohort->unit_name, many, word, (unsigned long long)points[0].seed,
                           (unsigned long long)points[cohort->n_units - 1].seed);
}

rw_err rw_report_cohort(rw_figures *figures, const rw_cohort *cohort, const char *patterns) {
    const rw_sweep_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    rw_cohort_page it = {.figures = figures, .cohort = cohort, .patterns = patterns};
    const rw_effect *effects = NULL;
    size_t n_effects = 0;
    RW_TRY(describe_units(&it));
    RW_TRY(make_legends(&it));
    const bool cube = plan != NULL && plan->design >= RW_DESIGN_LHS;
    const bool curve = rw_report_has_doses(cohort);
    it.is_ordered = curve && plan->n_arms == 1;
    if (curve)
        RW_TRY(rw_report_responses(&it));
    if (cohort->n_groups <= RW_GROUPS_SHOWN)
        RW_TRY(course_figures(&it));
    if (cohort->n_groups > 1 && cohort->n_groups <= RW_GROUPS_SHOWN + 1) {
        RW_TRY(rw_compare(cohort, &(rw_compare_options){.patterns = patterns, .seed = 1}, &effects, &n_effects));
        RW_TRY(forest_figure(&it, effects, n_effects));
    }
    if (plan != NULL && rw_report_has_plane(plan))
        return rw_report_maps(figures, cohort, patterns, it.span);
    if (cube || (plan != NULL && plan->n_parameters > 1))
        return scatter_figures(&it);
    return curve ? RW_OK : runs_figures(&it);
}
