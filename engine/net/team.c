#include "net/team.h"

#include <stdio.h>

#include "base/memory.h"

/* Messages belong to the thread that failed; the outcome carries it to the caller's thread. */
typedef struct {
    rw_err err;
    char message[1024];
} outcome;

rw_err rw_team_run(int n_threads, rw_err (*work)(void *context, int thread), void *context) {
    outcome *outcomes = NULL;
    RW_TRY(RW_NEW(outcomes, (size_t)n_threads, "threads"));
#pragma omp parallel for num_threads(n_threads) schedule(static, 1)
    for (int thread = 0; thread < n_threads; thread++) {
        outcome *mine = &outcomes[thread];
        mine->err = work(context, thread);
        if (mine->err != RW_OK)
            (void)snprintf(mine->message, sizeof mine->message, "%s", rw_error_message());
    }
    rw_err err = RW_OK;
    for (int thread = 0; thread < n_threads && err == RW_OK; thread++)
        if (outcomes[thread].err != RW_OK)
            err = rw_fail(outcomes[thread].err, "%s", outcomes[thread].message);
    rw_free(outcomes);
    return err;
}
