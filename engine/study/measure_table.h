/* The outcome measures, once: from which series of the catalogue each is taken, how, and what people call it. */
#ifndef RW_STUDY_MEASURE_TABLE_H
#define RW_STUDY_MEASURE_TABLE_H

#include "config/series_catalogue.h"
#include "study/measure_values.h"

/* What a measure needs beside the series, or uses if it is there. */
typedef enum {
    RW_MEASURE_NEEDS_NOTHING,
    RW_MEASURE_USES_SPIKES,
    RW_MEASURE_NEEDS_SPIKES,
    RW_MEASURE_NEEDS_SNAPSHOTS
} rw_measure_need;

/* The measure of a series of the catalogue. */
typedef struct {
    rw_series series; /* it must be there */
    rw_measure_function value;
    const char *description;
    const char *takes;               /* without what it has no value: "a sample in the window" */
    const char *name, *title, *unit; /* NULL: those of the series */
    rw_series other;                 /* a second series of the object; RW_SERIES_TIME: none */
    rw_measure_need needs;
    bool (*applies)(const rw_measure_source *from); /* whether the object has it; NULL: every one does */
    bool is_choice;                                 /* 1 or 0 in each run: psychometric curves are fitted to it */
} rw_measure_entry;

/* Measures that belong together, in a file of their own under study/measures. */
typedef struct {
    const rw_measure_entry *entries;
    size_t n;
} rw_measure_group;

/* Begins the columns of record.measures, whose turnover is not that of the projection. */
#define RW_MEASURE_CONNECTIVITY_PREFIX "measures_"

/* Measure i of all; NULL behind the last. */
const rw_measure_entry *rw_measure_at(size_t i);

/* The first part of a measure's columns: "rate". */
const char *rw_measure_name(const rw_measure_entry *entry);

/* The description of a column `measure.object.window`; NULL if it is none. */
const char *rw_measure_describe(const char *column);

/* Without what a column has no value: "a sample in the window". */
const char *rw_measure_takes(const char *column);

/* Whether a column is the mean of a series of which no measure is taken: `ei_ratio.pyr.after`. */
bool rw_measure_is_plain_series(const char *column);

/* Whether a column is the choice of a run, 1 or 0. */
bool rw_measure_is_choice(const char *column);

/* What a column is of, in short: "Firing rate". */
const char *rw_measure_quantity(const char *column);

/* What people call a column: "Firing rate of pyr, after". */
void rw_measure_title(const char *column, char *title, size_t size);

#endif
