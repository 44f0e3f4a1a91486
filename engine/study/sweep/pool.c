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

/* Time for saving a state; Slurm grants 30 s by default. */
enum { GRACE_S = 20 };

/* A point that is running. */
typedef struct {
    pid_t pid; /* 0: the slot is free */
    rw_work work;
    double began_s, touched_s;
    bool out_of_time, killed;
} worker_slot;

typedef struct {
    const rw_sweep *sweep;
    const rw_pool_options *options;
    rw_pool_result *result;
    worker_slot *slots;
    size_t at_work;
    size_t *todo; /* [n_todo] points to run, ascending */
    size_t n_todo;
    struct { /* [n_points]: what the present round over the points found about a baseline */
        uint64_t round;
        bool is_free;
    } * seen;
    uint64_t round;
} worker_pool;

static double now_s(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail on Linux */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- the child ---- */

/* Standard output is discarded, standard error goes to a file in the point's directory; signals are as this process
 * found them, except Ctrl-C, which the worker handles. */
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
            error = posix_spawn_file_actions_addopen(&files, 2, log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0666);
        if (error == 0)
            error = posix_spawn(pid, words[0], &files, &attributes, words, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

static rw_err start(const worker_pool *pool, worker_slot *slot, rw_work work) {
    rw_path into = rw_sweep_work_path(pool->sweep, work, ".run"), program = rw_path_of("%s", pool->options->program);
    rw_path log = rw_path_of("%s/stderr.txt", into.text), id = rw_path_of("%zu", work.number);
    rw_path threads = rw_path_of("%d", pool->options->threads), worker = rw_path_of("%ld", (long)getpid());
    rw_path sweep = rw_path_of("%s", pool->sweep->path);
    char sweep_word[] = "sweep", point_word[] = "point", into_word[] = "--into", threads_word[] = "--threads",
         worker_word[] = "--worker", baseline_word[] = "--baseline";
    char *words[] = {program.text, sweep_word,  point_word,  sweep.text,
                     id.text,      into_word,   into.text,   threads_word,
                     threads.text, worker_word, worker.text, work.is_baseline ? baseline_word : NULL,
                     NULL};
    pid_t pid = 0;
    int error = spawn(&pid, words, log.text);
    RW_CHECK(error == 0, RW_ERR_SYSTEM, "a process for a point cannot be made: %s; use fewer --jobs", strerror(error));
    *slot = (worker_slot){.pid = pid, .work = work, .began_s = now_s(), .touched_s = now_s()};
    return RW_OK;
}

/* ---- claiming ---- */

/* Claims what has neither finished nor failed; *is_free is false if it has, *claimed is false, too, if
 * another worker has it.
 */
static rw_err claim(const worker_pool *pool, rw_work work, bool *is_free, bool *claimed) {
    rw_path into = rw_sweep_work_path(pool->sweep, work, ".run");
    *claimed = false;
    RW_TRY(rw_point_is_free(pool->sweep, work, is_free));
    if (!*is_free)
        return RW_OK;
    RW_TRY(rw_claim_acquire(into.text, claimed));
    if (!*claimed)
        return RW_OK;
    RW_TRY(rw_point_is_free(pool->sweep, work, is_free)); /* another worker may have finished it in between */
    if (*is_free)
        return RW_OK;
    *claimed = false;
    return rw_remove_tree(into.text);
}

/* What is to be done with a point. */
typedef enum { RUN_POINT, RUN_BASELINE, WAIT, LEAVE } decision;

/* Claims the baseline of a point, if it has one that does not exist yet. */
static rw_err examine_baseline(worker_pool *pool, size_t point, decision *decided) {
    const rw_baseline *baseline = &pool->sweep->baselines[point];
    bool claimed = false;
    *decided = RUN_POINT;
    if (baseline->step == 0)
        return RW_OK;
    if (pool->seen[baseline->first].round != pool->round) {
        bool is_free = false;
        RW_TRY(claim(pool, (rw_work){baseline->first, true}, &is_free, &claimed));
        pool->seen[baseline->first].round = pool->round;
        pool->seen[baseline->first].is_free = is_free;
    }
    if (pool->seen[baseline->first].is_free)
        *decided = claimed ? RUN_BASELINE : WAIT;
    return RW_OK;
}

static rw_err examine_point(worker_pool *pool, size_t point, decision *decided) {
    bool is_free = false, claimed = false;
    *decided = LEAVE;
    RW_TRY(rw_point_is_free(pool->sweep, (rw_work){.number = point}, &is_free));
    if (is_free)
        RW_TRY(examine_baseline(pool, point, decided));
    if (is_free && *decided == RUN_POINT) {
        RW_TRY(claim(pool, (rw_work){.number = point}, &is_free, &claimed));
        pool->result->elsewhere += is_free && !claimed;
        *decided = claimed ? RUN_POINT : LEAVE;
    }
    pool->result->skipped += !is_free;
    return RW_OK;
}

/* Claims the next thing that can be run; *found is false if there is none now. */
static rw_err claim_next(worker_pool *pool, rw_work *work, bool *found) {
    size_t kept = 0, k = 0;
    rw_err err = RW_OK;
    *found = false;
    pool->round++;
    for (; k < pool->n_todo && !*found && err == RW_OK; k++) {
        decision decided = LEAVE;
        const size_t point = pool->todo[k];
        err = examine_point(pool, point, &decided);
        *found = err == RW_OK && (decided == RUN_POINT || decided == RUN_BASELINE);
        if (decided == RUN_BASELINE)
            *work = (rw_work){pool->sweep->baselines[point].first, true};
        else if (decided == RUN_POINT)
            *work = (rw_work){.number = point};
        if (decided == WAIT || decided == RUN_BASELINE)
            pool->todo[kept++] = point;
    }
    memmove(pool->todo + kept, pool->todo + k, (pool->n_todo - k) * sizeof *pool->todo);
    pool->n_todo = kept + pool->n_todo - k;
    return err;
}

static rw_err fill_slots(worker_pool *pool) {
    for (int i = 0; i < pool->options->jobs && *pool->options->stop == 0; i++) {
        bool found = false;
        rw_work work = {0};
        if (pool->slots[i].pid != 0)
            continue;
        RW_TRY(claim_next(pool, &work, &found));
        if (!found)
            return RW_OK;
        RW_TRY(start(pool, &pool->slots[i], work));
        pool->at_work++;
    }
    return RW_OK;
}

/* ---- ending ---- */

static rw_err end_point(worker_pool *pool, worker_slot *slot, int status) {
    const rw_work work = slot->work;
    const bool stopping = *pool->options->stop != 0;
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    pool->result->busy_s += now_s() - slot->began_s;
    slot->pid = 0;
    pool->at_work--;
    if (!good && stopping) {
        rw_claim_release(rw_sweep_work_path(pool->sweep, work, ".run").text);
        return RW_OK;
    }
    if (good)
        RW_TRY(rw_point_finish(pool->sweep, work));
    else
        RW_TRY(rw_point_fail(pool->sweep, work, status, slot->out_of_time));
    if (work.is_baseline)
        return RW_OK;
    *(good ? &pool->result->done : &pool->result->failed) += 1;
    if (pool->options->progress != NULL)
        pool->options->progress(pool->options->self, pool->result->done, pool->result->failed,
                                pool->options->last - pool->options->first);
    return RW_OK;
}

/* Renews claims and ends points that exceed their time limit, first with SIGTERM. */
static void supervise(const worker_pool *pool, worker_slot *slot) {
    const double limit_s = pool->sweep->plan->time_limit_s, age_s = now_s() - slot->began_s;
    if (now_s() - slot->touched_s > RW_CLAIM_TOUCH_S) {
        rw_claim_touch(rw_sweep_work_path(pool->sweep, slot->work, ".run").text);
        slot->touched_s = now_s();
    }
    if (limit_s > 0.0 && age_s > limit_s && !slot->out_of_time) {
        slot->out_of_time = true;
        (void)kill(slot->pid, SIGTERM);
    } else if (slot->out_of_time && age_s > limit_s + GRACE_S && !slot->killed) {
        slot->killed = true;
        (void)kill(slot->pid, SIGKILL);
    }
}

static rw_err examine_slots(worker_pool *pool) {
    for (int i = 0; i < pool->options->jobs; i++) {
        worker_slot *slot = &pool->slots[i];
        int status = 0;
        if (slot->pid == 0)
            continue;
        if (waitpid(slot->pid, &status, WNOHANG) == slot->pid)
            RW_TRY(end_point(pool, slot, status));
        else
            supervise(pool, slot);
    }
    return RW_OK;
}

/* Requests running points to save their state and end, waits as long as that may take, and releases their claims. */
static rw_err give_up(worker_pool *pool) {
    const struct timespec pause = {.tv_nsec = 20000000};
    const double until_s = now_s() + GRACE_S;
    rw_err err = RW_OK;
    bool killed = false;
    for (int i = 0; i < pool->options->jobs; i++)
        if (pool->slots[i].pid != 0)
            (void)kill(pool->slots[i].pid, SIGUSR1); /* SIGTERM may come from Slurm too, and the second ends at once */
    while (pool->at_work > 0) {
        err = examine_slots(pool);
        if (err != RW_OK)
            return err; /* they end with this process */
        for (int i = 0; i < pool->options->jobs && !killed && now_s() > until_s; i++)
            if (pool->slots[i].pid != 0)
                (void)kill(pool->slots[i].pid, SIGKILL);
        killed = killed || now_s() > until_s;
        (void)nanosleep(&pause, NULL);
    }
    return err;
}

static rw_err work_off(worker_pool *pool) {
    const struct timespec second = {.tv_sec = 1};
    sigset_t child;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    RW_TRY(fill_slots(pool));
    while ((pool->at_work > 0 || pool->n_todo > 0) && *pool->options->stop == 0) {
        (void)sigtimedwait(&child, NULL,
                           &second); /* a child, a second, or a signal: after each, the points are examined */
        RW_TRY(examine_slots(pool));
        RW_TRY(fill_slots(pool));
    }
    return RW_OK;
}

static rw_err list_todo(worker_pool *pool) {
    const size_t n = pool->options->last - pool->options->first;
    RW_TRY(RW_NEW(pool->slots, (size_t)pool->options->jobs, "points at work"));
    RW_TRY(RW_NEW(pool->seen, pool->sweep->points.n_points, "points of a sweep"));
    RW_TRY(RW_NEW(pool->todo, n, "points of a sweep"));
    for (size_t k = 0; k < n; k++)
        pool->todo[k] = pool->options->first + k;
    pool->n_todo = n;
    return RW_OK;
}

rw_err rw_pool_run(const rw_sweep *sweep, const rw_pool_options *options, rw_pool_result *result) {
    worker_pool pool = {.sweep = sweep, .options = options, .result = result};
    sigset_t child, before;
    const double began_s = now_s();
    *result = (rw_pool_result){0};
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &child, &before);
    rw_err err = list_todo(&pool);
    if (err == RW_OK)
        err = work_off(&pool);
    if (pool.at_work > 0 && *options->stop != 0 && give_up(&pool) != RW_OK && err == RW_OK)
        err = RW_ERR_SYSTEM;
    if (err == RW_OK && *options->stop != 0)
        err = rw_fail(RW_ERR_STOPPED,
                      "stopped by a signal; %zu points were finished now, those at work saved their state: give the "
                      "same command once more, and they continue from there",
                      result->done);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    result->wall_s = now_s() - began_s;
    rw_free(pool.todo);
    rw_free(pool.seen);
    rw_free(pool.slots);
    return err;
}
