#include "cli/doses_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/count.h"
#include "sim/drugs/course.h"
#include "study/report/figure_svg.h"
#include "study/report/figure_text.h"

enum { POINTS = 600, TITLE = 26, EVENTS_SHOWN = 1000 };

/* Minutes after a dose begins or ends at which the courses are sampled in addition: in a run of weeks, an infusion lies
 * between two points of an even grid. */
static const double after_min[] = {0, 1, 2, 4, 8, 15, 30, 60, 120};

enum { AFTER = RW_COUNT(after_min) };

/* What the figures of one drug are drawn from. */
typedef struct {
    rw_figures *figures;
    const rw_course *course;
    rw_axis time;
    size_t n;
    double *t_h, *at; /* [n] ascending; in the unit of the axis */
} drug_plot;

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static rw_err choose_times(drug_plot *plot) {
    const rw_kinetics *kinetics = plot->course->drug.kinetics;
    const double end_h = plot->course->end_h;
    const size_t events = kinetics != NULL && kinetics->n_events <= EVENTS_SHOWN ? kinetics->n_events : 0;
    double units_per_ms = 1.0;
    plot->time = rw_axis_of_time(3.6e6 * end_h, &units_per_ms);
    RW_TRY(RW_ARENA_NEW(plot->figures->arena, plot->t_h, POINTS + 1 + AFTER * events));
    for (size_t k = 0; k <= POINTS; k++)
        plot->t_h[plot->n++] = end_h * (double)k / POINTS;
    for (size_t k = 0; k < AFTER * events; k++) {
        const double t_h = kinetics->event_h[k / AFTER] + after_min[k % AFTER] / 60.0;
        if (t_h <= end_h)
            plot->t_h[plot->n++] = t_h;
    }
    qsort(plot->t_h, plot->n, sizeof *plot->t_h, ascending);
    RW_TRY(RW_ARENA_NEW(plot->figures->arena, plot->at, plot->n));
    for (size_t k = 0; k < plot->n; k++)
        plot->at[k] = 3.6e6 * units_per_ms * plot->t_h[k];
    return RW_OK;
}

static rw_err begin_figure(const drug_plot *plot, const char *what, rw_axis y, rw_figure **figure) {
    const char *title = NULL;
    RW_TRY(rw_figures_text(plot->figures, &title, "%s: %s", plot->course->drug.spec->name, what));
    return rw_figures_add(plot->figures, (rw_figure){.id = "", .title = title, .caption = "", .x = plot->time, .y = y},
                          figure);
}

/* A value of the course at an hour. */
typedef double (*value_at)(const rw_course *course, size_t which, double t_h, rw_segment *segment);

static double plasma_at(const rw_course *course, size_t species, double t_h, rw_segment *segment) {
    rw_kinetics_state state = rw_kinetics_at(course->drug.kinetics, t_h);
    (void)segment;
    return rw_kinetics_plasma(course->drug.kinetics, &state, species);
}

static double level_at(const rw_course *course, size_t unused, double t_h, rw_segment *segment) {
    (void)unused;
    return rw_drug_level_at(&course->drug, t_h, segment);
}

/* The mean over the subunits of a population. */
static double blocked_at(const rw_course *course, size_t population, double t_h, rw_segment *segment) {
    double level = rw_drug_level_at(&course->drug, t_h, segment), sum = 0.0, shares = 0.0;
    for (size_t r = 0; r < course->n_receptors; r++)
        if (course->receptors[r].population == population) {
            sum += course->receptors[r].share * rw_course_blocked(course, r, level);
            shares += course->receptors[r].share;
        }
    return sum / shares;
}

static rw_err add_line(const drug_plot *plot, rw_figure *figure, value_at value, size_t which, const char *label,
                       bool dashed) {
    double *y = NULL;
    rw_segment segment = {0};
    RW_TRY(RW_ARENA_NEW(plot->figures->arena, y, plot->n));
    for (size_t k = 0; k < plot->n; k++)
        y[k] = value(plot->course, which, plot->t_h[k], &segment);
    return rw_figure_trace(plot->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = (int)figure->n_traces,
                                      .n = plot->n,
                                      .x = plot->at,
                                      .y = y,
                                      .dashed = dashed});
}

