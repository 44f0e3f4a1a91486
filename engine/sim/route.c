#include "sim/route.h"

/* Lists the ports that feed the destination in `route`, or only counts them if it is NULL. */
static size_t list_ports(rw_route *route, const rw_population *population, bool is_field, size_t index) {
    size_t n = 0;
    for (size_t p = 0; p < population->n_ports; p++) {
        for (size_t s = 0; s < population->ports[p].n_sinks; s++) {
            const rw_sink *sink = &population->ports[p].sinks[s];
            if (sink->is_field != is_field || sink->index != index)
                continue;
            if (route != NULL) {
                route->ports[n] = (uint32_t)p;
                route->shares[n] = sink->share;
            }
            n++;
        }
    }
    return n;
}

rw_err rw_route_create(rw_route *route, const rw_population *population, bool is_field, size_t index) {
    *route = (rw_route){.n = list_ports(NULL, population, is_field, index)};
    RW_TRY(RW_NEW(route->ports, route->n, "route"));
    RW_TRY(RW_NEW(route->shares, route->n, "route"));
    RW_TRY(RW_NEW(route->empties, route->n, "route"));
    (void)list_ports(route, population, is_field, index);
    return RW_OK;
}

void rw_route_destroy(rw_route *route) {
    rw_free(route->ports);
    rw_free(route->shares);
    rw_free(route->empties);
    *route = (rw_route){0};
}
