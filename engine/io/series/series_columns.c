#include "io/series/series_columns.h"

#include "io/hdf5/h5_dataset.h"

rw_err rw_columns_add_series(rw_columns *columns, rw_h5_column **column, rw_series series, const char *object,
                             hid_t type) {
    const rw_series_entry *entry = rw_series_get(series);
    return rw_columns_add(columns, column, rw_series_path(series, object), type, entry->unit, entry->description);
}

rw_err rw_columns_add_next_series(rw_columns *columns, rw_series series, const char *object, rw_series_parts parts) {
    const rw_series_entry *entry = rw_series_get(series);
    return rw_columns_add_next(columns, rw_series_path_with(series, object, parts.names, parts.n), entry->unit,
                               entry->description);
}

rw_err rw_columns_add_wide_series(rw_columns *columns, rw_h5_column **column, rw_series series, const char *object,
                                  uint64_t width, rw_series across) {
    const rw_series_entry *entry = rw_series_get(series);
    return rw_columns_add_wide(columns, column, rw_series_path(series, object), width, rw_series_path(across, object),
                               entry->unit, entry->description);
}

rw_err rw_columns_write_places(const rw_columns *columns, rw_series series, const char *object, const double *places,
                               uint64_t n) {
    const rw_series_entry *entry = rw_series_get(series);
    return rw_h5_write(columns->file, rw_series_path(series, object).text, H5T_IEEE_F64LE, n, 0, places, entry->unit,
                       entry->description);
}
