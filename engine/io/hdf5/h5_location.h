/* Files and groups of HDF5 for reading. Files may come from anyone: nothing here trusts a file.
 *
 * Messages name the file, the object, and the format that requires the object. */
#ifndef RW_IO_HDF5_H5_LOCATION_H
#define RW_IO_HDF5_H5_LOCATION_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/* An open file or group, and how messages name it. */
typedef struct {
    hid_t id;           /* H5I_INVALID_HID: closed */
    const char *file;   /* path of the file */
    const char *format; /* what requires the objects that are read: "SONATA" */
    char group[256];    /* path inside the file, cut if longer; "" is the root */
} rw_h5_location;

/* Opens a file for reading; the strings `path` and `format` must outlive the location.
 * Errors: RW_ERR_SYSTEM (missing, not readable, locked), RW_ERR_INPUT (no HDF5 file, truncated). */
RW_MUST_CHECK rw_err rw_h5_open(rw_h5_location *file, const char *path, const char *format);

/* Opens a group. Errors: RW_ERR_INPUT (missing, not a group). */
RW_MUST_CHECK rw_err rw_h5_open_group(rw_h5_location *group, const rw_h5_location *parent, const char *name);

/* Closes a file or group; a closed one is fine. */
void rw_h5_close(rw_h5_location *location);

/* Whether every link of a path exists, and the object at its end. */
bool rw_h5_has(const rw_h5_location *location, const char *path);

/* Whether a path names an object of that type. */
bool rw_h5_is(const rw_h5_location *location, const char *path, H5O_type_t type);

/* The whole path of an object, for messages; valid until the next call of the thread. */
const char *rw_h5_path_in(const rw_h5_location *location, const char *path);

/* Names of the groups directly inside a location, ascending, in the arena. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_h5_groups(const rw_h5_location *location, rw_arena *arena, const char *const **names,
                                  size_t *n_names);

/* Names of the datasets directly inside a location, in the same way. */
RW_MUST_CHECK rw_err rw_h5_datasets(const rw_h5_location *location, rw_arena *arena, const char *const **names,
                                    size_t *n_names);

/* The same of those that are no dimension scales (see h5_scale.h), and so no coordinates of others. */
RW_MUST_CHECK rw_err rw_h5_variables(const rw_h5_location *location, rw_arena *arena, const char *const **names,
                                     size_t *n_names);

/* Whether an object has an attribute. */
bool rw_h5_has_attribute(const rw_h5_location *location, const char *object, const char *attribute);

/* A dataset's attribute that is one text, of fixed or variable length, in the arena.
 * Errors: RW_ERR_INPUT (missing, not a text), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_h5_read_text(const rw_h5_location *location, const char *dataset, const char *attribute,
                                     rw_arena *arena, const char **text);

/* Whether the values of an open dataset lie in other files (external storage, virtual datasets). They are not read: a
 * file could so hand out what it has no right to. */
bool rw_h5_lies_elsewhere(hid_t dataset);

#endif
