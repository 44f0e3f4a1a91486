/* The ranks that this program is one of. */
#ifndef RW_CLI_RANKS_H
#define RW_CLI_RANKS_H

#include "comm/comm.h"

/* Joins the ranks of the launcher; for commands that work together with other ranks. Errors: as rw_comm_create. */
RW_MUST_CHECK rw_err rw_ranks_join(int *argc, char ***argv);

/* Acts as one rank, the middle one, of `size` >= 2, of which the others do not exist. Errors: RW_ERR_INPUT (there are
 * real ranks), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_ranks_pretend(int size);

/* The ranks that were joined; without them, this process alone. */
const rw_comm *rw_ranks(void);

/* Warns, once, if a launcher has bound a rank to fewer cores than it has threads. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_ranks_warn_of_binding(int n_threads);

/* Leaves the ranks at the end of the program, which ends with `err`. If the others have not agreed on `err`, this ends
 * them, too. */
void rw_ranks_leave(rw_err err);

#endif
