/* The members of a result, for the files of this folder. */
#ifndef RW_IO_RESULT_STATE_H
#define RW_IO_RESULT_STATE_H

#include <time.h>

#include "io/checkpoint/checkpoints.h"
#include "io/recorder.h"
#include "io/result.h"

struct rw_result {
    rw_directory directory;
    const rw_scenario *scenario;
    char *command_line;
    int n_threads;
    const rw_comm *comm; /* rank 0 writes */
    time_t start;
    double start_s; /* on a clock that never jumps */
    rw_recorder *recorders;
    size_t n_recorders, max_recorders;
    char next_slot; /* 'A' or 'B': where the next checkpoint goes */
    rw_resumption resumption;
    rw_saved_state resumed_from; /* of resumption.found; its notice is empty on ranks above 0 before rw_result_resume */
    char *branched_from;         /* the saved state it began with; NULL: none */
    uint64_t n_checkpoints;      /* written by this process, and how long that took */
    double checkpoint_s;
};

#endif
