/* The stretches of biological time that a run goes through (sim/clock.h), and what in it depends on their factor. */
#ifndef RW_SIM_STRETCH_H
#define RW_SIM_STRETCH_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Begins the stretch after the one that has ended: chooses how many steps stand for it. Between blocks. */
void rw_simulation_begin_stretch(rw_simulation *sim);

/* Saves or restores where the clock is. Errors: those of the archive; RW_ERR_INPUT (the clock of a branch does not fit
 * the state). */
RW_MUST_CHECK rw_err rw_simulation_archive_clock(rw_simulation *sim, const rw_archive *archive);

#endif
