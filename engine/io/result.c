#include "io/result.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "io/checkpoint/checkpoints.h"
#include "io/checkpoint/resume.h"
#include "io/edges/edges.h"
#include "io/edges/event_recorder.h"
#include "io/edges/snapshot_recorder.h"
#include "io/nodes.h"
#include "io/recorder.h"
#include "io/report_recorder.h"
#include "io/result_state.h"
#include "io/run_json.h"
#include "io/series/series_recorder.h"
#include "io/sonata/sonata_config.h"
#include "io/spike_recorder.h"
#include "sim/clock.h"

/* How often in a run streams are made readable on the disk, for people who look at a running simulation (`rewire
 * watch`); a resumed run uses the journals. By the scenario alone, so that equal runs give equal bytes. Each costs some
 * milliseconds; many updates of cells take longer than a second. */
enum { FEWEST_FLUSHES = 10, MOST_FLUSHES = 200, UPDATES_BETWEEN = 50000000 };

static uint64_t choose_flush_steps(const rw_scenario *scenario, uint64_t n_neurons) {
    const uint64_t updates = rw_clock_predict(scenario) * n_neurons, flushes = updates / UPDATES_BETWEEN;
    const uint64_t n = flushes < FEWEST_FLUSHES ? FEWEST_FLUSHES : flushes > MOST_FLUSHES ? MOST_FLUSHES : flushes;
    return (scenario->n_steps + n - 1) / n;
}

/* Bytes kept back for the last run.json, so that a full disk can still be reported. */
enum { RESERVE_BYTES = 1 << 16 };
static const char reserve_name[] = "run.json.reserve";

static double clock_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static rw_err check_name(const char *name, const char *what) {
    bool usable = name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL && strlen(name) <= 200;
    RW_CHECK(
        usable, RW_ERR_INPUT,
        "%s %s: a name in result files must not be empty, begin with a dot, contain a slash, or be longer than 200 "
        "bytes; choose another name",
        what, name);
    return RW_OK;
}

static rw_err check_names(const rw_scenario *scenario) {
    for (size_t i = 0; i < scenario->n_populations; i++)
        RW_TRY(check_name(scenario->populations[i].name, "population"));
    for (size_t i = 0; i < scenario->n_projections; i++)
        RW_TRY(check_name(scenario->projections[i].name, "projection"));
    for (size_t i = 0; i < scenario->record.n_reports; i++)
        RW_TRY(check_name(scenario->record.reports[i].name, "report"));
    return RW_OK;
}

static rw_err write_text(rw_directory *directory, const char *name, const char *text) {
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, name, &file));
    (void)fputs(text, file); /* a failure stays in the file's error flag */
    return rw_directory_commit_text(directory, name, file);
}

static rw_path reserve_path(const rw_directory *directory) {
    return rw_path_of("%s/%s", directory->path, reserve_name);
}

static rw_err write_reserve(const rw_directory *directory) {
    static const char zeros[RESERVE_BYTES];
    rw_path path = reserve_path(directory);
    FILE *file = fopen(path.text, "w");
    bool written = file != NULL && fwrite(zeros, 1, sizeof zeros, file) == sizeof zeros && fflush(file) == 0;
    int error = errno;
    if (file != NULL && fclose(file) != 0)
        written = false;
    RW_CHECK(written, RW_ERR_SYSTEM,
             "%s: cannot write in this directory: %s; free space there, or choose another directory with -o",
             directory->path, strerror(error));
    return RW_OK;
}

static rw_err write_run(rw_result *result, const rw_simulation *sim, const char *status, const char *message,
                        bool ended) {
    rw_run_manifest record = {
        .scenario = result->scenario,
        .sim = sim,
        .status = status,
        .message = message,
        .command_line = result->command_line,
        .n_threads = result->n_threads,
        .n_ranks = rw_comm_size(result->comm),
        .start = result->start,
        .end = ended ? time(NULL) : 0,
        .wall_s = clock_s() - result->start_s,
        .resumed_step = result->resumption.found ? &result->resumption.step : NULL,
        .branched_from = result->branched_from,
        .n_checkpoints = result->n_checkpoints,
        .checkpoint_s = result->checkpoint_s,
    };
    if (sim != NULL)
        RW_TRY(rw_simulation_total_profile(sim, &record.profile));
    return rw_run_json_write(&result->directory, &record);
}

