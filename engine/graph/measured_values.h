/* The numbers of a sample, given in the order of their declaration. */
#ifndef RW_GRAPH_MEASURED_VALUES_H
#define RW_GRAPH_MEASURED_VALUES_H

#include "config/series_catalogue.h"
#include "graph/measures.h"

typedef struct {
    rw_measured *list; /* [n] */
    size_t n, next;    /* next: where the next one goes */
} rw_values;

/* Adds a number of the catalogue that is not known yet. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_values_declare(rw_values *values, rw_series series);

/* The same of groups of cells: `parts` replace the braces in the name of the series; unit NULL: the catalogue's. */
RW_MUST_CHECK rw_err rw_values_declare_of(rw_values *values, rw_series series, const char *const *parts, size_t n_parts,
                                          const char *unit);

/* Sets the next number. */
void rw_values_give(rw_values *values, double value);

#endif
