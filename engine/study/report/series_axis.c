#include "study/report/series_axis.h"

rw_axis rw_axis_of_series(rw_series series) {
    const rw_series_entry *entry = rw_series_get(series);
    return (rw_axis){.label = entry->quantity, .unit = entry->unit};
}
