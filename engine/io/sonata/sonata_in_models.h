/* The models of NEST and NEURON, and which model is which here. */
#ifndef RW_IO_SONATA_SONATA_IN_MODELS_H
#define RW_IO_SONATA_SONATA_IN_MODELS_H

#include <stdbool.h>
#include <stddef.h>

/* Where a parameter of a NEST model is found here. */
typedef enum { RW_SONATA_OF_CELL, RW_SONATA_OF_EXC, RW_SONATA_OF_INH } rw_sonata_owner;

typedef struct {
    const char *name; /* in NEST or BMTK */
    rw_sonata_owner owner;
    const char *field; /* of our model */
    double value;      /* default there; NAN: absent unless a file sets it */
    double scale;      /* from its unit to the field's; 0 means 1 */
    unsigned place;    /* in a list, from 1; 0: it is no list */
    bool is_switch;    /* true or false */
    bool hidden;       /* no file may set it */
} rw_sonata_parameter;

/* A model of another simulator and its equivalent. */
typedef struct rw_sonata_nest {
    const char *name, *simulator;
    const char *model; /* our neuron */
    bool conductance;  /* exc and inh are receptors whose weights are positive; otherwise ports with signed weights */
    bool by_receptor;  /* the synapse's receptor_type n says on which port a weight acts: syn_n */
    const char *exc, *inh; /* otherwise: what weights >= 0 and weights < 0 act on; may be the same port */
    const rw_sonata_parameter *parameters;
    size_t n_parameters;
    const char *switches[4]; /* parameters that the name switches on, up to the first NULL */
} rw_sonata_nest;

/* The equivalent of `template` ("nest:iaf_psc_alpha", or without the prefix; "nrn:IntFire1"), or NULL. */
const rw_sonata_nest *rw_sonata_nest_find(const char *template);

/* The model that a population can have whose cells are of both models, or NULL. */
const rw_sonata_nest *rw_sonata_nest_common(const rw_sonata_nest *a, const rw_sonata_nest *b);

/* "iaf_psc_alpha, iaf_psc_exp, ...", for messages. */
const char *rw_sonata_nest_list(void);

/* Index of the parameter `name` (the first place of a list), or SIZE_MAX. */
size_t rw_sonata_parameter_find(const rw_sonata_nest *nest, const char *name);

#endif
