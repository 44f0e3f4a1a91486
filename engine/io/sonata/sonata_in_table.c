#include "io/sonata/sonata_in_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "io/sonata/sonata_in_config.h"

/* Text of a table while it is being cut into cells. */
typedef struct {
    const char *file;
    char *at; /* a private copy: cells are ended in place */
    uint32_t line;
    char separator; /* ' ': any blanks */
} scanner;

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* Whether a field ends here. */
static bool ends_field(const scanner *scan) {
    char c = *scan->at;
    return c == '\n' || c == '\r' || c == '\0' || (scan->separator == ' ' ? is_blank(c) : c == scan->separator);
}

/* Cuts the next field of the line out of the text; *field is NULL at the end of the line. */
static rw_err next_field(scanner *scan, const char **field) {
    *field = NULL;
    while (is_blank(*scan->at))
        scan->at++;
    if (*scan->at == '\n' || *scan->at == '\0')
        return RW_OK;
    if (*scan->at != '"') {
        *field = scan->at;
        while (!ends_field(scan))
            scan->at++;
        return RW_OK;
    }
    char *write = ++scan->at;
    *field = write;
    while (*scan->at != '"' || scan->at[1] == '"') {
        RW_CHECK(*scan->at != '\n' && *scan->at != '\0', RW_ERR_INPUT, "%s:%u: a quote is not closed in this line",
                 scan->file, scan->line);
        scan->at += *scan->at == '"' ? 1 : 0; /* "" inside quotes is one quote */
        *write++ = *scan->at++;
    }
    *write = '\0';
    scan->at++;
    RW_CHECK(ends_field(scan), RW_ERR_INPUT, "%s:%u: there is no %s after the closing quote", scan->file, scan->line,
             scan->separator == ' ' ? "blank" : "separator");
    return RW_OK;
}

/* Cuts one line into at most `capacity` fields; *n counts all of them. Leaves the scanner at the next line. */
static rw_err next_line(scanner *scan, const char **fields, size_t capacity, size_t *n) {
    *n = 0;
    const char *field;
    RW_TRY(next_field(scan, &field));
    while (field != NULL) {
        if (*n < capacity)
            fields[*n] = field;
        (*n)++;
        char *end = scan->at;
        bool ends_line = *end == '\n' || *end == '\0';
        if (ends_line)
            break;
        *end = '\0';
        scan->at++;
        RW_TRY(next_field(scan, &field));
    }
    if (*scan->at == '\n') {
        *scan->at++ = '\0';
        scan->line++;
    }
    return RW_OK;
}

static size_t column_of(const rw_sonata_table *table, const char *name) {
    for (size_t k = 0; k < table->n_columns; k++) {
        if (strcmp(table->columns[k], name) == 0)
            return k;
    }
    return SIZE_MAX;
}

static size_t count_lines(const char *text, size_t length) {
    size_t lines = 1;
    for (size_t k = 0; k < length; k++)
        lines += text[k] == '\n';
    return lines;
}

enum { MAX_COLUMNS = 256 };

static rw_err read_header(rw_sonata_table *table, rw_arena *arena, scanner *scan) {
    const char *names[MAX_COLUMNS];
    size_t n = 0;
    while (n == 0 && *scan->at != '\0')
        RW_TRY(next_line(scan, names, MAX_COLUMNS, &n));
    RW_CHECK(n > 0, RW_ERR_INPUT, "%s: is empty; a table begins with the names of its columns", table->file);
    RW_CHECK(n <= MAX_COLUMNS, RW_ERR_INPUT, "%s: has %zu columns, more than %d", table->file, n, MAX_COLUMNS);
    const char **columns = NULL;
    RW_TRY(RW_ARENA_NEW(arena, columns, n));
    memcpy(columns, names, n * sizeof *names);
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < a; b++)
            RW_CHECK(strcmp(columns[a], columns[b]) != 0, RW_ERR_INPUT, "%s: has two columns '%s'", table->file,
                     columns[a]);
    }
    table->columns = columns;
    table->n_columns = n;
    return RW_OK;
}

