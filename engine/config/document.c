#include "config/document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/remedy.h"
#include "config/document_json.h"
#include "config/document_tree.h"

/* Parsing: libyaml's events become nodes. */
typedef struct {
    yaml_parser_t parser;
    rw_document_tree tree;
} reader;

static rw_mark mark_of(const reader *r, yaml_mark_t mark) {
    return (rw_mark){r->tree.name, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
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
        rw_document_tree_give_up(&r->tree, mark, "aliases (*%s) are not allowed; write the value out",
                                 event->data.alias.anchor);
    else if (anchor != NULL)
        rw_document_tree_give_up(&r->tree, mark, "anchors (&%s) are not allowed; write the value out", anchor);
    else if (tag != NULL)
        rw_document_tree_give_up(&r->tree, mark, "tags (%s) are not allowed; remove it", tag);
    else if (event->type == YAML_DOCUMENT_START_EVENT && had_document)
        rw_document_tree_give_up(&r->tree, mark, "a second document begins here; one file is one document");
}

/* Adds to the tree what one event says. */
static rw_err take_event(reader *r, const yaml_event_t *event) {
    rw_document_tree *tree = &r->tree;
    rw_mark mark = mark_of(r, event->start_mark);
    refuse_extras(r, event, tree->root != NULL);
    if (tree->gave_up)
        return RW_OK;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return rw_document_tree_add(tree, (const char *)event->data.scalar.value, event->data.scalar.length,
                                    event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE, mark);
    case YAML_MAPPING_START_EVENT:
        return rw_document_tree_open(tree, RW_NODE_MAP, mark);
    case YAML_SEQUENCE_START_EVENT:
        return rw_document_tree_open(tree, RW_NODE_LIST, mark);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return rw_document_tree_close(tree);
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
        rw_document_tree_give_up(
            &r->tree, mark,
            "nothing can begin with this character; indent with spaces, not tabs, and put odd text in quotes");
    else if (parser->context != NULL)
        rw_document_tree_give_up(&r->tree, mark, "this is not YAML: %s, %s that begins in line %zu", problem,
                                 parser->context, parser->context_mark.line + 1);
    else
        rw_document_tree_give_up(&r->tree, mark, "this is not YAML: %s", problem);
}

static rw_err read_events(reader *r) {
    bool done = false;
    while (!done && !r->tree.gave_up) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            report_syntax(r);
            return RW_OK;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        rw_err err = take_event(r, &event);
        yaml_event_delete(&event);
        RW_TRY(err);
    }
    return RW_OK;
}

rw_err rw_document_parse(const rw_node **root, rw_arena *arena, rw_diagnostics *diagnostics, const char *name,
                         const char *text, size_t length) {
    *root = NULL;
    reader r;
    RW_TRY(rw_document_tree_begin(&r.tree, arena, diagnostics, name, text, length));
    if (r.tree.gave_up)
        return RW_OK;
    RW_CHECK(yaml_parser_initialize(&r.parser), RW_ERR_SYSTEM, "%s: not enough memory to read it; close other programs",
             name);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.tree.text, r.tree.length);
    rw_err err = read_events(&r);
    yaml_parser_delete(&r.parser);
    RW_TRY(err);
    *root = rw_document_tree_finish(&r.tree);
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
    RW_CHECK(!ferror(file), RW_ERR_SYSTEM, "%s: cannot be read: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
    RW_CHECK(*used <= RW_DOCUMENT_MAX_BYTES, RW_ERR_INPUT, "%s: larger than %zu MiB; is this the right file?", path,
             RW_DOCUMENT_MAX_BYTES >> 20);
    return RW_OK;
}

rw_err rw_document_load(const char **text, size_t *length, rw_arena *arena, const char *path) {
    char *bytes = NULL, *copy = NULL;
    size_t used = 0;
    FILE *file = fopen(path, "rb");
    RW_CHECK(file != NULL, RW_ERR_SYSTEM, "%s: cannot be opened: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
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
    bool is_json = strlen(path) > 5 && strcmp(path + strlen(path) - 5, ".json") == 0;
    RW_TRY((is_json ? rw_document_parse_json : rw_document_parse)(root, arena, diagnostics, name, text, length));
    RW_TRY(rw_diagnostics_result(diagnostics));
    RW_CHECK(*root != NULL && (*root)->kind == RW_NODE_MAP, RW_ERR_INPUT, "%s: holds no JSON object", path);
    return RW_OK;
}
