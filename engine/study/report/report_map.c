#include "study/report/report_map.h"

#include <math.h>

#include "base/memory.h"
#include "study/comparison/outcomes.h"
#include "study/measure_table.h"

enum { MAPS_SHOWN = 16 };

/* The two parameters that vary, and how often each does. */
typedef struct {
    size_t parameter[2], n[2];
    const char *const *names[2]; /* of the levels */
} parameter_plane;

bool rw_report_has_plane(const rw_sweep_plan *plan) {
    size_t varying = 0;
    for (size_t p = 0; p < plan->n_parameters; p++)
        varying += plan->parameters[p].n_levels > 1;
    return plan->design == RW_DESIGN_GRID && varying == 2;
}

/* Levels without the unit, which is at the axis. */
static rw_err name_levels(rw_figures *figures, const rw_sweep_parameter *parameter, const char *const **names) {
    const char **list = NULL;
    RW_TRY(RW_ARENA_NEW(figures->arena, list, parameter->n_levels));
    for (size_t k = 0; k < parameter->n_levels; k++) {
        RW_TRY(parameter->numbers != NULL ? rw_figures_text(figures, &list[k], "%.4g", parameter->numbers[k])
                                          : rw_figures_text(figures, &list[k], "%s", parameter->labels[k]));
    }
    *names = list;
    return RW_OK;
}

static rw_err find_plane(rw_figures *figures, const rw_sweep_plan *plan, parameter_plane *plane) {
    size_t found = 0;
    for (size_t p = 0; p < plan->n_parameters; p++)
        if (plan->parameters[p].n_levels > 1) {
            plane->parameter[found] = p;
            plane->n[found] = plan->parameters[p].n_levels;
            RW_TRY(name_levels(figures, &plan->parameters[p], &plane->names[found]));
            found++;
        }
    RW_ASSERT(found == 2);
    return RW_OK;
}

static double mean_of(const double *values, size_t n) {
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) {
            sum += values[i];
            count++;
        }
    return count > 0 ? sum / (double)count : NAN;
}

/* Rows of a grid run through its parameters with the last one fastest: the second parameter of the plane is x. */
static rw_err add_map(rw_figures *figures, const rw_cohort *cohort, const parameter_plane *plane, size_t outcome,
                      size_t arm, rw_figure figure) {
    const rw_sweep_plan *plan = cohort->sweep->plan;
    const rw_sweep_parameter *y = &plan->parameters[plane->parameter[0]], *x = &plan->parameters[plane->parameter[1]];
    rw_figure *added = NULL;
    double *values = NULL;
    RW_TRY(RW_ARENA_NEW(figures->arena, values, plane->n[0] * plane->n[1]));
    for (size_t cell = 0; cell < plane->n[0] * plane->n[1]; cell++)
        values[cell] =
            mean_of(cohort->outcomes[outcome].values + (cell * plan->n_arms + arm) * cohort->n_units, cohort->n_units);
    figure.x = (rw_axis){.label = x->name, .unit = x->unit};
    figure.y = (rw_axis){.label = y->name, .unit = y->unit};
    figure.map = (rw_map){plane->n[0], plane->n[1], values, plane->names[0], plane->names[1]};
    return rw_figures_add(figures, figure, &added);
}

rw_err rw_report_maps(rw_figures *figures, const rw_cohort *cohort, const char *patterns, const char *span) {
    const rw_sweep_plan *plan = cohort->sweep->plan;
    parameter_plane plane = {0};
    size_t shown = 0;
    RW_TRY(find_plane(figures, plan, &plane));
    for (size_t o = 0; o < cohort->n_outcomes && shown < MAPS_SHOWN; o++)
        for (size_t arm = 0; arm < plan->n_arms && rw_outcome_is_compared(cohort, o, patterns); arm++) {
            const rw_outcome *outcome = &cohort->outcomes[o];
            rw_figure figure = {0};
            char title[256];
            bool has_unit = outcome->unit[0] != '\0' && strcmp(outcome->unit, "1") != 0, arms = plan->n_arms > 1;
            rw_measure_title(outcome->name, title, sizeof title);
            RW_TRY(rw_figures_text(figures, &figure.id, "map_%zu", shown++));
            RW_TRY(rw_figures_text(figures, &figure.title, "%s%s%s%s%s%s", title, has_unit ? " (" : "",
                                   has_unit ? outcome->unit : "", has_unit ? ")" : "", arms ? ": " : "",
                                   arms ? plan->arms[arm].name : ""));
            RW_TRY(rw_figures_text(figures, &figure.caption, "%s: %s. Mean of the runs of each cell. %s.",
                                   outcome->name, outcome->description, span));
            RW_TRY(add_map(figures, cohort, &plane, o, arm, figure));
        }
    return RW_OK;
}
