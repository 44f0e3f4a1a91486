/* What a scenario says about its outcome measures. */
#ifndef RW_CONFIG_OUTCOMES_SPEC_H
#define RW_CONFIG_OUTCOMES_SPEC_H

#include <stdbool.h>
#include <stdint.h>

/* Lost synapses that are regained, as an outcome measure. */
typedef struct {
    const bool *of;                             /* [n_projections]; NULL: it is not measured */
    uint64_t before_step, from_step, last_step; /* before the loss, first dose, last dose */
    uint64_t mean_steps;                        /* over which the share is averaged */
    double relapse;                             /* part of the best below which it is one */
} rw_regained_spec;

/* The answer of the firing to each dose, as an outcome measure. */
typedef struct {
    uint32_t population;
    uint64_t over_steps, against_steps; /* after and before the begin of a dose; 0: it is not measured */
} rw_acute_spec;

/* What training does, as outcome measures. */
typedef struct {
    const char *training;           /* name of the sessions; NULL: it is not measured */
    const bool *of;                 /* [n_projections] whose new synapses are followed */
    uint64_t from_step, until_step; /* new ones form from here on, and are there at the end */
} rw_learning_spec;

/* Which of two populations wins, as outcome measures. */
typedef struct {
    uint32_t first, second;
    uint64_t from_step;  /* begin of the stimulus */
    uint64_t over_steps; /* that rates are averaged over; 0: it is not measured */
    double threshold_hz;
    double evidence; /* for the first; a label */
} rw_decision_spec;

/* Outcome measures that need to be told something. */
typedef struct {
    rw_regained_spec regained;
    rw_acute_spec acute;
    rw_learning_spec learning;
    rw_decision_spec decision;
} rw_outcomes_spec;

#endif
