#include "study/report/report_signals.h"

/* The drive of a signal, and each variable of its model. */
static rw_err add_stages(const rw_run_page *page, rw_figure *figure, const rw_signal_spec *spec, int *colour) {
    const rw_model *model = spec->model;
    const char *label = NULL;
    RW_TRY(rw_figures_text(page->figures, &label, "%s, %s", spec->name, rw_series_get(RW_SERIES_SIGNAL_DRIVE)->name));
    RW_TRY(rw_run_page_series(page, figure, rw_series_path(RW_SERIES_SIGNAL_DRIVE, spec->name).text, label, (*colour)++,
                              false));
    for (size_t f = 0; f < model->n_fields; f++) {
        const char *const variable = model->fields[f].name;
        if (model->fields[f].role != RW_STATE)
            continue;
        RW_TRY(rw_figures_text(page->figures, &label, "%s, %s", spec->name, variable));
        RW_TRY(rw_run_page_series(page, figure,
                                  rw_series_path_with(RW_SERIES_SIGNAL_STATE, spec->name, &variable, 1).text, label,
                                  (*colour)++, false));
    }
    return RW_OK;
}

/* The stages of growth signals, and what comes of them. */
rw_err rw_report_signals(rw_run_page *page) {
    const rw_scenario *scenario = page->scenario;
    rw_figure *figure = NULL;
    int colour = 0;
    if (scenario == NULL || scenario->n_signals == 0)
        return RW_OK;
    RW_TRY(rw_run_page_begin(page, "signals", "Growth signals", (rw_axis){.label = "drive and signal", .unit = "1"},
                             "Drive u and what it leads to.", &figure));
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(add_stages(page, figure, &scenario->signals[s], &colour));
    RW_TRY(rw_run_page_begin_series(page, "formation", RW_SERIES_SIGNAL_FORMATION, NULL,
                                    "Factor on the formation of synaptic elements; 1: as without a signal.", &figure));
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(rw_run_page_series(page, figure,
                                  rw_series_path(RW_SERIES_SIGNAL_FORMATION, scenario->signals[s].name).text,
                                  scenario->signals[s].name, (int)s, false));
    return RW_OK;
}
