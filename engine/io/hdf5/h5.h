/* Checked writing of HDF5 files: every call that fails becomes a message with file, dataset, cause and remedy.
 *
 * Things inside a file are named by path; groups on the way are made. Bytes depend on nothing but what is written: no
 * times are stored. Files open in HDF5 1.8 and later. A file is NAME.part until rw_h5_commit. In a directory that is
 * mute all of it succeeds and does nothing. */
#ifndef RW_IO_HDF5_H5_H
#define RW_IO_HDF5_H5_H

#include <hdf5.h>
#include <stdbool.h>

#include "io/checkpoint/journal.h"
#include "io/directory.h"
#include "io/hdf5/h5_failure.h"
#include "sim/run_state/archive.h"

typedef struct {
    hid_t id;
    rw_directory *directory;
    rw_path name;                  /* inside the directory */
    bool failed;                   /* something was not written; the file never gets its final name */
    rw_journal *journal;           /* NULL: none of its datasets has one */
    struct rw_h5_column **streams; /* [n_streams] the datasets that do */
    size_t n_streams;
    bool grows;     /* during the run */
    bool replaying; /* what is appended is in the journal already */
} rw_h5_file;

/* Rows of a chunk that suit a dataset of unknown length. */
#define RW_H5_CHUNK 16384

/* A dataset that grows at its end: values [rows] or [rows, width]. Rows are gathered until a chunk is full. */
typedef struct rw_h5_column {
    rw_h5_file *file;
    rw_path path;
    hid_t dataset, memory_type;
    size_t row_bytes;
    uint64_t width; /* 0: one-dimensional */
    uint64_t rows;  /* on file */
    char *buffer;   /* [capacity] rows */
    size_t buffered, capacity;
    uint32_t stream;  /* its number in the journal, from 1; 0: it is not in one */
    size_t journaled; /* of the rows buffered */
    bool counts_up;   /* its values are 0, 1, 2, ...: set by the packer (see h5_packer.h) */
} rw_h5_column;

/* Starts an HDF5 file in the directory. Errors: RW_ERR_SYSTEM; *file is then NULL. */
RW_MUST_CHECK rw_err rw_h5_create(rw_h5_file **file, rw_directory *directory, const char *name);

/* The same for a file whose datasets grow during the run. If the run can be resumed, their rows go to a journal, too;
 * columns must then stay where they are as long as the file is open. */
RW_MUST_CHECK rw_err rw_h5_create_growing(rw_h5_file **file, rw_directory *directory, const char *name);

/* Marks the file as SONATA 0.1. */
RW_MUST_CHECK rw_err rw_h5_mark_sonata(rw_h5_file *file);

/* Writes what HDF5 holds back, so that a killed run leaves a readable file. */
RW_MUST_CHECK rw_err rw_h5_flush(rw_h5_file *file);

/* Closes the file under its final name and frees it; *file becomes NULL. Errors: RW_ERR_SYSTEM, also if a write failed
 * before; the file then keeps the name NAME.part. */
RW_MUST_CHECK rw_err rw_h5_commit(rw_h5_file **file);

/* Closes the file as NAME.part and frees it; *file may be NULL and becomes NULL. */
void rw_h5_abandon(rw_h5_file **file);

/* Makes a group. */
RW_MUST_CHECK rw_err rw_h5_group(rw_h5_file *file, const char *path);

/* Gives the object at `path` a second name. */
RW_MUST_CHECK rw_err rw_h5_link(rw_h5_file *file, const char *path, const char *second);

/* Writes a text attribute (UTF-8, variable length). */
RW_MUST_CHECK rw_err rw_h5_attribute_text(rw_h5_file *file, const char *object, const char *name, const char *text);

/* Writes an attribute of `count` values of a native type; 0: one value without dimensions. */
RW_MUST_CHECK rw_err rw_h5_attribute(rw_h5_file *file, const char *object, const char *name, hid_t type, size_t count,
                                     const void *values);

/* Makes an enumeration of bytes that counts its names from 0; close it with H5Tclose. */
RW_MUST_CHECK rw_err rw_h5_enumeration(rw_h5_file *file, hid_t *type, const char *const *names, size_t count);

/* Makes a growing dataset of file type `type`; its values in memory have the matching native type. `chunk_rows` is how
 * many rows are compressed together. */
RW_MUST_CHECK rw_err rw_h5_column_create(rw_h5_column *column, rw_h5_file *file, const char *path, hid_t type,
                                         uint64_t width, size_t chunk_rows, const char *unit, const char *description);

/* Lets the column's rows go to the file's journal, too, if the run can be resumed. */
RW_MUST_CHECK rw_err rw_h5_stream_add(rw_h5_column *column);

/* Brings the rows gathered to the journal. */
RW_MUST_CHECK rw_err rw_h5_stream_keep(rw_h5_column *column);

/* Writes a whole chunk to the journal, except the gathered rows, which are there already. */
RW_MUST_CHECK rw_err rw_h5_stream_keep_chunk(rw_h5_column *column, const void *values);

/* Saves the lengths of the file's datasets, or extends them to these lengths again. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT
 * (a damaged journal). */
RW_MUST_CHECK rw_err rw_h5_archive(rw_h5_file *file, const rw_archive *archive);

/* Adds rows. */
RW_MUST_CHECK rw_err rw_h5_column_append(rw_h5_column *column, const void *rows, size_t n);

/* Rows that can be gathered until they fill a chunk of the file. */
size_t rw_h5_column_room(const rw_h5_column *column);

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

/* Writes a whole dataset of `rows` rows (width 0: one-dimensional). */
RW_MUST_CHECK rw_err rw_h5_write(rw_h5_file *file, const char *path, hid_t type, uint64_t rows, uint64_t width,
                                 const void *values, const char *unit, const char *description);

/* Writes the dataset 0, 1, 2, ... of `rows` numbers (u64). */
RW_MUST_CHECK rw_err rw_h5_write_count(rw_h5_file *file, const char *path, uint64_t rows, const char *description);

/* Writes a dataset of `rows` equal values, given in the native type of `type`. It takes no disk space: HDF5 returns
 * this value for everything that was never written. */
RW_MUST_CHECK rw_err rw_h5_write_constant(rw_h5_file *file, const char *path, hid_t type, uint64_t rows,
                                          const void *value, const char *unit, const char *description);

/* Replaces all values of a dataset. */
RW_MUST_CHECK rw_err rw_h5_overwrite(rw_h5_file *file, const char *path, hid_t memory_type, const void *values);

/* Marks the file as failed and explains the HDF5 call that just failed: "cannot `action` `object`". */
RW_MUST_CHECK rw_err rw_h5_fail(rw_h5_file *file, const char *action, const char *object);

/* Properties of a new link: the groups on its way are made, its name is UTF-8. Close with H5Pclose. */
hid_t rw_h5_link_properties(void);

#endif
