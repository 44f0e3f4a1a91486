/* The grid of boxes by which partners are searched. */
#ifndef RW_SIM_SEARCH_GRID_H
#define RW_SIM_SEARCH_GRID_H

#include "net/network.h"
#include "net/spatial_grid.h"

/* Divides the space for about `n` axonal elements; one box without space or kernel. */
rw_spatial_grid rw_search_grid(const rw_network *network, bool inhibitory, uint64_t n);

#endif
