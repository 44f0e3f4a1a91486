/* How fast a network can follow: the times within which its rates settle, and how hard calcium steers its growth. */
#ifndef RW_SIM_SETTLING_H
#define RW_SIM_SETTLING_H

#include "sim/accuracy/clock_evidence.h"
#include "sim/simulation.h"

/* The time within which the rate of a population follows what drives it, ms of the network: the longest time constant
 * of its cells and their receptors (a parameter in ms whose name begins with tau), plus the longest delay onto them.
 * Time constants that the network makes by itself (recurrent excitation near an instability) are not in it. */
double rw_settling_ms(const rw_network *network, uint32_t population);

/* Sets how fast calcium steers the growth of elements, from the slopes of the growth curves at the mean calcium that
 * the measured rates give. Curves that differ between cells are taken at the first number of their distribution. */
void rw_find_steering(const rw_simulation *sim, rw_synapse_evidence *synapses);

#endif
