#include "config/document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/utf8.h"

/* Parsing: libyaml's events become nodes. */
typedef struct {
    yaml_parser_t parser;
    rw_arena *arena;
    rw_diagnostics *diagnostics;
    const char *name;
    rw_node *slab; /* nodes are small and many: they are allocated in slabs */
    size_t slab_left, n_nodes;
    const char *pending_key; /* of the innermost map, waits for its value */
    rw_mark pending_mark;
    bool gave_up; /* a diagnostic says why */
} reader;

static rw_mark mark_of(const reader *r, yaml_mark_t mark) {
    return (rw_mark){r->name, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

RW_PRINTF(3, 4) static void give_up(reader *r, rw_mark mark, const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    rw_diagnostics_add(r->diagnostics, mark, NULL, "%s", message);
    r->gave_up = true;
}

/* Adds a node of `kind` below `parent` (NULL: the root). */
static rw_err add_node(reader *r, rw_node **node, rw_node *parent, rw_node_kind kind, rw_mark mark) {
    enum { SLAB = 64 };
    *node = NULL;
    if (++r->n_nodes > RW_DOCUMENT_MAX_NODES) {
        give_up(r, mark, "more than %zu values in one file; put long tables into a file of their own",
                RW_DOCUMENT_MAX_NODES);
        return RW_OK;
    }
    if (r->slab_left == 0) {
        RW_TRY(RW_ARENA_NEW(r->arena, r->slab, SLAB));
        r->slab_left = SLAB;
    }
    rw_node *added = r->slab++;
    r->slab_left--;
    added->kind = kind;
    added->mark = mark;
    added->parent = parent;
    if (parent != NULL) {
        added->key = r->pending_key;
        added->key_mark = r->pending_mark;
        added->index = (uint32_t)parent->count++;
        *(parent->last != NULL ? &parent->last->next : &parent->first) = added;
        parent->last = added;
    }
    r->pending_key = NULL;
    r->pending_mark = (rw_mark){0};
    *node = added;
    return RW_OK;
}

/* A scalar is a key if a map waits for one, else a value. */
static rw_err take_scalar(reader *r, rw_node *parent, const yaml_event_t *event, rw_node **root) {
    const char *text = (const char *)event->data.scalar.value;
    rw_mark mark = mark_of(r, event->start_mark);
    if (strlen(text) != event->data.scalar.length) {
        give_up(r, mark, "a NUL character inside text");
        return RW_OK;
    }
    if (parent != NULL && parent->kind == RW_NODE_MAP && r->pending_key == NULL) {
        r->pending_mark = mark;
        return rw_arena_string(r->arena, &r->pending_key, text);
    }
    rw_node *node;
    RW_TRY(add_node(r, &node, parent, RW_NODE_SCALAR, mark));
    if (node == NULL)
        return RW_OK;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (parent == NULL)
        *root = node;
    return rw_arena_string(r->arena, &node->text, text);
}

static rw_err open_collection(reader *r, rw_node **at, rw_node_kind kind, const yaml_event_t *event, rw_node **root) {
    rw_node *parent = *at;
    rw_mark mark = mark_of(r, event->start_mark);
    size_t depth = 1;
    for (const rw_node *above = parent; above != NULL; above = above->parent)
        depth++;
    if (depth > RW_DOCUMENT_MAX_DEPTH) {
        give_up(r, mark, "more than %d levels of maps and lists inside each other", RW_DOCUMENT_MAX_DEPTH);
        return RW_OK;
    }
    if (parent != NULL && parent->kind == RW_NODE_MAP && r->pending_key == NULL) {
        give_up(r, mark, "a key must be a word, not %s", kind == RW_NODE_MAP ? "a map" : "a list");
        return RW_OK;
    }
    rw_node *node;
    RW_TRY(add_node(r, &node, parent, kind, mark));
    if (node != NULL && parent == NULL)
        *root = node;
    *at = node;
    return RW_OK;
}

static int by_key_then_index(const void *left, const void *right) {
    const rw_node *a = *(rw_node *const *)left, *b = *(rw_node *const *)right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Reports keys that a finished map has twice. */
static rw_err refuse_duplicates(reader *r, const rw_node *map) {
    if (map->count < 2)
        return RW_OK;
    rw_node **sorted = NULL;
    RW_TRY(RW_NEW(sorted, map->count, "keys"));
    size_t n = 0;
    for (rw_node *child = map->first; child != NULL; child = child->next)
        sorted[n++] = child;
    qsort(sorted, n, sizeof *sorted, by_key_then_index);
    for (size_t k = 1; k < n; k++) {
        if (strcmp(sorted[k]->key, sorted[k - 1]->key) == 0)
            rw_node_key_wrong(r->diagnostics, sorted[k], "this key is here twice, first in line %u; keep one of them",
                              sorted[k - 1]->key_mark.line);
    }
    rw_free(sorted);
    return RW_OK;
}

/* Refuses what this subset of YAML does not have. */
static void refuse_extras(reader *r, const yaml_event_t *event, bool had_document) {
    rw_mark mark = mark_of(r, event->start_mark);
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (event->type == YAML_ALIAS_EVENT)
        give_up(r, mark, "aliases (*%s) are not allowed; write the value out", event->data.alias.anchor);
    else if (anchor != NULL)
        give_up(r, mark, "anchors (&%s) are not allowed; write the value out", anchor);
    else if (tag != NULL)
        give_up(r, mark, "tags (%s) are not allowed; remove it", tag);
    else if (event->type == YAML_DOCUMENT_START_EVENT && had_document)
        give_up(r, mark, "a second document begins here; one file is one document");
}

/* Builds the tree from one event; *at is the open collection. */
static rw_err take_event(reader *r, const yaml_event_t *event, rw_node **at, rw_node **root) {
    refuse_extras(r, event, *root != NULL);
    if (r->gave_up)
        return RW_OK;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return take_scalar(r, *at, event, root);
    case YAML_MAPPING_START_EVENT:
        return open_collection(r, at, RW_NODE_MAP, event, root);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(r, at, RW_NODE_LIST, event, root);
    case YAML_MAPPING_END_EVENT:
        RW_ASSERT(*at != NULL);
        RW_TRY(refuse_duplicates(r, *at));
        *at = (*at)->parent;
        return RW_OK;
    case YAML_SEQUENCE_END_EVENT:
        RW_ASSERT(*at != NULL);
        *at = (*at)->parent;
        return RW_OK;
    default:
        return RW_OK;
    }
}

static void report_syntax(reader *r) {
    const yaml_parser_t *parser = &r->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "not enough memory";
    bool odd_character = strstr(problem, "cannot start any token") != NULL;
    rw_mark mark = mark_of(r, parser->problem_mark);
    if (odd_character)
        give_up(r, mark,
                "nothing can begin with this character; indent with spaces, not tabs, and put odd text in quotes");
    else if (parser->context != NULL)
        give_up(r, mark, "this is not YAML: %s, %s that begins in line %zu", problem, parser->context,
                parser->context_mark.line + 1);
    else
        give_up(r, mark, "this is not YAML: %s", problem);
}

static rw_err read_events(reader *r, rw_node **root) {
    rw_node *at = NULL;
    bool done = false;
    while (!done && !r->gave_up) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_syntax(r);
            return RW_OK;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        rw_err err = take_event(r, &event, &at, root);
        yaml_event_delete(&event);
        RW_TRY(err);
    }
    return RW_OK;
}

/* Control characters that text does not have. */
static bool is_control(char byte) {
    unsigned char code = (unsigned char)byte;
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7F;
}

/* Finds the first byte that is not text. */
static bool is_text(reader *r, const char *text, size_t length) {
    uint32_t line = 1, column = 1;
    for (size_t k = 0; k < length;) {
        size_t step = is_control(text[k]) ? 0 : rw_utf8_length(text + k, length - k);
        if (step == 0) {
            give_up(r, (rw_mark){r->name, line, column},
                    "byte 0x%02x is not UTF-8 text; is this the right file, and saved as UTF-8?",
                    (unsigned char)text[k]);
            return false;
        }
        column = text[k] == '\n' ? 1 : column + 1;
        line += text[k] == '\n';
        k += step;
    }
    return true;
}

rw_err rw_document_parse(const rw_node **root, rw_arena *arena, rw_diagnostics *diagnostics, const char *name,
                         const char *text, size_t length) {
    *root = NULL;
    reader r = {.arena = arena, .diagnostics = diagnostics, .name = name};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* byte order mark */
        text += 3;
        length -= 3;
    }
    if (!is_text(&r, text, length))
        return RW_OK;
    rw_source *source = NULL;
    RW_TRY(RW_ARENA_NEW(arena, source, 1));
    *source = (rw_source){name, text, length, NULL};
    rw_diagnostics_source(diagnostics, source);
    RW_CHECK(yaml_parser_initialize(&r.parser), RW_ERR_SYSTEM, "%s: not enough memory to read it", name);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    rw_node *tree = NULL;
    rw_err err = read_events(&r, &tree);
    yaml_parser_delete(&r.parser);
    RW_TRY(err);
    if (!r.gave_up && tree == NULL)
        rw_diagnostics_add(diagnostics, (rw_mark){name, 0, 0}, "", "the file is empty");
    *root = r.gave_up ? NULL : tree;
    return RW_OK;
}

