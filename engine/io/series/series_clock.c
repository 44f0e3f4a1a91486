#include "io/series/series_clock.h"

#include "io/series/series_columns.h"

rw_err rw_clock_series_create(rw_clock_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_series_parts none = {.n = 0};
    *series = (rw_clock_series){
        .columns = columns, .first = columns->n, .recorded = rw_simulation_network(sim)->scenario->clock.slow};
    if (!series->recorded)
        return RW_OK;
    RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_NETWORK_TIME, "", none));
    return rw_columns_add_next_series(columns, RW_SERIES_CLOCK_FACTOR, "", none);
}

rw_err rw_clock_series_sample(const rw_clock_series *series, const rw_simulation *sim) {
    size_t column = series->first;
    if (!series->recorded)
        return RW_OK;
    RW_TRY(rw_columns_append_next(series->columns, &column,
                                  (double)rw_simulation_step(sim) * rw_simulation_network(sim)->scenario->step_ms));
    return rw_columns_append_next(series->columns, &column, rw_simulation_clock_factor(sim));
}
