/* Reads when a network counts as recovered. */
#ifndef RW_STUDY_SWEEP_PLAN_RECOVERY_H
#define RW_STUDY_SWEEP_PLAN_RECOVERY_H

#include "config/reader.h"
#include "study/recovery_spec.h"

/* Reads a threshold such as ">=0.5", spaces allowed; false if it is none. */
bool rw_threshold_read(const char *text, rw_threshold *threshold);

/* Whether a value meets a threshold; NaN does not. */
bool rw_threshold_meets(const rw_threshold *threshold, double value);

/* Reads `recovery:`, whose windows are among those given; what is wrong becomes a diagnostic. NULL: spec->series is
 * NULL. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_recovery_read(rw_reader *r, const rw_node *node, const rw_window *windows, size_t n_windows,
                                      rw_recovery_spec *spec);

/* Reads the same map from a text, as `--recovery` gives it. In the arena. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_recovery_parse(rw_arena *arena, const char *text, const rw_window *windows, size_t n_windows,
                                       rw_recovery_spec *spec);

#endif
