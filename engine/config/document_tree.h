/* Builds the tree of a document value by value, for the readers of YAML and of JSON. */
#ifndef RW_CONFIG_DOCUMENT_TREE_H
#define RW_CONFIG_DOCUMENT_TREE_H

#include "config/document.h"

/* A tree that grows. After something was wrong with the text, `gave_up` is set and a diagnostic says why. */
typedef struct {
    rw_arena *arena;
    rw_diagnostics *diagnostics;
    const char *name; /* of the file */
    const char *text; /* without a byte order mark */
    size_t length;    /* of the text */
    rw_node *slab;    /* nodes are small and many: they are allocated in slabs */
    size_t slab_left, n_nodes;
    const char *pending_key; /* of the innermost map, waits for its value */
    rw_mark pending_mark;
    rw_node *at; /* the open map or list; NULL: none */
    rw_node *root;
    bool gave_up;
} rw_document_tree;

/* Begins a tree for a text that rw_document_parse or rw_document_parse_json got, and checks that it is UTF-8.
 * Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_tree_begin(rw_document_tree *tree, rw_arena *arena, rw_diagnostics *diagnostics,
                                            const char *name, const char *text, size_t length);

/* Adds a diagnostic and stops. */
void rw_document_tree_give_up(rw_document_tree *tree, rw_mark mark, const char *format, ...) RW_PRINTF(3, 4);

/* Adds a text of `length` bytes: the key, if a map waits for one, else a value. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_tree_add(rw_document_tree *tree, const char *text, size_t length, bool quoted,
                                          rw_mark mark);

/* Opens a map or a list. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_tree_open(rw_document_tree *tree, rw_node_kind kind, rw_mark mark);

/* Closes the innermost map or list; keys that a map has twice become diagnostics. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_document_tree_close(rw_document_tree *tree);

/* The finished tree, or NULL if it was given up or the text is empty. */
const rw_node *rw_document_tree_finish(rw_document_tree *tree);

#endif
