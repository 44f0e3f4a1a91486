/* edge_events.h5: the log of synapses that form and vanish. */
#ifndef RW_IO_EDGES_EVENT_RECORDER_H
#define RW_IO_EDGES_EVENT_RECORDER_H

#include "io/recorder.h"

/* Every synapse that forms or vanishes: edge_events.h5. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_event_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim);

#endif
