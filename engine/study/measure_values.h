/* What an outcome measure is computed from, and how: one function for each kind of value. */
#ifndef RW_STUDY_MEASURE_VALUES_H
#define RW_STUDY_MEASURE_VALUES_H

#include "io/result_in.h"
#include "study/sweep/sweep_plan.h"

/* What measures are taken from: one object of a result, and a window. */
typedef struct {
    const rw_result_in *result;
    const char *object; /* name of the population, projection, blockade or drug; "": the network */
    rw_window window;
    rw_result_numbers time, series; /* of the measure's dataset */
    rw_result_numbers other;        /* of a second dataset, where a measure needs one */
    rw_result_numbers spike_ms, spike_id;
} rw_measure_source;

/* Computes a value; NaN without data in the window. Errors: RW_ERR_INPUT (damaged files), RW_ERR_SYSTEM. */
typedef rw_err (*rw_measure_function)(const rw_measure_source *from, double *value);

/* Mean of the samples. */
rw_err rw_measure_mean(const rw_measure_source *from, double *value);

/* The last sample. */
rw_err rw_measure_last(const rw_measure_source *from, double *value);

/* The highest sample. */
rw_err rw_measure_highest(const rw_measure_source *from, double *value);

/* Sum of the samples. */
rw_err rw_measure_sum(const rw_measure_source *from, double *value);

/* (created + deleted) / 2 per mean synapses and second; `other` holds the deleted. */
rw_err rw_measure_turnover(const rw_measure_source *from, double *value);

/* Coefficient of variation of the intervals between a cell's spikes, mean over cells with at least 5 intervals. */
rw_err rw_measure_cv_isi(const rw_measure_source *from, double *value);

/* Variance over mean of the population's spike counts in bins of 10 ms. */
rw_err rw_measure_fano(const rw_measure_source *from, double *value);

/* Share of the synapses of the first snapshot that the last snapshot up to the window's end still has. */
rw_err rw_measure_survival(const rw_measure_source *from, double *value);

#endif
