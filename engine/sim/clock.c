#include "sim/clock.h"

#include <stdlib.h>

#include "config/sections/clock_section.h"
#include "sim/poisson.h"

_Static_assert(RW_CLOCK_ALIGNMENT % RW_POISSON_WINDOW == 0, "a window of Poisson input lies in one stretch");

static int by_begin(const void *left, const void *right) {
    const rw_window_spec *a = left, *b = right;
    return a->from_step < b->from_step ? -1 : a->from_step > b->from_step;
}

/* Adds [from, until), widened to multiples of the unit. */
static void add(rw_window_spec *windows, size_t *n, uint64_t unit, uint64_t from, uint64_t until) {
    windows[(*n)++] = (rw_window_spec){.from_step = from / unit * unit, .until_step = (until + unit - 1) / unit * unit};
}

/* Windows that meet become one. */
static size_t merge(rw_window_spec *windows, size_t n) {
    size_t kept = 0;
    if (n > 0) /* qsort takes no null pointer */
        qsort(windows, n, sizeof windows[0], by_begin);
    for (size_t k = 0; k < n; k++) {
        if (kept == 0 || windows[k].from_step > windows[kept - 1].until_step)
            windows[kept++] = windows[k];
        else if (windows[k].until_step > windows[kept - 1].until_step)
            windows[kept - 1].until_step = windows[k].until_step;
    }
    return kept;
}

/* Adds windows around the replayed spikes of a population: one ends where none comes for an interval. `windows` NULL:
 * only counts. A spike is stamped at the end of its step. */
static void add_spikes(const rw_clock *clock, const rw_spike_table *spikes, rw_window_spec *windows, size_t *n) {
    for (uint64_t s = 0, first = 0; s < spikes->count; s++) {
        bool last = s + 1 == spikes->count;
        if (!last && spikes->step[s + 1] - spikes->step[s] <= clock->scenario->clock.interval_steps)
            continue;
        uint64_t from = spikes->step[first] > 0 ? spikes->step[first] - 1 : 0;
        if (windows != NULL)
            add(windows, n, clock->unit, from, spikes->step[s]);
        else
            (*n)++;
        first = s + 1;
    }
}

/* Where biology has the speed of the network: windows of the scenario, pulses, and replayed spikes. */
static rw_err find_real_time(rw_clock *clock) {
    const rw_scenario *scenario = clock->scenario;
    const rw_clock_spec *spec = &scenario->clock;
    rw_window_spec *windows = NULL;
    size_t most = spec->n_real_time, n = 0;
    for (size_t i = 0; i < scenario->n_inputs; i++)
        most += scenario->inputs[i].n_onsets;
    for (size_t p = 0; p < scenario->n_populations; p++)
        add_spikes(clock, &scenario->populations[p].spikes, NULL, &most);
    RW_TRY(RW_ARENA_NEW(scenario->arena, windows, most));
    for (size_t k = 0; k < spec->n_real_time; k++)
        add(windows, &n, clock->unit, spec->real_time[k].from_step, spec->real_time[k].until_step);
    for (size_t i = 0; i < scenario->n_inputs; i++)
        for (size_t k = 0; k < scenario->inputs[i].n_onsets; k++)
            add(windows, &n, clock->unit, scenario->inputs[i].onset_step[k],
                scenario->inputs[i].onset_step[k] + scenario->inputs[i].width_steps);
    for (size_t p = 0; p < scenario->n_populations; p++)
        add_spikes(clock, &scenario->populations[p].spikes, windows, &n);
    clock->real_time = windows;
    clock->n_real_time = merge(windows, n);
    return RW_OK;
}

rw_err rw_clock_create(rw_clock *clock, const rw_scenario *scenario) {
    *clock = (rw_clock){.scenario = scenario, .unit = rw_clock_unit(scenario)};
    return scenario->clock.slow ? find_real_time(clock) : RW_OK;
}

uint64_t rw_clock_end(const rw_clock *clock) {
    return clock->scenario->clock.slow ? clock->step + clock->n_steps : UINT64_MAX;
}

rw_clock_stretch rw_clock_next(const rw_clock *clock) {
    uint64_t begin = clock->stretch.begin + clock->stretch.length, interval = clock->scenario->clock.interval_steps;
    uint64_t end = (begin / interval + 1) * interval;
    bool real_time = false;
    for (size_t k = 0; k < clock->n_real_time; k++) {
        const rw_window_spec *window = &clock->real_time[k];
        bool inside = begin >= window->from_step && begin < window->until_step;
        uint64_t edge = inside ? window->until_step : window->from_step;
        real_time = real_time || inside;
        end = edge > begin && edge < end ? edge : end;
    }
    return (rw_clock_stretch){.begin = begin, .length = end - begin, .unit = clock->unit, .real_time = real_time};
}

void rw_clock_begin(rw_clock *clock, rw_clock_stretch next, uint64_t n_steps) {
    RW_ASSERT(n_steps > 0 && n_steps % clock->unit == 0 && n_steps <= next.length && next.length <= UINT32_MAX);
    clock->step += clock->n_steps;
    clock->n_steps = n_steps;
    clock->stretch = next;
    if (next.begin % clock->scenario->clock.interval_steps == 0)
        clock->interval_step = clock->step;
}

double rw_clock_factor(const rw_clock *clock) {
    return clock->scenario->clock.slow && clock->n_steps > 0 ? (double)clock->stretch.length / (double)clock->n_steps
                                                             : 1.0;
}

uint64_t rw_clock_step_at(const rw_clock *clock, uint64_t time) {
    if (!clock->scenario->clock.slow)
        return time;
    if (time <= clock->stretch.begin)
        return clock->step;
    uint64_t into = time - clock->stretch.begin, length = clock->stretch.length;
    if (into >= length)
        return clock->step + clock->n_steps;
    return clock->step + (into * clock->n_steps + length - 1) / length;
}

uint64_t rw_clock_predict(const rw_scenario *scenario) {
    rw_clock clock;
    if (!scenario->clock.slow)
        return scenario->n_steps;
    if (rw_clock_create(&clock, scenario) != RW_OK)
        return scenario->n_steps;
    do {
        rw_clock_stretch next = rw_clock_next(&clock);
        rw_clock_begin(&clock, next, rw_clock_choose(&scenario->clock, &next, NULL));
    } while (clock.stretch.begin + clock.stretch.length < scenario->n_steps);
    return rw_clock_step_at(&clock, scenario->n_steps);
}
