/* What an outcome measure is taken from, and which spikes, samples and snapshots count in a window.
 *
 * A window [from, until) consists of the steps that begin in it. Spikes, samples and snapshots bear the time at which
 * their step ends, so they count if from < time <= until. A sample that stands for the time before it counts if all of
 * that time lies in the window. Spikes have the time of the network: with time.clock their window is that in which the
 * network ran through the biological one, exactly where samples lie at its ends, interpolated elsewhere. */
#ifndef RW_STUDY_MEASURE_SOURCE_H
#define RW_STUDY_MEASURE_SOURCE_H

#include "io/result_in.h"
#include "study/sweep/sweep_plan.h"

/* What measures are taken from: one object of a result, and a window. */
typedef struct {
    const rw_result_in *result;
    const rw_scenario *scenario; /* NULL: it cannot be read back, because it names files */
    const char *object;          /* name of the population, projection, blockade or drug; "": the network */
    double begin_ms, end_ms;     /* of the time that the result covers */
    rw_window window;
    rw_result_numbers time, series; /* of the measure's dataset */
    double span_ms;                 /* the time that a sample stands for, as in the catalogue */
    rw_result_numbers other;        /* of a second dataset, where a measure needs one */
    bool has_spikes;                /* the spikes of the object were recorded, though there may be none */
    rw_result_numbers spike_ms, spike_id;
    rw_result_numbers network_ms; /* time of the network at each sample; none without time.clock */
} rw_measure_source;

/* By how much two times may differ that are the same, ms: times are whole steps, as far as rounding allows. */
double rw_measure_tolerance(const rw_result_in *result);

/* Whether a biological time, of a sample or a snapshot, counts in the window. */
bool rw_measure_source_has(const rw_measure_source *from, double time_ms);

/* The window in the time of the network, which spikes have. */
rw_window rw_measure_source_spike_window(const rw_measure_source *from);

/* Whether a spike counts in that window. */
bool rw_measure_source_has_spike(const rw_measure_source *from, const rw_window *window, double spike_ms);

/* Whether sample i has a value and counts in the window. */
bool rw_measure_source_has_sample(const rw_measure_source *from, size_t i);

/* The time for which sample i > 0 of a series over intervals stands, ms. */
double rw_measure_source_interval(const rw_measure_source *from, size_t i);

/* Whether the intervals of the samples fill the whole window. */
bool rw_measure_source_is_filled(const rw_measure_source *from);

/* Whether the window lies in the time that the result covers. */
bool rw_measure_source_has_window(const rw_measure_source *from);

#endif
