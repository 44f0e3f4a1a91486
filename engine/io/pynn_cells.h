/* PyNN, which reads SONATA: which of our cells are standard cells of PyNN, and with which parameters. */
#ifndef RW_IO_PYNN_CELLS_H
#define RW_IO_PYNN_CELLS_H

#include "config/scenario.h"

/* What PyNN's weights in nA and uS are of ours in pA and nS; PyNN multiplies weights by the column `sign`. */
#define RW_PYNN_WEIGHT 0.001

/* A parameter of a standard cell: a field of the model, times a factor, over another one. */
typedef struct {
    const char *name, *unit;
    const char *receptor;     /* whose field it is; NULL: the neuron's */
    const char *field, *over; /* over: NULL unless it is a quotient */
    double factor;
} rw_pynn_parameter;

typedef struct {
    const char *name;  /* of PyNN */
    const char *model; /* ours */
    const rw_pynn_parameter *parameters;
    size_t n_parameters;
} rw_pynn_cell;

/* The standard cell of PyNN that the cells of a population are; NULL: there is none that does the same. */
const rw_pynn_cell *rw_pynn_cell_find(const rw_population_spec *spec);

#endif
