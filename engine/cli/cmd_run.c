/* rewire run: reads, builds, simulates, and leaves a result directory that says how it went. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/format.h"
#include "cli/performance.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "cli/summary.h"
#include "io/result.h"

typedef struct {
    rw_request request;
    const char *directory;
    bool resume, quiet, as_json, profile;
} run_options;

/* A run in the making; whatever exists is freed by destroy. */
typedef struct {
    int n_threads;
    char *directory, *command_line;
    rw_scenario *scenario;
    rw_network *network;
    rw_simulation *sim;
    rw_result *result;
    rw_performance performance;
} run;

static volatile sig_atomic_t stop_signal;

static void on_signal(int number) {
    stop_signal = number;
}

/* The first SIGINT or SIGTERM asks for an orderly end; a second one has its usual effect. */
static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* Under mpirun every copy would do the whole run and write to the same directory. */
static rw_err refuse_ranks(void) {
    static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS",
                                            "MV2_COMM_WORLD_SIZE"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *size = getenv(variables[i]);
        RW_CHECK(
            size == NULL || strtol(size, NULL, 10) <= 1, RW_ERR_INPUT,
            "%s copies were started (%s): a run on several processes is not there yet; start one and give it --threads",
            size, variables[i]);
    }
    return RW_OK;
}

/* out/<file name without its ending> */
static rw_err default_directory(const char *path, char **directory) {
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    int length = dot != NULL && dot != name ? (int)(dot - name) : (int)strlen(name);
    size_t size = strlen(name) + sizeof "out/";
    RW_TRY(RW_NEW(*directory, size, "path"));
    (void)snprintf(*directory, size, "out/%.*s", length, name);
    return RW_OK;
}

/* The words as a shell would take them again. */
static rw_err join_words(int argc, char **argv, char **line) {
    size_t size = sizeof "rewire run";
    for (int i = 0; i < argc; i++)
        size += 4 * strlen(argv[i]) + 3;
    RW_TRY(RW_NEW(*line, size, "command line"));
    char *end = *line + sprintf(*line, "rewire run");
    for (int i = 0; i < argc; i++) {
        const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+%@";
        bool quote = argv[i][0] == '\0' || strspn(argv[i], plain) < strlen(argv[i]);
        end = stpcpy(end, quote ? " '" : " ");
        for (const char *c = argv[i]; *c != '\0'; c++)
            if (*c == '\'')
                end = stpcpy(end, "'\\''");
            else
                *end++ = *c;
        end = stpcpy(end, quote ? "'" : "");
    }
    return RW_OK;
}

static rw_err prepare(run *it, const run_options *options, const rw_progress *progress) {
    RW_TRY(refuse_ranks());
    RW_TRY(rw_request_threads(&options->request, &it->n_threads));
    if (options->directory == NULL)
        RW_TRY(default_directory(options->request.path, &it->directory));
    rw_progress_phase(progress, "reading the scenario");
    RW_TRY(rw_request_read(&options->request, &it->scenario));
    rw_progress_phase(progress, "building the network");
    double began_s = rw_clock_s();
    RW_TRY(rw_network_create(&it->network, it->scenario, it->n_threads));
    double build_s = rw_clock_s() - began_s;
    RW_TRY(rw_simulation_create(&it->sim, it->network));
    it->performance = (rw_performance){.sim = it->sim, .n_threads = it->n_threads, .build_s = build_s};
    return RW_OK;
}

static rw_err explain_stop(const run *it, const char *directory) {
    const double step_s = 1e-3 * it->scenario->step_ms;
    rw_text now = rw_format_duration(step_s * (double)rw_simulation_step(it->sim));
    rw_text end = rw_format_duration(step_s * (double)it->scenario->n_steps);
    return rw_fail(
        RW_ERR_STOPPED,
        "stopped by %s at %s of %s; what was recorded until then is kept in %s, whose run.json says \"interrupted\". "
        "Resuming is not there yet: run the scenario again, into another directory, to reach the end",
        stop_signal == SIGTERM ? "SIGTERM" : "SIGINT", now.text, end.text, directory);
}

static rw_err simulate(run *it, const char *directory, rw_progress *progress) {
    RW_TRY(rw_result_attach(it->result, it->sim));
    RW_TRY(rw_simulation_observe(it->sim, rw_progress_observer(progress, it->scenario)));
    rw_err err = rw_simulation_advance(it->sim, it->scenario->n_steps, &stop_signal);
    return err == RW_ERR_STOPPED ? explain_stop(it, directory) : err;
}

