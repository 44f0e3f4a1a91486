/* How far the datasets of a file have grown, in a saved state. */
#ifndef RW_IO_HDF5_H5_REPLAY_H
#define RW_IO_HDF5_H5_REPLAY_H

#include "io/hdf5/h5_file.h"
#include "sim/run_state/archive.h"

/* Saves the lengths of the file's datasets, or extends them to these lengths again. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT
 * (a damaged journal). */
RW_MUST_CHECK rw_err rw_h5_archive(rw_h5_file *file, const rw_archive *archive);

#endif
