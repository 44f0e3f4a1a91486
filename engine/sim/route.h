/* How a destination of a cell sums its ports: a receptor's arrivals or a neuron's port field. */
#ifndef RW_SIM_ROUTE_H
#define RW_SIM_ROUTE_H

#include "net/network.h"

typedef struct {
    size_t n;
    uint32_t *ports; /* [n] */
    double *shares;  /* [n] */
    bool *empties;   /* [n] the last to read this port in a step; set by the plan */
} rw_route;

/* The route to a neuron's field, or to a receptor instance, `index`. Errors: RW_ERR_SYSTEM; the route is then to be
 * destroyed. */
RW_MUST_CHECK rw_err rw_route_create(rw_route *route, const rw_population *population, bool is_field, size_t index);

/* Frees the route; a zeroed route is fine. */
void rw_route_destroy(rw_route *route);

#endif
