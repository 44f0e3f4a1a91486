/* What changes slowly, sampled at one interval: rates, calcium, synaptic elements, synapses, turnover, blockade. */
#include "io/series/series_recorder.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "io/edges/edges.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_replay.h"
#include "io/recorder.h"
#include "io/series/mean_weight.h"
#include "io/series/series_activity.h"
#include "io/series/series_clock.h"
#include "io/series/series_columns.h"
#include "io/series/series_drugs.h"
#include "io/series/series_measures.h"
#include "io/series/series_sessions.h"
#include "io/series/series_signals.h"
#include "io/series/series_survival.h"
#include "sim/collect.h"
#include "sim/drugs/drug_effects.h"
#include "sim/plasticity/plastic_worker.h"

typedef struct {
    rw_h5_column *rate, *calcium;
    rw_h5_column *grown[RW_ELEMENT_KINDS], *vacant[RW_ELEMENT_KINDS];
    uint64_t spikes;  /* since the last sample */
    uint64_t counted; /* of those of the whole run, at the last sample */
} population_series;

typedef struct {
    rw_h5_column *synapses, *created, *deleted, *turnover, *mean_weight;
    uint64_t n_created, n_deleted; /* since the last sample */
    uint64_t last_count;
} projection_series;

typedef struct {
    rw_h5_file *file;
    const rw_simulation *sim;
    const rw_network *network;
    rw_columns columns; /* of them all; the first is the time */
    population_series *populations;
    projection_series *projections;
    rw_mean_weight *weights; /* [n_projections] */
    rw_h5_column **factors;  /* [n_factors] */
    size_t n_factors;
    rw_clock_series clock;
    rw_drug_series drugs;
    rw_signal_series signals;
    rw_activity_series activity; /* empty without a blockade */
    rw_session_series sessions;  /* empty without sessions */
    rw_survival_series survival; /* empty unless asked for */
    rw_measure_series *measures; /* NULL: nothing is measured */
    uint64_t *spike_counts;      /* [n_populations] buffer */
    uint64_t last_step;          /* of the network */
    bool sampled;                /* there is a last sample */
} series_recorder;

/* The times of spikes are needed only with a blockade or sessions; rates need the counts only. */
static rw_err take_spikes(void *self, const rw_simulation *sim, const rw_spike *spikes, size_t n) {
    series_recorder *recorder = self;
    (void)sim;
    if (recorder->activity.columns != NULL)
        rw_activity_series_count(&recorder->activity, spikes, n);
    rw_session_series_count(&recorder->sessions, spikes, n);
    return RW_OK;
}

/* Over all ranks, since the last sample. */
static rw_err count_spikes(series_recorder *recorder) {
    RW_TRY(rw_simulation_count_spikes(recorder->sim, recorder->spike_counts));
    for (size_t i = 0; i < recorder->network->n_populations; i++)
        recorder->populations[i].spikes = recorder->spike_counts[i] - recorder->populations[i].counted;
    return RW_OK;
}

static rw_err count_events(void *self, const rw_simulation *sim, const rw_edge_event *events, size_t n) {
    series_recorder *recorder = self;
    rw_survival_series_follow(&recorder->survival, sim, events, n);
    for (size_t i = 0; i < n; i++) {
        projection_series *series = &recorder->projections[events[i].projection];
        if (events[i].created)
            series->n_created++;
        else
            series->n_deleted++;
    }
    return RW_OK;
}

static rw_err append(rw_h5_column *column, double value) {
    return rw_h5_column_append(column, &value, 1);
}

static double mean(const double *values, uint64_t n) {
    double sum = 0.0;
    for (uint64_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

/* Whole elements that are free, per cell; a cell with more synapses than elements has none. */
static double mean_vacant(const double *grown, const uint32_t *connected, uint64_t n) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < n; i++) {
        double vacant = floor(grown[i]) - connected[i];
        sum += vacant > 0.0 ? (uint64_t)vacant : 0;
    }
    return (double)sum / (double)n;
}

/* Whether there was an interval before this sample; what counts per interval is NaN without one. */
static bool has_interval(const series_recorder *recorder, uint64_t step) {
    return recorder->sampled && step > recorder->last_step;
}

