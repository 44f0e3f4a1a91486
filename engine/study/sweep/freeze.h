/* From sweep.yaml to a sweep on disk. */
#ifndef RW_STUDY_SWEEP_FREEZE_H
#define RW_STUDY_SWEEP_FREEZE_H

#include "base/error.h"

/* Freezes the plan of a sweep file in `directory`; a directory that holds the same plan already is left as it is.
 * Every point's scenario is checked (of more than 500 points, 500 spread evenly). Errors: RW_ERR_INPUT (diagnostics in
 * the sweep, in a point, or another plan in the directory), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sweep_freeze(const char *file, const char *directory);

#endif
