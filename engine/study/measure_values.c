#include "study/measure_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/series_catalogue.h"
#include "sim/drugs/course.h"

/* ---- from series ---- */

rw_err rw_measure_mean(const rw_measure_source *from, double *value) {
    const bool intervals = from->span_ms == RW_SERIES_SPAN_INTERVAL;
    double sum = 0.0, weights = 0.0;
    for (size_t i = 0; i < from->series.rows; i++)
        if (rw_measure_source_has_sample(from, i)) {
            const double weight = intervals ? rw_measure_source_interval(from, i) : 1.0;
            sum += weight * from->series.values[i];
            weights += weight;
        }
    *value = weights > 0.0 ? sum / weights : NAN;
    return RW_OK;
}

rw_err rw_measure_last(const rw_measure_source *from, double *value) {
    *value = NAN;
    for (size_t i = 0; i < from->series.rows; i++)
        if (rw_measure_source_has_sample(from, i))
            *value = from->series.values[i];
    return RW_OK;
}

rw_err rw_measure_sum(const rw_measure_source *from, double *value) {
    double sum = 0.0;
    for (size_t i = 0; i < from->series.rows; i++)
        sum += rw_measure_source_has_sample(from, i) ? from->series.values[i] : 0.0;
    *value = rw_measure_source_is_filled(from) ? sum : NAN;
    return RW_OK;
}

/* (created + deleted) / 2 per mean synapses and second; `other` holds the deleted. */
rw_err rw_measure_turnover(const rw_measure_source *from, double *value) {
    rw_result_numbers synapses;
    RW_TRY(rw_result_in_numbers(from->result, "series.h5", rw_series_path(RW_SERIES_SYNAPSES, from->object).text,
                                &synapses));
    double changes = 0.0, present = 0.0, span_ms = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < from->series.rows && i < synapses.rows && i < from->other.rows; i++)
        if (rw_measure_source_has_sample(from, i)) {
            changes += from->series.values[i] + from->other.values[i];
            present += synapses.values[i];
            span_ms += rw_measure_source_interval(from, i);
            n++;
        }
    *value = n > 0 && present > 0.0 ? changes / (2.0 * present / (double)n) / (1e-3 * span_ms) : NAN;
    return RW_OK;
}

/* Mean over presentations of a pattern; `other` holds how many ended in the interval of each sample. */
rw_err rw_measure_presentations(const rw_measure_source *from, double *value) {
    double sum = 0.0, presentations = 0.0;
    for (size_t i = 0; i < from->series.rows && i < from->other.rows; i++)
        if (rw_measure_source_has_sample(from, i)) {
            sum += from->other.values[i] * from->series.values[i];
            presentations += from->other.values[i];
        }
    *value = presentations > 0.0 ? sum / presentations : NAN;
    return RW_OK;
}

/* ---- from spikes ---- */

static rw_err count_cells(const rw_measure_source *from, size_t *n) {
    rw_result_ids types;
    RW_TRY(rw_result_in_ids(from->result, "nodes.h5", rw_path_of("/nodes/%s/node_type_id", from->object).text, &types));
    *n = types.n;
    return RW_OK;
}

rw_err rw_measure_rate(const rw_measure_source *from, double *value) {
    const rw_window window = rw_measure_source_spike_window(from);
    size_t cells = 0, spikes = 0;
    if (from->has_spikes && !rw_measure_source_is_filled(from))
        RW_TRY(count_cells(from, &cells));
    if (cells == 0)
        return rw_measure_mean(from, value);
    for (size_t i = 0; i < from->spike_ms.rows; i++)
        spikes += rw_measure_source_has_spike(from, &window, from->spike_ms.values[i]);
    *value = 1e3 * (double)spikes / ((double)cells * (window.to_ms - window.from_ms));
    return RW_OK;
}

/* Sums over the intervals between a cell's spikes. */
typedef struct {
    double last_ms, sum, squares;
    size_t n;
} spike_intervals;

