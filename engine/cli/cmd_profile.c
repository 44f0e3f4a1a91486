#include "cli/cmd_profile.h"

#include <math.h>
#include <stdio.h>

#include "base/count.h"
#include "cli/performance.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/request.h"
#include "cli/trace.h"
#include "config/units.h"
#include "sim/advance.h"
#include "sim/profile.h"
#include "sim/timer.h"

typedef struct {
    rw_request request;
    const char *skip, *trace;
    bool quiet, as_json;
} profile_options;

/* A profile while it is made; destroy frees what exists. */
typedef struct {
    rw_scenario *scenario;
    rw_network *network;
    rw_simulation *sim;
} profile_run;

/* The step at which measuring starts. */
static rw_err skipped_steps(const char *skip, const rw_scenario *scenario, uint64_t *steps) {
    *steps = 0;
    if (skip == NULL)
        return RW_OK;
    rw_units *units = NULL;
    char problem[256];
    double skip_ms = 0;
    RW_TRY(rw_units_create(&units));
    bool read = rw_units_parse(units, skip, "ms", &skip_ms, problem, sizeof problem);
    rw_units_destroy(&units);
    RW_CHECK(read, RW_ERR_INPUT, "--skip: %s", problem);
    double end_ms = scenario->step_ms * (double)scenario->n_steps;
    RW_CHECK(skip_ms >= 0 && skip_ms < end_ms, RW_ERR_INPUT,
             "--skip %s: nothing is left to measure of a scenario of %g ms; skip less, or give it more time with --set "
             "time.until=...",
             skip, end_ms);
    *steps = (uint64_t)fmin(round(skip_ms / scenario->step_ms), (double)scenario->n_steps - 1);
    return RW_OK;
}

static rw_err read(profile_run *run, const profile_options *options, rw_performance *performance, uint64_t *skip) {
    RW_TRY(rw_comm_agree(rw_ranks(), rw_request_allow(&options->request)));
    RW_TRY(rw_request_threads(&options->request, &performance->n_threads));
    RW_TRY(rw_request_read(&options->request, &run->scenario));
    return skipped_steps(options->skip, run->scenario, skip);
}

static rw_err build(profile_run *run, rw_performance *performance) {
    double began_s = rw_clock_s();
    uint32_t n_threads =
        (uint32_t)performance->n_threads; /* the same on all ranks: as many as the rank with the fewest cores has */
    RW_TRY(rw_comm_reduce(rw_ranks(), &n_threads, 1, RW_U32, RW_MIN));
    performance->n_threads = (int)n_threads;
    RW_TRY(rw_network_create_part(&run->network, run->scenario, rw_ranks(), performance->n_threads));
    performance->build_s = rw_clock_s() - began_s;
    RW_TRY(rw_simulation_create(&run->sim, run->network));
    performance->sim = run->sim;
    return RW_OK;
}

/* The steps up to `skip` warm up; those after it count. */
static rw_err simulate(profile_run *run, rw_performance *performance, uint64_t skip, bool traced) {
    RW_TRY(rw_simulation_advance(run->sim, skip, NULL));
    rw_simulation_restart_profile(run->sim);
    RW_TRY(rw_simulation_keep_counters(run->sim));
    if (traced)
        RW_TRY(rw_simulation_keep_trace(run->sim, RW_TRACE_SPANS));
    rw_effort before = rw_effort_now();
    RW_TRY(rw_simulation_advance(run->sim, run->scenario->n_steps, NULL));
    rw_effort after = rw_effort_now();
    performance->effort = (rw_effort){after.wall_s - before.wall_s, after.cpu_s - before.cpu_s};
    return RW_OK;
}

static rw_err execute(profile_run *run, const profile_options *options, rw_progress *progress) {
    rw_performance performance = {0};
    uint64_t skip = 0;
    rw_progress_phase(progress, "reading the scenario");
    RW_TRY(rw_comm_agree(rw_ranks(), read(run, options, &performance, &skip)));
    rw_progress_phase(progress, "building the network");
    RW_TRY(build(run, &performance));
    RW_TRY(rw_simulation_observe(run->sim, rw_progress_observer(progress, run->scenario)));
    RW_TRY(simulate(run, &performance, skip, options->trace != NULL));
    bool first = rw_comm_rank(rw_ranks()) == 0;
    if (options->trace != NULL)
        RW_TRY(rw_comm_agree(rw_ranks(), first ? rw_trace_write(options->trace, run->sim) : RW_OK));
    if (options->quiet && !options->as_json)
        return RW_OK;
    rw_progress_phase(progress, "measuring the machine");
    RW_TRY(rw_performance_measure(&performance));
    rw_progress_end(progress);
    rw_json json = {.file = stdout};
    if (!first)
        return RW_OK;
    if (options->as_json)
        rw_performance_json(&json, NULL, &performance);
    else
        rw_performance_print(&performance);
    return RW_OK;
}

static void destroy(profile_run *run) {
    rw_simulation_destroy(&run->sim);
    rw_network_destroy(&run->network);
    rw_scenario_destroy(&run->scenario);
}

static rw_err parse(profile_options *options, int argc, char **argv, bool *help) {
    const rw_option table[] = {
        {"--threads", NULL, RW_OPTION_COUNT, &options->request.threads, "N",
         "default: OMP_NUM_THREADS, SLURM_CPUS_PER_TASK, or the cores there are"},
        {"--set", NULL, RW_OPTION_LIST, &options->request.set, "KEY=VALUE",
         "another value for a key, e.g. time.until='2 s'"},
        RW_REQUEST_ALLOW_READ(options->request),
        {"--skip", NULL, RW_OPTION_TEXT, &options->skip, "TIME", "simulate so long before measuring, e.g. '500 ms'"},
        {"--trace", NULL, RW_OPTION_TEXT, &options->trace, "FILE",
         "write the last thousand or so blocks as a trace that https://ui.perfetto.dev opens; of rank 0"},
        {"--quiet", NULL, RW_OPTION_FLAG, &options->quiet, NULL, "print nothing but errors"},
        {"--json", NULL, RW_OPTION_FLAG, &options->as_json, NULL, "one JSON object for machines"},
    };
    const rw_usage usage = {
        .name = "profile",
        .positional = "SCENARIO",
        .min_positional = 1,
        .max_positional = 1,
        .options = table,
        .n_options = RW_COUNT(table),
        .doc = "Simulates a scenario without recording anything and says where the time went: phases and their\n"
               "imbalance over threads, events per second, delivery against what this machine can do at best.\n"
               "`rewire run --profile` says the same of a run that records."};
    return rw_options_parse(&usage, argc, argv, &options->request.path, help);
}

rw_err rw_command_profile(int argc, char **argv) {
    profile_options options = {0};
    profile_run run = {0};
    bool help = false;
    rw_err err = rw_comm_agree(rw_ranks(), parse(&options, argc, argv, &help));
    if (err == RW_OK && !help) {
        rw_progress progress = rw_progress_begin(options.quiet || options.as_json || rw_comm_rank(rw_ranks()) > 0);
        err = execute(&run, &options, &progress);
        rw_progress_end(&progress);
    }
    destroy(&run);
    rw_free(options.request.set.items);
    rw_free(options.request.allow_read.items);
    return err;
}
