/* A table as an HDF5 file. */
#ifndef RW_IO_TABLE_H5_H
#define RW_IO_TABLE_H5_H

#include "io/table.h"

/* Writes the table as HDF5 file `name` of the directory: /table/NAME with units and description, texts as UTF-8.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_table_write_h5(const rw_table *table, rw_directory *directory, const char *name);

#endif
