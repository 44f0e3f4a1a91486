/* A YAML or JSON text as a tree of nodes that know where they stand.
 *
 * Scalars stay strings until they are read as a type, so `no`, `012` and `1e-3` hold no surprises. Anchors,
 * aliases, tags, several documents and duplicate keys are refused. */
#ifndef RW_CONFIG_DOCUMENT_H
#define RW_CONFIG_DOCUMENT_H

#include "config/node.h"

/* Limits on what is read. */
#define RW_DOCUMENT_MAX_BYTES ((size_t)16 << 20)
#define RW_DOCUMENT_MAX_NODES ((size_t)1 << 20)
#define RW_DOCUMENT_MAX_DEPTH 32

/* Parses `length` bytes of text into a tree owned by the arena. `name` stands for the file in messages; it and `text`
 * must live as long as the diagnostics. What is wrong with the text goes to `diagnostics`; *root is NULL if there is no
 * tree worth looking at. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_parse(const rw_node **root, rw_arena *arena, rw_diagnostics *diagnostics,
                                       const char *name, const char *text, size_t length);

/* Reads a whole file into the arena, zero-terminated. Errors: RW_ERR_SYSTEM (it cannot be read), RW_ERR_INPUT (it is
 * larger than RW_DOCUMENT_MAX_BYTES). */
RW_MUST_CHECK rw_err rw_document_load(const char **text, size_t *length, rw_arena *arena, const char *path);

/* Reads a file that this program has written, a map; JSON if its name ends in .json, otherwise YAML. Errors:
 * RW_ERR_SYSTEM (it cannot be read), RW_ERR_INPUT (it is damaged); what to do about it is for the caller to say. */
RW_MUST_CHECK rw_err rw_document_read(const rw_node **root, rw_arena *arena, const char *path);

#endif
