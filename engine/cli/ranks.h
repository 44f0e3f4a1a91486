/* The ranks that this program is one of. */
#ifndef RW_CLI_RANKS_H
#define RW_CLI_RANKS_H

#include "comm/comm.h"

/* Joins the ranks of the launcher; for commands that know how to work together. Errors: as rw_comm_create. */
RW_MUST_CHECK rw_err rw_ranks_join(int *argc, char ***argv);

/* Plays one rank, the middle one, of `size` >= 2 that do not exist. Errors: RW_ERR_INPUT (there are real ranks),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_ranks_pretend(int size);

/* The ranks that were joined; without them, this process alone. */
const rw_comm *rw_ranks(void);

/* Tells the user, once, if a launcher has bound a rank to fewer cores than it has threads. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_ranks_warn_of_binding(int n_threads);

/* Leaves them at the end of the program, which ends with `err`. If the others do not know of it, they end here, too. */
void rw_ranks_leave(rw_err err);

#endif
