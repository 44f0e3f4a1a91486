/* Growth signals: what the network or the drug does to the population of a signal drives it, hours to days later it
 * lets elements form faster. A signal advances once in each interval of structural updates, in biological time. */
#ifndef RW_SIM_GROWTH_SIGNAL_H
#define RW_SIM_GROWTH_SIGNAL_H

#include "net/network.h"

typedef struct {
    const rw_signal_spec *spec;
    rw_mechanism drive, cascade;
    double *drive_state, *state; /* [drive.n_states], [cascade.n_states] */
    double *past;                /* [n_past] what acted at the last n_past updates, the oldest at `next` */
    size_t n_past, next;         /* n_past: the lag in updates */
    uint64_t spikes;             /* of the population's cells on this rank in this interval */
    double interval_ms;          /* biological */
    /* At the last update: the drive, the state that acts now, and the factor on formation until the next update. */
    double u, acting, formation;
} rw_signal;

/* Makes a signal that has not been driven yet; interval_ms is the biological time between updates. Errors: RW_ERR_INPUT
 * (numbers that contradict each other, a lag of too many updates), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_signal_create(rw_signal *signal, const rw_signal_spec *spec, double interval_ms);

/* Frees it; a zeroed one is fine. */
void rw_signal_destroy(rw_signal *signal);

/* Advances it over the interval that the view is of; `left` is what is not blocked of its translation. */
void rw_signal_advance(rw_signal *signal, const rw_drive_view *view, double left);

#endif
