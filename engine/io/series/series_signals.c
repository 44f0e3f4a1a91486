#include "io/series/series_signals.h"

#include "io/series/series_columns.h"

/* A column for each state of a drive or a cascade. */
static rw_err add_states(rw_columns *columns, rw_series series, const char *signal, const rw_model *model) {
    for (size_t f = 0; f < model->n_fields; f++)
        if (model->fields[f].role == RW_STATE)
            RW_TRY(rw_columns_add_next(columns, rw_series_path_with(series, signal, &model->fields[f].name, 1),
                                       model->fields[f].unit, model->fields[f].doc));
    return RW_OK;
}

static rw_err add_signal(rw_columns *columns, const rw_signal_spec *spec) {
    const rw_series_parts none = {.n = 0};
    RW_TRY(add_states(columns, RW_SERIES_SIGNAL_DRIVE_STATE, spec->name, spec->drive));
    RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_SIGNAL_DRIVE, spec->name, none));
    RW_TRY(add_states(columns, RW_SERIES_SIGNAL_STATE, spec->name, spec->model));
    RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_SIGNAL_ACTING, spec->name, none));
    return rw_columns_add_next_series(columns, RW_SERIES_SIGNAL_FORMATION, spec->name, none);
}

rw_err rw_signal_series_create(rw_signal_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    *series = (rw_signal_series){.columns = columns, .first = columns->n};
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(add_signal(columns, &scenario->signals[s]));
    return RW_OK;
}

static rw_err append_states(const rw_signal_series *series, size_t *column, const double *state, size_t n) {
    for (size_t k = 0; k < n; k++)
        RW_TRY(rw_columns_append_next(series->columns, column, state[k]));
    return RW_OK;
}

rw_err rw_signal_series_sample(const rw_signal_series *series, const rw_simulation *sim) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    size_t column = series->first;
    for (size_t s = 0; s < scenario->n_signals; s++) {
        const rw_signal *signal = rw_simulation_growth_signal(sim, s);
        RW_TRY(append_states(series, &column, signal->drive_state, signal->drive.n_states));
        RW_TRY(rw_columns_append_next(series->columns, &column, signal->u));
        RW_TRY(append_states(series, &column, signal->state, signal->cascade.n_states));
        RW_TRY(rw_columns_append_next(series->columns, &column, signal->acting));
        RW_TRY(rw_columns_append_next(series->columns, &column, signal->formation));
    }
    return RW_OK;
}