static const char *text_of(const rw_scenario *scenario) {
    const char *text = scenario->resolved_text != NULL ? scenario->resolved_text : scenario->source_text;
    return text != NULL ? text : "";
}

/* Opens the directory, to begin a run or to continue one. */
static rw_err open_result(rw_result *result, const char *directory, bool resume) {
    bool holds_run = false;
    if (!resume)
        RW_TRY(rw_directory_open(&result->directory, directory));
    else
        RW_TRY(rw_directory_resume(&result->directory, directory, &holds_run));
    result->next_slot = 'A';
    result->resumption.notice = result->resumed_from.notice;
    if (!result->scenario->checkpoint.none)
        result->directory.journals = RW_JOURNALS_NEW;
    return holds_run ? rw_result_inspect(result, text_of(result->scenario)) : RW_OK;
}

static rw_err start_result(rw_result *result, const char *directory, const rw_run_info *info) {
    const rw_scenario *scenario = result->scenario;
    const char *line = info->command_line != NULL ? info->command_line : "";
    RW_TRY(RW_NEW(result->command_line, strlen(line) + 1, "command line"));
    memcpy(result->command_line, line, strlen(line));
    result->max_recorders = 4 + scenario->record.n_reports;
    RW_TRY(RW_NEW(result->recorders, result->max_recorders, "recorders"));
    if (rw_comm_rank(result->comm) > 0)
        return rw_directory_open_non_writing(&result->directory, directory);
    RW_TRY(open_result(result, directory, info->resume));
    if (result->resumption.done)
        return RW_OK;
    RW_TRY(write_reserve(&result->directory));
    RW_TRY(write_text(&result->directory, "scenario.yaml", text_of(scenario)));
    return write_run(result, NULL, "running", NULL, false);
}

/* Rank 0 sends what it found in the directory to the others. */
static rw_err tell_resumption(rw_result *result) {
    struct {
        rw_resumption resumption;
        rw_journals journals;
        char next_slot;
    } told = {result->resumption, result->directory.journals, result->next_slot};
    RW_TRY(rw_comm_broadcast(result->comm, &told, sizeof told));
    result->resumption = told.resumption;
    result->resumption.notice = result->resumed_from.notice; /* empty on the other ranks */
    result->directory.journals = told.journals;
    result->next_slot = told.next_slot;
    return RW_OK;
}

rw_err rw_result_create(rw_result **result, const char *directory, const rw_scenario *scenario,
                        const rw_run_info *info) {
    *result = NULL;
    RW_TRY(check_names(scenario));
    rw_result *made;
    RW_TRY(RW_NEW(made, 1, "result"));
    made->scenario = scenario;
    made->n_threads = info->n_threads;
    made->comm = info->comm != NULL ? info->comm : rw_comm_alone();
    made->start = time(NULL);
    made->start_s = clock_s();
    rw_err err = rw_comm_agree(made->comm, start_result(made, directory, info));
    if (err == RW_OK)
        err = tell_resumption(made);
    if (err != RW_OK) {
        if (made->directory.path != NULL && !made->directory.non_writing)
            (void)unlink(reserve_path(&made->directory).text); /* the failure is already on its way up */
        rw_result_destroy(&made);
        return err;
    }
    *result = made;
    return RW_OK;
}

rw_resumption rw_result_resumption(const rw_result *result) {
    return result->resumption;
}

static bool any(const bool *flags, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (flags[i])
            return true;
    return false;
}

/* Makes the recorder, and lets it observe. */
static rw_err attach(rw_result *result, rw_simulation *sim,
                     rw_err (*create)(rw_recorder *, rw_directory *, const rw_simulation *)) {
    rw_recorder *next = &result->recorders[result->n_recorders];
    RW_TRY(create(next, &result->directory, sim));
    result->n_recorders++;
    return rw_simulation_observe(sim, next->observer);
}

