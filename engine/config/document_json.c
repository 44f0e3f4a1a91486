#include "config/document_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "config/document_tree.h"

/* YAJL calls back for every value; it says how far it has read, from which follows where the value begins. */
typedef struct {
    rw_document_tree tree;
    yajl_handle parser;
    size_t previous_end; /* of the last value or bracket */
    size_t at;           /* what `line` and `column` are of */
    uint32_t line, column;
    rw_err err;
} reader;

enum { CANCEL = 0, CONTINUE = 1 }; /* what YAJL wants to be told */

/* Moves the place forward to a byte. */
static rw_mark move_to(reader *r, size_t offset) {
    for (; r->at < offset; r->at++) {
        unsigned char byte = (unsigned char)r->tree.text[r->at];
        r->line += byte == '\n';
        r->column = byte == '\n' ? 1 : r->column + ((byte & 0xC0u) != 0x80u); /* characters, not bytes */
    }
    return (rw_mark){r->tree.name, r->line, r->column};
}

/* Where the value begins that YAJL has just read; sets *start to its first byte and *end behind its last one. */
static rw_mark locate(reader *r, size_t *start, size_t *end) {
    *end = yajl_get_bytes_consumed(r->parser);
    *start = r->previous_end;
    while (*start + 1 < *end && strchr(" \t\r\n,:", r->tree.text[*start]) != NULL)
        ++*start;
    r->previous_end = *end;
    return move_to(r, *start);
}

static int carry_on(reader *r, rw_err err) {
    r->err = err;
    return err == RW_OK && !r->tree.gave_up ? CONTINUE : CANCEL;
}

/* ---- strings ---- */

/* The number of an escape \uXXXX, whose digits YAJL has checked; 0 if there is none at `at`. */
static unsigned long escape_at(const char *at, const char *end) {
    char digits[5] = "";
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return 0;
    memcpy(digits, at + 2, 4);
    return strtoul(digits, NULL, 16);
}

/* Whether a string escapes half a character: code points beyond U+FFFF take two escapes, a high and a low surrogate. */
static bool has_half_character(const char *at, const char *end) {
    while (at < end) {
        unsigned long code = escape_at(at, end);
        bool high = code >= 0xD800 && code < 0xDC00, low = code >= 0xDC00 && code < 0xE000;
        if (low)
            return true;
        if (high) {
            unsigned long second = escape_at(at + 6, end);
            if (second < 0xDC00 || second >= 0xE000)
                return true;
        }
        at += high ? 12 : *at == '\\' ? 2 : 1;
    }
    return false;
}

static int on_string(void *context, const unsigned char *text, size_t length) {
    reader *r = context;
    size_t start, end;
    rw_mark mark = locate(r, &start, &end);
    if (has_half_character(r->tree.text + start, r->tree.text + end)) {
        rw_document_tree_give_up(&r->tree, mark,
                                 "a surrogate escape (\\ud800 to \\udfff) stands alone; it is half a "
                                 "character");
        return CANCEL;
    }
    return carry_on(r, rw_document_tree_add(&r->tree, (const char *)text, length, true, mark));
}

/* ---- other values ---- */

static int add_plain(reader *r, const char *text, size_t length) {
    size_t start, end;
    rw_mark mark = locate(r, &start, &end);
    return carry_on(r, rw_document_tree_add(&r->tree, text, length, false, mark));
}

static int on_number(void *context, const char *text, size_t length) {
    return add_plain(context, text, length);
}

static int on_null(void *context) {
    return add_plain(context, "null", 4);
}

static int on_truth(void *context, int value) {
    return value ? add_plain(context, "true", 4) : add_plain(context, "false", 5);
}

static int open_kind(reader *r, rw_node_kind kind) {
    size_t start, end;
    rw_mark mark = locate(r, &start, &end);
    return carry_on(r, rw_document_tree_open(&r->tree, kind, mark));
}

static int on_open_map(void *context) {
    return open_kind(context, RW_NODE_MAP);
}

static int on_open_list(void *context) {
    return open_kind(context, RW_NODE_LIST);
}

static int on_close(void *context) {
    reader *r = context;
    size_t start, end;
    (void)locate(r, &start, &end);
    return carry_on(r, rw_document_tree_close(&r->tree));
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                         .yajl_boolean = on_truth,
                                         .yajl_number = on_number,
                                         .yajl_string = on_string,
                                         .yajl_start_map = on_open_map,
                                         .yajl_map_key = on_string,
                                         .yajl_end_map = on_close,
                                         .yajl_start_array = on_open_list,
                                         .yajl_end_array = on_close};

/* ---- the text ---- */

/* Says where the text is no JSON, in YAJL's words. */
static void report_syntax(reader *r, size_t at) {
    unsigned char *text = yajl_get_error(r->parser, 0, NULL, 0);
    const char *problem = text != NULL ? (const char *)text : "not enough memory";
    rw_document_tree_give_up(&r->tree, move_to(r, at), "this is not JSON: %.*s", (int)strcspn(problem, "\n"), problem);
    if (text != NULL)
        yajl_free_error(r->parser, text);
}

static void parse(reader *r) {
    yajl_status status = yajl_parse(r->parser, (const unsigned char *)r->tree.text, r->tree.length);
    size_t read = yajl_get_bytes_consumed(r->parser);
    size_t at = read > r->previous_end ? read - 1 : read;
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(r->parser);
        at = r->tree.length;
    }
    if (status != yajl_status_ok && r->err == RW_OK && !r->tree.gave_up)
        report_syntax(r, at);
}

static bool is_blank(const char *text, size_t length) {
    size_t k = 0;
    while (k < length && strchr(" \t\r\n", text[k]) != NULL && text[k] != '\0')
        k++;
    return k == length;
}

rw_err rw_document_parse_json(const rw_node **root, rw_arena *arena, rw_diagnostics *diagnostics, const char *name,
                              const char *text, size_t length) {
    *root = NULL;
    reader r = {.line = 1, .column = 1};
    RW_TRY(rw_document_tree_begin(&r.tree, arena, diagnostics, name, text, length));
    if (r.tree.gave_up)
        return RW_OK;
    if (!is_blank(r.tree.text, r.tree.length)) {
        r.parser = yajl_alloc(&callbacks, NULL, &r);
        RW_CHECK(r.parser != NULL, RW_ERR_SYSTEM, "%s: not enough memory to read it", name);
        parse(&r);
        yajl_free(r.parser);
    }
    RW_TRY(r.err);
    *root = rw_document_tree_finish(&r.tree);
    return RW_OK;
}
