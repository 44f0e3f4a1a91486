/* The choice of the clock's factor by a tolerance: the largest that keeps the estimated errors below it. */
#ifndef RW_SIM_CLOCK_CONTROL_H
#define RW_SIM_CLOCK_CONTROL_H

#include "sim/accuracy/clock_evidence.h"

/* The largest of the errors' totals over the quantities of the tolerance. */
double rw_clock_errors_total(const rw_clock_errors *errors, unsigned of);

/* The factor for the interval to come. It at most doubles from one interval to the next, since what a change does is
 * seen only afterwards, and falls at once. Before the first interval it is one at which the network can settle. */
double rw_clock_control(const rw_clock_evidence *evidence, const rw_clock_spec *tolerance);

#endif
