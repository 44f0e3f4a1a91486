/* Spikes in SONATA's layout. They come sorted by (step, population, id), so each population's are sorted by (time, id).
 */
#include "io/spike_recorder.h"

#include "base/memory.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_replay.h"
#include "io/recorder.h"

typedef struct {
    rw_h5_column time, id;
} spike_columns;

typedef struct {
    rw_h5_file *file;
    double step_ms;
    size_t n_populations;
    const bool *recorded;   /* [n_populations] */
    spike_columns *columns; /* [n_populations] */
} spike_recorder;

static rw_err record_spikes(void *self, const rw_simulation *sim, const rw_spike *spikes, size_t n) {
    spike_recorder *recorder = self;
    (void)sim;
    for (size_t i = 0; i < n; i++) {
        if (!recorder->recorded[spikes[i].population])
            continue;
        spike_columns *columns = &recorder->columns[spikes[i].population];
        double time_ms = (double)spikes[i].step * recorder->step_ms;
        RW_TRY(rw_h5_column_append(&columns->time, &time_ms, 1));
        RW_TRY(rw_h5_column_append(&columns->id, &spikes[i].id, 1));
    }
    return RW_OK;
}

static rw_err flush(void *self) {
    spike_recorder *recorder = self;
    for (size_t i = 0; i < recorder->n_populations; i++)
        if (recorder->recorded[i]) {
            RW_TRY(rw_h5_column_flush(&recorder->columns[i].time));
            RW_TRY(rw_h5_column_flush(&recorder->columns[i].id));
        }
    return rw_h5_flush(recorder->file);
}

static rw_err commit(void *self, const rw_simulation *sim) {
    spike_recorder *recorder = self;
    (void)sim;
    for (size_t i = 0; i < recorder->n_populations; i++) {
        RW_TRY(rw_h5_column_close(&recorder->columns[i].time));
        RW_TRY(rw_h5_column_close(&recorder->columns[i].id));
    }
    return rw_h5_commit(&recorder->file);
}

static rw_err archive(void *self, const rw_archive *archive) {
    return rw_h5_archive(((spike_recorder *)self)->file, archive);
}

static void destroy(void *self) {
    spike_recorder *recorder = self;
    for (size_t i = 0; recorder->columns != NULL && i < recorder->n_populations; i++) {
        rw_h5_column_abandon(&recorder->columns[i].time);
        rw_h5_column_abandon(&recorder->columns[i].id);
    }
    rw_h5_abandon(&recorder->file);
    rw_free(recorder->columns);
    rw_free(recorder);
}

/* SONATA readers take the order from an enumeration. */
static rw_err write_sorting(rw_h5_file *file, const char *group) {
    static const char *const orders[] = {"none", "by_id", "by_time"};
    const uint8_t by_time = 2;
    hid_t type;
    rw_err err = rw_h5_enumeration(file, &type, orders, 3);
    if (err == RW_OK)
        err = rw_h5_attribute(file, group, "sorting", type, 0, &by_time);
    (void)H5Tclose(type); /* holds nothing that could be lost */
    return err;
}

static rw_err create_columns(rw_h5_file *file, spike_columns *columns, const char *population) {
    rw_path group = rw_path_of("/spikes/%s", population);
    RW_TRY(rw_h5_group(file, group.text));
    RW_TRY(write_sorting(file, group.text));
    RW_TRY(rw_h5_column_create(&columns->time, file, rw_path_of("%s/timestamps", group.text).text, H5T_IEEE_F64LE, 0,
                               RW_H5_CHUNK, "ms", "time of the spike"));
    return rw_h5_column_create(&columns->id, file, rw_path_of("%s/node_ids", group.text).text, H5T_STD_U64LE, 0,
                               RW_H5_CHUNK, "1", "cell that spiked");
}

rw_err rw_spike_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    spike_recorder *self;
    RW_TRY(RW_NEW(self, 1, "spike recorder"));
    self->step_ms = network->scenario->step_ms;
    self->n_populations = network->n_populations;
    self->recorded = network->scenario->record.spikes;
    rw_err err = RW_NEW(self->columns, self->n_populations, "spike recorder");
    if (err == RW_OK)
        err = rw_h5_create_growing(&self->file, directory, "spikes.h5");
    if (err == RW_OK)
        err = rw_h5_mark_sonata(self->file);
    for (size_t i = 0; err == RW_OK && i < self->n_populations; i++)
        if (self->recorded[i])
            err = create_columns(self->file, &self->columns[i], network->populations[i].spec->name);
    if (err != RW_OK) {
        destroy(self);
        return err;
    }
    *recorder = (rw_recorder){{.self = self, .spikes = record_spikes}, flush, commit, destroy, archive};
    return RW_OK;
}
