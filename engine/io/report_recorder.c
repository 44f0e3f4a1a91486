/* One variable of some neurons over time, in SONATA's layout for node reports: frames of one value per cell. */
#include "io/report_recorder.h"

#include "base/memory.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_dataset.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_replay.h"
#include "io/recorder.h"
#include "net/selection.h"
#include "sim/clock.h"

typedef struct {
    const rw_report_spec *spec;
    double step_ms;
    rw_h5_file *file;
    rw_path group; /* /report/<population> */
    rw_h5_column data;
    uint64_t n;     /* cells */
    uint64_t *ids;  /* [n] */
    float *frame;   /* [n] */
    uint64_t taken; /* frames */
} report_recorder;

static double column_value(const rw_block *block, size_t field, uint64_t id) {
    const rw_column *column = &block->columns[field];
    return column->shared ? column->values[0] : column->values[id];
}

/* Where projections have blockades of their own, a receptor has several instances; their states add up. */
static double receptor_value(const rw_population *population, const rw_report_spec *spec, uint64_t id) {
    double sum = 0.0;
    for (size_t i = 0; i < population->n_receptors; i++)
        if (population->receptors[i].spec == spec->receptor)
            sum += column_value(&population->receptors[i].block, spec->field, id);
    return sum;
}

/* Each rank fills in its own cells, and leaves zeros, bit by bit, for the others. */
static void fill_frame(report_recorder *recorder, const rw_simulation *sim) {
    const rw_report_spec *spec = recorder->spec;
    const rw_network *network = rw_simulation_network(sim);
    const rw_population *population = &rw_simulation_network(sim)->populations[spec->population];
    const double *values = spec->kind == RW_OF_CALCIUM   ? rw_simulation_calcium(sim, spec->population)
                           : spec->kind == RW_OF_ELEMENT ? rw_simulation_elements(sim, spec->population, spec->element)
                                                         : NULL;
    for (uint64_t i = 0; i < recorder->n; i++) {
        uint64_t id = recorder->ids[i];
        if (rw_partition_thread_of(&network->partition, network->populations[spec->population].count, id) < 0)
            recorder->frame[i] = 0.0f;
        else if (values != NULL)
            recorder->frame[i] = (float)values[id];
        else if (spec->kind == RW_OF_RECEPTOR)
            recorder->frame[i] = (float)receptor_value(population, spec, id);
        else
            recorder->frame[i] = (float)column_value(&population->neuron, spec->field, id);
    }
}

/* The last sample of a run may fall between two frames; frames stay equally spaced. */
static rw_err take_frame(void *self, const rw_simulation *sim) {
    report_recorder *recorder = self;
    if (rw_simulation_step(sim) % recorder->spec->every_steps != 0)
        return RW_OK;
    fill_frame(recorder, sim);
    RW_TRY(rw_comm_reduce(rw_simulation_network(sim)->partition.comm, recorder->frame, recorder->n, RW_U32, RW_OR));
    recorder->taken++;
    return rw_h5_column_append(&recorder->data, recorder->frame, 1);
}

/* First time, end (not included) and distance of the frames. */
static rw_err write_time(report_recorder *recorder) {
    const double interval_ms = (double)recorder->spec->every_steps * recorder->step_ms;
    const double time_ms[3] = {0.0, (double)recorder->taken * interval_ms, interval_ms};
    return rw_h5_overwrite(recorder->file, rw_path_of("%s/mapping/time", recorder->group.text).text, H5T_NATIVE_DOUBLE,
                           time_ms);
}

static rw_err flush(void *self) {
    report_recorder *recorder = self;
    RW_TRY(rw_h5_column_flush(&recorder->data));
    RW_TRY(write_time(recorder));
    return rw_h5_flush(recorder->file);
}

static rw_err commit(void *self, const rw_simulation *sim) {
    report_recorder *recorder = self;
    (void)sim;
    RW_TRY(rw_h5_column_close(&recorder->data));
    if (!recorder->file->failed)
        RW_TRY(write_time(recorder));
    return rw_h5_commit(&recorder->file);
}

static rw_err archive(void *self, const rw_archive *archive) {
    report_recorder *recorder = self;
    RW_TRY(rw_archive_number(archive, rw_path_of("recorders/reports/%s/frames", recorder->spec->name).text,
                             &recorder->taken));
    return rw_h5_archive(recorder->file, archive);
}

static void destroy(void *self) {
    report_recorder *recorder = self;
    rw_h5_column_abandon(&recorder->data);
    rw_h5_abandon(&recorder->file);
    rw_free(recorder->frame);
    rw_free(recorder->ids);
    rw_free(recorder);
}

