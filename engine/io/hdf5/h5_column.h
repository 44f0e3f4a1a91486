/* Datasets that grow row by row. */
#ifndef RW_IO_HDF5_H5_COLUMN_H
#define RW_IO_HDF5_H5_COLUMN_H

#include "io/hdf5/h5_file.h"

/* Rows of a chunk that suit a dataset of unknown length. */
#define RW_H5_CHUNK 16384

/* A dataset that grows at its end: values [rows] or [rows, width]. Rows are gathered until a chunk is full. */
typedef struct rw_h5_column {
    rw_h5_file *file;
    rw_path path;
    hid_t dataset, memory_type;
    size_t row_bytes;
    uint64_t width; /* 0: one-dimensional */
    rw_path across; /* dataset that says where the values of a row lie; empty: none */
    uint64_t rows;  /* on file */
    char *buffer;   /* [capacity] rows */
    size_t buffered, capacity;
    uint32_t stream;  /* its number in the journal, from 1; 0: it is not in one */
    size_t journaled; /* of the rows buffered */
    bool counts_up;   /* its values are 0, 1, 2, ...: set by the packer (see h5_packer.h) */
} rw_h5_column;

/* Makes a growing dataset of file type `type`; its values in memory have the matching native type. `chunk_rows` is how
 * many rows are compressed together. */
RW_MUST_CHECK rw_err rw_h5_column_create(rw_h5_column *column, rw_h5_file *file, const char *path, hid_t type,
                                         uint64_t width, size_t chunk_rows, const char *unit, const char *description);

/* The same for a dataset that is written at once, whose rows need no journal. */
RW_MUST_CHECK rw_err rw_h5_column_create_whole(rw_h5_column *column, rw_h5_file *file, const char *path, hid_t type,
                                               uint64_t width, size_t chunk_rows, const char *unit,
                                               const char *description);

/* Adds rows. */
RW_MUST_CHECK rw_err rw_h5_column_append(rw_h5_column *column, const void *rows, size_t n);

/* Rows that can be gathered until they fill a chunk of the file. */
size_t rw_h5_column_free_rows(const rw_h5_column *column);

/* Writes a whole chunk that begins with the rows gathered, whose bytes `packed` are what the dataset's filters make of
 * `values`; the chunks before are whole. */
RW_MUST_CHECK rw_err rw_h5_column_put_chunk(rw_h5_column *column, const void *values, const void *packed,
                                            size_t n_packed);

/* Writes the gathered rows with HDF5. */
RW_MUST_CHECK rw_err rw_h5_column_flush(rw_h5_column *column);

/* Flushes and closes; a zeroed or closed column is fine. */
RW_MUST_CHECK rw_err rw_h5_column_close(rw_h5_column *column);

/* Closes without writing what is gathered; a zeroed or closed column is fine. */
void rw_h5_column_abandon(rw_h5_column *column);

#endif
