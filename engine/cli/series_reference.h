/* The series that a run can record, as text and as JSON: `rewire models series`. */
#ifndef RW_CLI_SERIES_REFERENCE_H
#define RW_CLI_SERIES_REFERENCE_H

#include "base/json.h"

/* Prints the catalogue of series by group. */
void rw_series_reference_print(void);

/* Writes the catalogue as an array of objects. */
void rw_series_reference_write(rw_json *json);

#endif
