/* The part of series.h5 with the survival of synapses by their age.
 *
 * Synapses that form in the run are followed from then on. Their ages fall into classes; each class counts how many are
 * in it, how long they lived in it, and how many vanished from it. Where each interval of structural updates takes a
 * share q of those in a class, 1 - q to the power of its intervals pass through it; the product over the classes is the
 * fraction that reaches an age (Kaplan & Meier 1958, J Am Stat Assoc 53:457, with one hazard for each class). Synapses
 * that still live when the run ends count as long as they were seen, so the estimate has no bias from them. */
#ifndef RW_IO_SERIES_SERIES_SURVIVAL_H
#define RW_IO_SERIES_SERIES_SURVIVAL_H

#include "io/hdf5/columns.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* The state of one dated projection. Ages are counted in intervals between updates of connectivity. */
typedef struct {
    uint32_t projection;
    uint32_t *alive;                          /* [n_updates + 1] of those that formed in an update */
    uint64_t first, first_alive;              /* synapses at the first sample; those still there */
    uint64_t *in_class;                       /* [n_classes] alive */
    uint64_t *lived, *vanished;               /* [n_classes] intervals lived, and deaths, since the start */
    uint64_t *lived_before, *vanished_before; /* the same at the last sample */
    rw_h5_column *columns[5];
} rw_projection_survival;

typedef struct {
    const rw_scenario *scenario;
    rw_projection_survival *projections; /* [n] */
    size_t n;
    size_t n_classes; /* 0: survival is not recorded */
    uint64_t *bounds; /* [n_classes - 1] ages in updates */
    uint64_t update;  /* the last one that was followed */
    uint64_t begun;   /* 1: there was a sample */
    rw_columns *columns;
} rw_survival_series;

/* Adds its columns to those of a file; nothing if the scenario does not ask. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_survival_series_create(rw_survival_series *series, rw_columns *columns,
                                               const rw_simulation *sim);

/* Takes the events of an update or a lesion, at the present step of the run. */
void rw_survival_series_follow(rw_survival_series *series, const rw_simulation *sim, const rw_edge_event *events,
                               size_t n);

/* Appends the present values. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_survival_series_sample(rw_survival_series *series, const rw_simulation *sim);

/* Saves or restores what was counted. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_survival_series_archive(rw_survival_series *series, const rw_archive *archive);

/* Frees what is there; a zeroed one is fine. */
void rw_survival_series_destroy(rw_survival_series *series);

#endif
