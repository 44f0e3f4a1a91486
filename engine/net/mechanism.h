/* A model with one set of numbers: a rule of plasticity at one site, or a growth signal. */
#ifndef RW_NET_MECHANISM_H
#define RW_NET_MECHANISM_H

#include "config/scenario.h"

typedef struct {
    const rw_model *model; /* NULL: nothing acts there */
    double *p;             /* [n_fields] parameters, derived numbers, initial states */
    double *start;         /* [n_states] initial states in their order */
    size_t n_states;
} rw_mechanism;

/* Creates a mechanism from a model and settings, all of them constants; step_ms is passed to the model's derive().
 * Errors: RW_ERR_INPUT (numbers that contradict each other), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_mechanism_create(rw_mechanism *mechanism, double step_ms, const rw_model *model,
                                         const rw_setting *settings, size_t n_settings);

/* Frees what the mechanism holds; a zeroed one is fine. */
void rw_mechanism_destroy(rw_mechanism *mechanism);

#endif
