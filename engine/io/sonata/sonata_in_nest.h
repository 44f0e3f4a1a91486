/* The models of NEST, and which model is which here. */
#ifndef RW_IO_SONATA_SONATA_IN_NEST_H
#define RW_IO_SONATA_SONATA_IN_NEST_H

#include "io/sonata/sonata_reader.h"

/* Where a parameter of a NEST model is found here. */
typedef enum { RW_SONATA_OF_CELL, RW_SONATA_OF_EXC, RW_SONATA_OF_INH } rw_sonata_owner;

typedef struct {
    const char *name; /* in NEST */
    rw_sonata_owner owner;
    const char *field; /* of our model */
    double value;      /* NEST's default */
} rw_sonata_parameter;

/* A NEST model and its equivalent. */
typedef struct rw_sonata_nest {
    const char *name;
    const char *model; /* our neuron */
    bool conductance;  /* exc and inh are receptors whose weights are positive; otherwise ports with signed weights */
    const char *exc, *inh; /* what weights >= 0 and weights < 0 act on; may be the same port */
    const rw_sonata_parameter *parameters;
    size_t n_parameters;
} rw_sonata_nest;

/* The equivalent of `template` ("nest:iaf_psc_alpha", or without the prefix), or NULL. */
const rw_sonata_nest *rw_sonata_nest_find(const char *template);

/* "iaf_psc_alpha, iaf_psc_exp, ...", for messages. */
const char *rw_sonata_nest_list(void);

/* Fills the neuron model, receptors and settings of a population from its types' parameter files.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_nest_settings(rw_sonata_reader *reader, size_t population);

#endif
