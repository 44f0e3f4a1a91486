#include "io/table_h5.h"

#include "io/hdf5/h5_dataset.h"
#include "io/hdf5/h5_file.h"
#include "io/table.h"

static rw_err write_texts(rw_h5_file *file, const rw_table *table, const rw_table_column *column, const char *path) {
    hid_t type = H5Tcopy(H5T_C_S1), links = rw_h5_link_properties(), creation = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t rows = table->n_rows;
    hid_t space = H5Screate_simple(1, &rows, NULL), data = H5I_INVALID_HID;
    if (type >= 0 && links >= 0 && space >= 0 && creation >= 0 && H5Pset_obj_track_times(creation, 0) >= 0 &&
        H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0)
        data = H5Dcreate2(file->id, path, type, space, links, creation, H5P_DEFAULT);
    bool written = data >= 0 && H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, column->texts) >= 0;
    rw_err err = written ? RW_OK : rw_h5_fail(file, "write", path);
    if (data >= 0 && H5Dclose(data) < 0 && err == RW_OK)
        err = rw_h5_fail(file, "write", path);
    (void)H5Sclose(space); /* these hold nothing that could be lost */
    (void)H5Pclose(links);
    (void)H5Pclose(creation);
    (void)H5Tclose(type);
    if (err == RW_OK && column->description != NULL)
        err = rw_h5_attribute_text(file, path, "description", column->description);
    return err;
}

static rw_err write_columns(rw_h5_file *file, const rw_table *table) {
    RW_TRY(rw_h5_group(file, "/table"));
    for (size_t c = 0; c < table->n_columns; c++) {
        const rw_table_column *column = &table->columns[c];
        rw_path path = rw_path_of("/table/%s", column->name);
        if (column->texts != NULL)
            RW_TRY(write_texts(file, table, column, path.text));
        else
            RW_TRY(rw_h5_write(file, path.text, H5T_IEEE_F64LE, table->n_rows, 0, column->numbers,
                               column->unit != NULL ? column->unit : "1",
                               column->description != NULL ? column->description : column->name));
    }
    return RW_OK;
}

rw_err rw_table_write_h5(const rw_table *table, rw_directory *directory, const char *name) {
    rw_h5_file *file = NULL;
    RW_TRY(rw_h5_create(&file, directory, name));
    rw_err err = write_columns(file, table);
    if (err != RW_OK) {
        rw_h5_abandon(&file);
        return err;
    }
    return rw_h5_commit(&file);
}
