#include "cli/sweep_run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cost.h"
#include "cli/format.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "config/parse.h"
#include "io/directory.h"
#include "sim/clock.h"
#include "study/sweep/plan_inputs.h"
#include "study/sweep/pool.h"
#include "study/sweep/status.h"
#include "study/sweep/sweep_results.h"

static volatile sig_atomic_t stop_signal;

static void on_signal(int number) {
    stop_signal = number;
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

static double available_bytes(void) {
    return (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

static rw_err memory_of_point(const rw_sweep *sweep, int threads, double *bytes) {
    rw_scenario *scenario = NULL;
    rw_cost cost;
    const rw_point *last = &sweep->points.points[sweep->points.n_points - 1];
    RW_TRY(rw_scenario_read(&scenario, rw_path_of("%s/base.yaml", sweep->path).text, last->set, last->n_set));
    rw_err err = rw_cost_predict(&cost, scenario, rw_clock_predict(scenario), 1, threads);
    rw_scenario_destroy(&scenario);
    *bytes = err == RW_OK ? cost.memory_bytes : 0.0;
    return err;
}

/* Points at a time and threads of each: one thread a point keeps cores busiest, as long as memory suffices. */
static rw_err choose_jobs(const rw_sweep_arguments *arguments, const rw_sweep *sweep, size_t n_points, int *jobs,
                          int *threads) {
    int cores = 1;
    double bytes = 0.0;
    RW_TRY(rw_request_threads(&(rw_request){0}, &cores));
    *threads = arguments->threads > 0 ? arguments->threads : sweep->plan->threads > 0 ? sweep->plan->threads : 0;
    *jobs = arguments->mpi && arguments->jobs == 0 ? 1 : arguments->jobs;
    if (arguments->mpi && *threads == 0)
        *threads = 1;
    if (*jobs == 0) {
        int each = *threads > 0 ? *threads : 1;
        RW_TRY(memory_of_point(sweep, each, &bytes));
        double fit = 0.8 * available_bytes() / bytes;
        *jobs = cores / each > 1 ? cores / each : 1;
        if (fit < *jobs)
            *jobs = fit > 1.0 ? (int)fit : 1;
        if ((size_t)*jobs > n_points)
            *jobs = (int)n_points;
    }
    RW_ASSERT(*jobs > 0);
    if (*threads == 0)
        *threads = cores / *jobs > 1 ? cores / *jobs : 1;
    if (!arguments->quiet)
        (void)fprintf(stderr, "%d point%s at a time, %d thread%s each\n", *jobs, *jobs == 1 ? "" : "s", *threads,
                      *threads == 1 ? "" : "s");
    return RW_OK;
}

typedef struct {
    bool terminal;
    double began_s, shown_s;
    size_t before; /* points done or failed when it began */
} point_display;

static void show(void *self, size_t done, size_t failed, size_t total) {
    point_display *display = self;
    double now_s = rw_progress_clock();
    if (now_s - display->shown_s < (display->terminal ? 0.2 : 60.0))
        return;
    display->shown_s = now_s;
    size_t ended = done + failed, left = total - display->before - ended;
    (void)fprintf(stderr, "%s%zu of %zu points done, %zu failed; about %s to go%s", display->terminal ? "\r\033[K" : "",
                  display->before + ended, total, failed,
                  rw_format_duration((now_s - display->began_s) / (double)ended * (double)left).text,
                  display->terminal ? "" : "\n");
    (void)fflush(stderr);
}

static void report_run(const rw_sweep_arguments *arguments, const rw_sweep *sweep, const rw_pool_result *result,
                       int jobs) {
    double busy = result->wall_s > 0.0 ? result->busy_s / (jobs * result->wall_s) : 1.0;
    if (arguments->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "directory", sweep->path);
        rw_json_integer(&json, "done", result->done);
        rw_json_integer(&json, "failed", result->failed);
        rw_json_integer(&json, "skipped", result->skipped);
        rw_json_integer(&json, "elsewhere", result->elsewhere);
        rw_json_number(&json, "wall_s", result->wall_s);
        rw_json_number(&json, "busy", busy);
        rw_json_close_object(&json);
    } else if (!arguments->quiet) {
        (void)printf("%zu points done in %s, %zu failed, %zu there before; workers busy %.0f %%\n", result->done,
                     rw_format_duration(result->wall_s).text, result->failed, result->skipped, 100.0 * busy);
        if (result->elsewhere > 0)
            (void)printf("%zu points are with other workers\n", result->elsewhere);
    }
}

/* Failures among the points that were asked for. */
static rw_err count_failures(const rw_sweep *sweep, size_t first, size_t last, size_t *count) {
    rw_point_state *states = NULL;
    RW_TRY(rw_arena_allocate(sweep->arena, &states, sweep->points.n_points, sizeof *states));
    RW_TRY(rw_sweep_states(sweep, states));
    for (size_t i = first; i < last; i++)
        *count += states[i] == RW_POINT_FAILED;
    return RW_OK;
}

/* Collects when all points are done or failed, so that `run` ends with a table. */
static rw_err finish_run(const rw_sweep_arguments *arguments, const rw_sweep *sweep, const rw_pool_options *options) {
    rw_sweep_status status;
    size_t n_done = 0, failed = 0;
    RW_TRY(rw_sweep_status_read(sweep, &status));
    if (status.count[RW_POINT_MISSING] == 0 && status.count[RW_POINT_RUNNING] == 0) {
        RW_TRY(rw_sweep_collect(sweep, &n_done));
        if (n_done == sweep->points.n_points) /* no point begins with these any more */
            RW_TRY(rw_remove_tree(rw_path_of("%s/baselines", sweep->path).text));
        if (!arguments->quiet && !arguments->as_json)
            (void)printf("The table is %s/results.csv. Look further with\n  rewire compare %s\n  rewire report %s\n",
                         sweep->path, sweep->path, sweep->path);
    }
    RW_TRY(count_failures(sweep, options->first, options->last, &failed));
    RW_CHECK(failed == 0, RW_ERR_SYSTEM,
             "%zu of %zu points failed; `rewire sweep status %s` says why, `rewire sweep retry %s` runs them again",
             failed, options->last - options->first, sweep->path, sweep->path);
    return RW_OK;
}

static rw_err run_points(const rw_sweep_arguments *arguments, const rw_sweep *sweep) {
    rw_path program;
    rw_pool_options options = {.program = program.text, .stop = &stop_signal};
    rw_pool_result result = {0};
    point_display screen = {.terminal = isatty(STDERR_FILENO) == 1, .began_s = rw_progress_clock()};
    rw_sweep_status status;
    RW_CHECK(
        !arguments->mpi || !rw_sweep_arguments_name_file(arguments), RW_ERR_INPUT,
        "--mpi: plan first (`rewire sweep plan %s`), then give all ranks the directory: mpirun rewire sweep run DIR "
        "--mpi",
        arguments->words[0]);
    RW_TRY(rw_sweep_arguments_program(&program));
    RW_TRY(rw_sweep_arguments_range(arguments->points, sweep->points.n_points, &options.first, &options.last));
    RW_TRY(choose_jobs(arguments, sweep, options.last - options.first, &options.jobs, &options.threads));
    RW_TRY(rw_sweep_status_read(sweep, &status));
    screen.before = status.count[RW_POINT_DONE] + status.count[RW_POINT_FAILED];
    screen.shown_s = screen.began_s;
    options.progress = arguments->quiet ? NULL : show;
    options.self = &screen;
    catch_signals();
    rw_err err = rw_pool_run(sweep, &options, &result);
    if (screen.terminal && !arguments->quiet)
        (void)fprintf(stderr, "\r\033[K");
    if (err != RW_OK)
        return err;
    report_run(arguments, sweep, &result, options.jobs);
    return finish_run(arguments, sweep, &options);
}

rw_err rw_command_sweep_run(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    RW_TRY(rw_sweep_arguments_open(arguments, &sweep));
    rw_err err = rw_plan_inputs_check(&sweep->inputs);
    if (err == RW_OK)
        err = run_points(arguments, sweep);
    rw_sweep_close(&sweep);
    return err;
}

rw_err rw_command_sweep_retry(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    size_t count = 0;
    RW_TRY(rw_sweep_arguments_open(arguments, &sweep));
    rw_err err = rw_plan_inputs_check(&sweep->inputs);
    if (err == RW_OK)
        err = rw_sweep_forget_failures(sweep, &count);
    if (err == RW_OK && !arguments->quiet)
        (void)fprintf(stderr, "%zu failed point%s to run again\n", count, count == 1 ? "" : "s");
    if (err == RW_OK)
        err = run_points(arguments, sweep);
    rw_sweep_close(&sweep);
    return err;
}
