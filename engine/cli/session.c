#include "cli/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/drive.h"
#include "cli/format.h"
#include "cli/interrupts.h"
#include "cli/performance.h"
#include "cli/progress.h"
#include "cli/ranks.h"
#include "cli/summary.h"
#include "config/units.h"

/* A run in the making; whatever exists is freed by destroy. */
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
} run;

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

static rw_err read_spans(run *it) {
    const rw_session *session = it->session;
    if (session->time_limit != NULL)
        RW_TRY(rw_interrupts_span("--time-limit", session->time_limit, &it->limit_s));
    if (session->checkpoint_every != NULL)
        RW_TRY(rw_interrupts_span("--checkpoint-every", session->checkpoint_every, &it->every_s));
    return RW_OK;
}

static rw_err read(run *it) {
    const rw_session *session = it->session;
    RW_TRY(read_spans(it));
    RW_TRY(rw_request_threads(&session->request, &it->n_threads));
    if (session->directory == NULL)
        RW_TRY(default_directory(session->request.path, &it->directory));
    rw_progress_phase(&it->progress, "reading the scenario");
    RW_TRY(rw_request_read(&session->request, &it->scenario));
    if (session->checkpoint_every == NULL)
        it->every_s = it->scenario->checkpoint.none ? 0.0 : it->scenario->checkpoint.every_wall_s;
    RW_CHECK(session->checkpoint_every == NULL || !it->scenario->checkpoint.none, RW_ERR_INPUT,
             "--checkpoint-every: the scenario says `checkpoint: none`; leave one of the two out");
    return RW_OK;
}

static rw_err pretend(const run *it) {
    const rw_session *session = it->session;
    RW_CHECK(!session->resume && session->branch_of == NULL, RW_ERR_INPUT,
             "--pretend-ranks measures a run from its start; leave --resume out");
    return rw_ranks_pretend(session->pretend_ranks);
}

static rw_err prepare(run *it) {
    RW_TRY(rw_comm_agree(rw_ranks(), read(it)));
    if (it->session->pretend_ranks > 0)
        RW_TRY(pretend(it));
    uint32_t n_threads = (uint32_t)it->n_threads; /* the same everywhere: as many as the poorest rank has */
    RW_TRY(rw_comm_reduce(rw_ranks(), &n_threads, 1, RW_U32, RW_MIN));
    it->n_threads = (int)n_threads;
    if (!it->session->quiet)
        RW_TRY(rw_ranks_warn_of_binding(it->n_threads));
    rw_progress_phase(&it->progress, "building the network");
    double began_s = rw_clock_s();
    RW_TRY(rw_network_create_part(&it->network, it->scenario, rw_ranks(), it->n_threads));
    double build_s = rw_clock_s() - began_s;
    RW_TRY(rw_simulation_create(&it->sim, it->network));
    it->performance = (rw_performance){.sim = it->sim, .n_threads = it->n_threads, .build_s = build_s};
    return RW_OK;
}

/* The time of the state to branch from. */
static rw_err branch_time(const run *it, double *time_ms) {
    char problem[512] = "";
    rw_units *units = NULL;
    double step_ms = it->scenario->step_ms;
    RW_TRY(rw_units_create(&units));
    bool right = rw_units_parse(units, it->session->branch_at, "ms", time_ms, problem, sizeof problem);
    rw_units_destroy(&units);
    RW_CHECK(right && *time_ms >= 0.0, RW_ERR_INPUT, "--at %s: %s", it->session->branch_at,
             right ? "times are not negative" : problem);
    double steps = round(*time_ms / step_ms);
    RW_CHECK(fabs(steps * step_ms - *time_ms) <= 1e-6 * step_ms, RW_ERR_INPUT,
             "--at %s: no multiple of the step, %.12g ms", it->session->branch_at, step_ms);
    RW_CHECK(steps < (double)it->scenario->n_steps, RW_ERR_INPUT,
             "--at %s: nothing would be left to simulate, because time.until is %.12g ms; set it later",
             it->session->branch_at, (double)it->scenario->n_steps * step_ms);
    return RW_OK;
}

/* Restores the state that the run begins with, if it has one. */
static rw_err restore(run *it) {
    double time_ms = 0.0;
    if (it->session->branch_of == NULL || rw_result_resumption(it->result).found)
        return rw_result_resume(it->result, it->sim);
    RW_TRY(branch_time(it, &time_ms));
    return rw_result_branch(it->result, it->sim, it->session->branch_of, time_ms);
}

