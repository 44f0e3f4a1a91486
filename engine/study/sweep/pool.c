#define _GNU_SOURCE
#include "study/sweep/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "study/sweep/claim.h"
#include "study/sweep/point.h"
#include "study/sweep/point_failure.h"

/* For saving a state; Slurm grants 30 s unless told otherwise. */
enum { GRACE_S = 20 };

/* A point at work. */
typedef struct {
    pid_t pid; /* 0: the slot is free */
    rw_work work;
    double began_s, touched_s;
    bool out_of_time, killed;
} slot;

typedef struct {
    const rw_sweep *sweep;
    const rw_pool_options *options;
    rw_pool_result *result;
    slot *slots;
    size_t at_work;
    size_t *todo; /* [n_todo] points to run, ascending */
    size_t n_todo;
    struct { /* [n_points]: what the present look at the sweep found of a shared beginning */
        uint64_t look;
        bool is_free;
    } * seen;
    uint64_t look;
} pool;

static double now_s(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail on Linux */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- the child ---- */

/* Standard output goes nowhere, standard error into the point's directory; signals are as this process found them, but
 * for Ctrl-C, which is for the worker. */
static int spawn(pid_t *pid, char **words, const char *log) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    int error = posix_spawn_file_actions_init(&files);
    if (error != 0)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        (void)sigemptyset(&none);
        (void)posix_spawnattr_setsigmask(&attributes, &none);
        (void)posix_spawnattr_setpgroup(&attributes, 0);
        (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
        error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        if (error == 0)
            error = posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
        if (error == 0)
            error = posix_spawn_file_actions_addopen(&files, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (error == 0)
            error = posix_spawn(pid, words[0], &files, &attributes, words, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

static rw_err start(const pool *it, slot *place, rw_work work) {
    rw_path into = rw_sweep_work_path(it->sweep, work, ".run"), program = rw_path_of("%s", it->options->program);
    rw_path log = rw_path_of("%s/stderr.txt", into.text), id = rw_path_of("%zu", work.number);
    rw_path threads = rw_path_of("%d", it->options->threads), worker = rw_path_of("%ld", (long)getpid());
    rw_path sweep = rw_path_of("%s", it->sweep->path);
    char sweep_word[] = "sweep", point_word[] = "point", into_word[] = "--into", threads_word[] = "--threads",
         worker_word[] = "--worker", baseline_word[] = "--baseline";
    char *words[] = {program.text, sweep_word,  point_word,  sweep.text,
                     id.text,      into_word,   into.text,   threads_word,
                     threads.text, worker_word, worker.text, work.is_baseline ? baseline_word : NULL,
                     NULL};
    pid_t pid = 0;
    int error = spawn(&pid, words, log.text);
    RW_CHECK(error == 0, RW_ERR_SYSTEM, "a process for a point cannot be made: %s; use fewer --jobs", strerror(error));
    *place = (slot){.pid = pid, .work = work, .began_s = now_s(), .touched_s = now_s()};
    return RW_OK;
}

/* ---- claiming ---- */

/* Claims what has neither finished nor failed; *is_free is false if it has, *claimed if another worker is at it. */
static rw_err claim(const pool *it, rw_work work, bool *is_free, bool *claimed) {
    rw_path into = rw_sweep_work_path(it->sweep, work, ".run");
    *claimed = false;
    RW_TRY(rw_point_is_free(it->sweep, work, is_free));
    if (!*is_free)
        return RW_OK;
    RW_TRY(rw_claim_take(into.text, claimed));
    if (!*claimed)
        return RW_OK;
    RW_TRY(rw_point_is_free(it->sweep, work, is_free)); /* another may have finished it in between */
    if (*is_free)
        return RW_OK;
    *claimed = false;
    return rw_remove_tree(into.text);
}

/* What a look at a point leads to. */
typedef enum { RUN_IT, RUN_ITS_BEGINNING, WAIT_FOR_IT, LEAVE_IT } verdict;

/* Claims the beginning of a point, if it shares one that is not there yet. */
static rw_err look_at_beginning(pool *it, size_t point, verdict *is) {
    const rw_baseline *baseline = &it->sweep->baselines[point];
    bool claimed = false;
    *is = RUN_IT;
    if (baseline->step == 0)
        return RW_OK;
    if (it->seen[baseline->first].look != it->look) {
        bool is_free = false;
        RW_TRY(claim(it, (rw_work){baseline->first, true}, &is_free, &claimed));
        it->seen[baseline->first].look = it->look;
        it->seen[baseline->first].is_free = is_free;
    }
    if (it->seen[baseline->first].is_free)
        *is = claimed ? RUN_ITS_BEGINNING : WAIT_FOR_IT;
    return RW_OK;
}

static rw_err look_at_point(pool *it, size_t point, verdict *is) {
    bool is_free = false, claimed = false;
    *is = LEAVE_IT;
    RW_TRY(rw_point_is_free(it->sweep, (rw_work){.number = point}, &is_free));
    if (is_free)
        RW_TRY(look_at_beginning(it, point, is));
    if (is_free && *is == RUN_IT) {
        RW_TRY(claim(it, (rw_work){.number = point}, &is_free, &claimed));
        it->result->elsewhere += is_free && !claimed;
        *is = claimed ? RUN_IT : LEAVE_IT;
    }
    it->result->skipped += !is_free;
    return RW_OK;
}

/* Claims the next thing that can be run; *found is false if there is none now. */
static rw_err claim_next(pool *it, rw_work *work, bool *found) {
    size_t kept = 0, k = 0;
    rw_err err = RW_OK;
    *found = false;
    it->look++;
    for (; k < it->n_todo && !*found && err == RW_OK; k++) {
        verdict is = LEAVE_IT;
        const size_t point = it->todo[k];
        err = look_at_point(it, point, &is);
        *found = err == RW_OK && (is == RUN_IT || is == RUN_ITS_BEGINNING);
        if (is == RUN_ITS_BEGINNING)
            *work = (rw_work){it->sweep->baselines[point].first, true};
        else if (is == RUN_IT)
            *work = (rw_work){.number = point};
        if (is == WAIT_FOR_IT || is == RUN_ITS_BEGINNING)
            it->todo[kept++] = point;
    }
    memmove(it->todo + kept, it->todo + k, (it->n_todo - k) * sizeof *it->todo);
    it->n_todo = kept + it->n_todo - k;
    return err;
}

static rw_err fill_slots(pool *it) {
    for (int i = 0; i < it->options->jobs && *it->options->stop == 0; i++) {
        bool found = false;
        rw_work work = {0};
        if (it->slots[i].pid != 0)
            continue;
        RW_TRY(claim_next(it, &work, &found));
        if (!found)
            return RW_OK;
        RW_TRY(start(it, &it->slots[i], work));
        it->at_work++;
    }
    return RW_OK;
}

/* ---- ending ---- */

static rw_err end_point(pool *it, slot *place, int status) {
    const rw_work work = place->work;
    const bool stopping = *it->options->stop != 0;
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    it->result->busy_s += now_s() - place->began_s;
    place->pid = 0;
    it->at_work--;
    if (!good && stopping) {
        rw_claim_release(rw_sweep_work_path(it->sweep, work, ".run").text);
        return RW_OK;
    }
    if (good)
        RW_TRY(rw_point_finish(it->sweep, work));
    else
        RW_TRY(rw_point_fail(it->sweep, work, status, place->out_of_time));
    if (work.is_baseline)
        return RW_OK;
    *(good ? &it->result->done : &it->result->failed) += 1;
    if (it->options->progress != NULL)
        it->options->progress(it->options->self, it->result->done, it->result->failed,
                              it->options->last - it->options->first);
    return RW_OK;
}

/* Keeps claims fresh and ends points that are out of time: first politely. */
static void look_after(const pool *it, slot *place) {
    const double limit_s = it->sweep->plan->time_limit_s, age_s = now_s() - place->began_s;
    if (now_s() - place->touched_s > RW_CLAIM_TOUCH_S) {
        rw_claim_touch(rw_sweep_work_path(it->sweep, place->work, ".run").text);
        place->touched_s = now_s();
    }
    if (limit_s > 0.0 && age_s > limit_s && !place->out_of_time) {
        place->out_of_time = true;
        (void)kill(place->pid, SIGTERM);
    } else if (place->out_of_time && age_s > limit_s + GRACE_S && !place->killed) {
        place->killed = true;
        (void)kill(place->pid, SIGKILL);
    }
}

static rw_err look_at_slots(pool *it) {
    for (int i = 0; i < it->options->jobs; i++) {
        slot *place = &it->slots[i];
        int status = 0;
        if (place->pid == 0)
            continue;
        if (waitpid(place->pid, &status, WNOHANG) == place->pid)
            RW_TRY(end_point(it, place, status));
        else
            look_after(it, place);
    }
    return RW_OK;
}

/* Asks what is at work to save its state and end, waits as long as that may take, and gives the points back. */
static rw_err give_up(pool *it) {
    const struct timespec pause = {.tv_nsec = 20000000};
    const double until_s = now_s() + GRACE_S;
    rw_err err = RW_OK;
    bool killed = false;
    for (int i = 0; i < it->options->jobs; i++)
        if (it->slots[i].pid != 0)
            (void)kill(it->slots[i].pid, SIGUSR1); /* SIGTERM may come from Slurm too, and the second ends at once */
    while (it->at_work > 0) {
        err = look_at_slots(it);
        if (err != RW_OK)
            return err; /* they end with this process */
        for (int i = 0; i < it->options->jobs && !killed && now_s() > until_s; i++)
            if (it->slots[i].pid != 0)
                (void)kill(it->slots[i].pid, SIGKILL);
        killed = killed || now_s() > until_s;
        (void)nanosleep(&pause, NULL);
    }
    return err;
}

static rw_err work_off(pool *it) {
    const struct timespec second = {.tv_sec = 1};
    sigset_t child;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    RW_TRY(fill_slots(it));
    while ((it->at_work > 0 || it->n_todo > 0) && *it->options->stop == 0) {
        (void)sigtimedwait(&child, NULL, &second); /* a child, a second, or a signal: all lead to a look */
        RW_TRY(look_at_slots(it));
        RW_TRY(fill_slots(it));
    }
    return RW_OK;
}

static rw_err list_todo(pool *it) {
    const size_t n = it->options->last - it->options->first;
    RW_TRY(RW_NEW(it->slots, (size_t)it->options->jobs, "points at work"));
    RW_TRY(RW_NEW(it->seen, it->sweep->points.n_points, "points of a sweep"));
    RW_TRY(RW_NEW(it->todo, n, "points of a sweep"));
    for (size_t k = 0; k < n; k++)
        it->todo[k] = it->options->first + k;
    it->n_todo = n;
    return RW_OK;
}

rw_err rw_pool_run(const rw_sweep *sweep, const rw_pool_options *options, rw_pool_result *result) {
    pool it = {.sweep = sweep, .options = options, .result = result};
    sigset_t child, before;
    const double began_s = now_s();
    *result = (rw_pool_result){0};
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &child, &before);
    rw_err err = list_todo(&it);
    if (err == RW_OK)
        err = work_off(&it);
    if (it.at_work > 0 && *options->stop != 0 && give_up(&it) != RW_OK && err == RW_OK)
        err = RW_ERR_SYSTEM;
    if (err == RW_OK && *options->stop != 0)
        err = rw_fail(RW_ERR_STOPPED,
                      "stopped by a signal; %zu points were finished now, those at work saved their state: give the "
                      "same command once more, and they go on from there",
                      result->done);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    result->wall_s = now_s() - began_s;
    rw_free(it.todo);
    rw_free(it.seen);
    rw_free(it.slots);
    return err;
}
