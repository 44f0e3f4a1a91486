/* The clock of a run: which biological time a step of the network stands for.
 *
 * Steps of the network and biological time are both counted in time.step. Without time.clock they are equal. With it,
 * biological time goes on in stretches: [b, b + L) for which N steps of the network stand, from step n on. Then
 *
 *     time(step) = b + floor((step - n) L / N)
 *
 * in integers, so the end of every stretch is met exactly, whatever the factor S = L / N. Stretches end at multiples of
 * the clock's interval, where connectivity is updated, and at the edges of windows in real time (S = 1): those that the
 * scenario names, pulses, and replayed spikes. N is a multiple of the clock's unit: whole growth ticks, and whole
 * windows of Poisson input whose rate changes. */
#ifndef RW_SIM_CLOCK_H
#define RW_SIM_CLOCK_H

#include "sim/clock_choice.h"

typedef struct {
    const rw_scenario *scenario;
    const rw_window_spec *real_time; /* [n_real_time] ascending, apart, from and to multiples of the unit */
    size_t n_real_time;
    uint64_t unit;
    rw_clock_stretch stretch; /* the present one; length 0: none has begun */
    uint64_t step, n_steps;   /* of the network: where it begins, and how many stand for it */
    uint64_t interval_step;   /* of the network, at which the present interval began */
} rw_clock;

/* A clock at time 0 for a checked scenario whose spikes are loaded; its memory is the scenario's. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_clock_create(rw_clock *clock, const rw_scenario *scenario);

/* The step of the network at which the present stretch ends; UINT64_MAX without time.clock. */
uint64_t rw_clock_end(const rw_clock *clock);

/* The stretch that follows the present one. */
rw_clock_stretch rw_clock_next(const rw_clock *clock);

/* Goes on from the end of the present stretch to the next one, for which `n_steps` steps stand. */
void rw_clock_begin(rw_clock *clock, rw_clock_stretch next, uint64_t n_steps);

/* Seconds of biology in a second of the network during the present stretch. */
double rw_clock_factor(const rw_clock *clock);

/* The first step of the network, from the begin of the present stretch on, at which biological time is at least `time`;
 * the end of the stretch if that comes first. */
uint64_t rw_clock_step_at(const rw_clock *clock, uint64_t time);

/* Steps of the network in a whole run, as the scenario alone tells. */
uint64_t rw_clock_predict(const rw_scenario *scenario);

/* Biological time at a step of the network of the present stretch, its end included. */
static inline uint64_t rw_clock_time(const rw_clock *clock, uint64_t step) {
    if (!clock->scenario->clock.slow || clock->n_steps == 0)
        return step;
    /* L = N (L / N) + L % N; no product is longer than 64 bits, as L < 2^32 */
    uint64_t steps = step - clock->step, whole = clock->stretch.length / clock->n_steps;
    return clock->stretch.begin + steps * whole + steps * (clock->stretch.length % clock->n_steps) / clock->n_steps;
}

#endif
