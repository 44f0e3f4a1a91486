/* edges/: snapshots of the connectivity in SONATA form. */
#ifndef RW_IO_EDGES_SNAPSHOT_RECORDER_H
#define RW_IO_EDGES_SNAPSHOT_RECORDER_H

#include "io/recorder.h"

/* All live synapses now and then: edges/edges.t<step>.h5 and edges/series.json. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_snapshot_recorder_create(rw_recorder *recorder, rw_directory *directory,
                                                 const rw_simulation *sim);

/* Name of the snapshot of a step, relative to edges/. */
rw_path rw_snapshot_name(uint64_t step);

#endif
