#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/format.h"
#include "sim/timer.h"

#define REDRAW_S 0.2
#define LINE_S 60.0

enum { BAR_WIDTH = 24 };

double rw_progress_clock(void) {
    return rw_clock_s();
}

rw_progress rw_progress_begin(bool quiet) {
    return (rw_progress){.quiet = quiet, .terminal = isatty(STDERR_FILENO) == 1};
}

void rw_progress_phase(const rw_progress *progress, const char *phase) {
    if (!progress->quiet && progress->terminal)
        (void)fprintf(stderr, "\r%s\033[K", phase);
}

void rw_progress_end(const rw_progress *progress) {
    if (!progress->quiet && progress->terminal)
        (void)fputs("\r\033[K", stderr);
}

/* network_s: simulated by this process. */
static void show(const rw_progress *progress, uint64_t first, uint64_t time, double elapsed_s, double network_s) {
    double done = (double)time / (double)progress->n_steps;
    rw_text now = rw_format_duration(1e-3 * progress->step_ms * (double)time);
    rw_text end = rw_format_duration(1e-3 * progress->step_ms * (double)progress->n_steps);
    rw_text left = rw_format_duration(elapsed_s * (double)(progress->n_steps - time) / (double)(time - first));
    if (progress->terminal) {
        char bar[BAR_WIDTH + 1];
        size_t filled = (size_t)(done * BAR_WIDTH);
        memset(bar, '-', BAR_WIDTH);
        memset(bar, '#', filled);
        bar[BAR_WIDTH] = '\0';
        (void)fprintf(stderr, "\rsimulating [%s] %3.0f %%  %s of %s  RTF %.3g  ETA %s\033[K", bar, 100 * done, now.text,
                      end.text, elapsed_s / network_s, left.text);
    } else {
        (void)fprintf(stderr, "rewire: simulating: %.0f %%, %s of %s, real-time factor %.3g, ETA %s\n", 100 * done,
                      now.text, end.text, elapsed_s / network_s, left.text);
    }
    (void)fflush(stderr);
}

static void update(void *self, const rw_simulation *sim) {
    rw_progress *progress = self;
    double now_s = rw_progress_clock();
    if (now_s - progress->shown_s < (progress->terminal ? REDRAW_S : LINE_S))
        return;
    progress->shown_s = now_s;
    const uint64_t steps = rw_simulation_step(sim) - rw_simulation_first_step(sim);
    show(progress, rw_simulation_first_time(sim), rw_simulation_time(sim), now_s - progress->began_s,
         1e-3 * progress->step_ms * (double)steps);
}

rw_observer rw_progress_observer(rw_progress *progress, const rw_scenario *scenario) {
    progress->began_s = progress->shown_s = rw_progress_clock();
    progress->step_ms = scenario->step_ms;
    progress->n_steps = scenario->n_steps;
    return (rw_observer){.self = progress, .block = progress->quiet ? NULL : update};
}
