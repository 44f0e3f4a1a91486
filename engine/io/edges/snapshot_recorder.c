/* Snapshots of connectivity over time, and the list of them. */
#include "io/edges/snapshot_recorder.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/remedy.h"
#include "io/edges/edges.h"
#include "io/hdf5/h5_file.h"
#include "io/recorder.h"
#include "sim/plasticity/plastic_worker.h"

/* The entry of one snapshot in series.json. */
typedef struct {
    uint64_t step;
    uint64_t *n_edges;      /* [n_projections] */
    uint64_t *event_offset; /* [n_projections] events logged until the snapshot */
} snapshot;

typedef struct {
    rw_directory *directory;
    const rw_scenario *scenario;
    size_t n_projections;
    uint64_t *events; /* [n_projections] events so far */
    snapshot *snapshots;
    size_t n_snapshots;
} snapshot_recorder;

rw_path rw_snapshot_name(uint64_t step) {
    return rw_path_of("edges.t%012" PRIu64 ".h5", step);
}

static rw_err describe_file(rw_h5_file *file, const rw_network *network, const snapshot *taken) {
    const double time_ms = (double)taken->step * network->scenario->step_ms;
    RW_TRY(rw_h5_mark_sonata(file));
    RW_TRY(rw_h5_attribute(file, "/", "snapshot_step", H5T_NATIVE_UINT64, 0, &taken->step));
    RW_TRY(rw_h5_attribute(file, "/", "snapshot_time", H5T_NATIVE_DOUBLE, 0, &time_ms));
    return rw_h5_group(file, "/edges");
}

static rw_err write_snapshot(rw_h5_file *file, const rw_network *network, const snapshot *taken) {
    rw_h5_packer packer = {.n_threads = network->partition.n_threads};
    rw_err err = rw_comm_agree(network->partition.comm, describe_file(file, network, taken));
    for (size_t i = 0; err == RW_OK && i < network->n_projections; i++)
        err = rw_edges_write(file, &packer, network, &network->projections[i], &taken->n_edges[i]);
    rw_h5_packer_destroy(&packer);
    return err;
}

/* Adds an entry, whose numbers of edges are not known yet. */
static rw_err add_snapshot(snapshot_recorder *recorder, uint64_t step) {
    size_t n = recorder->n_snapshots;
    RW_TRY(RW_GROW(recorder->snapshots, n, n + 1, "list of snapshots"));
    snapshot *added = &recorder->snapshots[n];
    added->step = step;
    RW_TRY(RW_NEW(added->n_edges, recorder->n_projections, "list of snapshots"));
    rw_err err = RW_NEW(added->event_offset, recorder->n_projections, "list of snapshots");
    if (err != RW_OK) {
        rw_free(added->n_edges);
        return err;
    }
    for (size_t i = 0; i < recorder->n_projections; i++)
        added->event_offset[i] = recorder->events[i];
    recorder->n_snapshots = n + 1;
    return RW_OK;
}

static void describe_snapshot(rw_json *json, const snapshot_recorder *recorder, const rw_scenario *scenario,
                              const snapshot *taken) {
    rw_path name = rw_snapshot_name(taken->step);
    const rw_file_record *record = rw_directory_find(recorder->directory, rw_path_of("edges/%s", name.text).text);
    rw_json_open_object(json, NULL);
    rw_json_integer(json, "step", taken->step);
    rw_json_number(json, "time_ms", (double)taken->step * scenario->step_ms);
    rw_json_text(json, "file", name.text);
    rw_json_text(json, "sha256", record->sha256);
    uint64_t total = 0;
    for (size_t i = 0; i < recorder->n_projections; i++)
        total += taken->n_edges[i];
    rw_json_integer(json, "n_edges", total);
    rw_json_open_object(json, "projections");
    for (size_t i = 0; i < recorder->n_projections; i++) {
        rw_json_open_object(json, scenario->projections[i].name);
        rw_json_integer(json, "n_edges", taken->n_edges[i]);
        rw_json_integer(json, "event_offset", taken->event_offset[i]);
        rw_json_close_object(json);
    }
    rw_json_close_object(json);
    rw_json_close_object(json);
}