static rw_err sample_population(series_recorder *recorder, const rw_simulation *sim, uint32_t index) {
    population_series *series = &recorder->populations[index];
    uint64_t count = recorder->network->populations[index].count, step = rw_simulation_step(sim);
    double interval_ms = (double)(step - recorder->last_step) * recorder->network->scenario->step_ms;
    double rate_hz = has_interval(recorder, step) ? 1e3 * (double)series->spikes / ((double)count * interval_ms) : NAN;
    RW_TRY(append(series->rate, rate_hz));
    if (series->calcium != NULL)
        RW_TRY(append(series->calcium, mean(rw_simulation_calcium(sim, index), count)));
    for (rw_element element = RW_AXON; element < RW_ELEMENT_KINDS; element++) {
        if (series->grown[element] == NULL)
            continue;
        const double *grown = rw_simulation_elements(sim, index, element);
        const uint32_t *connected = rw_simulation_connected(sim, index, element);
        RW_TRY(append(series->grown[element], mean(grown, count)));
        RW_TRY(append(series->vacant[element], mean_vacant(grown, connected, count)));
    }
    return RW_OK;
}

/* The collective part of a sample; it precedes writing, which only rank 0 does and which may fail. */
static rw_err measure_projections(series_recorder *recorder) {
    const rw_network *network = recorder->network;
    for (size_t i = 0; i < network->n_projections; i++) {
        const rw_projection *projection = &network->projections[i];
        const rw_projection_spec *spec = projection->spec;
        recorder->weights[i].wanted =
            spec->structural || spec->lesioned || projection->plasticity.any || !recorder->sampled;
        RW_TRY(rw_projection_total(&network->partition, projection, &recorder->weights[i].count));
    }
    return rw_mean_weights(network, recorder->weights);
}

static rw_err sample_projection(series_recorder *recorder, const rw_simulation *sim, size_t index) {
    projection_series *series = &recorder->projections[index];
    const uint64_t count = recorder->weights[index].count;
    const bool interval = has_interval(recorder, rw_simulation_step(sim));
    const double changes = (double)(series->n_created + series->n_deleted);
    const double mean_count = 0.5 * ((double)count + (double)series->last_count);
    RW_TRY(rw_h5_column_append(series->synapses, &count, 1));
    RW_TRY(rw_h5_column_append(series->created, &series->n_created, 1));
    RW_TRY(rw_h5_column_append(series->deleted, &series->n_deleted, 1));
    RW_TRY(append(series->turnover, interval ? changes / (2.0 * mean_count) : NAN));
    RW_TRY(append(series->mean_weight, recorder->weights[index].mean));
    series->n_created = series->n_deleted = 0;
    series->last_count = count;
    return RW_OK;
}

/* Appends the values, which rank 0 now has. */
static rw_err append_all(series_recorder *recorder, const rw_simulation *sim) {
    const rw_network *network = recorder->network;
    RW_TRY(append(recorder->columns.columns[0], (double)rw_simulation_time(sim) * network->scenario->step_ms));
    for (uint32_t i = 0; i < network->n_populations; i++)
        RW_TRY(sample_population(recorder, sim, i));
    for (size_t i = 0; i < network->n_projections; i++)
        RW_TRY(sample_projection(recorder, sim, i));
    for (size_t i = 0; i < recorder->n_factors; i++)
        RW_TRY(append(recorder->factors[i], rw_simulation_factor(sim, i)));
    return RW_OK;
}

static rw_err sample(void *self, const rw_simulation *sim) {
    series_recorder *recorder = self;
    const rw_network *network = recorder->network;
    RW_TRY(rw_simulation_gather_growth(sim));
    RW_TRY(rw_comm_agree(network->partition.comm, rw_simulation_update_weights(sim)));
    RW_TRY(count_spikes(recorder));
    RW_TRY(measure_projections(recorder));
    RW_TRY(rw_comm_agree(network->partition.comm, append_all(recorder, sim)));
    RW_TRY(rw_survival_series_sample(&recorder->survival, sim));
    RW_TRY(rw_comm_agree(network->partition.comm, rw_clock_series_sample(&recorder->clock, sim)));
    RW_TRY(rw_drug_series_sample(&recorder->drugs, sim));
    RW_TRY(rw_comm_agree(network->partition.comm, rw_signal_series_sample(&recorder->signals, sim)));
    RW_TRY(rw_comm_agree(network->partition.comm, rw_session_series_sample(&recorder->sessions)));
    RW_TRY(rw_activity_series_sample(&recorder->activity, sim));
    recorder->last_step = rw_simulation_step(sim);
    recorder->sampled = true;
    for (size_t i = 0; i < network->n_populations; i++)
        recorder->populations[i].counted = recorder->spike_counts[i];
    return RW_OK;
}

static rw_err flush(void *self) {
    series_recorder *recorder = self;
    RW_TRY(rw_columns_flush(&recorder->columns));
    if (recorder->measures != NULL)
        RW_TRY(rw_measure_series_flush(recorder->measures));
    return rw_h5_flush(recorder->file);
}

