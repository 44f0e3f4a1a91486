#include "cli/ranks.h"

static rw_comm *joined;

rw_err rw_ranks_join(int *argc, char ***argv) {
    return rw_comm_create(&joined, argc, argv);
}

const rw_comm *rw_ranks(void) {
    return joined != NULL ? joined : rw_comm_alone();
}

void rw_ranks_leave(rw_err err) {
    rw_comm_destroy(&joined, err);
}
