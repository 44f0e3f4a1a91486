/* When a network counts as recovered, as `recovery:` of a sweep and `rewire compare --recovery` say it. */
#ifndef RW_STUDY_RECOVERY_SPEC_H
#define RW_STUDY_RECOVERY_SPEC_H

#include <stdbool.h>
#include <stddef.h>

/* A span of a run over which measures are taken. */
typedef struct {
    const char *name;
    double from_ms, to_ms;
} rw_window;

/* A comparison with a number: "<4", ">=0.5". */
typedef struct {
    bool greater, equal;
    double value;
} rw_threshold;

/* A run recovers when its series, averaged over the last lasting_ms, first meets the threshold. */
typedef struct {
    const char *series;   /* dataset of series.h5, from "/"; NULL: recovery is not asked for */
    rw_threshold reaches; /* in the unit of the series; with windows, 0 is the mean in the first and 1 in the second */
    bool between_windows;
    rw_window zero, one;        /* those windows */
    double from_ms, until_ms;   /* watched from here, which is time 0, to here (infinity: the end of the run) */
    double lasting_ms;          /* 0: every sample counts by itself */
    const char *predictor;      /* outcome `measure.object.window` that may tell early who recovers; NULL: none */
    rw_window predictor_window; /* that it is measured in */
} rw_recovery_spec;

#endif
