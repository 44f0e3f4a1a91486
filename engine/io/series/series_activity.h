/* The part of series.h5 with the acute state of a network under a blockade: currents and charges, the balance
 * of excitation and inhibition, a proxy of glutamate, and the power of the rhythms in the firing of excitatory cells.
 */
#ifndef RW_IO_SERIES_SERIES_ACTIVITY_H
#define RW_IO_SERIES_SERIES_ACTIVITY_H

#include "io/hdf5/columns.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Milliseconds of firing that the spectrum is taken from, in segments of half that length. */
#define RW_ACTIVITY_HISTORY 1024

/* What is carried from spike to spike and from sample to sample; all of it is checkpointed. */
typedef struct {
    double begun;       /* 1: there was a sample */
    double begin;       /* ms, of the history: later than 0 in a branch */
    double spikes[2];   /* of inhibitory and excitatory cells since the last sample */
    double sample_step; /* of the last sample */
    double glutamate, glutamate_step;
    double bin;                        /* the last one, ms from the start */
    double baseline[2];                /* sums of alpha and gamma power before the blockade */
    double n_baseline;                 /* samples in them */
    double count[RW_ACTIVITY_HISTORY]; /* excitatory spikes in each ms, in turn */
} rw_activity_state;

typedef struct {
    const rw_network *network;
    rw_columns *columns; /* of the file; NULL: nothing is recorded */
    size_t first;        /* of those filled here */
    int *class;          /* [n_populations] 0 inhibitory, 1 excitatory, -1 neither: no synapse leaves it */
    double n_cells[2];   /* inhibitory, excitatory */
    double onset_ms;     /* when the first blockade or dose begins */
    double *charge_pC;   /* [n_charges] at the last sample, receptor by receptor of each population */
    size_t n_charges;
    bool has_interval; /* time has passed since the last sample */
    rw_activity_state state;
} rw_activity_series;

/* Adds its columns to those of a file. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_activity_series_create(rw_activity_series *series, rw_columns *columns,
                                               const rw_simulation *sim);

/* Takes spikes in the order of time. */
void rw_activity_series_count(rw_activity_series *series, const rw_spike *spikes, size_t n);

/* Appends the present values. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_activity_series_sample(rw_activity_series *series, const rw_simulation *sim);

/* Saves or restores the state; a branch whose parent had no blockade begins its own history. Errors: those of the
 * archive. */
RW_MUST_CHECK rw_err rw_activity_series_archive(rw_activity_series *series, const rw_archive *archive);

/* Frees what is there; a zeroed one is fine. */
void rw_activity_series_destroy(rw_activity_series *series);

#endif
