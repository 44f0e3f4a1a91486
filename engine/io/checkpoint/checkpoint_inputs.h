/* The files that a run had read when its state was saved: a run that continues from the state must read the same. */
#ifndef RW_IO_CHECKPOINT_CHECKPOINT_INPUTS_H
#define RW_IO_CHECKPOINT_CHECKPOINT_INPUTS_H

#include "io/input_files.h"
#include "sim/run_state/archive.h"

/* Saves paths and checksums. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_checkpoint_inputs_save(const rw_archive *archive, const rw_input_files *list);

/* Compares what the undamaged state at `path` recorded with what is read now; *recorded is false for a state of an
 * earlier rewire, which recorded nothing. Errors: RW_ERR_INPUT (names the file that changed), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_checkpoint_inputs_compare(const char *path, const rw_input_files *now,
                                                  const rw_input_comparison *comparison, bool *recorded);

#endif
