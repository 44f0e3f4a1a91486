/* The claim of a worker on a point: a directory that only one can make, and a note in it of who did. */
#ifndef RW_STUDY_CLAIM_H
#define RW_STUDY_CLAIM_H

#include <stdbool.h>

#include "base/error.h"

/* A worker touches its claims this often; a claim untouched for RW_CLAIM_DEAD_S seconds is nobody's, even if the
 * machine it was made on cannot be asked. */
#define RW_CLAIM_TOUCH_S 10
#define RW_CLAIM_DEAD_S 300

/* Makes the directory and notes this process in it; *claimed is false if another worker has it. A claim whose worker is
 * gone is removed first, with what it left. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_claim_take(const char *directory, bool *claimed);

/* Says that the worker is alive. Failures are left to the next touch. */
void rw_claim_touch(const char *directory);

/* Whether the claim's worker is gone. */
bool rw_claim_is_dead(const char *directory);

/* Removes a directory and everything in it; one that is not there is fine. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_remove_tree(const char *directory);

#endif
