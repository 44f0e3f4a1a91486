/* The claim of a worker on a point: a directory, which only one worker can create, and in it a note that names the
 * worker. */
#ifndef RW_STUDY_SWEEP_CLAIM_H
#define RW_STUDY_SWEEP_CLAIM_H

#include <stdbool.h>

#include "base/error.h"

/* A worker touches its claims this often; a claim that is untouched for RW_CLAIM_DEAD_S seconds is free, even if the
 * machine on which it was made cannot be reached. */
#define RW_CLAIM_TOUCH_S 10
#define RW_CLAIM_DEAD_S 300

/* Makes the directory and notes this process in it; *claimed is false if another worker has it. A claim whose worker is
 * gone, or was released, is taken over with the contents of the directory. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_claim_acquire(const char *directory, bool *claimed);

/* Shows that the worker is alive. Failures are ignored: the next touch may succeed. */
void rw_claim_touch(const char *directory);

/* Releases a claim at once, so that another worker can take over the contents of the directory. Failures are ignored:
 * the claim then expires. */
void rw_claim_release(const char *directory);

/* Whether the claim's worker is gone or has released the claim. */
bool rw_claim_is_dead(const char *directory);

/* The name of the note inside a claimed directory. */
#define RW_CLAIM_NOTE "claim"

#endif
