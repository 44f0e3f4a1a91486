/* The positions of cells in space. */
#ifndef RW_NET_POSITIONS_H
#define RW_NET_POSITIONS_H

#include "net/population.h"

/* Sets the positions of the cells of a population, number `index`, of a scenario with dimensions > 0.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_positions_create(rw_population *population, const rw_scenario *scenario, uint32_t index);

/* The position of a cell: at_um [3], 0 in dimensions the space does not have. */
void rw_population_position(const rw_population *population, uint64_t id, double *at_um);

/* Distance in um between two cells; around the torus if the space is periodic. 0 without space. */
double rw_population_distance(const rw_scenario *scenario, const rw_population *population_a, uint64_t a,
                              const rw_population *population_b, uint64_t b);

#endif
