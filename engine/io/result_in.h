/* Reading results again, for measures, comparisons and reports. */
#ifndef RW_IO_RESULT_IN_H
#define RW_IO_RESULT_IN_H

#include <stdint.h>

#include "base/memory.h"
#include "io/directory.h"

/* A snapshot of the connectivity. */
typedef struct {
    double time_ms;
    const char *file; /* relative to the result */
} rw_result_snapshot;

/* The description of a result directory. Everything is in the arena. */
typedef struct {
    rw_arena *arena;
    const char *path;
    const char *status;  /* running, done, interrupted, failed */
    const char *start;   /* of its process, in UTC as ISO 8601 writes it */
    const char *message; /* why it failed, or "" */
    const char *title, *engine_version, *revision, *config_sha256, *scenario_text;
    uint64_t seed;
    double step_ms, until_ms, reached_ms;
    double resumed_ms; /* from where it was resumed; 0: it was not */
    double network_ms; /* time of the network that was reached */
    uint64_t neurons, spikes, created, deleted;
    const char *const *populations; /* those in series.h5, by name */
    size_t n_populations;
    const char *const *projections;
    size_t n_projections;
    const char *const *blockades; /* names of the groups: 0, 1, ... */
    size_t n_blockades;
    const char *const *drugs;
    size_t n_drugs;
    const rw_result_snapshot *snapshots; /* ascending in time */
    size_t n_snapshots;
} rw_result_in;

/* Numbers of one dataset, rows x width; NaN where the file says so. In the arena. */
typedef struct {
    const double *values;
    size_t rows, width; /* width 1: one-dimensional */
} rw_result_numbers;

/* Ids, or other whole numbers of 64 bits, of one dataset. In the arena. */
typedef struct {
    const uint64_t *values;
    size_t n;
} rw_result_ids;

/* Whether a directory holds the result of a run. */
bool rw_result_is(const char *directory);

/* Reads run.json, the names in series.h5 and the list of snapshots. Missing series or snapshots are none,
 * unless run.json says that they were written (and no sweep has removed them since).
 * Errors: RW_ERR_INPUT (no result, a file is missing, another scenario), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_in_open(rw_result_in *result, rw_arena *arena, const char *directory);

/* Reads a dataset of numbers of a file of the result; rows is 0 if file or dataset are not there. Whole numbers that a
 * double cannot hold are an error: ids are read by the function below.
 * Errors: RW_ERR_INPUT (no numbers, damaged), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_result_in_numbers(const rw_result_in *result, const char *file, const char *dataset,
                                          rw_result_numbers *numbers);

/* Reads a one-dimensional dataset of whole numbers >= 0 of a file of the result; n is 0 if file or dataset are not
 * there. Errors: as above. */
RW_MUST_CHECK rw_err rw_result_in_ids(const rw_result_in *result, const char *file, const char *dataset,
                                      rw_result_ids *ids);

/* Names of the groups inside a group of a file; none if file or group are not there. Errors: as above. */
RW_MUST_CHECK rw_err rw_result_in_groups(const rw_result_in *result, const char *file, const char *group,
                                         const char *const **names, size_t *n_names);

/* Names of the datasets inside a group of a file but for coordinates of others, such as times, ascending; none if file
 * or group are not there. Errors: as above. */
RW_MUST_CHECK rw_err rw_result_in_datasets(const rw_result_in *result, const char *file, const char *group,
                                           const char *const **names, size_t *n_names);

/* The attribute `units` of a dataset, or "" if it has none. Errors: as above. */
RW_MUST_CHECK rw_err rw_result_in_unit(const rw_result_in *result, const char *file, const char *dataset,
                                       const char **unit);

#endif
