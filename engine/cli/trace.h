/* A trace of the threads' phases in the Chrome trace event format, which https://ui.perfetto.dev opens. */
#ifndef RW_CLI_TRACE_H
#define RW_CLI_TRACE_H

#include "sim/simulation.h"

/* Spans that are kept of each thread: about a thousand blocks. */
#define RW_TRACE_SPANS 4096

/* Writes what rw_simulation_keep_trace kept: the last RW_TRACE_SPANS spans of each thread, as complete events ("X") of
 * process 0, times in us from the first of them. Errors: RW_ERR_SYSTEM (the file cannot be written). */
RW_MUST_CHECK rw_err rw_trace_write(const char *path, const rw_simulation *sim);

#endif
