/* The outcome measures of one run, as a table in its result. */
#ifndef RW_CLI_RUN_OUTCOMES_H
#define RW_CLI_RUN_OUTCOMES_H

#include "base/error.h"

/* Writes outcomes.csv into the finished result: a row per outcome measure of the whole run, with value, unit and
 * definition, as a sweep or a comparison would take them. Errors: RW_ERR_INPUT (damaged files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_outcomes_write(const char *directory);

#endif
