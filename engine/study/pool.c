#define _GNU_SOURCE
#include "study/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "study/claim.h"
#include "study/point.h"

enum { GRACE_S = 10 };

/* A point at work. */
typedef struct {
    pid_t pid; /* 0: the slot is free */
    size_t point;
    double began_s, touched_s;
    bool out_of_time, killed;
} slot;

typedef struct {
    const rw_sweep *sweep;
    const rw_pool_options *options;
    rw_pool_result *result;
    slot *slots;
    size_t next; /* point to try next */
    size_t at_work;
} pool;

static double now_s(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail on Linux */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- the child ---- */

/* Standard output goes nowhere, standard error into the point's directory; signals are as this process found them. */
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
        (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
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

static rw_err start(const pool *it, slot *place, size_t point) {
    rw_path into = rw_sweep_point_path(it->sweep, point, ".run"), program = rw_path_of("%s", it->options->program);
    rw_path log = rw_path_of("%s/stderr.txt", into.text), id = rw_path_of("%zu", point);
    rw_path threads = rw_path_of("%d", it->options->threads), worker = rw_path_of("%ld", (long)getpid());
    rw_path sweep = rw_path_of("%s", it->sweep->path);
    char sweep_word[] = "sweep", point_word[] = "point", into_word[] = "--into", threads_word[] = "--threads",
         worker_word[] = "--worker";
    char *words[] = {program.text, sweep_word,   point_word,   sweep.text,  id.text,     into_word,
                     into.text,    threads_word, threads.text, worker_word, worker.text, NULL};
    pid_t pid = 0;
    int error = spawn(&pid, words, log.text);
    RW_CHECK(error == 0, RW_ERR_SYSTEM, "a process for a point cannot be made: %s; use fewer --jobs", strerror(error));
    *place = (slot){.pid = pid, .point = point, .began_s = now_s(), .touched_s = now_s()};
    return RW_OK;
}

/* ---- claiming ---- */

/* Claims the next point that wants running; *found is false behind the last. */
static rw_err claim_next(pool *it, size_t *point, bool *found) {
    *found = false;
    for (; !*found && it->next < it->options->last; it->next++) {
        bool free = false;
        RW_TRY(rw_point_is_free(it->sweep, it->next, &free));
        if (!free) {
            it->result->skipped++;
            continue;
        }
        RW_TRY(rw_claim_take(rw_sweep_point_path(it->sweep, it->next, ".run").text, found));
        if (!*found) {
            it->result->elsewhere++;
            continue;
        }
        RW_TRY(rw_point_is_free(it->sweep, it->next, &free)); /* another may have finished it in between */
        if (!free) {
            RW_TRY(rw_remove_tree(rw_sweep_point_path(it->sweep, it->next, ".run").text));
            it->result->skipped++;
            *found = false;
            continue;
        }
        *point = it->next;
    }
    return RW_OK;
}

static rw_err fill_slots(pool *it) {
    for (int i = 0; i < it->options->jobs && *it->options->stop == 0; i++) {
        bool found = false;
        size_t point = 0;
        if (it->slots[i].pid != 0)
            continue;
        RW_TRY(claim_next(it, &point, &found));
        if (!found)
            return RW_OK;
        RW_TRY(start(it, &it->slots[i], point));
        it->at_work++;
    }
    return RW_OK;
}

/* ---- ending ---- */

static rw_err end_point(pool *it, slot *place, int status) {
    const size_t point = place->point;
    const bool stopping = *it->options->stop != 0;
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    it->result->busy_s += now_s() - place->began_s;
    place->pid = 0;
    it->at_work--;
    if (!good && stopping)
        return rw_remove_tree(rw_sweep_point_path(it->sweep, point, ".run").text);
    if (good)
        RW_TRY(rw_point_finish(it->sweep, point));
    else
        RW_TRY(rw_point_fail(it->sweep, point, status, place->out_of_time));
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
        rw_claim_touch(rw_sweep_point_path(it->sweep, place->point, ".run").text);
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

/* Ends what is at work, and gives the points back. */
static rw_err give_up(pool *it) {
    rw_err err = RW_OK;
    for (int i = 0; i < it->options->jobs; i++) {
        slot *place = &it->slots[i];
        int status = 0;
        if (place->pid == 0)
            continue;
        (void)kill(place->pid, SIGKILL); /* its directory is thrown away */
        (void)waitpid(place->pid, &status, 0);
        place->pid = 0;
        rw_err removed = rw_remove_tree(rw_sweep_point_path(it->sweep, place->point, ".run").text);
        err = err == RW_OK ? removed : err;
    }
    return err;
}

static rw_err work(pool *it) {
    const struct timespec second = {.tv_sec = 1};
    sigset_t child;
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    RW_TRY(fill_slots(it));
    while (it->at_work > 0 && *it->options->stop == 0) {
        (void)sigtimedwait(&child, NULL, &second); /* a child, a second, or a signal: all lead to a look */
        RW_TRY(look_at_slots(it));
        RW_TRY(fill_slots(it));
    }
    return RW_OK;
}

rw_err rw_pool_run(const rw_sweep *sweep, const rw_pool_options *options, rw_pool_result *result) {
    pool it = {.sweep = sweep, .options = options, .result = result, .next = options->first};
    sigset_t child, before;
    const double began_s = now_s();
    *result = (rw_pool_result){0};
    RW_TRY(RW_NEW(it.slots, (size_t)options->jobs, "points at work"));
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &child, &before);
    rw_err err = work(&it);
    if (err == RW_OK && *options->stop != 0)
        err = rw_fail(RW_ERR_STOPPED,
                      "stopped by a signal; %zu points were finished now, those at work were given up and will be run "
                      "again: give the same command once more",
                      result->done);
    if (it.at_work > 0 && give_up(&it) != RW_OK && err == RW_OK)
        err = RW_ERR_SYSTEM;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    result->wall_s = now_s() - began_s;
    rw_free(it.slots);
    return err;
}
