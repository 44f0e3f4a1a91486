/* What a growth signal is made of: a drive, which says how strongly activity or a drug drives growth, and the
 * signal itself, a cascade that turns the drive of the last hours and days into a factor on the formation of elements.
 *
 * Both work at the interval of structural updates, in biological time, once for a population. p[field] are the numbers
 * of the model; derive() is given that interval as the step. state[] are its RW_STATE fields in their order. */
#ifndef RW_MODEL_SIGNAL_H
#define RW_MODEL_SIGNAL_H

#include <stdbool.h>
#include <stddef.h>

/* Input of a drive, for the interval that ends now. */
typedef struct {
    double rate_hz; /* mean rate of the population's cells in it */
    double blocked; /* share of their NMDA receptors' conductance that is blocked, 0 .. 1; 0 unless asked for */
    double end_ms;  /* biological time at its end */
} rw_drive_view;

typedef struct {
    bool needs_block; /* needs `blocked` in the view */
    /* Advances the state over the interval and returns the drive u >= 0 in it. */
    double (*level)(const double *p, double *state, const rw_drive_view *view);
} rw_drive_model;

typedef struct {
    size_t lag;    /* parameter, ms: how long after its state the signal acts */
    size_t acting; /* which of its states acts, counted as in state[] */
    /* Advances the state over the interval, in which the drive was u; `left` is the share of translation that is not
     * blocked, 0 .. 1. */
    void (*advance)(const double *p, double *state, double u, double left);
    /* Factor on the formation of elements, >= 0, at this value of the state that acts; 1: as without a signal. */
    double (*formation)(const double *p, double acting);
} rw_signal_model;

#endif
