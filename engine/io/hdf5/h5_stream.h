/* The rows of growing datasets in the journal of their file, so that they survive a kill. */
#ifndef RW_IO_HDF5_H5_STREAM_H
#define RW_IO_HDF5_H5_STREAM_H

#include "io/hdf5/h5_column.h"

/* Lets the column's rows go to the file's journal, too, if the run can be resumed. */
RW_MUST_CHECK rw_err rw_h5_stream_add(rw_h5_column *column);

/* Brings the rows gathered to the journal. */
RW_MUST_CHECK rw_err rw_h5_stream_keep(rw_h5_column *column);

/* Writes a whole chunk to the journal, except the gathered rows, which are there already. */
RW_MUST_CHECK rw_err rw_h5_stream_keep_chunk(rw_h5_column *column, const void *values);

#endif
