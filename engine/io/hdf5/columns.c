#include "io/hdf5/columns.h"

#include "base/memory.h"
#include "io/hdf5/h5_scale.h"

static rw_err add(rw_columns *columns, rw_h5_column **column, rw_path path, hid_t type, uint64_t width,
                  const char *unit, const char *description) {
    RW_TRY(RW_GROW(columns->columns, columns->n, columns->n + 1, "columns of a result file"));
    RW_TRY(RW_NEW(*column, 1, "columns of a result file"));
    columns->columns[columns->n++] = *column;
    return rw_h5_column_create(*column, columns->file, path.text, type, width, columns->chunk_rows, unit, description);
}

rw_err rw_columns_add(rw_columns *columns, rw_h5_column **column, rw_path path, hid_t type, const char *unit,
                      const char *description) {
    return add(columns, column, path, type, 0, unit, description);
}

rw_err rw_columns_add_wide(rw_columns *columns, rw_h5_column **column, rw_path path, uint64_t width, rw_path across,
                           const char *unit, const char *description) {
    RW_TRY(add(columns, column, path, H5T_IEEE_F64LE, width, unit, description));
    (*column)->across = across;
    return RW_OK;
}

rw_err rw_columns_attach_scales(const rw_columns *columns) {
    rw_h5_dimensions *of = NULL;
    RW_ASSERT(columns->n > 0);
    RW_TRY(RW_NEW(of, columns->n, "columns of a result file"));
    for (size_t i = 1; i < columns->n; i++) {
        const rw_h5_column *column = columns->columns[i];
        of[i] = (rw_h5_dimensions){column->path.text, {columns->columns[0]->path.text, NULL}};
        if (column->width > 0)
            of[i].scales[1] = column->across.text;
    }
    rw_err err = rw_h5_attach_scales(columns->file, of + 1, columns->n - 1);
    rw_free(of);
    return err;
}

rw_err rw_columns_add_next(rw_columns *columns, rw_path path, const char *unit, const char *description) {
    rw_h5_column *column = NULL;
    return rw_columns_add(columns, &column, path, H5T_IEEE_F64LE, unit, description);
}

rw_err rw_columns_append_next(rw_columns *columns, size_t *next, double value) {
    RW_ASSERT(*next < columns->n);
    return rw_h5_column_append(columns->columns[(*next)++], &value, 1);
}

rw_err rw_columns_flush(rw_columns *columns) {
    for (size_t i = 0; i < columns->n; i++)
        RW_TRY(rw_h5_column_flush(columns->columns[i]));
    return RW_OK;
}

rw_err rw_columns_close(rw_columns *columns) {
    for (size_t i = 0; i < columns->n; i++)
        RW_TRY(rw_h5_column_close(columns->columns[i]));
    return RW_OK;
}

void rw_columns_destroy(rw_columns *columns) {
    for (size_t i = 0; i < columns->n; i++) {
        rw_h5_column_abandon(columns->columns[i]);
        rw_free(columns->columns[i]);
    }
    rw_free(columns->columns);
    *columns = (rw_columns){0};
}
