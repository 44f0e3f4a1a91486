#include "io/hdf5/h5_dataset.h"

#include "base/memory.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"

/* Rows of a chunk for a dataset whose length is known. */
static size_t chunk_rows_for(uint64_t rows, uint64_t width) {
    uint64_t most = width <= 1 ? RW_H5_CHUNK : RW_H5_CHUNK / width + 1;
    return (size_t)(rows == 0 ? 1 : rows < most ? rows : most);
}

rw_err rw_h5_write(rw_h5_file *file, const char *path, hid_t type, uint64_t rows, uint64_t width, const void *values,
                   const char *unit, const char *description) {
    rw_h5_column column;
    rw_err err =
        rw_h5_column_create_whole(&column, file, path, type, width, chunk_rows_for(rows, width), unit, description);
    if (err == RW_OK)
        err = rw_h5_column_append(&column, values, rows);
    if (err == RW_OK)
        return rw_h5_column_close(&column);
    rw_h5_column_abandon(&column);
    return err;
}

rw_err rw_h5_write_count(rw_h5_file *file, const char *path, uint64_t rows, const char *description) {
    if (file->directory->non_writing)
        return RW_OK;
    rw_h5_column column;
    rw_err err =
        rw_h5_column_create_whole(&column, file, path, H5T_STD_U64LE, 0, chunk_rows_for(rows, 0), "1", description);
    for (uint64_t i = 0; err == RW_OK && i < rows; i++)
        err = rw_h5_column_append(&column, &i, 1);
    if (err == RW_OK)
        return rw_h5_column_close(&column);
    rw_h5_column_abandon(&column);
    return err;
}

static rw_err create_constant(rw_h5_file *file, const char *path, hid_t type, uint64_t rows, const void *value) {
    hsize_t size = rows;
    hid_t space = H5Screate_simple(1, &size, NULL), links = rw_h5_link_properties(), memory = H5I_INVALID_HID;
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), dataset = H5I_INVALID_HID;
    if (space >= 0 && links >= 0 && properties >= 0)
        memory = H5Tget_native_type(type, H5T_DIR_ASCEND);
    if (memory >= 0 && H5Pset_fill_value(properties, memory, value) >= 0 &&
        H5Pset_alloc_time(properties, H5D_ALLOC_TIME_LATE) >= 0 && H5Pset_obj_track_times(properties, false) >= 0)
        dataset = H5Dcreate2(file->id, path, type, space, links, properties, H5P_DEFAULT);
    rw_err err = dataset >= 0 && H5Dclose(dataset) >= 0 ? RW_OK : rw_h5_fail(file, "make", path);
    (void)H5Tclose(memory); /* these hold nothing that could be lost */
    (void)H5Pclose(properties);
    (void)H5Pclose(links);
    (void)H5Sclose(space);
    return err;
}

rw_err rw_h5_write_constant(rw_h5_file *file, const char *path, hid_t type, uint64_t rows, const void *value,
                            const char *unit, const char *description) {
    if (file->directory->non_writing)
        return RW_OK;
    RW_TRY(create_constant(file, path, type, rows, value));
    RW_TRY(rw_h5_attribute_text(file, path, "units", unit));
    return rw_h5_attribute_text(file, path, "description", description);
}

static rw_err create_texts(rw_h5_file *file, const char *path, uint64_t rows, const char *const *texts) {
    hsize_t size = rows;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &size, NULL), links = rw_h5_link_properties();
    hid_t properties = H5Pcreate(H5P_DATASET_CREATE), dataset = H5I_INVALID_HID;
    if (type >= 0 && H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0 && space >= 0 &&
        links >= 0 && properties >= 0 && H5Pset_obj_track_times(properties, false) >= 0)
        dataset = H5Dcreate2(file->id, path, type, space, links, properties, H5P_DEFAULT);
    bool written = dataset >= 0 && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) >= 0;
    rw_err err = written ? RW_OK : rw_h5_fail(file, "write", path);
    if (dataset >= 0 && H5Dclose(dataset) < 0 && err == RW_OK)
        err = rw_h5_fail(file, "write", path);
    (void)H5Tclose(type); /* these hold nothing that could be lost */
    (void)H5Pclose(properties);
    (void)H5Pclose(links);
    (void)H5Sclose(space);
    return err;
}

rw_err rw_h5_write_texts(rw_h5_file *file, const char *path, uint64_t rows, const char *const *texts,
                         const char *description) {
    const char **copy = NULL;
    if (file->directory->non_writing)
        return RW_OK;
    RW_TRY(RW_NEW(copy, rows, "texts"));
    for (uint64_t i = 0; i < rows; i++)
        copy[i] = texts[i] != NULL ? texts[i] : "";
    rw_err err = create_texts(file, path, rows, copy);
    rw_free(copy);
    return err == RW_OK ? rw_h5_attribute_text(file, path, "description", description) : err;
}

rw_err rw_h5_overwrite(rw_h5_file *file, const char *path, hid_t memory_type, const void *values) {
    if (file->directory->non_writing)
        return RW_OK;
    hid_t dataset = H5Dopen2(file->id, path, H5P_DEFAULT);
    bool written = dataset >= 0 && H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    rw_err err = written ? RW_OK : rw_h5_fail(file, "write", path);
    if (dataset >= 0 && H5Dclose(dataset) < 0 && err == RW_OK)
        err = rw_h5_fail(file, "write", path);
    return err;
}