static rw_err read_rows(rw_sonata_table *table, rw_arena *arena, scanner *scan, size_t max_rows) {
    const char **cells = NULL;
    uint32_t *lines = NULL;
    RW_TRY(RW_ARENA_NEW(arena, cells, max_rows * table->n_columns));
    RW_TRY(RW_ARENA_NEW(arena, lines, max_rows));
    while (*scan->at != '\0') {
        size_t n;
        uint32_t line = scan->line;
        RW_ASSERT(table->n_rows < max_rows);
        RW_TRY(next_line(scan, cells + table->n_rows * table->n_columns, table->n_columns, &n));
        if (n == 0)
            continue;
        RW_CHECK(n == table->n_columns, RW_ERR_INPUT,
                 "%s:%u: has %zu fields where the header names %zu; write NULL for a missing value", table->file, line,
                 n, table->n_columns);
        lines[table->n_rows++] = line;
    }
    table->cells = cells;
    table->lines = lines;
    return RW_OK;
}

static _Thread_local const uint64_t *sorted_ids; /* qsort hands its comparison no context */

static int by_id_then_row(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (sorted_ids[a] != sorted_ids[b])
        return sorted_ids[a] < sorted_ids[b] ? -1 : 1;
    return (a > b) - (a < b);
}

/* Puts the rows in the order of their ids and refuses ids that are there twice. */
static rw_err sort_rows(rw_sonata_table *table, rw_arena *arena, const char *id_column) {
    uint32_t *rows = NULL;
    RW_TRY(RW_ARENA_NEW(arena, rows, table->n_rows));
    for (size_t row = 0; row < table->n_rows; row++)
        rows[row] = (uint32_t)row;
    sorted_ids = table->ids;
    if (table->n_rows > 1)
        qsort(rows, table->n_rows, sizeof *rows, by_id_then_row);
    for (size_t k = 1; k < table->n_rows; k++)
        RW_CHECK(table->ids[rows[k]] != table->ids[rows[k - 1]], RW_ERR_INPUT,
                 "%s:%u: %s %llu is here twice, first in line %u", table->file, table->lines[rows[k]], id_column,
                 (unsigned long long)table->ids[rows[k]], table->lines[rows[k - 1]]);
    table->by_id = rows;
    return RW_OK;
}

static rw_err read_ids(rw_sonata_table *table, rw_arena *arena, const char *id_column) {
    RW_TRY(rw_sonata_table_need(table, id_column));
    size_t column = column_of(table, id_column);
    uint64_t *ids = NULL;
    RW_TRY(RW_ARENA_NEW(arena, ids, table->n_rows));
    for (size_t row = 0; row < table->n_rows; row++) {
        const char *text = table->cells[row * table->n_columns + column];
        char *end;
        errno = 0;
        ids[row] = strtoull(text, &end, 10);
        RW_CHECK(text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0, RW_ERR_INPUT,
                 "%s:%u: %s '%s' is not a whole number >= 0", table->file, table->lines[row], id_column, text);
    }
    table->ids = ids;
    return sort_rows(table, arena, id_column);
}

/* The bytes that keep a header from being one, or NULL. */
static const char *odd_bytes(const rw_sonata_table *table) {
    for (size_t k = 0; k < table->n_columns; k++) {
        const char *column = table->columns[k];
        if (strchr(column, ',') != NULL)
            return "its columns are separated by commas (byte 0x2c); SONATA separates them by blanks";
        if (strchr(column, ';') != NULL)
            return "its columns are separated by semicolons (byte 0x3b); SONATA separates them by blanks";
        if (strstr(column, "\xC2\xA0") != NULL)
            return "its header has no-break spaces (bytes 0xc2 0xa0) in the place of blanks";
    }
    return NULL;
}

rw_err rw_sonata_table_need(const rw_sonata_table *table, const char *column) {
    const char *odd = odd_bytes(table);
    RW_CHECK(column_of(table, column) != SIZE_MAX, RW_ERR_INPUT, "%s: has no column '%s'; %s", table->file, column,
             odd != NULL ? odd : "SONATA requires it");
    return RW_OK;
}

