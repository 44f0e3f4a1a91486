/* The exact solution of a linear system over any time. */
#ifndef RW_MODEL_EXPONENTIAL_H
#define RW_MODEL_EXPONENTIAL_H

#include "model/drug.h"

/* e^(rate t) for rates whose entries off the diagonal are not negative, by scaling and squaring. Shifted by its largest
 * loss the matrix has no negative entry, so nothing cancels: every entry has a relative error of about 1e-16 times the
 * largest loss times t. propagator [n][RW_STATES_MAX]. */
void rw_flows_exponential(const rw_flows *flows, double hours, double propagator[][RW_STATES_MAX]);

/* The largest share of an amount that leaves a state in an hour. */
double rw_flows_fastest(const rw_flows *flows);

#endif
