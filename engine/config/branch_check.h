/* Whether a branch can do what its scenario changes. */
#ifndef RW_CONFIG_BRANCH_CHECK_H
#define RW_CONFIG_BRANCH_CHECK_H

#include "config/scenario.h"

/* Compares the scenario of a branch that begins at `step` with that of its parent, the file `parent` of its result, and
 * refuses differences that would have no effect because they act only before the branch begins: initial values, lesions
 * and stress, pulses, courses. Errors: RW_ERR_INPUT (names each), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_branch_check(const rw_scenario *branch, const char *parent, uint64_t step);

#endif
