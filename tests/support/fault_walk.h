/* Every call of a kind fails once, in one run: a copy of the process lives through it, and the process goes on. */
#ifndef RW_TEST_FAULT_WALK_H
#define RW_TEST_FAULT_WALK_H

#include <stdbool.h>

/* The environment says what a walk does.
 *
 * REWIRE_FAULT_LOG: the file that gets a line "N STACK OCCURRENCE STATUS KEPT LENGTH" for each failure, and what the
 * copy said on standard error, LENGTH bytes.
 *
 * REWIRE_FAULT_BOX: the directory, which exists, in which the program writes everything. Each copy has a copy of it,
 * BOX.N, in a mount namespace of its own, so the user must be allowed to make one. It stays if the call is the first of
 * its call stack.
 *
 * REWIRE_FAULT_LIMIT_S: the seconds after which a copy hangs, and is killed.
 *
 * REWIRE_FAULT_STACKS: if set, not all calls fail, but of those with equal call stacks the 1st, 4th, 16th, ... */

/* Reads the environment; false if it asks for no walk. */
bool fault_walk_begin(void);

/* Whether this call of the library is part of a walk's own work, and is not to be counted. */
bool fault_walk_is_busy(void);

/* True in the copy, in which call n of its kind is to fail; false in the process that goes on. */
bool fault_walk_fork(unsigned long n);

#endif
