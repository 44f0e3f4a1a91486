#define _GNU_SOURCE /* prctl */
#include "cli/sweep_point.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/session.h"
#include "study/sweep/plan_inputs.h"
#include "study/sweep/point.h"
#include "study/sweep/point_start.h"

/* The worker is the parent: a point does not outlive it. One whose worker was killed before it got here ends without a
 * word, because another worker may have the point by now, and standard error is a file of the point. */
static void tie_to_worker(const char *worker) {
    if (worker == NULL)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (strtol(worker, NULL, 10) != (long)getppid())
        _exit(RW_ERR_STOPPED);
}

static void limit_memory(const rw_sweep_plan *plan) {
    if (plan->memory_limit_byte > 0.0) {
        struct rlimit limit = {(rlim_t)plan->memory_limit_byte, (rlim_t)plan->memory_limit_byte};
        (void)setrlimit(RLIMIT_AS, &limit); /* without a limit the point still runs */
    }
}

/* Runs or continues. A baseline ends at the step at which its points begin to differ. */
static rw_err simulate(const rw_sweep_arguments *arguments, const rw_sweep *sweep, rw_work work) {
    const char *line[] = {sweep->path, arguments->words[1], "--into", arguments->into, "--baseline"};
    const int n_words = work.is_baseline ? 5 : 4;
    rw_path base = rw_path_of("%s/base.yaml", sweep->path);
    const uint64_t pause_step = work.is_baseline ? sweep->baselines[work.number].step : 0;
    rw_session session = {.command = "sweep point",
                          .request = {.path = base.text,
                                      .threads = arguments->threads > 0 ? arguments->threads : 1,
                                      .set_is_planned = true},
                          .directory = arguments->into,
                          .resume = true,
                          .quiet = true,
                          .pause_step = pause_step,
                          .planned_inputs = &sweep->inputs,
                          .planned_comparison = &rw_plan_inputs_comparison};
    RW_TRY(rw_sweep_point_set(sweep, work.number, &session.request.set.items, &session.request.set.count));
    rw_err err = rw_session_run(&session, n_words, (char **)line); /* only read */
    if (work.is_baseline && err == RW_ERR_STOPPED && rw_point_has_state(arguments->into, pause_step))
        return RW_OK;
    return err;
}

static rw_err run_point(const rw_sweep_arguments *arguments, const rw_sweep *sweep, size_t id) {
    const rw_work work = {id, arguments->baseline};
    RW_CHECK(!arguments->baseline || sweep->baselines[id].step > 0, RW_ERR_INPUT,
             "point %zu shares its beginning with no other", id);
    RW_TRY(rw_point_prepare(sweep, work, arguments->into));
    limit_memory(sweep->plan);
    RW_TRY(simulate(arguments, sweep, work));
    return arguments->baseline ? RW_OK : rw_point_measure(sweep, arguments->into);
}

rw_err rw_command_sweep_point(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    size_t first = 0, last = 0;
    tie_to_worker(arguments->worker);
    RW_CHECK(arguments->into != NULL, RW_ERR_INPUT, "say where the point's result goes: --into DIR");
    RW_TRY(rw_sweep_open(&sweep, arguments->words[0], true));
    rw_err err = rw_sweep_arguments_range(arguments->words[1], sweep->points.n_points, &first, &last);
    if (err == RW_OK)
        err = run_point(arguments, sweep, first);
    rw_sweep_close(&sweep);
    return err;
}
