/* The space in which cells lie: a box, or a torus if it is periodic. The one measure of distance in the program. */
#ifndef RW_NET_SPACE_H
#define RW_NET_SPACE_H

#include "config/scenario.h"

/* Distance in um between two positions [dimensions]; around the torus if the space is periodic. 0 without space. */
double rw_space_distance(const rw_scenario *scenario, const double *a_um, const double *b_um);

/* The distances of n pairs of positions, in um: from_um and to_um [dimensions][n]. Bitwise equal to rw_space_distance.
 */
void rw_space_distances(const rw_scenario *scenario, const double *const *from_um, const double *const *to_um, size_t n,
                        double *distance_um);

#endif
