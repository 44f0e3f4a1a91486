/* Runs the points of a sweep, each as a process of its own, several at a time.
 *
 * A point is claimed by making its directory NAME.run, which only one worker on any machine can do, and finished by
 * renaming it to NAME. A worker's claim holds its machine and process and is touched while it works; the claim of a
 * worker that died is taken over, and its point continues from its newest checkpoint. A point that fails in whatever
 * way is renamed to NAME.failed and does not stop the others. A baseline is run in the same way before its points; if
 * it fails, they run on their own. */
#ifndef RW_STUDY_SWEEP_POOL_H
#define RW_STUDY_SWEEP_POOL_H

#include <signal.h>

#include "study/sweep/sweep.h"

typedef struct {
    const char *program;                                                    /* path of rewire */
    int jobs;                                                               /* points at a time */
    int threads;                                                            /* of each */
    size_t first, last;                                                     /* points [first, last) */
    const volatile sig_atomic_t *stop;                                      /* a signal number ends the pool in order */
    void (*progress)(void *self, size_t done, size_t failed, size_t total); /* may be NULL */
    void *self;
} rw_pool_options;

typedef struct {
    size_t done, failed, skipped; /* finished here, failed here, finished or failed before */
    size_t elsewhere;             /* claimed by other workers */
    double busy_s, wall_s;        /* jobs at work, summed; of the pool */
} rw_pool_result;

/* Runs every point of [first, last) that is neither finished nor failed nor claimed. Errors: RW_ERR_STOPPED (a signal;
 * the running points saved their state and will be continued), RW_ERR_SYSTEM. A failed point is no error. */
RW_MUST_CHECK rw_err rw_pool_run(const rw_sweep *sweep, const rw_pool_options *options, rw_pool_result *result);

#endif
