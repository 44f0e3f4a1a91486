#include "io/hdf5/h5_column.h"

#include <string.h>

#include "base/memory.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_stream.h"

/* Shuffle and deflate are the filters that every HDF5 library can read. */
static hid_t dataset_properties(int rank, const hsize_t *chunk) {
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    if (list < 0 || H5Pset_chunk(list, rank, chunk) < 0 || H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, 1) < 0 ||
        H5Pset_obj_track_times(list, false) < 0)
        return H5I_INVALID_HID;
    return list;
}

static rw_err create_dataset(rw_h5_column *column, hid_t type, size_t chunk_rows) {
    int rank = column->width == 0 ? 1 : 2;
    hsize_t size[2] = {0, column->width}, limit[2] = {H5S_UNLIMITED, column->width},
            chunk[2] = {chunk_rows, column->width};
    hid_t space = H5Screate_simple(rank, size, limit);
    hid_t links = rw_h5_link_properties();
    hid_t properties = dataset_properties(rank, chunk);
    if (space >= 0 && links >= 0 && properties >= 0)
        column->dataset = H5Dcreate2(column->file->id, column->path.text, type, space, links, properties, H5P_DEFAULT);
    rw_err err = column->dataset >= 0 ? RW_OK : rw_h5_fail(column->file, "make", column->path.text);
    (void)H5Pclose(properties); /* these hold nothing that could be lost */
    (void)H5Pclose(links);
    (void)H5Sclose(space);
    return err;
}

rw_err rw_h5_column_create_whole(rw_h5_column *column, rw_h5_file *file, const char *path, hid_t type, uint64_t width,
                                 size_t chunk_rows, const char *unit, const char *description) {
    RW_ASSERT(chunk_rows > 0);
    *column = (rw_h5_column){.file = file,
                             .path = rw_path_of("%s", path),
                             .width = width,
                             .capacity = chunk_rows,
                             .dataset = H5I_INVALID_HID};
    column->memory_type = H5I_INVALID_HID;
    if (file->directory->non_writing)
        return RW_OK;
    column->memory_type = H5Tget_native_type(type, H5T_DIR_ASCEND);
    if (column->memory_type < 0)
        return rw_h5_fail(file, "make", path);
    RW_TRY(create_dataset(column, type, chunk_rows));
    column->row_bytes = H5Tget_size(column->memory_type) * (width == 0 ? 1 : width);
    RW_TRY(rw_allocate(&column->buffer, chunk_rows, column->row_bytes, "buffer of a result file"));
    RW_TRY(rw_h5_attribute_text(file, path, "units", unit));
    return rw_h5_attribute_text(file, path, "description", description);
}

rw_err rw_h5_column_create(rw_h5_column *column, rw_h5_file *file, const char *path, hid_t type, uint64_t width,
                           size_t chunk_rows, const char *unit, const char *description) {
    RW_TRY(rw_h5_column_create_whole(column, file, path, type, width, chunk_rows, unit, description));
    return file->grows ? rw_h5_stream_add(column) : RW_OK;
}

/* Writes n rows behind those on file. */
static rw_err write_rows(rw_h5_column *column, const void *rows, size_t n) {
    int rank = column->width == 0 ? 1 : 2;
    hsize_t size[2] = {column->rows + n, column->width}, start[2] = {column->rows, 0}, count[2] = {n, column->width};
    hid_t from = H5Screate_simple(rank, count, NULL), to = H5I_INVALID_HID;
    bool written = from >= 0 && H5Dset_extent(column->dataset, size) >= 0;
    if (written)
        to = H5Dget_space(column->dataset);
    written = written && to >= 0 && H5Sselect_hyperslab(to, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
              H5Dwrite(column->dataset, column->memory_type, from, to, H5P_DEFAULT, rows) >= 0;
    rw_err err = written ? RW_OK : rw_h5_fail(column->file, "write", column->path.text);
    (void)H5Sclose(to); /* these hold nothing that could be lost */
    (void)H5Sclose(from);
    column->rows += n;
    return err;
}

rw_err rw_h5_column_flush(rw_h5_column *column) {
    if (column->buffered == 0)
        return RW_OK;
    RW_TRY(rw_h5_stream_keep(column));
    size_t n = column->buffered;
    column->buffered = column->journaled = 0;
    return write_rows(column, column->buffer, n);
}

size_t rw_h5_column_free_rows(const rw_h5_column *column) {
    return column->capacity - (size_t)(column->rows % column->capacity) - column->buffered;
}

rw_err rw_h5_column_put_chunk(rw_h5_column *column, const void *values, const void *packed, size_t n_packed) {
    hsize_t start[2] = {column->rows, 0}, size[2] = {column->rows + column->capacity, column->width};
    RW_ASSERT(column->rows % column->capacity == 0);
    RW_TRY(rw_h5_stream_keep_chunk(column, values));
    column->buffered = column->journaled = 0;
    column->rows = size[0];
    bool written = H5Dset_extent(column->dataset, size) >= 0 &&
                   H5Dwrite_chunk(column->dataset, H5P_DEFAULT, 0, start, n_packed, packed) >= 0;
    return written ? RW_OK : rw_h5_fail(column->file, "write", column->path.text);
}

rw_err rw_h5_column_append(rw_h5_column *column, const void *rows, size_t n) {
    const char *next = rows;
    if (column->file->directory->non_writing)
        return RW_OK;
    RW_ASSERT(column->buffer != NULL);
    while (n > 0) {
        size_t free_rows = rw_h5_column_free_rows(column);
        size_t taken = n < free_rows ? n : free_rows;
        memcpy(column->buffer + column->buffered * column->row_bytes, next, taken * column->row_bytes);
        column->buffered += taken;
        next += taken * column->row_bytes;
        n -= taken;
        if (taken == free_rows)
            RW_TRY(rw_h5_column_flush(column));
    }
    return RW_OK;
}

rw_err rw_h5_column_close(rw_h5_column *column) {
    if (column->file == NULL)
        return RW_OK;
    rw_err err = rw_h5_column_flush(column);
    if (!column->file->directory->non_writing && H5Dclose(column->dataset) < 0 && err == RW_OK)
        err = rw_h5_fail(column->file, "close", column->path.text);
    column->dataset = H5I_INVALID_HID;
    rw_h5_column_abandon(column);
    return err;
}

void rw_h5_column_abandon(rw_h5_column *column) {
    if (column->file == NULL)
        return;
    if (column->dataset >= 0)
        (void)H5Dclose(column->dataset); /* its contents are discarded already */
    if (column->memory_type >= 0)
        (void)H5Tclose(column->memory_type);
    rw_free(column->buffer);
    *column = (rw_h5_column){0};
}
