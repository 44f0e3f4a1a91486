/* Growth ticks: calcium and elements advance (Butz & van Ooyen 2013). */
#ifndef RW_SIM_GROWTH_H
#define RW_SIM_GROWTH_H

#include "sim/elements/structure.h"

/* Growth tick that ends at biological time `time`, in steps: advances the calcium of the cells of one thread by
 * growth_every_steps of the network, and their elements by the time for which these stand. */
void rw_structure_grow(rw_structure *structure, int thread, uint64_t time);

#endif
