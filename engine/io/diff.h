/* Whether two results are the same, number by number. */
#ifndef RW_IO_DIFF_H
#define RW_IO_DIFF_H

#include <stddef.h>

#include "base/error.h"

/* Compares two result directories, or two files of results, exactly; NaN equals NaN. Left out are run.json, checksums,
 * what changes no result (title, checkpoint) and what was made of a result (report/, compare/, measures.csv). *report
 * [free with rw_free] describes the first difference: file, dataset, index, both values; NULL if there is none. Returns
 * RW_OK (equal) or RW_DIFFERENT. Errors: RW_ERR_INPUT (not a result, damaged), RW_ERR_SYSTEM (missing, not readable).
 */
RW_MUST_CHECK rw_err rw_result_diff(const char *a, const char *b, char **report);

#endif
