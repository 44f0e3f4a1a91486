/* Work that every thread of a team does for itself. */
#ifndef RW_COMM_TEAM_H
#define RW_COMM_TEAM_H

#include "base/error.h"

/* Runs work(context, thread) once for each thread 0 .. n_threads - 1, in parallel where there is OpenMP.
 * Errors: that of the lowest thread that failed, with its message. */
RW_MUST_CHECK rw_err rw_team_run(int n_threads, rw_err (*work)(void *context, int thread), void *context);

#endif
