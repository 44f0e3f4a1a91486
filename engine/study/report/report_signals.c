#include "study/report/report_signals.h"

/* The stages of growth signals, and what comes of them. */
rw_err rw_report_signals(rw_run_page *page) {
    const rw_scenario *scenario = page->scenario;
    rw_figure *stages = NULL, *formation = NULL;
    const char *names[2] = {NULL};
    int colour = 0;
    if (scenario == NULL || scenario->n_signals == 0)
        return RW_OK;
    for (int k = 0; k < 2; k++)
        RW_TRY(rw_figures_text(page->figures, &names[k],
                               k == 0 ? "Drive u and what it leads to. %s."
                                      : "Factor on the formation of synaptic elements; 1: as without a signal. %s.",
                               page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "signals",
                                      .title = "Growth signals",
                                      .caption = names[0],
                                      .x = page->time_axis,
                                      .y = {.label = "drive and signal", .unit = "1"},
                                      .interactive = true},
                          &stages));
    for (size_t s = 0; s < scenario->n_signals; s++) {
        const rw_signal_spec *spec = &scenario->signals[s];
        const char *label = NULL;
        RW_TRY(rw_figures_text(page->figures, &label, "%s, u", spec->name));
        RW_TRY(rw_run_page_series(page, stages, rw_path_of("/signals/%s/%s", spec->name, "u").text, label, colour++,
                                  false));
        for (size_t f = 0; f < spec->model->n_fields; f++) {
            if (spec->model->fields[f].role != RW_STATE)
                continue;
            RW_TRY(rw_figures_text(page->figures, &label, "%s, %s", spec->name, spec->model->fields[f].name));
            RW_TRY(rw_run_page_series(page, stages,
                                      rw_path_of("/signals/%s/%s", spec->name, spec->model->fields[f].name).text, label,
                                      colour++, false));
        }
    }
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "formation",
                                      .title = "Formation of synaptic elements",
                                      .caption = names[1],
                                      .x = page->time_axis,
                                      .y = {.label = "factor", .unit = "1"},
                                      .interactive = true},
                          &formation));
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(rw_run_page_series(page, formation,
                                  rw_path_of("/signals/%s/%s", scenario->signals[s].name, "formation").text,
                                  scenario->signals[s].name, (int)s, false));
    return RW_OK;
}
