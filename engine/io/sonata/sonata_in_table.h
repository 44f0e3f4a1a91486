/* Tables of text (CSV): node and edge types, spikes, currents. */
#ifndef RW_IO_SONATA_SONATA_IN_TABLE_H
#define RW_IO_SONATA_SONATA_IN_TABLE_H

#include "config/document.h"
#include "io/hdf5/h5_location.h"

/* A table of text: fields separated by blanks, "quoted" if they hold some, the first line names the columns. A byte
 * order mark at the beginning is skipped. */
typedef struct {
    const char *file;
    size_t n_columns, n_rows;
    const char *const *columns; /* [n_columns] */
    const char *const *cells;   /* [n_rows x n_columns] */
    const uint32_t *lines;      /* [n_rows] in the file, from 1 */
    const uint64_t *ids;        /* [n_rows] the column of type ids, unique; NULL: not a table of types */
    const uint32_t *by_id;      /* [n_rows] rows in the order of their ids */
} rw_sonata_table;

/* Reads a table whose fields `separator` separates, ' ' for any blanks. Types have their ids in the column `id_column`
 * (NULL: other tables). Strings go to the arena. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_table_read(rw_sonata_table *table, rw_arena *arena, const char *file, char separator,
                                          const char *id_column);

/* The same from text in memory, which must be zero-terminated. */
RW_MUST_CHECK rw_err rw_sonata_table_parse(rw_sonata_table *table, rw_arena *arena, const char *file, const char *text,
                                           size_t length, char separator, const char *id_column);

/* Refuses a table without a column, and says if its bytes are the reason (commas, line ends). Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_table_need(const rw_sonata_table *table, const char *column);

/* A cell, or NULL if the table has no such column or the cell says NULL or NONE. */
const char *rw_sonata_table_cell(const rw_sonata_table *table, size_t row, const char *column);

/* A cell that holds a finite number; *value is untouched if there is none. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_table_number(const rw_sonata_table *table, size_t row, const char *column,
                                            double *value);

/* Row of a type id, or SIZE_MAX. */
size_t rw_sonata_table_find(const rw_sonata_table *table, uint64_t id);

/* Rows of the types of `count` instances [count], in `rows` [count]; `dataset` is the source of type_id.
 * Errors: RW_ERR_INPUT (a type the table does not have). */
RW_MUST_CHECK rw_err rw_sonata_table_rows(const rw_sonata_table *table, const rw_h5_location *group,
                                          const char *dataset, uint64_t count, const uint64_t *type_id, uint32_t *rows);

#endif
