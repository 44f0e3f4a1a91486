/* The outcome measures that runs are compared by, as text and as JSON: `rewire models measures`. */
#ifndef RW_CLI_MEASURE_REFERENCE_H
#define RW_CLI_MEASURE_REFERENCE_H

#include "base/json.h"

/* Prints a line for each: its columns, unit, meaning, and what a value takes. */
void rw_measure_reference_print(void);

/* Writes them as an array of objects. */
void rw_measure_reference_write(rw_json *json);

#endif
