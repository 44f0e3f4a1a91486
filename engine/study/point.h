/* What becomes of a point on disk: free, finished or failed. */
#ifndef RW_STUDY_POINT_H
#define RW_STUDY_POINT_H

#include "study/sweep.h"

/* Whether a point has neither finished nor failed; makes the directory that it belongs in. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_is_free(const rw_sweep *sweep, size_t point, bool *is_free);

/* Turns NAME.run into NAME. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_finish(const rw_sweep *sweep, size_t point);

/* Notes why a point failed and turns NAME.run into NAME.failed; `status` is what waitpid says. Errors: RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_point_fail(const rw_sweep *sweep, size_t point, int status, bool out_of_time);

/* Measures the result in `directory`, writes measures.csv into it, and removes what the plan does not keep.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_point_measure(const rw_sweep *sweep, const char *directory);

#endif
