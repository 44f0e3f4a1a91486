/* How far a run is: a bar on a terminal, one plain line a minute elsewhere, nothing when quiet. All on standard error.
 */
#ifndef RW_CLI_PROGRESS_H
#define RW_CLI_PROGRESS_H

#include <stdbool.h>

#include "sim/simulation.h"

typedef struct {
    bool quiet, terminal;
    double began_s, shown_s; /* clock when the simulation began, and when something was last shown */
    double step_ms;
    uint64_t n_steps;
} rw_progress;

/* Seconds on a clock that only goes forward. */
double rw_progress_clock(void);

/* A progress display, in the form that suits standard error. */
rw_progress rw_progress_begin(bool quiet);

/* Shows a phase without measurable progress: "building the network". */
void rw_progress_phase(const rw_progress *progress, const char *phase);

/* The observer that keeps the display of the simulation up to date; `progress` must outlive the simulation. */
rw_observer rw_progress_observer(rw_progress *progress, const rw_scenario *scenario);

/* Removes the bar. */
void rw_progress_end(const rw_progress *progress);

#endif