/* Closes the result whatever the outcome; the first failure is the one that is told first. */
static rw_err finish(run *it, rw_err outcome) {
    static char message[RW_MESSAGE_SIZE];
    (void)snprintf(message, sizeof message, "%s", rw_error_message());
    rw_err err = rw_result_finish(it->result, it->sim, outcome);
    if (outcome == RW_OK)
        return err;
    if (err == RW_OK)
        return rw_fail(outcome, "%s", message);
    return rw_fail_context(err, "%s\nrewire: error: the result could not be finished either", message);
}

static rw_err execute(run *it, const run_options *options, rw_progress *progress) {
    RW_TRY(prepare(it, options, progress));
    const char *directory = options->directory != NULL ? options->directory : it->directory;
    const rw_run_info info = {.command_line = it->command_line, .n_threads = it->n_threads};
    RW_TRY(rw_result_create(&it->result, directory, it->scenario, &info));
    rw_effort before = rw_effort_now();
    rw_err err = simulate(it, directory, progress);
    rw_effort after = rw_effort_now();
    it->performance.effort = (rw_effort){after.wall_s - before.wall_s, after.cpu_s - before.cpu_s};
    rw_progress_phase(progress, "writing the results");
    err = finish(it, err);
    if (err == RW_OK && options->profile) {
        rw_progress_phase(progress, "measuring the machine");
        err = rw_performance_measure_limits(&it->performance);
    }
    rw_progress_end(progress);
    const rw_summary summary = {.directory = directory,
                                .sim = it->sim,
                                .n_threads = it->n_threads,
                                .performance = options->profile ? &it->performance : NULL,
                                .wall_s = it->performance.effort.wall_s,
                                .outcome = err};
    if (options->as_json)
        rw_summary_json(&summary);
    else if (!options->quiet && err == RW_OK)
        rw_summary_print(&summary);
    return err;
}

static void destroy(run *it) {
    rw_result_destroy(&it->result);
    rw_simulation_destroy(&it->sim);
    rw_network_destroy(&it->network);
    rw_scenario_destroy(&it->scenario);
    rw_free(it->directory);
    rw_free(it->command_line);
}

static rw_err parse(run_options *options, int argc, char **argv, bool *help) {
    const rw_option table[] = {
        {"--output", "-o", RW_OPTION_TEXT, &options->directory, "DIR",
         "where the results go (default: out/NAME of the scenario)"},
        {"--threads", NULL, RW_OPTION_COUNT, &options->request.threads, "N",
         "default: OMP_NUM_THREADS, SLURM_CPUS_PER_TASK, or the cores there are; the results do not depend on it"},
        {"--set", NULL, RW_OPTION_LIST, &options->request.set, "KEY=VALUE",
         "another value for a key, e.g. populations.pyr.count=800"},
        {"--quiet", NULL, RW_OPTION_FLAG, &options->quiet, NULL, "print nothing but errors"},
        {"--json", NULL, RW_OPTION_FLAG, &options->as_json, NULL,
         "one JSON object on standard output instead of the summary"},
        {"--profile", NULL, RW_OPTION_FLAG, &options->profile, NULL,
         "say also where the time went; `rewire profile` does so without recording"},
        {"--resume", NULL, RW_OPTION_FLAG, &options->resume, NULL, "not there yet: refused"},
    };
    const rw_usage usage = {
        .name = "run",
        .positional = "SCENARIO",
        .min_positional = 1,
        .max_positional = 1,
        .options = table,
        .n_options = sizeof table / sizeof table[0],
        .doc = "Simulates a scenario (YAML), or a SONATA circuit given by its config.json, and leaves a\n"
               "result directory. Interrupted by SIGINT or SIGTERM it ends in order and exits with 5."};
    RW_TRY(rw_options_parse(&usage, argc, argv, &options->request.path, help));
    RW_CHECK(!options->resume, RW_ERR_INPUT, "--resume is not there yet; run the scenario again from its start");
    return RW_OK;
}

rw_err rw_command_run(int argc, char **argv) {
    run_options options = {0};
    run it = {0};
    bool help = false;
    rw_err err = parse(&options, argc, argv, &help);
    if (err == RW_OK && !help) {
        rw_progress progress = rw_progress_begin(options.quiet);
        catch_signals();
        err = join_words(argc, argv, &it.command_line);
        if (err == RW_OK)
            err = execute(&it, &options, &progress);
        rw_progress_end(&progress);
    }
    destroy(&it);
    rw_free(options.request.set.items);
    return err;
}
