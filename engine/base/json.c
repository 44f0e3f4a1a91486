#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void put_string(FILE *file, const char *string) {
    const unsigned char *text = (const unsigned char *)string;
    size_t left = strlen(string);
    (void)fputc('"', file);
    while (left > 0) {
        size_t length = 1;
        if (*text == '"' || *text == '\\')
            (void)fprintf(file, "\\%c", *text);
        else if (*text == '\n')
            (void)fputs("\\n", file);
        else if (*text < 0x20 || *text == 0x7F)
            (void)fprintf(file, "\\u%04x", *text);
        else if (*text < 0x80)
            (void)fputc(*text, file);
        else if ((length = rw_utf8_length((const char *)text, left)) > 0)
            (void)fwrite(text, 1, length, file);
        else {
            (void)fputs("\\ufffd", file);
            length = 1;
        }
        text += length;
        left -= length;
    }
    (void)fputc('"', file);
}

static void indent(const rw_json *json) {
    (void)fprintf(json->file, "\n%*s", (int)(2 * json->depth), "");
}

static void start_entry(rw_json *json, const char *key) {
    if (json->filled)
        (void)fputc(',', json->file);
    if (json->depth > 0)
        indent(json);
    if (key != NULL) {
        put_string(json->file, key);
        (void)fputs(": ", json->file);
    }
    json->filled = true;
}

static void open_bracket(rw_json *json, const char *key, char bracket) {
    start_entry(json, key);
    (void)fputc(bracket, json->file);
    json->depth++;
    json->filled = false;
}

static void close_bracket(rw_json *json, char bracket) {
    json->depth--;
    if (json->filled)
        indent(json);
    (void)fputc(bracket, json->file);
    json->filled = true;
    if (json->depth == 0)
        (void)fputc('\n', json->file);
}

void rw_json_open_object(rw_json *json, const char *key) {
    open_bracket(json, key, '{');
}

void rw_json_open_array(rw_json *json, const char *key) {
    open_bracket(json, key, '[');
}

void rw_json_close_object(rw_json *json) {
    close_bracket(json, '}');
}

void rw_json_close_array(rw_json *json) {
    close_bracket(json, ']');
}

void rw_json_text(rw_json *json, const char *key, const char *value) {
    start_entry(json, key);
    if (value == NULL)
        (void)fputs("null", json->file);
    else
        put_string(json->file, value);
}

void rw_json_number(rw_json *json, const char *key, double value) {
    start_entry(json, key);
    if (!isfinite(value)) {
        (void)fputs("null", json->file);
        return;
    }
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *comma = strchr(text, ','); /* what a host program's locale may have put there */
    if (comma != NULL)
        *comma = '.';
    (void)fputs(text, json->file);
}

void rw_json_integer(rw_json *json, const char *key, uint64_t value) {
    start_entry(json, key);
    (void)fprintf(json->file, "%" PRIu64, value);
}

void rw_json_truth(rw_json *json, const char *key, bool value) {
    start_entry(json, key);
    (void)fputs(value ? "true" : "false", json->file);
}

void rw_json_raw(rw_json *json, const char *key, const char *value) {
    start_entry(json, key);
    (void)fputs(value, json->file);
}