static rw_err attach_recorders(rw_result *result, rw_simulation *sim) {
    const rw_scenario *scenario = result->scenario;
    const rw_record_spec *record = &scenario->record;
    if (record->snapshots)
        RW_TRY(attach(result, sim, rw_snapshot_recorder_create));
    bool changes = false;
    for (size_t i = 0; i < scenario->n_projections; i++)
        changes = changes || scenario->projections[i].structural || scenario->projections[i].lesioned;
    if (changes)
        RW_TRY(attach(result, sim, rw_event_recorder_create));
    if (any(record->spikes, scenario->n_populations))
        RW_TRY(attach(result, sim, rw_spike_recorder_create));
    rw_observer measures;
    if (record->series_steps > 0)
        RW_TRY(attach(result, sim, rw_series_recorder_create));
    if (record->series_steps > 0 && rw_series_recorder_measures(&result->recorders[result->n_recorders - 1], &measures))
        RW_TRY(rw_simulation_observe(sim, measures));
    for (size_t i = 0; i < record->n_reports; i++) {
        rw_recorder *next = &result->recorders[result->n_recorders];
        RW_TRY(rw_report_recorder_create(next, &result->directory, sim, i));
        result->n_recorders++;
        RW_TRY(rw_simulation_observe(sim, next->observer));
    }
    return RW_OK;
}

static rw_err flush_recorders(void *self, const rw_simulation *sim) {
    const rw_result *result = self;
    (void)sim;
    for (size_t i = 0; i < result->n_recorders; i++)
        if (result->recorders[i].flush != NULL)
            RW_TRY(result->recorders[i].flush(result->recorders[i].observer.self));
    return RW_OK;
}

rw_err rw_result_attach(rw_result *result, rw_simulation *sim) {
    RW_TRY(rw_nodes_write(&result->directory, sim));
    RW_TRY(rw_edge_types_write(&result->directory, result->scenario));
    RW_TRY(rw_sonata_config_write(&result->directory, rw_simulation_network(sim)));
    RW_TRY(attach_recorders(result, sim));
    const uint64_t flush_steps = choose_flush_steps(result->scenario, rw_simulation_network(sim)->n_neurons);
    return rw_simulation_observe(sim,
                                 (rw_observer){.self = result, .sample = flush_recorders, .every_steps = flush_steps});
}

/* Commits every recorder's files, also after one failed; keeps the first failure. */
static void commit_recorders(rw_result *result, const rw_simulation *sim, rw_error_record *failure) {
    for (size_t i = 0; i < result->n_recorders; i++)
        rw_error_record_keep(failure, result->recorders[i].commit(result->recorders[i].observer.self, sim));
}

static const char *status_of(rw_err outcome) {
    return outcome == RW_OK ? "done" : outcome == RW_ERR_STOPPED ? "interrupted" : "failed";
}

rw_err rw_result_finish(rw_result *result, const rw_simulation *sim, rw_err outcome) {
    rw_error_record of_run = {0}, of_commit = {0};
    rw_error_record_keep(&of_run, outcome);
    bool orderly = outcome == RW_OK || outcome == RW_ERR_STOPPED;
    commit_recorders(result, orderly ? sim : NULL, &of_commit);
    if (!result->directory.non_writing)
        (void)unlink(
            reserve_path(&result->directory).text); /* run.json may need its disk space; a failure does no harm */
    bool damaged = of_commit.err != RW_OK && orderly;
    const char *message = damaged ? of_commit.message : outcome == RW_OK ? NULL : of_run.message;
    rw_err err = write_run(result, sim, status_of(damaged ? of_commit.err : outcome), message, true);
    /* After a failure of the system, files that cannot be committed are no news. */
    if (err == RW_OK && outcome != RW_ERR_SYSTEM)
        err = rw_error_record_raise(&of_commit);
    if (err == RW_OK && outcome == RW_OK && !result->directory.non_writing)
        rw_checkpoints_clear(result->directory.path);
    return err;
}

static void destroy_recorders(rw_result *result) {
    for (size_t i = 0; i < result->n_recorders; i++)
        result->recorders[i].destroy(result->recorders[i].observer.self);
    result->n_recorders = 0;
}

void rw_result_discard(rw_result **result) {
    destroy_recorders(*result); /* they have files open */
    if (!(*result)->directory.non_writing)
        (void)unlink(reserve_path(&(*result)->directory).text); /* the failure is already on its way up */
    rw_directory_discard(&(*result)->directory);
    rw_result_destroy(result);
}

void rw_result_destroy(rw_result **result) {
    if (*result == NULL)
        return;
    destroy_recorders(*result);
    rw_free((*result)->recorders);
    rw_directory_close(&(*result)->directory);
    rw_free((*result)->command_line);
    rw_free((*result)->branched_from);
    rw_free(*result);
    *result = NULL;
}
