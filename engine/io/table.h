/* A table of named columns, each of numbers or of texts: what studies write down and read again.
 *
 * On disk it is CSV (RFC 4180) whose first line holds `name` or `name [unit]`, and HDF5 with one dataset per column.
 * Numbers are written with the fewest digits that read back to the same double; a number that is not there is NaN,
 * written `nan`. So equal tables are equal bytes. */
#ifndef RW_IO_TABLE_H
#define RW_IO_TABLE_H

#include "base/memory.h"
#include "io/directory.h"

typedef struct {
    const char *name;
    const char *unit;        /* NULL: text, or a number without unit */
    const char *description; /* NULL after reading CSV, which has none */
    double *numbers;         /* [n_rows], or NULL: a column of texts */
    const char **texts;      /* [n_rows], or NULL: a column of numbers */
} rw_table_column;

/* Everything lies in the arena. */
typedef struct {
    rw_arena *arena;
    size_t n_rows, n_columns, capacity;
    rw_table_column *columns;
} rw_table;

/* Starts a table of n_rows without columns; its memory is the arena's, which must outlive it. */
rw_table rw_table_begin(rw_arena *arena, size_t n_rows);

/* Adds a column of numbers, all NaN; strings are copied. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_table_add_numbers(rw_table *table, const char *name, const char *unit, const char *description,
                                          double **numbers);

/* A column of numbers to be added. */
typedef struct {
    const char *name, *unit, *description;
    double **numbers; /* gets the column */
} rw_number_column;

/* Adds n columns of numbers. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_table_add_columns(rw_table *table, const rw_number_column *columns, size_t n);

/* Adds a column of texts, all empty; strings are copied. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_table_add_texts(rw_table *table, const char *name, const char *description,
                                        const char ***texts);

/* The column of that name, or NULL. */
const rw_table_column *rw_table_find(const rw_table *table, const char *name);

/* Writes the table as CSV to a stream, whose error flag keeps failures. */
void rw_table_print_csv(const rw_table *table, FILE *out);

/* Writes the table as CSV file `name` of the directory. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_table_write_csv(const rw_table *table, rw_directory *directory, const char *name);

/* Reads a CSV file into the arena. A column whose cells are all numbers, nan or empty is one of numbers.
 * Errors: RW_ERR_INPUT (no such table: line and cause), RW_ERR_SYSTEM (unreadable). */
RW_MUST_CHECK rw_err rw_table_read_csv(rw_table *table, rw_arena *arena, const char *path);

#endif
