#include "study/report/report_survival.h"

#include "base/memory.h"
#include "config/series_catalogue.h"

/* Adds the fraction of a projection's synapses that reach each age, as the last sample knows it, from all of 1 at 0. */
static rw_err add_curve(rw_figures *figures, rw_figure *figure, const rw_result_in *result, const rw_scenario *scenario,
                        size_t p, double units_per_ms) {
    const rw_projection_spec *spec = &scenario->projections[p];
    const size_t n = scenario->record.n_survival;
    rw_result_numbers fraction;
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_SURVIVAL_FRACTION, spec->name).text,
                                &fraction));
    if (fraction.rows == 0)
        return RW_OK;
    RW_CHECK(fraction.width == n, RW_ERR_INPUT, "%s/series.h5: the survival of %s has %zu ages instead of %zu",
             result->path, spec->name, fraction.width, n);
    double *x = NULL;
    RW_TRY(RW_ARENA_NEW(figures->arena, x, 2 * (n + 1)));
    double *y = x + n + 1;
    y[0] = 1.0;
    for (size_t k = 0; k < n; k++) {
        x[k + 1] = units_per_ms * (double)scenario->record.survival_steps[k] * scenario->step_ms;
        y[k + 1] = fraction.values[(fraction.rows - 1) * n + k];
    }
    return rw_figure_trace(
        figures, figure,
        (rw_trace){.label = spec->name, .kind = RW_MARK_LINE, .colour = (int)p, .n = n + 1, .x = x, .y = y});
}

rw_err rw_report_survival(rw_figures *figures, const rw_result_in *result, const rw_scenario *scenario,
                          const char *span) {
    const rw_series_entry *entry = rw_series_get(RW_SERIES_SURVIVAL_FRACTION);
    rw_figure *figure = NULL;
    const char *caption = NULL;
    if (scenario == NULL || scenario->record.n_survival == 0)
        return RW_OK;
    const uint64_t oldest = scenario->record.survival_steps[scenario->record.n_survival - 1];
    double units_per_ms = 1.0;
    rw_axis age = rw_axis_of_time((double)oldest * scenario->step_ms, &units_per_ms);
    age.is_time = false;
    age.label = "age";
    RW_TRY(rw_figures_text(figures, &caption,
                           "Fraction of the synapses formed in the run that reach an age (Kaplan-Meier, one hazard for "
                           "each age class). %s.",
                           span));
    RW_TRY(rw_figures_add(figures,
                          (rw_figure){.id = "survival",
                                      .title = entry->title,
                                      .caption = caption,
                                      .x = age,
                                      .y = {.label = entry->quantity, .min = 0.0, .max = 1.0},
                                      .interactive = true},
                          &figure));
    for (size_t p = 0; p < scenario->n_projections; p++)
        if (scenario->projections[p].structural)
            RW_TRY(add_curve(figures, figure, result, scenario, p, units_per_ms));
    if (figure->n_traces == 0)
        figures->count--;
    return RW_OK;
}
