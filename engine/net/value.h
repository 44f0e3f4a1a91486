/* Numbers drawn from the distributions of a scenario. */
#ifndef RW_NET_VALUE_H
#define RW_NET_VALUE_H

#include "base/random.h"
#include "config/scenario.h"

/* Draw number `who` of a value: equal for every caller. `when` (below 2^32) distinguishes repeated draws of one thing.
 * Draws outside the value's range are repeated; if 65536 draws do not meet it, the result is its nearest bound. */
double rw_value_draw(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when);

/* values[k] = rw_value_draw(value, stream, who, when + k) for k < n; `value` is no table. */
void rw_value_draw_run(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when, size_t n, double *values);

/* A delay in whole steps, 1 .. 2^31. */
uint32_t rw_delay_steps(double delay_ms, double step_ms);

/* steps[k] = rw_delay_steps(delays_ms[k], step_ms) for k < n. */
void rw_delays_steps(const double *delays_ms, double step_ms, size_t n, uint32_t *steps);

#endif
