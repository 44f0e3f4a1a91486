/* The log of synapses that form and vanish. Together with one snapshot it gives every later one. */
#include "io/edges/event_recorder.h"

#include "base/count.h"
#include "base/memory.h"
#include "io/edges/edges.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_packer.h"
#include "io/hdf5/h5_replay.h"
#include "io/recorder.h"

/* Columns of a projection's events. */
enum { STEP, KIND, CAUSE, UID, SOURCE, TARGET, WEIGHT, DELAY, N_COLUMNS };

typedef struct {
    rw_h5_column columns[N_COLUMNS];
} event_log;

typedef struct {
    rw_h5_file *file;
    double step_ms;
    size_t n_projections;
    event_log *logs; /* [n_projections]; columns only where synapses can form or vanish */
} event_recorder;

/* Events of one projection. */
typedef struct {
    const rw_edge_event *events;
    double step_ms;
} portion;

static void fill_bytes(const rw_edge_event *events, size_t column, size_t n, uint8_t *values) {
    for (size_t k = 0; k < n; k++)
        values[k] = column == KIND ? !events[k].created : (uint8_t)events[k].cause;
}

static void fill(const void *self, size_t column, uint64_t first, size_t n, void *values) {
    const portion *some = self;
    const rw_edge_event *events = some->events + first;
    uint64_t *numbers = values;
    float *quantities = values;
    if (column == KIND || column == CAUSE)
        fill_bytes(events, column, n, values);
    for (size_t k = 0; column == STEP && k < n; k++)
        numbers[k] = events[k].time;
    for (size_t k = 0; column == UID && k < n; k++)
        numbers[k] = events[k].uid;
    for (size_t k = 0; column == SOURCE && k < n; k++)
        numbers[k] = events[k].source;
    for (size_t k = 0; column == TARGET && k < n; k++)
        numbers[k] = events[k].target;
    for (size_t k = 0; column == WEIGHT && k < n; k++)
        quantities[k] = events[k].weight;
    for (size_t k = 0; column == DELAY && k < n; k++)
        quantities[k] = (float)(events[k].delay_steps * some->step_ms);
}

static rw_err record_events(void *self, const rw_simulation *sim, const rw_edge_event *events, size_t n) {
    event_recorder *recorder = self;
    rw_h5_packer packer = {.n_threads = rw_simulation_network(sim)->partition.n_threads};
    rw_err err = RW_OK;
    for (size_t begin = 0, end; begin < n && err == RW_OK; begin = end) {
        for (end = begin + 1; end < n && events[end].projection == events[begin].projection; end++)
            ;
        portion some = {.events = events + begin, .step_ms = recorder->step_ms};
        err =
            rw_h5_pack(&packer, recorder->logs[events[begin].projection].columns, N_COLUMNS, end - begin, fill, &some);
    }
    rw_h5_packer_destroy(&packer);
    return err;
}

static rw_err flush(void *self) {
    event_recorder *recorder = self;
    for (size_t i = 0; i < recorder->n_projections; i++)
        for (int j = 0; j < N_COLUMNS; j++)
            RW_TRY(rw_h5_column_flush(&recorder->logs[i].columns[j]));
    return rw_h5_flush(recorder->file);
}

static rw_err commit(void *self, const rw_simulation *sim) {
    event_recorder *recorder = self;
    (void)sim;
    for (size_t i = 0; i < recorder->n_projections; i++)
        for (int j = 0; j < N_COLUMNS; j++)
            RW_TRY(rw_h5_column_close(&recorder->logs[i].columns[j]));
    return rw_h5_commit(&recorder->file);
}

static rw_err archive(void *self, const rw_archive *archive) {
    return rw_h5_archive(((event_recorder *)self)->file, archive);
}

static void destroy(void *self) {
    event_recorder *recorder = self;
    for (size_t i = 0; recorder->logs != NULL && i < recorder->n_projections; i++)
        for (int j = 0; j < N_COLUMNS; j++)
            rw_h5_column_abandon(&recorder->logs[i].columns[j]);
    rw_h5_abandon(&recorder->file);
    rw_free(recorder->logs);
    rw_free(recorder);
}

