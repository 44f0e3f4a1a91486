/* Collects from a run with a clock what its errors are estimated from (clock_evidence.h): counts of spikes, what
 * signals did, synapses that formed and vanished, and what drugs, blockades and inputs will do next. Everything comes
 * from whole numbers, from sums in a fixed order or from the scenario, so that all ranks and threads have the same
 * bits. */
#ifndef RW_SIM_CLOCK_OBSERVATION_H
#define RW_SIM_CLOCK_OBSERVATION_H

#include "sim/accuracy/clock_evidence.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

enum { RW_CLOCK_AHEAD = 64 }; /* intervals that the clock looks ahead at most */

/* What drugs will change in the halves of an interval of the clock. */
typedef struct {
    uint64_t after; /* number of the interval + 1; 0: none yet */
    double half[2];
} rw_drug_changes;

typedef struct {
    rw_clock_evidence evidence;
    uint64_t *counted;                     /* [n_populations] spikes of this rank up to the begin of the interval */
    uint64_t *noted;                       /* [n_populations] the same up to the last count for the Fano factors */
    uint64_t noted_step, count_steps;      /* of the network: that of the last count, and the longest between two */
    uint64_t created, deleted;             /* synapses up to the last update */
    double *blocked;                       /* [n_signals] what the drive saw in the last interval */
    rw_clock_errors now;                   /* at the last update */
    rw_drug_changes ahead[RW_CLOCK_AHEAD]; /* kept, because an interval is looked at from each of those before it */
} rw_clock_observation;

/* Prepares the observation of a simulation whose other parts are there; does nothing without time.clock. Errors:
 * RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_clock_observation_create(rw_simulation *sim);

/* Frees it; a zeroed one is fine. */
void rw_clock_observation_destroy(rw_clock_observation *observation);

/* The step of the network at which spikes are counted next for the noise of rates; UINT64_MAX without time.clock. */
uint64_t rw_clock_next_count(const rw_simulation *sim);

/* Counts them, at that step or at the end of an interval that is shorter than a count. Collective. Errors:
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_clock_count(rw_simulation *sim);

/* Whether the interval that ends now is shorter than a count. Counts of other intervals go on into the next one: a rest
 * that is counted by itself would have the noise of a time too short for the network. */
bool rw_clock_count_ends(const rw_simulation *sim);

/* First part of an interval's end: the rates of all populations. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_clock_observe_rates(rw_simulation *sim);

/* Second part: a signal right after it has advanced with this view; `before` is its factor on formation until then. */
void rw_clock_observe_signal(rw_simulation *sim, size_t signal, const rw_drive_view *view, double left, double before);

/* Third part: the update of connectivity. */
void rw_clock_observe_synapses(rw_simulation *sim);

/* Sets what is known ahead of the `length` steps of biological time from `begin` on. */
void rw_clock_look_ahead(rw_simulation *sim, uint64_t begin, uint64_t length);

/* Saves or restores it. A branch that has a signal or a clock which the saved run had not begins it. Collective.
 * Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_clock_observation_archive(rw_simulation *sim, const rw_archive *archive);

#endif