static rw_err add_figures(const drug_plot *plot, const rw_scenario *scenario) {
    rw_figure *levels = NULL, *blocked = NULL;
    const char *label = NULL;
    RW_TRY(begin_figure(plot, "levels", (rw_axis){.label = "concentration", .unit = "umol/l"}, &levels));
    RW_TRY(add_line(plot, levels, level_at, 0, "unbound at the receptor", false));
    for (size_t s = 0; s < rw_drug_species(&plot->course->drug); s++) {
        RW_TRY(rw_figures_text(plot->figures, &label, "%s in plasma", rw_drug_compound(&plot->course->drug, s)->name));
        RW_TRY(add_line(plot, levels, plasma_at, s, label, true));
    }
    RW_TRY(begin_figure(plot, "receptors blocked in cells at rest", (rw_axis){.label = "share blocked", .unit = "1"},
                        &blocked));
    for (size_t p = 0; p < scenario->n_populations; p++)
        if (!isnan(blocked_at(plot->course, p, 0.0, &(rw_segment){0})))
            RW_TRY(add_line(plot, blocked, blocked_at, p, scenario->populations[p].name, false));
    return RW_OK;
}

static rw_err add_drug(rw_figures *figures, const rw_course *course, const rw_scenario *scenario) {
    drug_plot plot = {.figures = figures, .course = course};
    RW_TRY(choose_times(&plot));
    return add_figures(&plot, scenario);
}

/* One below the other, each under its title. */
static void print_all(const rw_figures *figures, FILE *out) {
    int height = 0, top = 0;
    for (size_t i = 0; i < figures->count; i++)
        height += TITLE + rw_figure_height(&figures->list[i]);
    (void)fprintf(out, "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'>",
                  RW_FIGURE_WIDTH, height, RW_FIGURE_WIDTH, height);
    (void)fprintf(out, "<rect width='%d' height='%d' fill='#fff'/>\n", RW_FIGURE_WIDTH, height);
    for (size_t i = 0; i < figures->count; i++) {
        const rw_figure *figure = &figures->list[i];
        (void)fprintf(
            out,
            "<text x='12' y='%d' font-family='sans-serif' font-size='13' font-weight='bold' style='font-weight:bold'>",
            top + 18);
        rw_print_escaped(out, figure->title);
        (void)fprintf(out, "</text><g transform='translate(0,%d)'>", top + TITLE);
        rw_figure_print_svg(figure, true, out);
        (void)fputs("</g>\n", out);
        top += TITLE + rw_figure_height(figure);
    }
    (void)fputs("</svg>\n", out);
}

static rw_err draw(const rw_scenario *scenario, rw_figures *figures) {
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        rw_course course;
        RW_TRY(rw_course_create(&course, scenario, d));
        rw_err err = add_drug(figures, &course, scenario);
        rw_course_destroy(&course);
        RW_TRY(err);
    }
    return RW_OK;
}

static rw_err write_file(const rw_figures *figures, const char *path) {
    FILE *out = fopen(path, "w");
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "--plot %s: cannot write this file; choose another place", path);
    print_all(figures, out);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    if (failed)
        (void)unlink(path); /* an incomplete drawing is removed */
    RW_CHECK(!failed, RW_ERR_SYSTEM, "--plot %s: could not be written; is the disk full?", path);
    return RW_OK;
}

rw_err rw_doses_plot(const rw_scenario *scenario, const char *path) {
    rw_figures figures = {0};
    RW_CHECK(scenario->n_drugs > 0, RW_ERR_INPUT, "--plot: the scenario has no drugs to draw");
    RW_TRY(rw_arena_create(&figures.arena));
    rw_err err = draw(scenario, &figures);
    if (err == RW_OK)
        err = write_file(&figures, path);
    rw_arena_destroy(&figures.arena);
    return err;
}
