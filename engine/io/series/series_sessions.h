/* The part of series.h5 with what cells do while a pattern is presented (inputs of kind session).
 *
 * A cell answers a presentation if it fires in it: in (onset, onset + width], as spikes are stamped at the end of their
 * step. Of each presentation three shares are taken: of the pattern's cells that are stimulated, of the pattern's cells
 * that are not, which the network must complete (recall), and of the population's cells outside of the pattern, which
 * say what recall would be by chance. A sample has the means over the presentations that ended since the last one. */
#ifndef RW_IO_SERIES_SERIES_SESSIONS_H
#define RW_IO_SERIES_SERIES_SESSIONS_H

#include "io/hdf5/columns.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Whose cells the shares are of. */
enum { RW_SESSION_CUED, RW_SESSION_UNCUED, RW_SESSION_OUTSIDE, RW_SESSION_CLASSES };

/* One entry of inputs. Rank 0, which is told of spikes, counts. */
typedef struct {
    const rw_input_spec *spec;
    uint8_t *class_of; /* [population] RW_SESSION_... */
    uint8_t *fired;    /* [population] in the present presentation */
    uint64_t n_cells[RW_SESSION_CLASSES];
    uint64_t n_fired[RW_SESSION_CLASSES]; /* in the present presentation */
    uint64_t sum[RW_SESSION_CLASSES];     /* over presentations that ended since the last sample */
    uint64_t ended;                       /* since the last sample */
    size_t next;                          /* the first presentation that has not ended */
} rw_session_count;

typedef struct {
    const rw_simulation *sim;
    rw_columns *columns; /* of the file */
    size_t first;        /* of those filled here */
    rw_session_count *sessions;
    size_t n; /* 0: the scenario has no sessions */
} rw_session_series;

/* Adds its columns to those of a file. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_session_series_create(rw_session_series *series, rw_columns *columns, const rw_simulation *sim);

/* Takes spikes in the order of time. */
void rw_session_series_count(rw_session_series *series, const rw_spike *spikes, size_t n);

/* Appends the present values. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_session_series_sample(rw_session_series *series);

/* Saves or restores what was counted; a branch counts sessions that its parent had not from where it begins. Errors:
 * those of the archive. */
RW_MUST_CHECK rw_err rw_session_series_archive(rw_session_series *series, const rw_archive *archive);

/* Frees what is there; a zeroed one is fine. */
void rw_session_series_destroy(rw_session_series *series);

#endif