static rw_err begin(run *it) {
    RW_TRY(rw_comm_agree(rw_ranks(), rw_result_attach(it->result, it->sim)));
    RW_TRY(rw_simulation_observe(it->sim, rw_progress_observer(&it->progress, it->scenario)));
    return rw_comm_agree(rw_ranks(), restore(it));
}

static rw_err simulate(run *it, const char *directory) {
    it->performance.before = rw_simulation_profile(it->sim);
    rw_interrupts_schedule(it->limit_s, it->every_s);
    rw_effort before = rw_effort_now(); /* files that were begun and states that were read count as start */
    rw_err err = rw_drive(it->sim, it->result, directory, it->session->pause_step);
    rw_effort after = rw_effort_now();
    it->performance.effort = (rw_effort){after.wall_s - before.wall_s, after.cpu_s - before.cpu_s};
    return err;
}

/* Closes the result whatever the outcome; the first failure is the one that is told first. A failure that other ranks
 * do not know of leaves it as it is, because they are elsewhere and would not take part. */
static rw_err finish(run *it, rw_err outcome) {
    static char message[RW_MESSAGE_SIZE];
    (void)snprintf(message, sizeof message, "%s", rw_error_message());
    const rw_comm *ranks = rw_ranks();
    if (outcome != RW_OK && !rw_comm_has_agreed(ranks))
        return outcome;
    rw_comm_go_on(ranks);
    rw_err err = rw_result_finish(it->result, it->sim, outcome);
    if (outcome == RW_OK)
        return rw_comm_agree(ranks, err);
    rw_comm_go_on(ranks);
    err = err == RW_OK ? rw_fail(outcome, "%s", message)
                       : rw_fail_context(err, "%s\nrewire: error: the result could not be finished either", message);
    return rw_comm_agree(ranks, err);
}

/* Tells what a resumed run found; true if nothing is left to do. */
static bool is_done(const run *it, const char *directory) {
    const rw_resumption found = rw_result_resumption(it->result);
    if (rw_comm_rank(rw_ranks()) > 0)
        return found.done;
    if (found.notice != NULL && found.notice[0] != '\0')
        (void)fprintf(stderr, "rewire: warning: %s\n", found.notice);
    if (it->session->quiet || !it->session->resume)
        return found.done;
    if (found.done)
        (void)fprintf(stderr, "rewire: the run in %s is done; there is nothing to resume\n", directory);
    else if (found.found)
        (void)fprintf(stderr, "rewire: resuming %s at %s\n", directory,
                      rw_format_duration(1e-3 * it->scenario->step_ms * (double)found.step).text);
    else
        (void)fprintf(stderr, "rewire: %s holds no checkpoint; starting at the beginning\n", directory);
    return found.done;
}

static rw_err execute(run *it) {
    const rw_session *session = it->session;
    RW_TRY(prepare(it));
    const char *directory = session->directory != NULL ? session->directory : it->directory;
    const rw_run_info info = {
        .command_line = it->command_line, .n_threads = it->n_threads, .comm = rw_ranks(), .resume = session->resume};
    RW_TRY(rw_result_create(&it->result, directory, it->scenario, &info));
    if (is_done(it, directory))
        return RW_OK;
    rw_err err = begin(it);
    if (err == RW_ERR_INPUT && !session->resume) { /* a branch that cannot be: there is no result */
        rw_result_discard(&it->result);
        return err;
    }
    if (err == RW_OK)
        err = simulate(it, directory);
    rw_progress_phase(&it->progress, "writing the results");
    err = finish(it, err);
    if (err == RW_OK && session->profile) {
        rw_progress_phase(&it->progress, "measuring the machine");
        err = rw_performance_measure(&it->performance);
    }
    rw_progress_end(&it->progress);
    const rw_summary summary = {.directory = directory,
                                .sim = it->sim,
                                .n_threads = it->n_threads,
                                .build_s = it->performance.build_s,
                                .performance = session->profile ? &it->performance : NULL,
                                .wall_s = it->performance.effort.wall_s,
                                .outcome = err};
    if (err != RW_OK && !rw_comm_has_agreed(rw_ranks()))
        return err; /* the others are not here to sum up */
    if (session->as_json)
        RW_TRY(rw_summary_json(&summary));
    else if (!session->quiet && err == RW_OK)
        RW_TRY(rw_summary_print(&summary));
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

rw_err rw_session_run(const rw_session *session, int argc, char **argv) {
    run it = {.session = session, .progress = rw_progress_begin(session->quiet || rw_comm_rank(rw_ranks()) > 0)};
    rw_interrupts_catch();
    rw_err err = join_words(session->command, argc, argv, &it.command_line);
    if (err == RW_OK)
        err = execute(&it);
    rw_progress_end(&it.progress);
    destroy(&it);
    return err;
}