/* A run that was stopped early ends between two samples; one more shows where. */
static rw_err commit(void *self, const rw_simulation *sim) {
    series_recorder *recorder = self;
    if (sim != NULL && has_interval(recorder, rw_simulation_step(sim)))
        RW_TRY(sample(recorder, sim));
    RW_TRY(rw_columns_close(&recorder->columns));
    if (recorder->measures != NULL)
        RW_TRY(rw_measure_series_close(recorder->measures, sim));
    return rw_h5_commit(&recorder->file);
}

static rw_err archive_projection(projection_series *series, rw_mean_weight *weight, const rw_archive *archive,
                                 const char *name) {
    rw_path group = rw_path_of("recorders/series/projections/%s", name);
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/created", group.text).text, &series->n_created));
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/deleted", group.text).text, &series->n_deleted));
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/synapses", group.text).text, &series->last_count));
    return rw_archive_column(archive, rw_path_of("%s/mean_weight", group.text).text, RW_ARCHIVE_F64, 1, &weight->mean);
}

/* What was counted since the last sample. */
static rw_err archive(void *self, const rw_archive *archive) {
    series_recorder *recorder = self;
    const rw_network *network = recorder->network;
    uint64_t sampled = recorder->sampled;
    RW_TRY(rw_archive_number(archive, "recorders/series/last_step", &recorder->last_step));
    RW_TRY(rw_archive_number(archive, "recorders/series/sampled", &sampled));
    recorder->sampled = sampled != 0;
    RW_TRY(count_spikes(recorder));
    for (size_t i = 0; i < network->n_populations; i++) {
        const char *name = network->populations[i].spec->name;
        population_series *series = &recorder->populations[i];
        RW_TRY(rw_archive_number(archive, rw_path_of("recorders/series/populations/%s/spikes", name).text,
                                 &series->spikes));
        series->counted = recorder->spike_counts[i] - series->spikes;
    }
    for (size_t i = 0; i < network->n_projections; i++)
        RW_TRY(archive_projection(&recorder->projections[i], &recorder->weights[i], archive,
                                  network->projections[i].spec->name));
    RW_TRY(rw_activity_series_archive(&recorder->activity, archive));
    RW_TRY(rw_survival_series_archive(&recorder->survival, archive));
    RW_TRY(rw_session_series_archive(&recorder->sessions, archive));
    if (recorder->measures != NULL)
        RW_TRY(rw_measure_series_archive(recorder->measures, archive));
    return rw_h5_archive(recorder->file, archive);
}

static void destroy(void *self) {
    series_recorder *recorder = self;
    rw_columns_destroy(&recorder->columns);
    rw_activity_series_destroy(&recorder->activity);
    rw_session_series_destroy(&recorder->sessions);
    rw_measure_series_destroy(&recorder->measures);
    rw_survival_series_destroy(&recorder->survival);
    rw_h5_abandon(&recorder->file);
    rw_free(recorder->factors);
    rw_free(recorder->projections);
    rw_free(recorder->weights);
    rw_free(recorder->populations);
    rw_free(recorder->spike_counts);
    rw_free(recorder);
}

static rw_err add(series_recorder *recorder, rw_h5_column **column, rw_series series, const char *object) {
    return rw_columns_add_series(&recorder->columns, column, series, object, H5T_IEEE_F64LE);
}

static rw_err add_count(series_recorder *recorder, rw_h5_column **column, rw_series series, const char *object) {
    return rw_columns_add_series(&recorder->columns, column, series, object, H5T_STD_U64LE);
}

static rw_err add_population(series_recorder *recorder, const rw_simulation *sim, uint32_t index) {
    static const rw_series grown[] = {RW_SERIES_AXON, RW_SERIES_DENDRITE_EXC, RW_SERIES_DENDRITE_INH};
    static const rw_series vacant[] = {RW_SERIES_AXON_VACANT, RW_SERIES_DENDRITE_EXC_VACANT,
                                       RW_SERIES_DENDRITE_INH_VACANT};
    population_series *series = &recorder->populations[index];
    const char *name = recorder->network->populations[index].spec->name;
    RW_TRY(add(recorder, &series->rate, RW_SERIES_RATE, name));
    if (rw_simulation_calcium(sim, index) != NULL)
        RW_TRY(add(recorder, &series->calcium, RW_SERIES_CALCIUM, name));
    for (rw_element element = RW_AXON; element < RW_ELEMENT_KINDS; element++) {
        if (rw_simulation_elements(sim, index, element) == NULL)
            continue;
        RW_TRY(add(recorder, &series->grown[element], grown[element], name));
        RW_TRY(add(recorder, &series->vacant[element], vacant[element], name));
    }
    return RW_OK;
}

