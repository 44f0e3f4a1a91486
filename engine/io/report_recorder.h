/* reports/<name>.h5: variables of some cells over time, in SONATA form. */
#ifndef RW_IO_REPORT_RECORDER_H
#define RW_IO_REPORT_RECORDER_H

#include "io/recorder.h"

/* One variable of some neurons: reports/<name>.h5, for report number `index`. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_report_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim,
                                               size_t index);

#endif
