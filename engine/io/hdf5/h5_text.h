/* Datasets of texts. */
#ifndef RW_IO_HDF5_H5_TEXT_H
#define RW_IO_HDF5_H5_TEXT_H

#include "io/hdf5/h5_location.h"

/* Whether a dataset holds texts, of fixed or variable length. */
bool rw_h5_is_text(const rw_h5_location *location, const char *dataset);

/* Reads a whole one-dimensional dataset of texts, in the arena; *n is their number.
 * Errors: RW_ERR_INPUT (missing, no texts, another shape, damaged, claims more than the file can hold), RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_h5_read_texts(const rw_h5_location *location, const char *dataset, rw_arena *arena,
                                      const char *const **texts, uint64_t *n);

#endif
