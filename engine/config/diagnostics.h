/* What is wrong with the user's input: collected, so that one run shows all of it. */
#ifndef RW_CONFIG_DIAGNOSTICS_H
#define RW_CONFIG_DIAGNOSTICS_H

#include "config/scenario.h"

/* Diagnostics kept; what comes after them is only counted. */
#define RW_DIAGNOSTICS_MAX 20

typedef struct {
    rw_mark mark;
    char path[192]; /* of the key, dotted; may be empty */
    char message[512];
} rw_diagnostic;

/* A text that diagnostics point into; marks name it by the pointer `file`. */
typedef struct rw_source {
    const char *file;
    const char *text;
    size_t length;
    const struct rw_source *next;
} rw_source;

/* Zeroed is empty. */
typedef struct {
    size_t count; /* found; the first RW_DIAGNOSTICS_MAX are kept */
    rw_diagnostic list[RW_DIAGNOSTICS_MAX];
    const rw_source *sources;
} rw_diagnostics;

/* Makes a text known, so that diagnostics in it show their line; all pointers must outlive the diagnostics. */
void rw_diagnostics_source(rw_diagnostics *diagnostics, rw_source *source);

/* Adds a diagnostic at a place, about the key at `path` (dotted; NULL or "" if there is none). */
void rw_diagnostics_add(rw_diagnostics *diagnostics, rw_mark mark, const char *path, const char *format, ...)
    RW_PRINTF(4, 5);

/* RW_OK if nothing was found. Otherwise RW_ERR_INPUT, whose message lists the diagnostics in the order of the text,
 * each as `file:line:column: path: message` above its source line and a caret. */
RW_MUST_CHECK rw_err rw_diagnostics_result(rw_diagnostics *diagnostics);

#endif
