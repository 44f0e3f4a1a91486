/* The nodes of a document: what was written, and where. */
#ifndef RW_CONFIG_NODE_H
#define RW_CONFIG_NODE_H

#include "config/diagnostics.h"

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
