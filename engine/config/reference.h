/* The reference of the scenario language, written from its tables. */
#ifndef RW_CONFIG_REFERENCE_H
#define RW_CONFIG_REFERENCE_H

#include <stdio.h>

#include "base/error.h"

/* Writes for a terminal what `path` is: a section or a map inside it ("time", "projections.connect") with its keys, or
 * one key ("time.step"); NULL: the list of sections. Names and places in a path are left out. Failures of the stream
 * stay in its error flag. Errors: RW_ERR_INPUT (there is no such key; says which there are). */
RW_MUST_CHECK rw_err rw_reference_print(FILE *out, const char *path);

/* Writes the whole reference as a page of Markdown. */
void rw_reference_write_markdown(FILE *out);

#endif
