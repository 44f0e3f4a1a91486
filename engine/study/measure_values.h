/* What an outcome measure is computed from, and how: one function for each kind of value. */
#ifndef RW_STUDY_MEASURE_VALUES_H
#define RW_STUDY_MEASURE_VALUES_H

#include "study/measure_source.h"

/* Computes a value; NaN without data in the window. Errors: RW_ERR_INPUT (damaged files), RW_ERR_SYSTEM. */
typedef rw_err (*rw_measure_function)(const rw_measure_source *from, double *value);

/* Mean of the samples; of samples that stand for intervals, in proportion to these. */
rw_err rw_measure_mean(const rw_measure_source *from, double *value);

/* Spikes per cell and second: those between samples that fill the window, or else recorded spikes, or else the mean of
 * the samples in it. */
rw_err rw_measure_rate(const rw_measure_source *from, double *value);

/* The last sample. */
rw_err rw_measure_last(const rw_measure_source *from, double *value);

/* Sum of samples that fill the window. */
rw_err rw_measure_sum(const rw_measure_source *from, double *value);

/* (created + deleted) / 2 per mean synapses and second; `other` holds the deleted. */
rw_err rw_measure_turnover(const rw_measure_source *from, double *value);

/* Mean over presentations of a pattern, if each sample is one over those that ended since the last; `other` says how
 * many these are. */
rw_err rw_measure_presentations(const rw_measure_source *from, double *value);

/* Highest level of a drug at the receptor, of the solution of its kinetics. */
rw_err rw_measure_peak(const rw_measure_source *from, double *value);

/* Coefficient of variation of the intervals between a cell's spikes, mean over cells with at least 5 intervals. */
rw_err rw_measure_cv_isi(const rw_measure_source *from, double *value);

/* Variance over mean of the population's spike counts in the whole bins of 10 ms from the window's begin on. */
rw_err rw_measure_fano(const rw_measure_source *from, double *value);

/* Share of the synapses of the first snapshot that the last snapshot in the window still has. */
rw_err rw_measure_survival(const rw_measure_source *from, double *value);

#endif
