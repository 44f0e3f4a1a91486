#include "cli/ranks.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/request.h"

static rw_comm *joined;

rw_err rw_ranks_join(int *argc, char ***argv) {
    return rw_comm_create(&joined, argc, argv);
}

rw_err rw_ranks_pretend(int size) {
    RW_CHECK(rw_comm_size(rw_ranks()) == 1, RW_ERR_INPUT, "--pretend-ranks: start one process; it plays one rank");
    RW_CHECK(size >= 2, RW_ERR_INPUT, "--pretend-ranks %d: pretend two ranks or more", size);
    rw_comm_destroy(&joined, RW_OK);
    return rw_comm_pretend(&joined, size / 2, size);
}

rw_err rw_ranks_warn_of_binding(int n_threads) {
    const uint32_t cores = (uint32_t)rw_request_cores();
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    /* If the machine has fewer cores than threads, binding is not the cause. */
    uint32_t bound = (int)cores < n_threads && cores < (unsigned long)online ? cores : UINT32_MAX;
    RW_TRY(rw_comm_reduce(rw_ranks(), &bound, 1, RW_U32, RW_MIN));
    if (bound < UINT32_MAX && rw_comm_rank(rw_ranks()) == 0)
        (void)fprintf(
            stderr,
            "rewire: warning: %d threads on %u core%s, to which this process is bound, of %ld: they will wait for "
            "each other; start it with mpirun --bind-to none, with srun --cpus-per-task=%d, or without taskset\n",
            n_threads, bound, bound == 1 ? "" : "s", online, n_threads);
    return RW_OK;
}

const rw_comm *rw_ranks(void) {
    return joined != NULL ? joined : rw_comm_alone();
}

void rw_ranks_leave(rw_err err) {
    rw_comm_destroy(&joined, err);
}