/* Reads the rest of a file into bytes [*used], which grows. */
static rw_err read_bytes(FILE *file, const char *path, char **bytes, size_t *used) {
    size_t capacity = 0;
    while (!feof(file) && !ferror(file) && *used <= RW_DOCUMENT_MAX_BYTES) {
        if (*used == capacity) {
            size_t more = capacity == 0 ? 65536 : 2 * capacity;
            RW_TRY(RW_GROW(*bytes, capacity, more, path));
            capacity = more;
        }
        *used += fread(*bytes + *used, 1, capacity - *used, file);
    }
    RW_CHECK(!ferror(file), RW_ERR_SYSTEM, "%s: cannot be read: %s", path, strerror(errno));
    RW_CHECK(*used <= RW_DOCUMENT_MAX_BYTES, RW_ERR_INPUT, "%s: larger than %zu MiB; is this the right file?", path,
             RW_DOCUMENT_MAX_BYTES >> 20);
    return RW_OK;
}

rw_err rw_document_load(const char **text, size_t *length, rw_arena *arena, const char *path) {
    char *bytes = NULL, *copy = NULL;
    size_t used = 0;
    FILE *file = fopen(path, "rb");
    RW_CHECK(file != NULL, RW_ERR_SYSTEM, "%s: cannot be opened: %s", path, strerror(errno));
    rw_err err = read_bytes(file, path, &bytes, &used);
    if (err == RW_OK)
        err = rw_arena_allocate(arena, &copy, used + 1, 1);
    if (err == RW_OK) {
        if (used > 0)
            memcpy(copy, bytes, used);
        *text = copy;
        *length = used;
    }
    rw_free(bytes);
    (void)fclose(file); /* it was only read */
    return err;
}

