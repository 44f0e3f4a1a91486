/* The saved states in a result directory: checkpoint/A.h5 and B.h5, the two newest, written in turn, and t<step>.h5,
 * those that are kept to branch from. */
#ifndef RW_IO_CHECKPOINT_CHECKPOINTS_H
#define RW_IO_CHECKPOINT_CHECKPOINTS_H

#include <stdbool.h>

#include "io/checkpoint/checkpoint_file.h"

/* A saved state that can be used. */
typedef struct {
    rw_path path;
    char slot; /* 'A', 'B', or 0 for a kept state */
    uint64_t step;
    char notice[1024]; /* what the user should know: that the newest state was damaged; empty: nothing */
} rw_saved_state;

/* Finds the newest undamaged state of A and B whose journals and snapshots are undamaged too; *found is false
 * if there is neither. Errors: RW_ERR_INPUT (all are damaged; written by a newer rewire), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_checkpoints_newest(const char *directory, rw_saved_state *state, bool *found);

/* Finds the undamaged state of a time. Errors: RW_ERR_INPUT (none; says which there are). */
RW_MUST_CHECK rw_err rw_checkpoints_at(const char *directory, double time_ms, rw_saved_state *state);

/* Removes what resuming a run needs, after it is done; kept states stay. Failures do no harm and are ignored. */
void rw_checkpoints_clear(const char *directory);

/* "checkpoint/t<step>.h5" */
rw_path rw_checkpoints_kept_name(uint64_t step);

#endif
