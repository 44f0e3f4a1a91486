#include "cli/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "cli/drive.h"
#include "cli/format.h"
#include "cli/input_warnings.h"
#include "cli/interrupts.h"
#include "cli/performance.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/run_outcomes.h"
#include "cli/summary.h"
#include "config/branch_check.h"
#include "config/sections/outcomes_section.h"
#include "config/units.h"
#include "io/checkpoint/resume.h"
#include "io/result_start.h"

/* A run while it is made; destroy frees what exists. */
typedef struct {
    const rw_session *session;
    rw_progress progress;
    int n_threads;
    double limit_s, every_s;
    char *directory, *command_line;
    rw_scenario *scenario;
    rw_network *network;
    rw_simulation *sim;
    rw_result *result;
    rw_performance performance;
} session_run;

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

/* The words quoted as a shell needs them. */
static rw_err join_words(const char *command, int argc, char **argv, char **line) {
    size_t size = sizeof "rewire " + strlen(command);
    for (int i = 0; i < argc; i++)
        size += 4 * strlen(argv[i]) + 3;
    RW_TRY(RW_NEW(*line, size, "command line"));
    char *end = *line + sprintf(*line, "rewire %s", command);
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

static rw_err read_spans(session_run *run) {
    const rw_session *session = run->session;
    if (session->time_limit != NULL)
        RW_TRY(rw_interrupts_span("--time-limit", session->time_limit, &run->limit_s));
    if (session->checkpoint_every != NULL)
        RW_TRY(rw_interrupts_span("--checkpoint-every", session->checkpoint_every, &run->every_s));
    return RW_OK;
}

static rw_err read(session_run *run) {
    const rw_session *session = run->session;
    RW_TRY(rw_request_allow(&session->request));
    RW_TRY(read_spans(run));
    RW_TRY(rw_request_threads(&session->request, &run->n_threads));
    RW_CHECK(session->directory != NULL || !rw_result_start_is(session->request.path), RW_ERR_INPUT,
             "%s is a result; say with --output DIR where the new one goes", session->request.path);
    if (session->directory == NULL)
        RW_TRY(default_directory(session->request.path, &run->directory));
    rw_progress_phase(&run->progress, "reading the scenario");
    RW_TRY(rw_request_read(&session->request, &run->scenario));
    if (session->planned_inputs != NULL)
        RW_TRY(
            rw_input_files_compare(session->planned_inputs, &run->scenario->inputs_read, session->planned_comparison));
    if (session->checkpoint_every == NULL)
        run->every_s = run->scenario->checkpoint.none ? 0.0 : run->scenario->checkpoint.every_wall_s;
    RW_CHECK(session->checkpoint_every == NULL || !run->scenario->checkpoint.none, RW_ERR_INPUT,
             "--checkpoint-every: the scenario says `checkpoint: none`; leave one of the two out");
    return RW_OK;
}

static rw_err pretend(const session_run *run) {
    const rw_session *session = run->session;
    RW_CHECK(!session->resume && session->branch_of == NULL, RW_ERR_INPUT,
             "--pretend-ranks measures a run from its start; leave --resume out");
    return rw_ranks_pretend(session->pretend_ranks);
}

static rw_err prepare(session_run *run) {
    RW_TRY(rw_comm_agree(rw_ranks(), read(run)));
    if (run->session->pretend_ranks > 0)
        RW_TRY(pretend(run));
    uint32_t n_threads =
        (uint32_t)run->n_threads; /* the same on all ranks: as many as the rank with the fewest cores has */
    RW_TRY(rw_comm_reduce(rw_ranks(), &n_threads, 1, RW_U32, RW_MIN));
    run->n_threads = (int)n_threads;
    if (!run->session->quiet)
        RW_TRY(rw_ranks_warn_of_binding(run->n_threads));
    rw_progress_phase(&run->progress, "building the network");
    double began_s = rw_clock_s();
    RW_TRY(rw_network_create_part(&run->network, run->scenario, rw_ranks(), run->n_threads));
    double build_s = rw_clock_s() - began_s;
    RW_TRY(rw_simulation_create(&run->sim, run->network));
    run->performance = (rw_performance){.sim = run->sim, .n_threads = run->n_threads, .build_s = build_s};
    return RW_OK;
}

/* The time of the state to branch from. */
static rw_err branch_time(const session_run *run, double *time_ms) {
    char problem[512] = "";
    rw_units *units = NULL;
    double step_ms = run->scenario->step_ms;
    RW_TRY(rw_units_create(&units));
    bool right = rw_units_parse(units, run->session->branch_at, "ms", time_ms, problem, sizeof problem);
    rw_units_destroy(&units);
    RW_CHECK(right && *time_ms >= 0.0, RW_ERR_INPUT, "--at %s: %s", run->session->branch_at,
             right ? "times are not negative" : problem);
    double steps = round(*time_ms / step_ms);
    RW_CHECK(fabs(steps * step_ms - *time_ms) <= 1e-6 * step_ms, RW_ERR_INPUT,
             "--at %s: no multiple of the step, %.12g ms", run->session->branch_at, step_ms);
    RW_CHECK(steps < (double)run->scenario->n_steps, RW_ERR_INPUT,
             "--at %s: nothing would be left to simulate, because time.until is %.12g ms; set it later",
             run->session->branch_at, (double)run->scenario->n_steps * step_ms);
    return RW_OK;
}

/* Refuses changes to the parent's scenario that would have no effect. One rank reads it. */
static rw_err check_changes(const session_run *run, double time_ms) {
    if (rw_comm_rank(rw_ranks()) > 0)
        return RW_OK;
    rw_path parent = rw_path_of("%s/scenario.yaml", run->session->branch_of);
    return rw_branch_check(run->scenario, parent.text, (uint64_t)round(time_ms / run->scenario->step_ms));
}

/* Restores the state that the run begins with, if it has one. */
static rw_err restore(session_run *run) {
    double time_ms = 0.0;
    if (run->session->branch_of == NULL || rw_result_resumption(run->result).found)
        return rw_result_resume(run->result, run->sim);
    RW_TRY(branch_time(run, &time_ms));
    RW_TRY(rw_comm_agree(rw_ranks(), check_changes(run, time_ms)));
    return rw_result_branch(run->result, run->sim, run->session->branch_of, time_ms);
}

static rw_err begin(session_run *run) {
    RW_TRY(rw_comm_agree(rw_ranks(), rw_result_attach(run->result, run->sim)));
    RW_TRY(rw_simulation_observe(run->sim, rw_progress_observer(&run->progress, run->scenario)));
    return rw_comm_agree(rw_ranks(), restore(run));
}

static rw_err simulate(session_run *run, const char *directory) {
    if (!run->session->quiet && rw_comm_rank(rw_ranks()) == 0 && !rw_result_resumption(run->result).found)
        rw_input_warnings_print(stderr, "rewire: warning: ", run->scenario); /* once, not when it is resumed */
    run->performance.before = rw_simulation_profile(run->sim);
    rw_interrupts_schedule(run->limit_s, run->every_s);
    rw_effort before = rw_effort_now(); /* files that were begun and states that were read count as start */
    rw_err err = rw_drive(run->sim, run->result, directory, run->session->pause_step);
    rw_effort after = rw_effort_now();
    run->performance.effort = (rw_effort){after.wall_s - before.wall_s, after.cpu_s - before.cpu_s};
    return err;
}

/* Closes the result whatever the outcome, and reports the first failure first. After a failure that the ranks have not
 * agreed on, the result stays as it is, because closing is collective and the other ranks would not take part. */
static rw_err finish(session_run *run, rw_err outcome) {
    rw_error_record failure = {0};
    rw_error_record_keep(&failure, outcome);
    const rw_comm *ranks = rw_ranks();
    if (outcome != RW_OK && !rw_comm_has_agreed(ranks))
        return outcome;
    rw_comm_go_on(ranks);
    rw_err err = rw_result_finish(run->result, run->sim, outcome);
    if (outcome == RW_OK)
        return rw_comm_agree(ranks, err);
    rw_comm_go_on(ranks);
    err = err == RW_OK ? rw_error_record_raise(&failure)
                       : rw_fail_context(err, "%s\n  The result could not be finished either", failure.message);
    return rw_comm_agree(ranks, err);
}

/* Prints what a resumed run found; true if nothing is left to do. */
static bool is_done(const session_run *run, const char *directory) {
    const rw_resumption found = rw_result_resumption(run->result);
    if (rw_comm_rank(rw_ranks()) > 0)
        return found.done;
    if (found.notice != NULL && found.notice[0] != '\0')
        (void)fprintf(stderr, "rewire: warning: %s\n", found.notice);
    if (run->session->quiet || !run->session->resume)
        return found.done;
    if (found.done)
        (void)fprintf(stderr, "rewire: the run in %s is done; there is nothing to resume\n", directory);
    else if (found.found)
        (void)fprintf(stderr, "rewire: resuming %s at %s\n", directory,
                      rw_format_duration(1e-3 * run->scenario->step_ms * (double)found.step).text);
    else
        (void)fprintf(stderr, "rewire: %s holds no checkpoint; starting at the beginning\n", directory);
    return found.done;
}

/* One rank takes the outcome measures from the finished result, if the scenario names any. A run that was killed right
 * before this takes them when it is resumed. */
static rw_err write_outcomes(const session_run *run, const char *directory) {
    rw_err err = RW_OK;
    if (!rw_has_outcomes(run->scenario))
        return RW_OK;
    if (rw_comm_rank(rw_ranks()) == 0)
        err = rw_run_outcomes_write(directory);
    return rw_comm_agree(rw_ranks(), err);
}

static rw_err execute(session_run *run) {
    const rw_session *session = run->session;
    RW_TRY(prepare(run));
    const char *directory = session->directory != NULL ? session->directory : run->directory;
    const rw_run_info info = {
        .command_line = run->command_line, .n_threads = run->n_threads, .comm = rw_ranks(), .resume = session->resume};
    RW_TRY(rw_result_create(&run->result, directory, run->scenario, &info));
    if (is_done(run, directory))
        return write_outcomes(run, directory);
    rw_err err = begin(run);
    if (err == RW_ERR_INPUT && !session->resume) { /* this branch is impossible: there is no result */
        rw_result_discard(&run->result);
        return err;
    }
    if (err == RW_OK)
        err = simulate(run, directory);
    rw_progress_phase(&run->progress, "writing the results");
    err = finish(run, err);
    if (err == RW_OK)
        err = write_outcomes(run, directory);
    if (err == RW_OK && session->profile) {
        rw_progress_phase(&run->progress, "measuring the machine");
        err = rw_performance_measure(&run->performance);
    }
    rw_progress_end(&run->progress);
    const rw_summary summary = {.directory = directory,
                                .sim = run->sim,
                                .n_threads = run->n_threads,
                                .build_s = run->performance.build_s,
                                .performance = session->profile ? &run->performance : NULL,
                                .wall_s = run->performance.effort.wall_s,
                                .outcome = err};
    if (err != RW_OK && !rw_comm_has_agreed(rw_ranks()))
        return err; /* the summary is collective, and the other ranks would not take part */
    if (session->as_json)
        RW_TRY(rw_summary_json(&summary));
    else if (!session->quiet && err == RW_OK)
        RW_TRY(rw_summary_print(&summary));
    return err;
}

static void destroy(session_run *run) {
    rw_result_destroy(&run->result);
    rw_simulation_destroy(&run->sim);
    rw_network_destroy(&run->network);
    rw_scenario_destroy(&run->scenario);
    rw_free(run->directory);
    rw_free(run->command_line);
}

rw_err rw_session_run(const rw_session *session, int argc, char **argv) {
    session_run run = {.session = session,
                       .progress = rw_progress_begin(session->quiet || rw_comm_rank(rw_ranks()) > 0)};
    rw_interrupts_catch();
    rw_err err = join_words(session->command, argc, argv, &run.command_line);
    if (err == RW_OK)
        err = execute(&run);
    rw_progress_end(&run.progress);
    destroy(&run);
    return err;
}
