/* The scenario language as a JSON Schema (draft 7), with which editors complete and check scenarios. */
#ifndef RW_CONFIG_SCHEMA_H
#define RW_CONFIG_SCHEMA_H

#include <stdio.h>

/* Writes the schema of scenarios. It knows keys, words, models and their parameters, and whether a number has a unit;
 * dimensions and ranges of quantities, and names of populations, are for `rewire check`. Failures stay in the stream's
 * error flag. */
void rw_schema_write(FILE *out);

#endif
