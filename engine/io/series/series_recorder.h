/* series.h5: what changes slowly, sampled at one interval. */
#ifndef RW_IO_SERIES_SERIES_RECORDER_H
#define RW_IO_SERIES_SERIES_RECORDER_H

#include "io/recorder.h"

/* Rates, growth, synapses and blockade over time: series.h5. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_series_recorder_create(rw_recorder *recorder, rw_directory *directory,
                                               const rw_simulation *sim);

/* The observer for the measures in series.h5, which have times of their own; false if there is none. */
bool rw_series_recorder_measures(const rw_recorder *recorder, rw_observer *observer);

#endif
