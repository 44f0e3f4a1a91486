/* Numbers with units: "40 min", "0.5 nS", "1e-4 /ms". UDUNITS-2 knows the units; beside its own, M is mol/L and spikes
 * are counted (spikes/s). */
#ifndef RW_CONFIG_UNITS_H
#define RW_CONFIG_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct rw_units rw_units;

/* Reads the unit database. Errors: RW_ERR_SYSTEM (the database is missing). */
RW_MUST_CHECK rw_err rw_units_create(rw_units **units);

/* Frees it; *units may be NULL and becomes NULL. */
void rw_units_destroy(rw_units **units);

/* Whether `unit` is a unit at all. */
bool rw_units_knows(rw_units *units, const char *unit);

/* What quantities in a unit of the engine are, "a time"; NULL: it has no name here. */
const char *rw_units_quantity(const char *unit);

/* Reads a number with a unit and converts it to `unit`; a number alone is right only where `unit` is "1".
 * The decimal point is a point whatever the locale; inf and nan are refused. On failure returns false and puts into
 * problem[size] what was given, what is expected, and an example. */
bool rw_units_parse(rw_units *units, const char *text, const char *unit, double *value, char *problem, size_t size);

#endif