/* Which column is which cell: every cell has one element, number 0. */
static rw_err write_mapping(report_recorder *recorder) {
    rw_h5_file *file = recorder->file;
    const uint8_t sorted = 1;
    const uint32_t only = 0;
    const double no_time[3] = {0.0, 0.0, 0.0};
    rw_path mapping = rw_path_of("%s/mapping", recorder->group.text);
    rw_path ids = rw_path_of("%s/node_ids", mapping.text), pointers = rw_path_of("%s/index_pointers", mapping.text);
    RW_TRY(rw_h5_write(file, ids.text, H5T_STD_U64LE, recorder->n, 0, recorder->ids, "1", "cells, ascending"));
    RW_TRY(rw_h5_attribute(file, ids.text, "sorted", H5T_NATIVE_UINT8, 0, &sorted));
    RW_TRY(rw_h5_write_count(file, pointers.text, recorder->n + 1, "columns [begin, end) of the data for each cell"));
    /* Some readers look for the name in the singular. */
    RW_TRY(rw_h5_link(file, pointers.text, rw_path_of("%s/index_pointer", mapping.text).text));
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/element_ids", mapping.text).text, H5T_STD_U32LE, recorder->n,
                                &only, "1", "part of the cell: 0, the only one"));
    const float soma = 0.0f;
    RW_TRY(rw_h5_write_constant(file, rw_path_of("%s/element_pos", mapping.text).text, H5T_IEEE_F32LE, recorder->n,
                                &soma, "1", "place in the part: 0, its beginning"));
    rw_path time = rw_path_of("%s/time", mapping.text);
    return rw_h5_write(file, time.text, H5T_IEEE_F64LE, 3, 0, no_time, "ms",
                       "first frame, end (not included), distance of frames");
}

static rw_err create_file(report_recorder *recorder, rw_directory *directory, uint64_t n_steps) {
    const rw_report_spec *spec = recorder->spec;
    RW_TRY(rw_directory_make(directory, "reports"));
    RW_TRY(rw_h5_create_growing(&recorder->file, directory, rw_path_of("reports/%s.h5", spec->name).text));
    RW_TRY(rw_h5_mark_sonata(recorder->file));
    RW_TRY(write_mapping(recorder));
    /* Frames are read across cells or along time, so a chunk holds both, about 64 000 values of them. */
    uint64_t rows = (RW_H5_CHUNK * 4) / recorder->n + 1, expected = n_steps / spec->every_steps + 1;
    return rw_h5_column_create(&recorder->data, recorder->file, rw_path_of("%s/data", recorder->group.text).text,
                               H5T_IEEE_F32LE, recorder->n, (size_t)(rows < expected ? rows : expected), spec->unit,
                               rw_path_of("%s of each cell at each frame", spec->variable).text);
}

/* Whether the simulation has the variable of the report. */
static rw_err check_variable(const rw_report_spec *spec, const rw_simulation *sim) {
    bool absent = (spec->kind == RW_OF_CALCIUM && rw_simulation_calcium(sim, spec->population) == NULL) ||
                  (spec->kind == RW_OF_ELEMENT && rw_simulation_elements(sim, spec->population, spec->element) == NULL);
    RW_CHECK(!absent, RW_ERR_INPUT, "report %s: there is no %s, because nothing grows on these cells; add growth rules",
             spec->name, spec->variable);
    RW_CHECK(spec->targets.count > 0, RW_ERR_INPUT, "report %s: it selects no cells; select at least one", spec->name);
    return RW_OK;
}

rw_err rw_report_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim,
                                 size_t index) {
    const rw_network *network = rw_simulation_network(sim);
    const rw_scenario *scenario = network->scenario;
    const rw_report_spec *spec = &scenario->record.reports[index];
    report_recorder *self;
    RW_TRY(check_variable(spec, sim));
    RW_TRY(RW_NEW(self, 1, "report"));
    self->spec = spec;
    self->step_ms = scenario->step_ms;
    self->n = spec->targets.count;
    self->group = rw_path_of("/report/%s", scenario->populations[spec->population].name);
    rw_err err = rw_selection_ids(network->scenario, spec->population, &spec->targets,
                                  rw_substream_of(network->scenario->seed, RW_SUBSTREAM_REPORT_CELLS, (uint32_t)index),
                                  &self->ids);
    if (err == RW_OK)
        err = RW_NEW(self->frame, self->n, "report");
    if (err == RW_OK)
        err = create_file(self, directory, rw_clock_predict(scenario));
    if (err != RW_OK) {
        destroy(self);
        return err;
    }
    *recorder =
        (rw_recorder){{.self = self, .sample = take_frame, .every_steps = spec->every_steps, .by_network = true},
                      flush,
                      commit,
                      destroy,
                      archive};
    return RW_OK;
}
