#include "sim/timer.h"

#include <time.h>

#include "base/memory.h"

double rw_clock_s(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

rw_timer rw_timer_create(void) {
    return (rw_timer){.phase = RW_NO_PHASE, .since_s = rw_clock_s()};
}

void rw_timer_destroy(rw_timer *timer) {
    rw_free(timer->spans);
    if (timer->counters != NULL)
        rw_counters_stop(timer->counters);
    rw_free(timer->counters);
    *timer = (rw_timer){.phase = RW_NO_PHASE};
}

void rw_timer_enter(rw_timer *timer, rw_phase phase) {
    double now_s = rw_clock_s();
    timer->wall_s[timer->phase] += now_s - timer->since_s;
    if (timer->spans != NULL && timer->phase != RW_NO_PHASE)
        timer->spans[timer->n_written++ % timer->n_spans] =
            (rw_span){.start_s = timer->since_s, .end_s = now_s, .step = timer->step, .phase = timer->phase};
    if (timer->counters != NULL && timer->counters->started)
        rw_counters_switch(timer->counters, timer->phase, phase);
    timer->phase = phase;
    timer->since_s = now_s;
}