/* Mean over cells with at least 5 intervals; spikes are in the order of time. */
rw_err rw_measure_cv_isi(const rw_measure_source *from, double *value) {
    const rw_window window = rw_measure_source_spike_window(from);
    double highest = -1.0, sum = 0.0;
    size_t cells = 0;
    spike_intervals *of = NULL;
    for (size_t i = 0; i < from->spike_id.rows; i++)
        highest = fmax(highest, from->spike_id.values[i]);
    RW_CHECK(highest < 1e9, RW_ERR_INPUT, "%s/spikes.h5: cell %g of %s is beyond what can be", from->result->path,
             highest, from->object);
    RW_TRY(RW_NEW(of, (size_t)(highest + 1.0), "intervals between spikes"));
    for (size_t i = 0; i < from->spike_id.rows; i++) {
        if (!rw_measure_source_has_spike(from, &window, from->spike_ms.values[i]))
            continue;
        spike_intervals *cell = &of[(size_t)from->spike_id.values[i]];
        double t = from->spike_ms.values[i];
        if (cell->last_ms > 0.0) {
            cell->sum += t - cell->last_ms;
            cell->squares += (t - cell->last_ms) * (t - cell->last_ms);
            cell->n++;
        }
        cell->last_ms = t;
    }
    for (size_t c = 0; c < (size_t)(highest + 1.0); c++)
        if (of[c].n >= 5) {
            double mean = of[c].sum / (double)of[c].n, variance = of[c].squares / (double)of[c].n - mean * mean;
            sum += sqrt(fmax(variance, 0.0)) / mean;
            cells++;
        }
    rw_free(of);
    *value = cells > 0 ? sum / (double)cells : NAN;
    return RW_OK;
}

/* The bin of a spike in the window; a spike at the end of a bin is in it. */
static size_t bin_of(const rw_measure_source *from, double begin_ms, double time_ms, double bin_ms) {
    const double into_ms = time_ms - begin_ms - 0.5 * from->result->step_ms;
    return into_ms > 0.0 ? (size_t)(into_ms / bin_ms) : 0;
}

rw_err rw_measure_fano(const rw_measure_source *from, double *value) {
    const double bin_ms = 10.0;
    const rw_window window = rw_measure_source_spike_window(from);
    const double span = floor((window.to_ms - window.from_ms) / bin_ms + 1e-9);
    size_t bins = span < 1e8 ? (size_t)span : 0;
    double *count = NULL, sum = 0.0, squares = 0.0;
    *value = NAN;
    RW_TRY(RW_NEW(count, bins, "spike counts"));
    for (size_t i = 0; i < from->spike_ms.rows; i++) {
        const double time_ms = from->spike_ms.values[i];
        const size_t bin =
            rw_measure_source_has_spike(from, &window, time_ms) ? bin_of(from, window.from_ms, time_ms, bin_ms) : bins;
        if (bin < bins)
            count[bin]++;
    }
    for (size_t b = 0; b < bins; b++) {
        sum += count[b];
        squares += count[b] * count[b];
    }
    if (bins > 1 && sum > 0.0)
        *value = (squares - sum * sum / (double)bins) / ((double)bins - 1.0) / (sum / (double)bins);
    rw_free(count);
    return RW_OK;
}

/* ---- from the kinetics ---- */

rw_err rw_measure_peak(const rw_measure_source *from, double *value) {
    *value = NAN;
    for (size_t d = 0; from->scenario != NULL && d < from->scenario->n_drugs; d++) {
        rw_course course;
        if (strcmp(from->scenario->drugs[d].name, from->object) != 0)
            continue;
        RW_TRY(rw_course_create(&course, from->scenario, d));
        *value = rw_course_peak(&course, from->window.from_ms, from->window.to_ms);
        rw_course_destroy(&course);
    }
    return RW_OK;
}

/* ---- from snapshots ---- */

static int ascending(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static rw_err read_uids(const rw_measure_source *from, const rw_result_snapshot *snapshot, rw_result_ids *uids) {
    RW_TRY(
        rw_result_in_ids(from->result, snapshot->file, rw_path_of("/edges/%s/0/synapse_uid", from->object).text, uids));
    if (uids->n > 0)
        qsort((uint64_t *)uids->values, uids->n, sizeof *uids->values, ascending); /* ours to sort */
    return RW_OK;
}

rw_err rw_measure_survival(const rw_measure_source *from, double *value) {
    const rw_result_in *result = from->result;
    rw_result_ids first, last;
    size_t end = result->n_snapshots, kept = 0;
    *value = NAN;
    while (end > 0 && !rw_measure_source_has(from, result->snapshots[end - 1].time_ms))
        end--;
    if (end == 0)
        return RW_OK;
    RW_TRY(read_uids(from, &result->snapshots[0], &first));
    RW_TRY(read_uids(from, &result->snapshots[end - 1], &last));
    for (size_t i = 0, j = 0; i < first.n && j < last.n;) {
        kept += first.values[i] == last.values[j];
        if (first.values[i] < last.values[j])
            i++;
        else if (first.values[i] > last.values[j])
            j++;
        else
            i++, j++;
    }
    *value = first.n > 0 ? (double)kept / (double)first.n : NAN;
    return RW_OK;
}
