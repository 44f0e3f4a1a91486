/* Growth signals, saved and restored: their states, and what acts after the lag. */
#ifndef RW_SIM_SIGNAL_STATE_H
#define RW_SIM_SIGNAL_STATE_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Saves or restores the growth signals. Errors: those of the archive; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_simulation_archive_signals(rw_simulation *sim, const rw_archive *archive);

#endif
