/* What `check` prints about drugs: peaks, blocked receptors, warnings, and a picture of the course. */
#ifndef RW_CLI_DOSES_H
#define RW_CLI_DOSES_H

#include "base/json.h"
#include "sim/drugs/course.h"

/* Prints the drugs of a scenario as comments; nothing without any. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_doses_print(const rw_scenario *scenario);

/* The same as the member "drugs" of an open JSON object. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_doses_write(rw_json *json, const rw_scenario *scenario);

#endif
