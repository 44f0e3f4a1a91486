#include "io/table.h"

#include <math.h>
#include <string.h>

#include "config/document.h"
#include "config/number.h"

rw_table rw_table_begin(rw_arena *arena, size_t n_rows) {
    return (rw_table){.arena = arena, .n_rows = n_rows};
}

static rw_err add(rw_table *table, const char *name, const char *unit, const char *description,
                  rw_table_column **column) {
    if (table->n_columns == table->capacity) {
        rw_table_column *grown = NULL;
        size_t capacity = table->capacity == 0 ? 16 : 2 * table->capacity;
        RW_TRY(RW_ARENA_NEW(table->arena, grown, capacity));
        if (table->n_columns > 0)
            memcpy(grown, table->columns, table->n_columns * sizeof *grown);
        table->columns = grown;
        table->capacity = capacity;
    }
    *column = &table->columns[table->n_columns];
    RW_TRY(rw_arena_string(table->arena, &(*column)->name, name));
    if (unit != NULL)
        RW_TRY(rw_arena_string(table->arena, &(*column)->unit, unit));
    if (description != NULL)
        RW_TRY(rw_arena_string(table->arena, &(*column)->description, description));
    table->n_columns++;
    return RW_OK;
}

rw_err rw_table_add_numbers(rw_table *table, const char *name, const char *unit, const char *description,
                            double **numbers) {
    rw_table_column *column = NULL;
    RW_TRY(add(table, name, unit, description, &column));
    RW_TRY(RW_ARENA_NEW(table->arena, column->numbers, table->n_rows));
    for (size_t i = 0; i < table->n_rows; i++)
        column->numbers[i] = NAN;
    *numbers = column->numbers;
    return RW_OK;
}

rw_err rw_table_add_columns(rw_table *table, const rw_number_column *columns, size_t n) {
    for (size_t c = 0; c < n; c++)
        RW_TRY(
            rw_table_add_numbers(table, columns[c].name, columns[c].unit, columns[c].description, columns[c].numbers));
    return RW_OK;
}

rw_err rw_table_add_texts(rw_table *table, const char *name, const char *description, const char ***texts) {
    rw_table_column *column = NULL;
    RW_TRY(add(table, name, NULL, description, &column));
    RW_TRY(RW_ARENA_NEW(table->arena, column->texts, table->n_rows));
    for (size_t i = 0; i < table->n_rows; i++)
        column->texts[i] = "";
    *texts = column->texts;
    return RW_OK;
}

