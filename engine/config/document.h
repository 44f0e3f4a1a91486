/* A YAML or JSON text as a tree of nodes that know where they stand.
 *
 * Scalars stay strings until they are read as a type, so `no`, `012` and `1e-3` hold no surprises. Anchors,
 * aliases, tags, several documents and duplicate keys are refused. */
#ifndef RW_CONFIG_DOCUMENT_H
#define RW_CONFIG_DOCUMENT_H

#include "config/diagnostics.h"

/* Limits on what is read. */
#define RW_DOCUMENT_MAX_BYTES ((size_t)16 << 20)
#define RW_DOCUMENT_MAX_NODES ((size_t)1 << 20)
#define RW_DOCUMENT_MAX_DEPTH 32

typedef enum { RW_NODE_SCALAR, RW_NODE_MAP, RW_NODE_LIST } rw_node_kind;

/* A scalar, a map or a list. Maps and lists chain their children in the order of the text. */
typedef struct rw_node {
    rw_node_kind kind;
    bool quoted;      /* scalar in quotes, or a block of text */
    uint32_t index;   /* place among the siblings, from 0 */
    rw_mark mark;     /* where the value begins */
    rw_mark key_mark; /* where its key begins; children of maps only */
    const char *text; /* scalar: UTF-8 without control characters except tab and newline */
    const char *key;  /* children of maps only, otherwise NULL */
    struct rw_node *parent, *next, *first, *last;
    size_t count; /* children */
} rw_node;

/* Parses `length` bytes of text into a tree owned by the arena. `name` stands for the file in messages; it and `text`
 * must live as long as the diagnostics. What is wrong with the text goes to `diagnostics`; *root is NULL if there is no
 * tree worth looking at. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_parse(const rw_node **root, rw_arena *arena, rw_diagnostics *diagnostics,
                                       const char *name, const char *text, size_t length);

/* Reads a whole file into the arena, zero-terminated. Errors: RW_ERR_SYSTEM (it cannot be read), RW_ERR_INPUT (it is
 * larger than RW_DOCUMENT_MAX_BYTES). */
RW_MUST_CHECK rw_err rw_document_load(const char **text, size_t *length, rw_arena *arena, const char *path);

/* Reads a file that this program has written, a map. Errors: RW_ERR_SYSTEM (it cannot be read), RW_ERR_INPUT (it is
 * damaged); what to do about it is for the caller to say. */
RW_MUST_CHECK rw_err rw_document_read(const rw_node **root, rw_arena *arena, const char *path);

/* The child of a map under `key`, or NULL; NULL also if `map` is NULL or no map. */
const rw_node *rw_node_get(const rw_node *map, const char *key);

/* Whether a node is a scalar without a value: empty, ~ or null, not in quotes. */
bool rw_node_is_null(const rw_node *node);

/* Writes the dotted path of a node (populations.pyr.count, projections.0.weight) and returns `path`. */
const char *rw_node_path(const rw_node *node, char *path, size_t size);

/* "text", "a map" or "a list": what a node is, for messages. */
const char *rw_node_kind_name(const rw_node *node);

/* Adds a diagnostic at a node's value. */
void rw_node_wrong(rw_diagnostics *diagnostics, const rw_node *node, const char *format, ...) RW_PRINTF(3, 4);

/* Adds a diagnostic at a node's key (at its value if it has none). */
void rw_node_key_wrong(rw_diagnostics *diagnostics, const rw_node *node, const char *format, ...) RW_PRINTF(3, 4);

#endif
