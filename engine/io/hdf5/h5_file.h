/* Checked writing of HDF5 files: every call that fails becomes a message with file, dataset, cause and remedy.
 *
 * Things inside a file are named by path; groups on the way are made. Bytes depend on nothing but what is written: no
 * times are stored. Files open in HDF5 1.8 and later. A file is NAME.part until rw_h5_commit. In a directory of a
 * non-writing rank all of it succeeds and does nothing. */
#ifndef RW_IO_HDF5_H5_FILE_H
#define RW_IO_HDF5_H5_FILE_H

#include <hdf5.h>
#include <stdbool.h>

#include "io/checkpoint/journal.h"
#include "io/directory.h"

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

/* Marks the file as failed and explains the HDF5 call that just failed: "cannot `action` `object`". */
RW_MUST_CHECK rw_err rw_h5_fail(rw_h5_file *file, const char *action, const char *object);

/* Properties of a new link: the groups on its way are made, its name is UTF-8. Close with H5Pclose. */
hid_t rw_h5_link_properties(void);

#endif