/* Refuses bytes that no table has. */
static rw_err check_bytes(const char *file, const char *text, size_t length) {
    RW_CHECK(memchr(text, '\0', length) == NULL, RW_ERR_INPUT, "%s: holds a NUL byte; it is not a table of text", file);
    const char *end = memchr(text, '\r', length);
    bool alone = end != NULL && end + 1 < text + length && end[1] != '\n' && memchr(text, '\n', length) == NULL;
    RW_CHECK(
        !alone, RW_ERR_INPUT,
        "%s: its lines end in carriage returns alone (byte 0x0d); save it with line feeds (0x0a), for example with "
        "tr '\\r' '\\n'",
        file);
    unsigned line = 1;
    for (size_t k = 0, step; k < length; k += step, line += text[k - step] == '\n') {
        step = rw_utf8_length(text + k, length - k);
        RW_CHECK(step > 0, RW_ERR_INPUT, "%s:%u: byte 0x%02x is not UTF-8 text; save the table as UTF-8", file, line,
                 (unsigned char)text[k]);
    }
    return RW_OK;
}

rw_err rw_sonata_table_parse(rw_sonata_table *table, rw_arena *arena, const char *file, const char *text, size_t length,
                             char separator, const char *id_column) {
    *table = (rw_sonata_table){.file = file};
    size_t mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* byte order mark */
    text += mark;
    length -= mark;
    RW_TRY(check_bytes(file, text, length));
    scanner scan = {.file = file, .line = 1, .separator = separator};
    RW_TRY(RW_ARENA_NEW(arena, scan.at, length + 1));
    memcpy(scan.at, text, length);
    size_t lines = count_lines(text, length);
    RW_CHECK(id_column == NULL || lines <= UINT16_MAX, RW_ERR_INPUT,
             "%s: has %zu lines; a table of types has at most %d", file, lines, UINT16_MAX);
    RW_TRY(read_header(table, arena, &scan));
    RW_TRY(read_rows(table, arena, &scan, lines));
    return id_column != NULL ? read_ids(table, arena, id_column) : RW_OK;
}

rw_err rw_sonata_table_read(rw_sonata_table *table, rw_arena *arena, const char *file, char separator,
                            const char *id_column) {
    const char *text;
    size_t length;
    RW_TRY(rw_document_load(&text, &length, arena, file));
    return rw_sonata_table_parse(table, arena, file, text, length, separator, id_column);
}

const char *rw_sonata_table_cell(const rw_sonata_table *table, size_t row, const char *column) {
    size_t k = column_of(table, column);
    const char *text = k != SIZE_MAX ? table->cells[row * table->n_columns + k] : NULL;
    bool none = text == NULL || strcmp(text, "NULL") == 0 || strcmp(text, "NONE") == 0;
    return none ? NULL : text;
}

rw_err rw_sonata_table_number(const rw_sonata_table *table, size_t row, const char *column, double *value) {
    const char *text = rw_sonata_table_cell(table, row, column);
    RW_CHECK(text == NULL || rw_sonata_number(text, value), RW_ERR_INPUT, "%s:%u: %s '%s' is not a number", table->file,
             table->lines[row], column, text);
    return RW_OK;
}

size_t rw_sonata_table_find(const rw_sonata_table *table, uint64_t id) {
    size_t low = 0, high = table->n_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->ids[table->by_id[middle]] < id)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < table->n_rows && table->ids[table->by_id[low]] == id;
    return found ? table->by_id[low] : SIZE_MAX;
}

rw_err rw_sonata_table_rows(const rw_sonata_table *table, const rw_h5_location *group, const char *dataset,
                            uint64_t count, const uint64_t *type_id, uint32_t *rows) {
    size_t row = SIZE_MAX;
    for (uint64_t i = 0; i < count; i++) {
        if (row == SIZE_MAX || table->ids[row] != type_id[i]) /* neighbours mostly share their type */
            row = rw_sonata_table_find(table, type_id[i]);
        RW_CHECK(row != SIZE_MAX, RW_ERR_INPUT, "%s: dataset %s/%s, row %llu: type %llu is not in %s", group->file,
                 group->group, dataset, (unsigned long long)i, (unsigned long long)type_id[i], table->file);
        rows[i] = (uint32_t)row;
    }
    return RW_OK;
}
