#include "io/run_json.h"

#include <hdf5.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/version.h"
#include "io/input_files.h"
#include "sim/phase.h"
#include "sim/profile.h"

static void write_engine(rw_json *json) {
    rw_version_info version = rw_version();
    unsigned major = 0, minor = 0, release = 0;
    (void)H5get_libversion(&major, &minor, &release); /* cannot fail for valid pointers */
    rw_json_text(json, "engine_name", "rewire");
    rw_json_text(json, "engine_version", version.version);
    rw_json_text(json, "git_describe", version.revision);
    rw_json_truth(json, "git_dirty", strstr(version.revision, "-dirty") != NULL);
    rw_json_text(json, "build_type", version.build_type);
    rw_json_text(json, "compiler", version.compiler);
    rw_json_text(json, "cflags", version.flags);
    rw_json_text(json, "hdf5_version", rw_path_of("%u.%u.%u", major, minor, release).text);
    rw_json_text(json, "mpi_version", rw_comm_library());
#ifdef _OPENMP
    rw_json_integer(json, "openmp_version", _OPENMP);
#else
    rw_json_text(json, "openmp_version", NULL);
#endif
}

/* UTC as ISO 8601 writes it; NULL before 1970, that is, for a time not set. */
static void write_time(rw_json *json, const char *key, time_t time) {
    struct tm utc;
    char text[32] = "";
    if (time > 0 && gmtime_r(&time, &utc) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0)
        rw_json_text(json, key, text);
    else
        rw_json_text(json, key, NULL);
}

static void write_machine(rw_json *json, const rw_run_manifest *record) {
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    rw_json_text(json, "command_line", record->command_line);
    rw_json_integer(json, "n_ranks", (uint64_t)record->n_ranks);
    rw_json_integer(json, "n_threads", (uint64_t)record->n_threads);
    rw_json_text(json, "hostname", host);
    rw_json_text(json, "slurm_job_id", getenv("SLURM_JOB_ID"));
    write_time(json, "start", record->start);
    write_time(json, "end", record->end);
    rw_json_number(json, "wall_s", record->wall_s);
    if (record->resumed_step != NULL)
        rw_json_integer(json, "resumed_from_step", *record->resumed_step);
    else
        rw_json_text(json, "resumed_from_step", NULL);
    rw_json_text(json, "branched_from", record->branched_from);
    rw_json_integer(json, "checkpoints", record->n_checkpoints);
    rw_json_number(json, "checkpoint_s", record->checkpoint_s);
}

static rw_err sum_scenario(const rw_scenario *scenario, char digits[RW_SHA256_TEXT]) {
    const char *resolved = scenario->resolved_text != NULL ? scenario->resolved_text : scenario->source_text;
    rw_sha256 sum;
    rw_sha256_start(&sum);
    if (resolved != NULL)
        rw_sha256_add(&sum, resolved, strlen(resolved));
    return rw_sha256_finish(&sum, digits);
}

static void write_scenario(rw_json *json, const rw_scenario *scenario, const char *digits) {
    rw_json_text(json, "title", scenario->title);
    rw_json_text(json, "config_file", scenario->path);
    rw_json_text(json, "config_text", scenario->source_text);
    rw_json_text(json, "config_resolved", "scenario.yaml");
    rw_json_text(json, "config_sha256", digits);
    rw_input_files_write(json, &scenario->inputs_read);
    rw_json_integer(json, "seed", scenario->seed);
    rw_json_number(json, "step_ms", scenario->step_ms);
    rw_json_integer(json, "n_steps", scenario->n_steps);
}

static void write_progress(rw_json *json, const rw_run_manifest *record) {
    const rw_simulation *sim = record->sim;
    const rw_scenario *scenario = record->scenario;
    const uint64_t time = rw_simulation_time(sim);
    const rw_profile *profile = &record->profile;
    rw_json_integer(json, "step_reached", time);
    rw_json_number(json, "time_reached_ms", (double)time * scenario->step_ms);
    if (scenario->clock.slow)
        rw_json_number(json, "network_time_reached_ms", (double)rw_simulation_step(sim) * scenario->step_ms);
    rw_json_open_object(json, "phases_s");
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++)
        rw_json_number(json, rw_phase_name(phase), profile->wall_s[phase]);
    rw_json_close_object(json);
    rw_json_integer(json, "neurons", rw_simulation_network(sim)->n_neurons);
    rw_json_integer(json, "spikes", profile->spikes);
    rw_json_integer(json, "synaptic_events", profile->synaptic_events);
    rw_json_integer(json, "synapses_created", profile->created);
    rw_json_integer(json, "synapses_deleted", profile->deleted);
}

static void write_files(rw_json *json, const rw_directory *directory) {
    rw_json_open_array(json, "files");
    for (size_t i = 0; i < directory->n_files; i++) {
        const rw_file_record *file = &directory->files[i];
        if (strcmp(file->name, "run.json") == 0)
            continue;
        rw_json_open_object(json, NULL);
        rw_json_text(json, "file", file->name);
        rw_json_integer(json, "bytes", file->bytes);
        rw_json_text(json, "sha256", file->sha256);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
}

rw_err rw_run_json_write(rw_directory *directory, const rw_run_manifest *record) {
    FILE *file;
    char digits[RW_SHA256_TEXT];
    RW_TRY(sum_scenario(record->scenario, digits));
    RW_TRY(rw_directory_open_text(directory, "run.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    rw_json_integer(&json, "result_format", 1);
    rw_json_text(&json, "status", record->status);
    rw_json_text(&json, "message", record->message);
    write_scenario(&json, record->scenario, digits);
    write_engine(&json);
    write_machine(&json, record);
    if (record->sim != NULL)
        write_progress(&json, record);
    write_files(&json, directory);
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "run.json", file);
}
