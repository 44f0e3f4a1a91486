/* Comparing two results number by number. */
#ifndef RW_IO_DIFF_H
#define RW_IO_DIFF_H

#include "base/error.h"

/* Compares two result directories dataset by dataset, exactly (equal bits; NaN equals NaN); run.json is left out.
 * RW_OK: equal. RW_DIFFERENT: *report says the first difference (file, dataset, index, both values); free with rw_free.
 * Errors: RW_ERR_INPUT (no result directory), RW_ERR_SYSTEM. *report is NULL unless RW_DIFFERENT. */
RW_MUST_CHECK rw_err rw_result_diff(const char *a, const char *b, char **report);

#endif