static rw_err write_series(const snapshot_recorder *recorder, const rw_scenario *scenario) {
    FILE *file;
    RW_TRY(rw_directory_open_text(recorder->directory, "edges/series.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    rw_json_open_array(&json, "snapshots");
    for (size_t i = 0; i < recorder->n_snapshots; i++)
        describe_snapshot(&json, recorder, scenario, &recorder->snapshots[i]);
    rw_json_close_array(&json);
    rw_json_close_object(&json);
    return rw_directory_commit_text(recorder->directory, "edges/series.json", file);
}

/* Removes the newest entry, whose file could not be written. */
static void drop_snapshot(snapshot_recorder *recorder) {
    snapshot *last = &recorder->snapshots[--recorder->n_snapshots];
    rw_free(last->n_edges);
    rw_free(last->event_offset);
}

static rw_err write_file(snapshot_recorder *recorder, const rw_network *network, const snapshot *taken) {
    rw_h5_file *file;
    rw_path name = rw_path_of("edges/%s", rw_snapshot_name(taken->step).text);
    rw_err err = rw_comm_agree(network->partition.comm, rw_h5_create(&file, recorder->directory, name.text));
    if (err == RW_OK)
        err = write_snapshot(file, network, taken);
    if (err == RW_OK)
        return rw_comm_agree(network->partition.comm, rw_h5_commit(&file));
    rw_h5_abandon(&file);
    return err;
}

static rw_err take_snapshot(void *self, const rw_simulation *sim) {
    snapshot_recorder *recorder = self;
    const rw_network *network = rw_simulation_network(sim);
    uint64_t step = rw_simulation_time(sim);
    if (recorder->n_snapshots > 0 && recorder->snapshots[recorder->n_snapshots - 1].step == step)
        return RW_OK;
    RW_TRY(rw_simulation_update_weights(sim));
    RW_TRY(add_snapshot(recorder, step));
    rw_err err = write_file(recorder, network, &recorder->snapshots[recorder->n_snapshots - 1]);
    if (err != RW_OK) {
        drop_snapshot(recorder);
        return err;
    }
    return write_series(recorder, network->scenario);
}

static rw_err count_events(void *self, const rw_simulation *sim, const rw_edge_event *events, size_t n) {
    snapshot_recorder *recorder = self;
    (void)sim;
    for (size_t i = 0; i < n; i++)
        recorder->events[events[i].projection]++;
    return RW_OK;
}

/* One entry of the list, and its file. */
static rw_err archive_snapshot(snapshot_recorder *recorder, const rw_archive *archive, snapshot *taken) {
    rw_path group = rw_path_of("recorders/snapshots/%s", rw_snapshot_name(taken->step).text);
    rw_path name = rw_path_of("edges/%s", rw_snapshot_name(taken->step).text);
    const rw_file_record *known = rw_directory_find(recorder->directory, name.text);
    rw_file_record file = known != NULL ? *known : (rw_file_record){0};
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/edges", group.text).text, RW_ARCHIVE_U64, recorder->n_projections,
                             taken->n_edges));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/event_offset", group.text).text, RW_ARCHIVE_U64,
                             recorder->n_projections, taken->event_offset));
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/bytes", group.text).text, &file.bytes));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/sha256", group.text).text, RW_ARCHIVE_U8, sizeof file.sha256,
                             file.sha256));
    return archive->saving ? RW_OK : rw_directory_adopt(recorder->directory, name.text, &file);
}

/* Removes the snapshots of steps that the resumed run has yet to reach. */
static rw_err remove_later(const snapshot_recorder *recorder) {
    rw_path folder = rw_path_of("%s/edges", recorder->directory->path);
    if (recorder->directory->non_writing)
        return RW_OK;
    DIR *directory = opendir(folder.text);
    RW_CHECK(directory != NULL, RW_ERR_SYSTEM, "%s: cannot read this directory: %s; %s", folder.text, strerror(errno),
             rw_reading_remedy(errno));
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, "edges.t", 7) == 0 &&
            rw_directory_find(recorder->directory, rw_path_of("edges/%s", entry->d_name).text) == NULL)
            (void)unlink(rw_path_of("%s/%s", folder.text, entry->d_name).text); /* if it stays, it is written over */
    (void)closedir(directory);                                                  /* was only read */
    return RW_OK;
}

static rw_err archive(void *self, const rw_archive *archive) {
    snapshot_recorder *recorder = self;
    uint64_t n = recorder->n_snapshots;
    RW_TRY(rw_archive_number(archive, "recorders/snapshots/count", &n));
    RW_TRY(rw_archive_column(archive, "recorders/snapshots/events", RW_ARCHIVE_U64, recorder->n_projections,
                             recorder->events));
    for (uint64_t k = 0; k < n; k++) {
        uint64_t step = archive->saving ? recorder->snapshots[k].step : 0;
        RW_TRY(rw_archive_number(archive, rw_path_of("recorders/snapshots/step[%" PRIu64 "]", k).text, &step));
        if (!archive->saving)
            RW_TRY(add_snapshot(recorder, step));
        RW_TRY(archive_snapshot(recorder, archive, &recorder->snapshots[k]));
    }
    if (archive->saving)
        return RW_OK;
    RW_TRY(write_series(recorder, recorder->scenario));
    return remove_later(recorder);
}

/* A run that was stopped early ends between two snapshots; one more shows where. */
static rw_err commit(void *self, const rw_simulation *sim) {
    return sim == NULL ? RW_OK : take_snapshot(self, sim);
}

static void destroy(void *self) {
    snapshot_recorder *recorder = self;
    while (recorder->n_snapshots > 0)
        drop_snapshot(recorder);
    rw_free(recorder->snapshots);
    rw_free(recorder->events);
    rw_free(recorder);
}

rw_err rw_snapshot_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    snapshot_recorder *self;
    RW_TRY(rw_directory_make(directory, "edges"));
    RW_TRY(RW_NEW(self, 1, "snapshot recorder"));
    self->directory = directory;
    self->scenario = network->scenario;
    self->n_projections = network->n_projections;
    rw_err err = RW_NEW(self->events, self->n_projections, "snapshot recorder");
    if (err != RW_OK) {
        destroy(self);
        return err;
    }
    *recorder = (rw_recorder){{.self = self,
                               .edge_events = count_events,
                               .sample = take_snapshot,
                               .every_steps = network->scenario->record.snapshot_steps},
                              NULL,
                              commit,
                              destroy,
                              archive};
    return RW_OK;
}
