/* The claim of a worker on a point: a directory that only one can make, and a note in it of who did. */
#ifndef RW_STUDY_SWEEP_CLAIM_H
#define RW_STUDY_SWEEP_CLAIM_H

#include <stdbool.h>

#include "base/error.h"

/* A worker touches its claims this often; a claim untouched for RW_CLAIM_DEAD_S seconds is nobody's, even if the
 * machine it was made on cannot be asked. */
#define RW_CLAIM_TOUCH_S 10
#define RW_CLAIM_DEAD_S 300

/* Makes the directory and notes this process in it; *claimed is false if another worker has it. A claim whose worker is
 * gone, or was released, is taken over with what lies in the directory. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_claim_acquire(const char *directory, bool *claimed);

/* Says that the worker is alive. Failures are left to the next touch. */
void rw_claim_touch(const char *directory);

/* Gives a claim back at once, for another worker to take over what lies in the directory. Failures are left to its
 * growing old. */
void rw_claim_release(const char *directory);

/* Whether the claim's worker is gone, or gave it back. */
bool rw_claim_is_dead(const char *directory);

/* The name of the note inside a claimed directory. */
#define RW_CLAIM_NOTE "claim"

#endif