/* File types of the columns; kinds and causes are enumerations. */
static rw_err create_columns(rw_h5_file *file, event_log *log, const rw_scenario *scenario,
                             const rw_projection_spec *spec, hid_t kinds, hid_t causes) {
    const struct {
        const char *name;
        hid_t type;
        const char *unit, *description;
    } layout[N_COLUMNS] = {
        [STEP] = {"step", H5T_STD_U64LE, "1", "biological time, in steps of step_ms"},
        [KIND] = {"kind", kinds, "1", "whether the synapse was created or deleted"},
        [CAUSE] = {"cause", causes, "1", "growth, which of its elements retracted, loss by chance, or stress"},
        [UID] = {"uid", H5T_STD_U64LE, "1", "the synapse, as synapse_uid in the snapshots"},
        [SOURCE] = {"source", H5T_STD_U64LE, "1", "source cell"},
        [TARGET] = {"target", H5T_STD_U64LE, "1", "target cell"},
        [WEIGHT] = {"syn_weight", H5T_IEEE_F32LE, rw_weight_unit(scenario, spec), "synaptic weight"},
        [DELAY] = {"delay", H5T_IEEE_F32LE, "ms", "delay from spike to effect"},
    };
    rw_path group = rw_path_of("/edge_events/%s", spec->name);
    for (int i = 0; i < N_COLUMNS; i++)
        RW_TRY(rw_h5_column_create(&log->columns[i], file, rw_path_of("%s/%s", group.text, layout[i].name).text,
                                   layout[i].type, 0, RW_H5_CHUNK, layout[i].unit, layout[i].description));
    RW_TRY(rw_h5_attribute(file, rw_path_of("%s/step", group.text).text, "step_ms", H5T_NATIVE_DOUBLE, 0,
                           &scenario->step_ms));
    RW_TRY(rw_h5_attribute_text(file, group.text, "source_population", scenario->populations[spec->source].name));
    return rw_h5_attribute_text(file, group.text, "target_population", scenario->populations[spec->target].name);
}

static rw_err create_logs(event_recorder *recorder, const rw_scenario *scenario) {
    static const char *const kind_names[] = {"create", "delete"};
    static const char *const cause_names[] = {"growth",  "retraction_axon", "retraction_dendrite", "loss", "stress",
                                              "pruning", "lesion"};
    hid_t kinds = H5I_INVALID_HID, causes = H5I_INVALID_HID;
    rw_err err = rw_h5_enumeration(recorder->file, &kinds, kind_names, 2);
    if (err == RW_OK)
        err = rw_h5_enumeration(recorder->file, &causes, cause_names, RW_COUNT(cause_names));
    for (size_t i = 0; err == RW_OK && i < scenario->n_projections; i++)
        if (scenario->projections[i].structural || scenario->projections[i].lesioned)
            err =
                create_columns(recorder->file, &recorder->logs[i], scenario, &scenario->projections[i], kinds, causes);
    (void)H5Tclose(causes); /* these hold nothing that could be lost */
    (void)H5Tclose(kinds);
    return err;
}

rw_err rw_event_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    event_recorder *self;
    RW_TRY(RW_NEW(self, 1, "event recorder"));
    self->step_ms = scenario->step_ms;
    self->n_projections = scenario->n_projections;
    rw_err err = RW_NEW(self->logs, self->n_projections, "event recorder");
    if (err == RW_OK)
        err = rw_h5_create_growing(&self->file, directory, "edge_events.h5");
    if (err == RW_OK)
        err = rw_h5_group(self->file, "/edge_events");
    if (err == RW_OK)
        err = create_logs(self, scenario);
    if (err != RW_OK) {
        destroy(self);
        return err;
    }
    *recorder = (rw_recorder){{.self = self, .edge_events = record_events}, flush, commit, destroy, archive};
    return RW_OK;
}
