#include "study/measure_source.h"

#include <math.h>

#include "config/series_catalogue.h"

double rw_measure_tolerance(const rw_result_in *result) {
    return 1e-3 * result->step_ms;
}

static double tolerance(const rw_measure_source *from) {
    return rw_measure_tolerance(from->result);
}

bool rw_measure_source_has(const rw_measure_source *from, double time_ms) {
    return time_ms > from->window.from_ms + tolerance(from) && time_ms <= from->window.to_ms + tolerance(from);
}

static bool has_clock(const rw_measure_source *from) {
    return from->network_ms.rows >= 2 && from->network_ms.rows == from->time.rows;
}

/* The network's time at a biological time, which lies between two samples. */
static double network_time(const rw_measure_source *from, double time_ms) {
    const double *time = from->time.values, *network = from->network_ms.values;
    size_t after = 1;
    while (after + 1 < from->time.rows && time[after] < time_ms)
        after++;
    const double share = (time_ms - time[after - 1]) / (time[after] - time[after - 1]);
    return network[after - 1] + share * (network[after] - network[after - 1]);
}

rw_window rw_measure_source_spike_window(const rw_measure_source *from) {
    rw_window window = from->window;
    if (!has_clock(from))
        return window;
    window.from_ms = network_time(from, window.from_ms);
    window.to_ms = network_time(from, window.to_ms);
    return window;
}

bool rw_measure_source_has_spike(const rw_measure_source *from, const rw_window *window, double spike_ms) {
    return spike_ms > window->from_ms + tolerance(from) && spike_ms <= window->to_ms + tolerance(from);
}

double rw_measure_source_interval(const rw_measure_source *from, size_t i) {
    return from->time.values[i] - from->time.values[i - 1];
}

/* Whether the time for which a sample stands begins in the window; a span of a fixed length is of the network. */
static bool begins_inside(const rw_measure_source *from, size_t i) {
    if (from->span_ms == RW_SERIES_SPAN_INSTANT)
        return true;
    if (from->span_ms == RW_SERIES_SPAN_INTERVAL)
        return i > 0 && from->time.values[i - 1] >= from->window.from_ms - tolerance(from);
    const double end_ms = has_clock(from) ? from->network_ms.values[i] : from->time.values[i];
    return end_ms - from->span_ms >= rw_measure_source_spike_window(from).from_ms - tolerance(from);
}

bool rw_measure_source_has_sample(const rw_measure_source *from, size_t i) {
    if (isnan(from->series.values[i]) || !rw_measure_source_has(from, from->time.values[i]))
        return false;
    return begins_inside(from, i);
}

bool rw_measure_source_is_filled(const rw_measure_source *from) {
    double filled_ms = 0.0;
    for (size_t i = 1; i < from->series.rows; i++)
        filled_ms += rw_measure_source_has_sample(from, i) ? rw_measure_source_interval(from, i) : 0.0;
    return fabs(filled_ms - (from->window.to_ms - from->window.from_ms)) < 0.5 * from->result->step_ms;
}

bool rw_measure_source_has_window(const rw_measure_source *from) {
    return from->window.from_ms >= from->begin_ms - tolerance(from) &&
           from->window.to_ms <= from->end_ms + tolerance(from);
}
