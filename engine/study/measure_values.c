#include "study/measure_values.h"

#include <math.h>
#include <stdlib.h>

#include "config/series_catalogue.h"

/* ---- from series: samples behind the window's begin, up to its end ---- */

static bool inside(const rw_measure_source *from, size_t i) {
    double t = from->time.values[i];
    return t > from->window.from_ms && t <= from->window.to_ms && !isnan(from->series.values[i]);
}

rw_err rw_measure_mean(const rw_measure_source *from, double *value) {
    double sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i)) {
            sum += from->series.values[i];
            n++;
        }
    *value = n > 0 ? sum / (double)n : NAN;
    return RW_OK;
}

rw_err rw_measure_last(const rw_measure_source *from, double *value) {
    *value = NAN;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i))
            *value = from->series.values[i];
    return RW_OK;
}

rw_err rw_measure_highest(const rw_measure_source *from, double *value) {
    *value = NAN;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i))
            *value = fmax(isnan(*value) ? -INFINITY : *value, from->series.values[i]);
    return RW_OK;
}

rw_err rw_measure_sum(const rw_measure_source *from, double *value) {
    bool any = false;
    *value = 0.0;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i)) {
            *value += from->series.values[i];
            any = true;
        }
    *value = any ? *value : NAN;
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
        if (inside(from, i) && i > 0) {
            changes += from->series.values[i] + from->other.values[i];
            present += synapses.values[i];
            span_ms += from->time.values[i] - from->time.values[i - 1];
            n++;
        }
    *value = n > 0 && present > 0.0 ? changes / (2.0 * present / (double)n) / (1e-3 * span_ms) : NAN;
    return RW_OK;
}

/* ---- from spikes ---- */

static bool spike_inside(const rw_measure_source *from, size_t i) {
    return from->spike_ms.values[i] > from->window.from_ms && from->spike_ms.values[i] <= from->window.to_ms;
}

/* Sums over the intervals between a cell's spikes. */
typedef struct {
    double last_ms, sum, squares;
    size_t n;
} spike_intervals;

/* Mean over cells with at least 5 intervals; spikes are in the order of time. */
rw_err rw_measure_cv_isi(const rw_measure_source *from, double *value) {
    double highest = -1.0, sum = 0.0;
    size_t cells = 0;
    spike_intervals *of = NULL;
    for (size_t i = 0; i < from->spike_id.rows; i++)
        highest = fmax(highest, from->spike_id.values[i]);
    RW_CHECK(highest < 1e9, RW_ERR_INPUT, "%s/spikes.h5: cell %g of %s is beyond what can be", from->result->path,
             highest, from->object);
    RW_TRY(RW_NEW(of, (size_t)(highest + 1.0), "intervals between spikes"));
    for (size_t i = 0; i < from->spike_id.rows; i++) {
        if (!spike_inside(from, i))
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

/* Variance over mean of the population's spike counts in bins of 10 ms. */
rw_err rw_measure_fano(const rw_measure_source *from, double *value) {
    const double bin_ms = 10.0;
    const double span = floor((from->window.to_ms - from->window.from_ms) / bin_ms);
    size_t bins = span < 1e8 ? (size_t)span : 0;
    double *count = NULL, sum = 0.0, squares = 0.0;
    *value = NAN;
    RW_TRY(RW_NEW(count, bins, "spike counts"));
    for (size_t i = 0; i < from->spike_ms.rows; i++) {
        size_t bin = spike_inside(from, i)
                         ? (size_t)(ceil((from->spike_ms.values[i] - from->window.from_ms) / bin_ms) - 1.0)
                         : bins;
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

/* Share of the synapses of the first snapshot that the last snapshot up to the window's end still has. */
rw_err rw_measure_survival(const rw_measure_source *from, double *value) {
    const rw_result_in *result = from->result;
    rw_result_ids first, last;
    size_t end = result->n_snapshots, kept = 0;
    *value = NAN;
    while (end > 0 && result->snapshots[end - 1].time_ms > from->window.to_ms)
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
