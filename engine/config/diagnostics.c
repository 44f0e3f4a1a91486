#include "config/diagnostics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { SHOWN_COLUMNS = 100 }; /* of a source line */

void rw_diagnostics_source(rw_diagnostics *diagnostics, rw_source *source) {
    source->next = diagnostics->sources;
    diagnostics->sources = source;
}

void rw_diagnostics_add(rw_diagnostics *diagnostics, rw_mark mark, const char *path, const char *format, ...) {
    if (diagnostics->count < RW_DIAGNOSTICS_MAX) {
        rw_diagnostic *diagnostic = &diagnostics->list[diagnostics->count];
        diagnostic->mark = mark;
        (void)snprintf(diagnostic->path, sizeof diagnostic->path, "%s", path != NULL ? path : "");
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(diagnostic->message, sizeof diagnostic->message, format, arguments);
        va_end(arguments);
    }
    diagnostics->count++;
}

/* A text of limited length that is built piece by piece. */
typedef struct {
    char text[RW_MESSAGE_SIZE];
    size_t used;
} writer;

RW_PRINTF(2, 3) static void print(writer *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out->text + out->used, sizeof out->text - out->used, format, arguments);
    va_end(arguments);
    if (length > 0)
        out->used += (size_t)length;
    if (out->used >= sizeof out->text)
        out->used = sizeof out->text - 1;
}

static const rw_source *source_of(const rw_diagnostics *diagnostics, const char *file) {
    const rw_source *source = diagnostics->sources;
    while (source != NULL && source->file != file)
        source = source->next;
    return source;
}

/* The end of the line that starts at `start`. */
static const char *line_end(const char *start, const char *end) {
    while (start < end && *start != '\n' && *start != '\r')
        start++;
    return start;
}

/* The start of line `line` (from 1), or NULL. Lines end at \n, \r or \r\n, as libyaml counts them. */
static const char *line_start(const rw_source *source, uint32_t line) {
    const char *at = source->text;
    const char *end = source->text + source->length;
    for (uint32_t k = 1; k < line; k++) {
        at = line_end(at, end);
        if (at == end)
            return NULL;
        at += at + 1 < end && at[0] == '\r' && at[1] == '\n' ? 2 : 1;
    }
    return at;
}

static bool continues_character(char byte) {
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

/* Prints the source line, cut to a window around the column, and a caret under the column. */
static void print_line(writer *out, const rw_diagnostics *diagnostics, rw_mark mark) {
    const rw_source *source = mark.file != NULL && mark.line > 0 ? source_of(diagnostics, mark.file) : NULL;
    const char *at = source != NULL ? line_start(source, mark.line) : NULL;
    if (at == NULL)
        return;
    const char *end = line_end(at, source->text + source->length);
    uint32_t first = mark.column > SHOWN_COLUMNS * 3 / 4 ? mark.column - SHOWN_COLUMNS * 3 / 4 : 1;
    print(out, "\n%6u | %s", mark.line, first > 1 ? "..." : "");
    uint32_t column = 0, wider = 0;
    for (; at < end; at++) {
        if (!continues_character(*at))
            column++;
        if (column >= first + SHOWN_COLUMNS)
            break;
        unsigned code;
        if (column >= first && column < mark.column && rw_utf8_invisible(at, (size_t)(end - at), &code) > 0)
            wider += 7; /* "<U+00A0>" for one character */
        if (column >= first)
            print(out, "%c", (unsigned char)*at < 0x20 || *at == 0x7F ? ' ' : *at);
    }
    print(out, "%s\n       | %*s^", at < end ? "..." : "", (int)(mark.column - first + wider + (first > 1 ? 3 : 0)),
          "");
}

static void print_diagnostic(writer *out, const rw_diagnostics *diagnostics, const rw_diagnostic *diagnostic) {
    if (diagnostic->mark.file != NULL)
        print(out, "%s:", diagnostic->mark.file);
    if (diagnostic->mark.line > 0)
        print(out, "%u:%u:", diagnostic->mark.line, diagnostic->mark.column);
    if (diagnostic->mark.file != NULL)
        print(out, " ");
    print(out, "%s%s%s", diagnostic->path, diagnostic->path[0] != '\0' ? ": " : "", diagnostic->message);
    print_line(out, diagnostics, diagnostic->mark);
}

/* Place of a file among the sources: the newest is 0. */
static size_t source_age(const rw_diagnostics *diagnostics, const char *file) {
    size_t age = 0;
    for (const rw_source *source = diagnostics->sources; source != NULL && source->file != file; source = source->next)
        age++;
    return age;
}

static bool comes_after(const rw_diagnostics *diagnostics, rw_mark a, rw_mark b) {
    if (a.file != b.file)
        return source_age(diagnostics, a.file) < source_age(diagnostics, b.file);
    return a.line != b.line ? a.line > b.line : a.column > b.column;
}

static void sort(rw_diagnostics *diagnostics, size_t count) {
    rw_diagnostic *list = diagnostics->list;
    for (size_t i = 1; i < count; i++) {
        for (size_t k = i; k > 0 && comes_after(diagnostics, list[k - 1].mark, list[k].mark); k--) {
            rw_diagnostic swapped = list[k];
            list[k] = list[k - 1];
            list[k - 1] = swapped;
        }
    }
}

rw_err rw_diagnostics_result(rw_diagnostics *diagnostics) {
    if (diagnostics->count == 0)
        return RW_OK;
    size_t kept = diagnostics->count < RW_DIAGNOSTICS_MAX ? diagnostics->count : RW_DIAGNOSTICS_MAX;
    sort(diagnostics, kept);
    writer *out = NULL;
    RW_TRY(RW_NEW(out, 1, "error messages"));
    if (diagnostics->count > 1)
        print(out, "%zu errors:\n", diagnostics->count);
    size_t shown = 0;
    while (shown < kept && out->used + 1500 < sizeof out->text) {
        print(out, "%s", shown > 0 ? "\n" : "");
        print_diagnostic(out, diagnostics, &diagnostics->list[shown++]);
    }
    if (shown < diagnostics->count)
        print(out, "\nand %zu more", diagnostics->count - shown);
    rw_err err = rw_fail(RW_ERR_INPUT, "%s", out->text);
    rw_free(out);
    return err;
}
