#include "comm/team.h"

rw_err rw_team_run(int n_threads, rw_err (*work)(void *context, int thread), void *context) {
    int failed = n_threads; /* the lowest thread with an error */
    rw_error_record record; /* of that thread; set only where one failed */
    record.err = RW_OK;
#pragma omp parallel for num_threads(n_threads) schedule(static, 1)
    for (int thread = 0; thread < n_threads; thread++) {
        rw_err err = work(context, thread);
        if (err == RW_OK)
            continue;
#pragma omp critical(rw_team_error)
        if (thread < failed) {
            failed = thread;
            record.err = RW_OK;
            rw_error_record_keep(&record, err);
        }
    }
    return rw_error_record_raise(&record);
}