rw_err rw_document_read(const rw_node **root, rw_arena *arena, const char *path) {
    const char *text = NULL, *name = NULL;
    size_t length = 0;
    rw_diagnostics *diagnostics = NULL;
    RW_TRY(rw_document_load(&text, &length, arena, path));
    RW_TRY(rw_arena_string(arena, &name, path));
    RW_TRY(RW_ARENA_NEW(arena, diagnostics, 1));
    RW_TRY(rw_document_parse(root, arena, diagnostics, name, text, length));
    RW_TRY(rw_diagnostics_result(diagnostics));
    RW_CHECK(*root != NULL && (*root)->kind == RW_NODE_MAP, RW_ERR_INPUT, "%s: holds no JSON object", path);
    return RW_OK;
}

const rw_node *rw_node_get(const rw_node *map, const char *key) {
    if (map == NULL || map->kind != RW_NODE_MAP)
        return NULL;
    const rw_node *child = map->first;
    while (child != NULL && strcmp(child->key, key) != 0)
        child = child->next;
    return child;
}

bool rw_node_is_null(const rw_node *node) {
    return node->kind == RW_NODE_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const char *rw_node_path(const rw_node *node, char *path, size_t size) {
    path[0] = '\0';
    if (node->parent == NULL)
        return path;
    (void)rw_node_path(node->parent, path, size);
    size_t used = strlen(path);
    const char *dot = used > 0 ? "." : "";
    if (node->key != NULL)
        (void)snprintf(path + used, size - used, "%s%s", dot, node->key);
    else
        (void)snprintf(path + used, size - used, "%s%u", dot, node->index);
    return path;
}

const char *rw_node_kind_name(const rw_node *node) {
    return node->kind == RW_NODE_MAP ? "a map" : node->kind == RW_NODE_LIST ? "a list" : "text";
}

static void add_wrong(rw_diagnostics *diagnostics, const rw_node *node, rw_mark mark, const char *format,
                      va_list arguments) {
    char path[192], message[512];
    (void)vsnprintf(message, sizeof message, format, arguments);
    rw_diagnostics_add(diagnostics, mark, rw_node_path(node, path, sizeof path), "%s", message);
}

void rw_node_wrong(rw_diagnostics *diagnostics, const rw_node *node, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_wrong(diagnostics, node, node->mark, format, arguments);
    va_end(arguments);
}

void rw_node_key_wrong(rw_diagnostics *diagnostics, const rw_node *node, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_wrong(diagnostics, node, node->key != NULL ? node->key_mark : node->mark, format, arguments);
    va_end(arguments);
}
