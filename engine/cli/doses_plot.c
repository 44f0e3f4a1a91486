/* The course of each drug as an SVG: levels above, blocked receptors below. */
#include <math.h>
#include <stdio.h>

#include "cli/doses.h"

enum { WIDTH = 720, PANEL = 240, LEFT = 70, TOP = 30, GAP = 60, POINTS = 600, TICKS = 5 };

static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

typedef struct {
    FILE *out;
    double top;         /* of the panel, px */
    double end_h, most; /* ends of the axes */
    size_t curves;
} panel;

/* A round number at or above x: 1, 2 or 5 times a power of ten. */
static double round_up(double x) {
    double power = pow(10.0, floor(log10(fmax(x, 1e-9)))), digit = x / power;
    return power * (digit <= 1.0 ? 1.0 : digit <= 2.0 ? 2.0 : digit <= 5.0 ? 5.0 : 10.0);
}

static double x_of(const panel *p, double t_h) {
    return LEFT + (WIDTH - LEFT - 170.0) * t_h / p->end_h;
}

static double y_of(const panel *p, double value) {
    return p->top + PANEL * (1.0 - value / p->most);
}

static panel begin_panel(FILE *out, double top, double end_h, double most, const char *title) {
    panel p = {out, top, end_h, round_up(most), 0};
    bool hours = end_h > 3.0;
    (void)fprintf(out, "<text x='%d' y='%.0f' font-weight='bold'>%s</text>\n", LEFT, top - 10.0, title);
    for (int k = 0; k <= TICKS; k++) {
        double t = p.end_h * k / TICKS, value = p.most * k / TICKS;
        (void)fprintf(out, "<line x1='%d' x2='%.1f' y1='%.1f' y2='%.1f' stroke='#ddd'/>\n", LEFT, x_of(&p, p.end_h),
                      y_of(&p, value), y_of(&p, value));
        (void)fprintf(out, "<text x='%d' y='%.1f' text-anchor='end'>%.3g</text>\n", LEFT - 6, y_of(&p, value) + 4.0,
                      value);
        (void)fprintf(out, "<text x='%.1f' y='%.1f' text-anchor='middle'>%.3g%s</text>\n", x_of(&p, t),
                      top + PANEL + 18.0, hours ? t : 60.0 * t, k == TICKS ? (hours ? " h" : " min") : "");
    }
    return p;
}

/* `which` >= n_species: the level at the receptor; blocked: the mean over subunits of a population. */
static double value_at(const rw_course *course, bool blocked, size_t which, double t_h, rw_piece *piece) {
    double level = rw_drug_level_at(&course->drug, t_h, piece), sum = 0.0, shares = 0.0;
    if (!blocked && which < rw_drug_species(&course->drug)) {
        rw_kinetics_state state = rw_kinetics_at(course->drug.kinetics, t_h);
        return rw_kinetics_plasma(course->drug.kinetics, &state, which);
    }
    if (!blocked)
        return level;
    for (size_t r = 0; r < course->n_receptors; r++)
        if (course->receptors[r].population == which) {
            sum += course->receptors[r].share * rw_course_blocked(course, r, level);
            shares += course->receptors[r].share;
        }
    return sum / shares;
}

static void draw(panel *p, const rw_course *course, bool blocked, size_t which, const char *name) {
    const char *colour = colours[p->curves % (sizeof colours / sizeof colours[0])];
    rw_piece piece = {0};
    (void)fprintf(p->out, "<polyline fill='none' stroke='%s' stroke-width='1.5' points='", colour);
    for (int k = 0; k <= POINTS; k++) {
        double t = p->end_h * k / POINTS;
        (void)fprintf(p->out, "%.1f,%.1f ", x_of(p, t), y_of(p, value_at(course, blocked, which, t, &piece)));
    }
    (void)fprintf(p->out, "'/>\n<text x='%.1f' y='%.1f' fill='%s'>%s</text>\n", x_of(p, p->end_h) + 8.0,
                  p->top + 14.0 + 16.0 * (double)p->curves, colour, name);
    p->curves++;
}

static void draw_course(FILE *out, const rw_scenario *scenario, const rw_course *course, double top) {
    double most = course->level.value, blocked = 0.0;
    size_t n_species = rw_drug_species(&course->drug);
    for (size_t s = 0; s < n_species; s++)
        most = fmax(most, course->plasma[s].value);
    for (size_t r = 0; r < course->n_receptors; r++)
        blocked = fmax(blocked, course->receptors[r].peak);
    char title[160];
    (void)snprintf(title, sizeof title, "%.60s: concentration, umol/l", course->drug.spec->name);
    panel levels = begin_panel(out, top, course->end_h, most, title);
    for (size_t s = 0; s < n_species; s++)
        draw(&levels, course, false, s, rw_drug_compound(&course->drug, s)->name);
    draw(&levels, course, false, n_species, "at the receptor");
    (void)snprintf(title, sizeof title, "%.60s: share of NMDA receptors blocked in cells at rest",
                   course->drug.spec->name);
    panel block = begin_panel(out, top + PANEL + GAP, course->end_h, blocked, title);
    for (uint32_t p = 0; p < scenario->n_populations; p++) {
        bool acts = false;
        for (size_t r = 0; r < course->n_receptors; r++)
            acts = acts || course->receptors[r].population == p;
        if (acts)
            draw(&block, course, true, p, scenario->populations[p].name);
    }
}

static rw_err draw_all(FILE *out, const rw_scenario *scenario) {
    double height = TOP + (double)scenario->n_drugs * 2.0 * (PANEL + GAP);
    (void)fprintf(out,
                  "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%.0f' font-family='sans-serif' "
                  "font-size='12'>\n<rect width='100%%' height='100%%' fill='white'/>\n",
                  WIDTH, height);
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        rw_course course;
        RW_TRY(rw_course_create(&course, scenario, d));
        draw_course(out, scenario, &course, TOP + (double)d * 2.0 * (PANEL + GAP));
        rw_course_destroy(&course);
    }
    (void)fputs("</svg>\n", out);
    return RW_OK;
}

rw_err rw_doses_plot(const rw_scenario *scenario, const char *path) {
    RW_CHECK(scenario->n_drugs > 0, RW_ERR_INPUT, "--plot: the scenario has no drugs to draw");
    FILE *out = fopen(path, "w");
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "%s: cannot write this file", path);
    rw_err err = draw_all(out, scenario);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    if (err == RW_OK && failed)
        err = rw_fail(RW_ERR_SYSTEM, "%s: could not be written; is the disk full?", path);
    return err;
}
