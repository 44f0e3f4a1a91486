#include "config/overrides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    rw_arena *arena;
    rw_diagnostics *diagnostics;
    const char *file; /* its origin, a pointer of its own for every override */
    const char *key;  /* dotted path */
} override;

RW_PRINTF(3, 4) static void wrong(const override *o, size_t offset, const char *format, ...) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    rw_diagnostics_add(o->diagnostics, (rw_mark){o->file, 1, (uint32_t)offset + 1}, o->key, "%s", message);
}

static rw_err append(const override *o, rw_node **child, rw_node *map, const char *key, size_t offset) {
    RW_TRY(RW_ARENA_NEW(o->arena, *child, 1));
    **child = (rw_node){.kind = RW_NODE_MAP, .parent = map, .key = key, .index = (uint32_t)map->count++};
    (*child)->mark = (*child)->key_mark = (rw_mark){o->file, 1, (uint32_t)offset + 1};
    *(map->last != NULL ? &map->last->next : &map->first) = *child;
    map->last = *child;
    return RW_OK;
}

/* The item of a list by its place or its name, or NULL. */
static rw_node *find_item(const rw_node *list, const char *name) {
    bool is_place = name[strspn(name, "0123456789")] == '\0' && strlen(name) < 10;
    size_t place = is_place ? (size_t)strtoull(name, NULL, 10) : SIZE_MAX;
    for (rw_node *item = list->first; item != NULL; item = item->next) {
        const rw_node *own = rw_node_get(item, "name");
        if (item->index == place || (own != NULL && own->kind == RW_NODE_SCALAR && strcmp(own->text, name) == 0))
            return item;
    }
    return NULL;
}

/* The child of `at` that one segment of the path names; created in a map. *child is NULL after a diagnostic. */
static rw_err descend(const override *o, rw_node **child, rw_node *at, const char *segment, size_t offset) {
    *child = NULL;
    if (segment[0] == '\0') {
        wrong(o, offset, "an empty word in the path; write populations.NAME.count=VALUE");
        return RW_OK;
    }
    if (at->kind == RW_NODE_MAP) {
        *child = (rw_node *)rw_node_get(at, segment); /* the caller owns the tree */
        return *child != NULL ? RW_OK : append(o, child, at, segment, offset);
    }
    if (at->kind == RW_NODE_SCALAR) {
        wrong(o, offset, "\"%.60s\" stands here, which has no keys inside; set the whole of it", at->text);
        return RW_OK;
    }
    *child = find_item(at, segment);
    if (*child == NULL)
        wrong(o, offset, "the list has no item \"%.60s\": it has %zu, numbered from 0; or give an item's name", segment,
              at->count);
    return RW_OK;
}

/* Makes `node` what `value` is; the node keeps its place. */
static void replace(rw_node *node, const rw_node *value, rw_mark key_mark) {
    node->kind = value->kind;
    node->quoted = value->quoted;
    node->mark = value->mark;
    node->key_mark = key_mark;
    node->text = value->text;
    node->first = value->first;
    node->last = value->last;
    node->count = value->count;
    for (rw_node *child = node->first; child != NULL; child = child->next)
        child->parent = node;
}

static rw_err put(const override *o, rw_node *root, const rw_node *value) {
    char *path = NULL;
    size_t length = strlen(o->key);
    RW_TRY(rw_arena_allocate(o->arena, &path, length + 1, 1)); /* becomes the keys that are created */
    memcpy(path, o->key, length + 1);
    rw_node *at = root;
    size_t depth = 0, offset = 0;
    for (char *segment = path; at != NULL && segment != NULL;) {
        char *dot = strchr(segment, '.');
        if (dot != NULL)
            *dot = '\0';
        rw_node *child = NULL;
        if (++depth > RW_DOCUMENT_MAX_DEPTH)
            wrong(o, 0, "the path is longer than %d words", RW_DOCUMENT_MAX_DEPTH);
        else
            RW_TRY(descend(o, &child, at, segment, offset = (size_t)(segment - path)));
        at = child;
        segment = dot != NULL ? dot + 1 : NULL;
    }
    if (at != NULL)
        replace(at, value, (rw_mark){o->file, 1, (uint32_t)offset + 1});
    return RW_OK;
}

/* Reads the value behind blanks as wide as `key=`, so that columns fit the text that messages show. */
static rw_err apply(override *o, rw_node *root, const rw_override *given) {
    size_t key_length = strlen(given->key) + 1, value_length = strlen(given->value);
    char *shown = NULL, *padded = NULL;
    const char *file = NULL;
    rw_source *source = NULL;
    const rw_node *value = NULL;
    RW_TRY(rw_arena_string(o->arena, &file, given->origin != NULL ? given->origin : "--set"));
    RW_TRY(rw_arena_allocate(o->arena, &shown, key_length + value_length + 1, 1));
    RW_TRY(rw_arena_allocate(o->arena, &padded, key_length + value_length + 1, 1));
    RW_TRY(RW_ARENA_NEW(o->arena, source, 1));
    (void)snprintf(shown, key_length + value_length + 1, "%s=%s", given->key, given->value);
    memset(padded, ' ', key_length);
    memcpy(padded + key_length, given->value, value_length + 1);
    o->file = file;
    RW_TRY(rw_arena_string(o->arena, &o->key, given->key));
    size_t before = o->diagnostics->count;
    RW_TRY(rw_document_parse(&value, o->arena, o->diagnostics, file, padded, key_length + value_length));
    *source = (rw_source){file, shown, key_length + value_length, NULL};
    rw_diagnostics_source(o->diagnostics, source); /* newer than the padded text, so messages show this one */
    if (value != NULL && o->diagnostics->count == before)
        return put(o, root, value);
    return RW_OK;
}

rw_err rw_overrides_apply(const rw_node *root, rw_arena *arena, rw_diagnostics *diagnostics,
                          const rw_override *overrides, size_t n_overrides) {
    for (size_t k = 0; k < n_overrides; k++) {
        override o = {.arena = arena, .diagnostics = diagnostics};
        RW_TRY(apply(&o, (rw_node *)root, &overrides[k])); /* the caller owns the tree */
    }
    return RW_OK;
}
