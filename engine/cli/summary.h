/* The summary of a finished run, for people and for programs. */
#ifndef RW_CLI_SUMMARY_H
#define RW_CLI_SUMMARY_H

#include "cli/performance.h"

typedef struct {
    const char *directory;
    const rw_simulation *sim;
    int n_threads;
    const rw_performance *performance; /* NULL: not asked for */
    double build_s;
    double wall_s;  /* of the simulation: without reading, building and closing files */
    rw_err outcome; /* not RW_OK: this thread's error message says why */
} rw_summary;

/* Prints, on rank 0, where the results are, what happened, how long each part took, and how to look at the results.
 * Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_summary_print(const rw_summary *summary);

/* Prints the same facts as one JSON object. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_summary_json(const rw_summary *summary);

#endif