const rw_table_column *rw_table_find(const rw_table *table, const char *name) {
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

/* ---- writing ---- */

static void print_text(FILE *out, const char *text) {
    if (strpbrk(text, ",\"\n\r") == NULL) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)fputc('"', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void print_header(FILE *out, const rw_table_column *column) {
    bool has_unit = column->unit != NULL && strcmp(column->unit, "1") != 0;
    print_text(out, has_unit ? rw_path_of("%s [%s]", column->name, column->unit).text : column->name);
}

static void print_number(FILE *out, double value) {
    char text[RW_NUMBER_SIZE];
    if (isfinite(value))
        (void)fputs(rw_number_print(text, value), out);
    else
        (void)fputs(isnan(value) ? "nan" : value > 0 ? "inf" : "-inf", out);
}

void rw_table_print_csv(const rw_table *table, FILE *out) {
    for (size_t c = 0; c < table->n_columns; c++) {
        if (c > 0)
            (void)fputc(',', out);
        print_header(out, &table->columns[c]);
    }
    (void)fputc('\n', out);
    for (size_t row = 0; row < table->n_rows; row++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            const rw_table_column *column = &table->columns[c];
            if (c > 0)
                (void)fputc(',', out);
            if (column->texts != NULL)
                print_text(out, column->texts[row]);
            else
                print_number(out, column->numbers[row]);
        }
        (void)fputc('\n', out);
    }
}

rw_err rw_table_write_csv(const rw_table *table, rw_directory *directory, const char *name) {
    FILE *file = NULL;
    RW_TRY(rw_directory_open_text(directory, name, &file));
    rw_table_print_csv(table, file);
    return rw_directory_commit_text(directory, name, file);
}

/* ---- reading ---- */

typedef struct {
    const char *path;
    char *at; /* the text is cut into cells where it stands */
    size_t line;
} cursor;

/* The next cell, unquoted in place; *last says that the line ends behind it. */
static rw_err next_cell(cursor *reading, const char **cell, bool *last) {
    char *from = reading->at, *to = reading->at;
    *cell = reading->at;
    if (*from == '"') {
        for (from++; *from != '\0' && (*from != '"' || from[1] == '"'); *to++ = *from++)
            from += *from == '"';
        RW_CHECK(*from == '"', RW_ERR_INPUT, "%s:%zu: a quote is not closed", reading->path, reading->line);
        from++;
    } else {
        from += strcspn(from, ",\r\n");
        to = from;
    }
    from += *from == '\r';
    RW_CHECK(*from == ',' || *from == '\n' || *from == '\0', RW_ERR_INPUT, "%s:%zu: text behind a closing quote",
             reading->path, reading->line);
    *last = *from != ',';
    reading->at = from + (*from != '\0');
    *to = '\0';
    return RW_OK;
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n' || text[1] == '\0';
    return lines;
}

static rw_err read_header(rw_table *table, cursor *reading) {
    for (bool last = false; !last;) {
        const char *cell = NULL, ***texts = &(const char **){NULL};
        RW_TRY(next_cell(reading, &cell, &last));
        char *unit = strstr(cell, " ["), *end = unit != NULL ? strrchr(unit, ']') : NULL;
        if (end != NULL && end[1] == '\0') {
            *unit = *end = '\0';
            unit += 2;
        } else {
            unit = NULL;
        }
        RW_CHECK(cell[0] != '\0' && rw_table_find(table, cell) == NULL, RW_ERR_INPUT,
                 "%s:1: column %zu has no name, or the name of another", reading->path, table->n_columns + 1);
        RW_TRY(rw_table_add_texts(table, cell, NULL, texts));
        table->columns[table->n_columns - 1].unit = unit;
    }
    reading->line = 2;
    return RW_OK;
}

static rw_err read_rows(rw_table *table, cursor *reading) {
    size_t row = 0;
    for (; *reading->at != '\0'; row++, reading->line++) {
        size_t c = 0;
        for (bool last = false; !last; c++) {
            const char *cell = NULL;
            RW_TRY(next_cell(reading, &cell, &last));
            RW_CHECK(c < table->n_columns, RW_ERR_INPUT, "%s:%zu: more cells than the %zu columns of line 1",
                     reading->path, reading->line, table->n_columns);
            table->columns[c].texts[row] = cell;
        }
        RW_CHECK(c == table->n_columns, RW_ERR_INPUT, "%s:%zu: %zu cells, but line 1 names %zu columns", reading->path,
                 reading->line, c, table->n_columns);
    }
    table->n_rows = row;
    return RW_OK;
}

static bool parse_number(const char *text, double *value) {
    if (text[0] == '\0' || strcmp(text, "nan") == 0)
        *value = NAN;
    else if (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0)
        *value = text[0] == '-' ? -INFINITY : INFINITY;
    else {
        const char *end = rw_number_parse(text, value);
        return end != NULL && *end == '\0';
    }
    return true;
}

/* A column of which every cell is a number becomes one of numbers. */
static rw_err turn_to_numbers(const rw_table *table, rw_table_column *column) {
    double *numbers = NULL;
    RW_TRY(RW_ARENA_NEW(table->arena, numbers, table->n_rows));
    for (size_t i = 0; i < table->n_rows; i++)
        if (!parse_number(column->texts[i], &numbers[i]))
            return RW_OK;
    column->numbers = numbers;
    column->texts = NULL;
    if (column->unit == NULL)
        column->unit = "1";
    return RW_OK;
}

rw_err rw_table_read_csv(rw_table *table, rw_arena *arena, const char *path) {
    const char *text = NULL;
    size_t length = 0;
    RW_TRY(rw_document_load(&text, &length, arena, path));
    cursor reading = {.path = path, .line = 1};
    RW_TRY(rw_arena_allocate(arena, &reading.at, length + 1, 1));
    memcpy(reading.at, text, length);
    *table = rw_table_begin(arena, count_lines(text));
    RW_CHECK(length > 0, RW_ERR_INPUT, "%s: is empty, and no table", path);
    RW_TRY(read_header(table, &reading));
    RW_TRY(read_rows(table, &reading));
    for (size_t c = 0; c < table->n_columns; c++)
        RW_TRY(turn_to_numbers(table, &table->columns[c]));
    return RW_OK;
}
