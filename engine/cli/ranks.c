#include "cli/ranks.h"

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

const rw_comm *rw_ranks(void) {
    return joined != NULL ? joined : rw_comm_alone();
}

void rw_ranks_leave(rw_err err) {
    rw_comm_destroy(&joined, err);
}
