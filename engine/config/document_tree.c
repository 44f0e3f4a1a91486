#include "config/document_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void rw_document_tree_give_up(rw_document_tree *tree, rw_mark mark, const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    rw_diagnostics_add(tree->diagnostics, mark, NULL, "%s", message);
    tree->gave_up = true;
}

/* ---- the text ---- */

/* Control characters that text does not have. */
static bool is_control(char byte) {
    unsigned char code = (unsigned char)byte;
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7F;
}

/* Finds the first byte that is not text. */
static void check_text(rw_document_tree *tree) {
    uint32_t line = 1, column = 1;
    for (size_t k = 0; k < tree->length && !tree->gave_up;) {
        const char *at = tree->text + k;
        size_t step = is_control(*at) ? 0 : rw_utf8_length(at, tree->length - k);
        if (step == 0)
            rw_document_tree_give_up(tree, (rw_mark){tree->name, line, column},
                                     "byte 0x%02x is not UTF-8 text; is this the right file, and saved as UTF-8?",
                                     (unsigned char)*at);
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
        k += step;
    }
}

rw_err rw_document_tree_begin(rw_document_tree *tree, rw_arena *arena, rw_diagnostics *diagnostics, const char *name,
                              const char *text, size_t length) {
    size_t skipped = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* byte order mark */
    *tree = (rw_document_tree){
        .arena = arena, .diagnostics = diagnostics, .name = name, .text = text + skipped, .length = length - skipped};
    check_text(tree);
    if (tree->gave_up)
        return RW_OK;
    rw_source *source = NULL;
    RW_TRY(RW_ARENA_NEW(arena, source, 1));
    *source = (rw_source){name, tree->text, tree->length, NULL};
    rw_diagnostics_source(diagnostics, source);
    return RW_OK;
}

/* ---- values ---- */

static bool waits_for_key(const rw_document_tree *tree) {
    return tree->at != NULL && tree->at->kind == RW_NODE_MAP && tree->pending_key == NULL;
}

/* Adds a node of `kind` to the open collection; *node is NULL if the limit is reached. */
static rw_err add_node(rw_document_tree *tree, rw_node **node, rw_node_kind kind, rw_mark mark) {
    enum { SLAB = 64 };
    *node = NULL;
    if (++tree->n_nodes > RW_DOCUMENT_MAX_NODES) {
        rw_document_tree_give_up(tree, mark,
                                 "more than %zu values in one file; put long tables into a file of their own",
                                 RW_DOCUMENT_MAX_NODES);
        return RW_OK;
    }
    if (tree->slab_left == 0) {
        RW_TRY(RW_ARENA_NEW(tree->arena, tree->slab, SLAB));
        tree->slab_left = SLAB;
    }
    rw_node *added = tree->slab++, *parent = tree->at;
    tree->slab_left--;
    added->kind = kind;
    added->mark = mark;
    added->parent = parent;
    if (parent != NULL) {
        added->key = tree->pending_key;
        added->key_mark = tree->pending_mark;
        added->index = (uint32_t)parent->count++;
        *(parent->last != NULL ? &parent->last->next : &parent->first) = added;
        parent->last = added;
    } else {
        tree->root = added;
    }
    tree->pending_key = NULL;
    tree->pending_mark = (rw_mark){0};
    *node = added;
    return RW_OK;
}

/* A copy of a text that ends in zero. */
static rw_err copy_text(rw_arena *arena, const char *text, size_t length, const char **copy) {
    char *bytes = NULL;
    RW_TRY(RW_ARENA_NEW(arena, bytes, length + 1));
    if (length > 0)
        memcpy(bytes, text, length);
    *copy = bytes;
    return RW_OK;
}

rw_err rw_document_tree_add(rw_document_tree *tree, const char *text, size_t length, bool quoted, rw_mark mark) {
    if (length > 0 && memchr(text, '\0', length) != NULL) {
        rw_document_tree_give_up(tree, mark, "a NUL character inside text");
        return RW_OK;
    }
    if (waits_for_key(tree)) {
        tree->pending_mark = mark;
        return copy_text(tree->arena, text, length, &tree->pending_key);
    }
    rw_node *node;
    RW_TRY(add_node(tree, &node, RW_NODE_SCALAR, mark));
    if (node == NULL)
        return RW_OK;
    node->quoted = quoted;
    return copy_text(tree->arena, text, length, &node->text);
}

rw_err rw_document_tree_open(rw_document_tree *tree, rw_node_kind kind, rw_mark mark) {
    size_t depth = 1;
    for (const rw_node *above = tree->at; above != NULL; above = above->parent)
        depth++;
    if (depth > RW_DOCUMENT_MAX_DEPTH) {
        rw_document_tree_give_up(tree, mark, "more than %d levels of maps and lists inside each other",
                                 RW_DOCUMENT_MAX_DEPTH);
        return RW_OK;
    }
    if (waits_for_key(tree)) {
        rw_document_tree_give_up(tree, mark, "a key must be a word, not %s", kind == RW_NODE_MAP ? "a map" : "a list");
        return RW_OK;
    }
    rw_node *node;
    RW_TRY(add_node(tree, &node, kind, mark));
    if (node != NULL)
        tree->at = node;
    return RW_OK;
}

static int by_key_then_index(const void *left, const void *right) {
    const rw_node *a = *(rw_node *const *)left, *b = *(rw_node *const *)right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Reports keys that a finished map has twice. */
static rw_err refuse_duplicates(rw_document_tree *tree, const rw_node *map) {
    if (map->kind != RW_NODE_MAP || map->count < 2)
        return RW_OK;
    rw_node **sorted = NULL;
    RW_TRY(RW_NEW(sorted, map->count, "keys"));
    size_t n = 0;
    for (rw_node *child = map->first; child != NULL; child = child->next)
        sorted[n++] = child;
    qsort(sorted, n, sizeof *sorted, by_key_then_index);
    for (size_t k = 1; k < n; k++) {
        if (strcmp(sorted[k]->key, sorted[k - 1]->key) == 0)
            rw_node_key_wrong(tree->diagnostics, sorted[k],
                              "this key is here twice, first in line %u; keep one of them",
                              sorted[k - 1]->key_mark.line);
    }
    rw_free(sorted);
    return RW_OK;
}

rw_err rw_document_tree_close(rw_document_tree *tree) {
    RW_ASSERT(tree->at != NULL);
    RW_TRY(refuse_duplicates(tree, tree->at));
    tree->at = tree->at->parent;
    return RW_OK;
}

const rw_node *rw_document_tree_finish(rw_document_tree *tree) {
    if (!tree->gave_up && tree->root == NULL)
        rw_diagnostics_add(tree->diagnostics, (rw_mark){tree->name, 0, 0}, "", "the file is empty");
    return tree->gave_up ? NULL : tree->root;
}
