/* JSON texts, read as JSON and nothing more. */
#ifndef RW_CONFIG_DOCUMENT_JSON_H
#define RW_CONFIG_DOCUMENT_JSON_H

#include "config/document.h"

/* Parses `length` bytes of JSON into a tree, with everything that rw_document_parse says. Numbers, true, false and null
 * stay the texts that they are, not quoted; escapes in strings are replaced by their characters.
 * Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_parse_json(const rw_node **root, rw_arena *arena, rw_diagnostics *diagnostics,
                                            const char *name, const char *text, size_t length);

#endif
