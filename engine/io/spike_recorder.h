/* spikes.h5: spikes in SONATA form. */
#ifndef RW_IO_SPIKE_RECORDER_H
#define RW_IO_SPIKE_RECORDER_H

#include "io/recorder.h"

/* Spikes of the populations that the scenario names: spikes.h5. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_spike_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim);

#endif
