#include "io/series/series_clock.h"

#include "io/series/series_columns.h"

/* Quantities and sources in the order of their columns. */
static const char *const quantities[] = {"rates", "signals", "synapses"};
static const char *const sources[] = {"lag", "sampling", "steps", "total"};

static rw_err add_errors(rw_columns *columns) {
    for (size_t q = 0; q < RW_COUNT(quantities); q++)
        for (size_t s = 0; s < RW_COUNT(sources); s++)
            RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_CLOCK_ERROR, "",
                                              (rw_series_parts){.names = {quantities[q], sources[s]}, .n = 2}));
    return RW_OK;
}

static rw_err append_errors(const rw_clock_series *series, size_t column, const rw_simulation *sim) {
    const rw_clock_errors errors = rw_simulation_clock_errors(sim);
    const rw_error_sources *of[] = {&errors.rates, &errors.signals, &errors.synapses};
    for (size_t q = 0; q < RW_COUNT(of); q++) {
        const double values[] = {of[q]->lag, of[q]->sampling, of[q]->steps, rw_error_total(of[q])};
        for (size_t s = 0; s < RW_COUNT(values); s++)
            RW_TRY(rw_columns_append_next(series->columns, &column, values[s]));
    }
    return RW_OK;
}

rw_err rw_clock_series_create(rw_clock_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_series_parts none = {.n = 0};
    *series = (rw_clock_series){
        .columns = columns, .first = columns->n, .recorded = rw_simulation_network(sim)->scenario->clock.slow};
    if (!series->recorded)
        return RW_OK;
    RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_NETWORK_TIME, "", none));
    RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_CLOCK_FACTOR, "", none));
    return add_errors(columns);
}

rw_err rw_clock_series_sample(const rw_clock_series *series, const rw_simulation *sim) {
    size_t column = series->first;
    if (!series->recorded)
        return RW_OK;
    RW_TRY(rw_columns_append_next(series->columns, &column,
                                  (double)rw_simulation_step(sim) * rw_simulation_network(sim)->scenario->step_ms));
    RW_TRY(rw_columns_append_next(series->columns, &column, rw_simulation_clock_factor(sim)));
    return append_errors(series, column, sim);
}
