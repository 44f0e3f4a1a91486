/* The axis of a series of the catalogue. */
#ifndef RW_STUDY_REPORT_SERIES_AXIS_H
#define RW_STUDY_REPORT_SERIES_AXIS_H

#include "config/series_catalogue.h"
#include "study/report/figure.h"

/* Quantity and unit of the series. */
rw_axis rw_axis_of_series(rw_series series);

#endif