static rw_err add_projection(series_recorder *recorder, size_t index) {
    projection_series *series = &recorder->projections[index];
    const rw_projection_spec *spec = recorder->network->projections[index].spec;
    RW_TRY(add_count(recorder, &series->synapses, RW_SERIES_SYNAPSES, spec->name));
    RW_TRY(add_count(recorder, &series->created, RW_SERIES_CREATED, spec->name));
    RW_TRY(add_count(recorder, &series->deleted, RW_SERIES_DELETED, spec->name));
    RW_TRY(add(recorder, &series->turnover, RW_SERIES_TURNOVER, spec->name));
    return rw_columns_add(&recorder->columns, &series->mean_weight, rw_series_path(RW_SERIES_MEAN_WEIGHT, spec->name),
                          H5T_IEEE_F64LE, rw_weight_unit(recorder->network->scenario, spec),
                          rw_series_get(RW_SERIES_MEAN_WEIGHT)->description);
}

static rw_err add_columns(series_recorder *recorder, const rw_simulation *sim) {
    const rw_network *network = recorder->network;
    const rw_scenario *scenario = network->scenario;
    rw_h5_column *time;
    RW_TRY(add(recorder, &time, RW_SERIES_TIME, ""));
    for (uint32_t i = 0; i < network->n_populations; i++)
        RW_TRY(add_population(recorder, sim, i));
    for (size_t i = 0; i < network->n_projections; i++)
        RW_TRY(add_projection(recorder, i));
    for (size_t i = 0; i < recorder->n_factors; i++) {
        const rw_path number = rw_path_of("%zu", i);
        RW_TRY(add(recorder, &recorder->factors[i], RW_SERIES_FACTOR, number.text));
        RW_TRY(rw_h5_attribute_text(recorder->file, rw_series_group_path(RW_SERIES_OF_BLOCKADE, number.text).text,
                                    "receptor", scenario->factors[i].receptor->name));
    }
    if (scenario->n_factors + scenario->n_drugs > 0)
        RW_TRY(rw_activity_series_create(&recorder->activity, &recorder->columns, sim));
    RW_TRY(rw_clock_series_create(&recorder->clock, &recorder->columns, sim));
    RW_TRY(rw_drug_series_create(&recorder->drugs, &recorder->columns, sim));
    RW_TRY(rw_signal_series_create(&recorder->signals, &recorder->columns, sim));
    RW_TRY(rw_session_series_create(&recorder->sessions, &recorder->columns, sim));
    RW_TRY(rw_survival_series_create(&recorder->survival, &recorder->columns, sim));
    RW_TRY(rw_columns_attach_scales(&recorder->columns));
    RW_TRY(rw_h5_attribute_text(recorder->file, "/", "title", "series of a run of rewire"));
    return rw_measure_series_create(&recorder->measures, recorder->file, sim);
}

static rw_err allocate(series_recorder *recorder) {
    const rw_network *network = recorder->network;
    const rw_scenario *scenario = network->scenario;
    uint64_t expected = scenario->n_steps / scenario->record.series_steps + 2;
    recorder->columns.chunk_rows = expected < RW_H5_CHUNK / 4 ? (size_t)expected : RW_H5_CHUNK / 4;
    recorder->n_factors = scenario->n_factors;
    RW_TRY(RW_NEW(recorder->populations, network->n_populations, "series"));
    RW_TRY(RW_NEW(recorder->spike_counts, network->n_populations, "series"));
    RW_TRY(RW_NEW(recorder->projections, network->n_projections, "series"));
    RW_TRY(RW_NEW(recorder->weights, network->n_projections, "series"));
    return RW_NEW(recorder->factors, scenario->n_factors, "series");
}

rw_err rw_series_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim) {
    series_recorder *self;
    RW_TRY(RW_NEW(self, 1, "series"));
    self->sim = sim;
    self->network = rw_simulation_network(sim);
    rw_err err = allocate(self);
    if (err == RW_OK)
        err = rw_h5_create_growing(&self->file, directory, "series.h5");
    self->columns.file = self->file;
    if (err == RW_OK)
        err = add_columns(self, sim);
    if (err != RW_OK) {
        destroy(self);
        return err;
    }
    const bool listens = self->activity.columns != NULL || self->sessions.n > 0;
    *recorder = (rw_recorder){{.self = self,
                               .spikes = listens ? take_spikes : NULL,
                               .edge_events = count_events,
                               .sample = sample,
                               .every_steps = self->network->scenario->record.series_steps,
                               .charge = self->activity.columns != NULL},
                              flush,
                              commit,
                              destroy,
                              archive};
    return RW_OK;
}

bool rw_series_recorder_measures(const rw_recorder *recorder, rw_observer *observer) {
    series_recorder *self = recorder->observer.self;
    if (self->measures != NULL)
        *observer = rw_measure_series_observer(self->measures);
    return self->measures != NULL;
}
