#include "io/series/series_measures.h"

#include "base/memory.h"
#include "graph/graph.h"
#include "graph/measures.h"
#include "io/series/series_columns.h"
#include "sim/plasticity/plastic_worker.h"

struct rw_measure_series {
    const rw_network *network;
    rw_columns columns;     /* the first is the time; then of each its values and its distances */
    rw_measures **measures; /* [n] of projections, in their order, then of graphs */
    size_t n;
    uint64_t last_time;
    uint64_t sampled; /* 1: there was a sample */
};

static rw_err write_bins(const rw_columns *columns, const char *name, double bin_um) {
    double from_um[RW_DISTANCE_BINS];
    for (size_t k = 0; k < RW_DISTANCE_BINS; k++)
        from_um[k] = (double)k * bin_um;
    return rw_columns_write_places(columns, RW_SERIES_DISTANCE, name, from_um, RW_DISTANCE_BINS);
}

/* The columns of what was created last. */
static rw_err add_columns_of(rw_measure_series *series, const rw_measures *measures) {
    size_t n = 0;
    double bin_um = 0.0;
    rw_h5_column *distances;
    const rw_measured *values = rw_measures_values(measures, &n);
    rw_path group = rw_series_group_path(RW_SERIES_OF_CONNECTIVITY, rw_measures_name(measures));
    for (size_t i = 0; i < n; i++)
        RW_TRY(rw_columns_add_next(&series->columns, rw_path_of("%s/%s", group.text, values[i].name), values[i].unit,
                                   values[i].description));
    if (rw_measures_distances(measures, &bin_um) == NULL)
        return RW_OK;
    RW_TRY(rw_columns_add_wide_series(&series->columns, &distances, RW_SERIES_DISTANCES, rw_measures_name(measures),
                                      RW_DISTANCE_BINS, RW_SERIES_DISTANCE));
    RW_TRY(write_bins(&series->columns, rw_measures_name(measures), bin_um));
    rw_path path = rw_series_path(RW_SERIES_DISTANCES, rw_measures_name(measures));
    return rw_h5_attribute(series->columns.file, path.text, "bin_width", H5T_NATIVE_DOUBLE, 0, &bin_um);
}

static rw_err create_measures(rw_measure_series *series) {
    const rw_measures_spec *spec = &series->network->scenario->record.measures;
    const size_t n_projections = series->network->n_projections;
    RW_TRY(RW_NEW(series->measures, n_projections + spec->n_graphs, "measures"));
    for (size_t i = 0; i < n_projections; i++)
        if (spec->of[i])
            RW_TRY(rw_measures_create(&series->measures[series->n++], series->network, i));
    for (size_t i = 0; i < spec->n_graphs; i++)
        RW_TRY(rw_measures_create_graph(&series->measures[series->n++], series->network, i));
    return RW_OK;
}

static rw_err add_columns(rw_measure_series *series) {
    const rw_scenario *scenario = series->network->scenario;
    const rw_measures_spec *spec = &scenario->record.measures;
    uint64_t expected = spec->every_steps > 0 ? scenario->n_steps / spec->every_steps + 2 : 2;
    series->columns.chunk_rows = expected < 256 ? (size_t)expected : 256;
    RW_TRY(rw_columns_add_next_series(&series->columns, RW_SERIES_CONNECTIVITY_TIME, "", (rw_series_parts){.n = 0}));
    if (rw_graph_library() != NULL)
        RW_TRY(rw_h5_attribute_text(series->columns.file, rw_series_group_path(RW_SERIES_OF_CONNECTIVITY, "").text,
                                    "igraph", rw_graph_library()));
    for (size_t i = 0; i < series->n; i++)
        RW_TRY(add_columns_of(series, series->measures[i]));
    return rw_columns_attach_scales(&series->columns);
}

rw_err rw_measure_series_create(rw_measure_series **series, rw_h5_file *file, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    *series = NULL;
    if (network->scenario->record.measures.of == NULL)
        return RW_OK;
    RW_TRY(RW_NEW(*series, 1, "measures"));
    (*series)->network = network;
    (*series)->columns.file = file;
    rw_err err = create_measures(*series);
    if (err == RW_OK)
        err = add_columns(*series);
    if (err != RW_OK)
        rw_measure_series_destroy(series);
    return err;
}

/* Appends the values, which rank 0 now has. */
static rw_err append_all(rw_measure_series *series, uint64_t time) {
    size_t column = 0, n = 0;
    double bin_um = 0.0;
    RW_TRY(rw_columns_append_next(&series->columns, &column, (double)time * series->network->scenario->step_ms));
    for (size_t k = 0; k < series->n; k++) {
        const rw_measured *values = rw_measures_values(series->measures[k], &n);
        const double *distances = rw_measures_distances(series->measures[k], &bin_um);
        for (size_t i = 0; i < n; i++)
            RW_TRY(rw_columns_append_next(&series->columns, &column, values[i].value));
        if (distances != NULL)
            RW_TRY(rw_h5_column_append(series->columns.columns[column++], distances, 1));
    }
    return RW_OK;
}

static rw_err sample(void *self, const rw_simulation *sim) {
    rw_measure_series *series = self;
    const uint64_t time = rw_simulation_time(sim);
    RW_TRY(rw_comm_agree(series->network->partition.comm, rw_simulation_update_weights(sim)));
    for (size_t k = 0; k < series->n; k++)
        RW_TRY(rw_measures_sample(series->measures[k], time));
    series->last_time = time;
    series->sampled = 1;
    return rw_comm_agree(series->network->partition.comm, append_all(series, time));
}

static rw_err note_events(void *self, const rw_simulation *sim, const rw_edge_event *events, size_t n) {
    rw_measure_series *series = self;
    (void)sim;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < series->n; k++)
            RW_TRY(rw_measures_note(series->measures[k], &events[i]));
    return RW_OK;
}

rw_observer rw_measure_series_observer(rw_measure_series *series) {
    return (rw_observer){.self = series,
                         .edge_events = note_events,
                         .sample = sample,
                         .every_steps = series->network->scenario->record.measures.every_steps};
}

rw_err rw_measure_series_flush(rw_measure_series *series) {
    return rw_columns_flush(&series->columns);
}

rw_err rw_measure_series_close(rw_measure_series *series, const rw_simulation *sim) {
    if (sim != NULL && series->sampled != 0 && rw_simulation_time(sim) > series->last_time)
        RW_TRY(sample(series, sim));
    return rw_columns_close(&series->columns);
}

rw_err rw_measure_series_archive(rw_measure_series *series, const rw_archive *archive) {
    RW_TRY(rw_archive_number(archive, "recorders/measures/last_step", &series->last_time));
    RW_TRY(rw_archive_number(archive, "recorders/measures/sampled", &series->sampled));
    for (size_t k = 0; k < series->n; k++)
        RW_TRY(rw_measures_archive(series->measures[k], archive));
    return RW_OK;
}

void rw_measure_series_destroy(rw_measure_series **series) {
    if (*series == NULL)
        return;
    for (size_t k = 0; k < (*series)->n; k++)
        rw_measures_destroy(&(*series)->measures[k]);
    rw_free((*series)->measures);
    rw_columns_destroy(&(*series)->columns);
    rw_free(*series);
    *series = NULL;
}
