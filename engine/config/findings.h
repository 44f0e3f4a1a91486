/* What is wrong with the user's input: collected, so that one run shows all of it. */
#ifndef RW_CONFIG_FINDINGS_H
#define RW_CONFIG_FINDINGS_H

#include "config/scenario.h"

/* Findings kept; what comes after them is only counted. */
#define RW_FINDINGS_MAX 20

typedef struct {
    rw_mark mark;
    char path[192]; /* of the key, dotted; may be empty */
    char message[512];
} rw_finding;

/* A text that findings point into; marks name it by the pointer `file`. */
typedef struct rw_source {
    const char *file;
    const char *text;
    size_t length;
    const struct rw_source *next;
} rw_source;

/* Zeroed is empty. */
typedef struct {
    size_t count; /* found; the first RW_FINDINGS_MAX are kept */
    rw_finding list[RW_FINDINGS_MAX];
    const rw_source *sources;
} rw_findings;

/* Makes a text known, so that findings in it show their line; all pointers must outlive the findings. */
void rw_findings_source(rw_findings *findings, rw_source *source);

/* Adds a finding at a place, about the key at `path` (dotted; NULL or "" if there is none). */
void rw_findings_add(rw_findings *findings, rw_mark mark, const char *path, const char *format, ...) RW_PRINTF(4, 5);

/* RW_OK if nothing was found. Otherwise RW_ERR_INPUT, whose message lists the findings in the order of the text, each
 * as `file:line:column: path: message` above its source line and a caret. */
RW_MUST_CHECK rw_err rw_findings_result(rw_findings *findings);

#endif
