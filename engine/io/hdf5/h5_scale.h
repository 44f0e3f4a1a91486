/* Dimension scales: which dataset says where the rows and columns of another lie, for example at which times. netCDF-4
 * readers, such as xarray, make coordinates of them.
 *
 * The attributes are those of the HDF5 Dimension Scale Specification. Its library libhdf5_hl writes the list of a scale
 * again with every dataset that is attached, and leaves each list in the file. */
#ifndef RW_IO_HDF5_H5_SCALE_H
#define RW_IO_HDF5_H5_SCALE_H

#include "io/hdf5/h5_file.h"

typedef struct {
    const char *dataset;
    const char *scales[2]; /* the datasets that say where its rows and its columns lie; NULL: it has no columns */
} rw_h5_dimensions;

/* Attaches n datasets to their scales, all of them at once. As readers look for a scale only in the group that they
 * open, the scale of the rows gets a (soft) link in the group of each dataset. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_h5_attach_scales(rw_h5_file *file, const rw_h5_dimensions *of, size_t n);

#endif
