/* What a run has written so far, for people who watch it. Only reads. */
#ifndef RW_STUDY_WATCH_H
#define RW_STUDY_WATCH_H

#include "config/series_catalogue.h"
#include "io/result_in.h"

/* A series of one object, up to the newest sample. */
typedef struct {
    const rw_series_entry *series;
    const char *object;   /* "pyr"; "" if the series is of the whole run */
    const double *values; /* [n] */
    size_t n;
} rw_watch_line;

/* The mean of the samples that share column `column` of so many; NaN without any. */
double rw_watch_mean(const double *values, size_t n, size_t column, size_t columns);

/* Everything is in the arena. */
typedef struct {
    rw_result_in run;
    bool has_series;        /* the run records any */
    double at_ms;           /* biological time of the newest sample, or what run.json says if that is later */
    double written_s;       /* when it was written last, on the clock of time() */
    double start_s;         /* when the process began, on the same clock; 0: not known */
    double from_ms;         /* the biological time at which it began */
    const double *times_ms; /* biological time of sample i of every line */
    rw_watch_line *lines;
    size_t n_lines;
} rw_watch_view;

/* Reads it. Errors: RW_ERR_INPUT (no result of a run, damaged; or, of a run in progress, just being written, so that it
 * can be read a moment later), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_watch_read(rw_watch_view *view, rw_arena *arena, const char *directory);

#endif
