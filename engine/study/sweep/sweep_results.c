#include "study/sweep/sweep_results.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "io/table_h5.h"
#include "study/measure_table.h"
#include "study/sweep/claim.h"
#include "study/sweep/points_table.h"
#include "study/sweep/status.h"

/* Tenths of a second that a process waits while another collects. */
enum { PATIENCE = 600 };

/* Copies the one row of a point's measures into row `point` of the table. */
static rw_err copy_row(rw_table *table, const rw_table *row, size_t point) {
    for (size_t c = 0; c < row->n_columns; c++) {
        const rw_table_column *from = &row->columns[c], *to = rw_table_find(table, from->name);
        const char *description = rw_measure_describe(from->name);
        double *numbers = to != NULL ? to->numbers : NULL;
        if (from->numbers == NULL)
            continue;
        if (to == NULL)
            RW_TRY(rw_table_add_numbers(table, from->name, from->unit, description, &numbers));
        if (numbers != NULL)
            numbers[point] = from->numbers[0];
    }
    return RW_OK;
}

static rw_err copy_point(const rw_sweep *sweep, rw_table *table, size_t point, const char **sha) {
    rw_path path = rw_path_of("%s/measures.csv", rw_sweep_point_path(sweep, point, "").text);
    rw_table row;
    rw_err err = rw_table_read_csv(&row, sweep->arena, path.text);
    if (err == RW_OK && row.n_rows != 1)
        err = rw_fail(RW_ERR_INPUT, "%s: must hold one row, not %zu", path.text, row.n_rows);
    if (err != RW_OK)
        return rw_fail_context(err,
                               "the measures of point %zu are damaged; remove its directory, and `rewire sweep run` "
                               "runs it again",
                               point);
    const rw_table_column *hash = rw_table_find(&row, "config_sha256");
    if (hash != NULL && hash->texts != NULL)
        sha[point] = hash->texts[0];
    return copy_row(table, &row, point);
}

rw_err rw_sweep_gather(const rw_sweep *sweep, rw_table *table, size_t *n_done) {
    const size_t n = sweep->points.n_points;
    const char **state = NULL, **sha = NULL;
    rw_point_state *states = NULL;
    *n_done = 0;
    *table = rw_table_begin(sweep->arena, n);
    RW_TRY(rw_points_describe(sweep->plan, &sweep->points, table));
    RW_TRY(rw_table_add_texts(table, "status", "done, failed, running or missing", &state));
    RW_TRY(rw_table_add_texts(table, "config_sha256", "sha256 of the resolved scenario", &sha));
    RW_TRY(RW_ARENA_NEW(sweep->arena, states, n));
    RW_TRY(rw_sweep_states(sweep, states));
    for (size_t i = 0; i < n; i++) {
        state[i] = rw_point_state_name(states[i]);
        if (states[i] != RW_POINT_DONE)
            continue;
        RW_TRY(copy_point(sweep, table, i, sha));
        ++*n_done;
    }
    return RW_OK;
}

/* How many points that are done have no value in a column. */
static size_t count_gaps(const rw_table *table, const rw_table_column *column) {
    const char **states = rw_table_find(table, "status")->texts;
    size_t n = 0;
    for (size_t i = 0; column->numbers != NULL && i < table->n_rows; i++)
        n += isnan(column->numbers[i]) && strcmp(states[i], rw_point_state_name(RW_POINT_DONE)) == 0;
    return n;
}

/* The outcomes that some points that are done lack, and what a value takes: why results.csv has nan. */
static rw_err list_gaps(const rw_sweep *sweep, const rw_table *table, rw_table *gaps) {
    const char **outcome = NULL, **takes = NULL;
    double *points = NULL;
    size_t n = 0, begin = 0, k = 0;
    while (strcmp(table->columns[begin].name, "config_sha256") != 0) /* outcomes stand behind it */
        begin++;
    for (size_t c = begin; c < table->n_columns; c++)
        n += count_gaps(table, &table->columns[c]) > 0;
    *gaps = rw_table_begin(sweep->arena, n);
    RW_TRY(rw_table_add_texts(gaps, "outcome", "column of results.csv", &outcome));
    RW_TRY(rw_table_add_numbers(gaps, "points", NULL, "points that are done and have no value", &points));
    RW_TRY(rw_table_add_texts(gaps, "takes", "what a value takes", &takes));
    for (size_t c = begin; c < table->n_columns; c++) {
        const size_t lacking = count_gaps(table, &table->columns[c]);
        if (lacking == 0)
            continue;
        outcome[k] = table->columns[c].name;
        takes[k] = rw_measure_takes(table->columns[c].name);
        points[k++] = (double)lacking;
    }
    return RW_OK;
}

static rw_err write_table(const rw_sweep *sweep, size_t *n_done) {
    rw_table table, gaps;
    rw_directory directory;
    RW_TRY(rw_sweep_gather(sweep, &table, n_done));
    RW_TRY(list_gaps(sweep, &table, &gaps));
    RW_TRY(rw_directory_reopen(&directory, sweep->path));
    rw_err err = rw_table_write_csv(&table, &directory, "results.csv");
    if (err == RW_OK)
        err = rw_table_write_h5(&table, &directory, "results.h5");
    if (err == RW_OK)
        err = gaps.n_rows > 0 ? rw_table_write_csv(&gaps, &directory, "missing_values.csv")
                              : rw_remove_tree(rw_path_of("%s/missing_values.csv", sweep->path).text); /* of before */
    rw_directory_close(&directory);
    return err;
}

rw_err rw_sweep_collect(const rw_sweep *sweep, size_t *n_done) {
    const struct timespec pause = {.tv_nsec = 100000000};
    const rw_path claim = rw_path_of("%s/collect.run", sweep->path);
    bool claimed = false;
    for (int attempt = 0; !claimed && attempt < PATIENCE; attempt++) {
        RW_TRY(rw_claim_acquire(claim.text, &claimed));
        if (!claimed)
            (void)nanosleep(&pause, NULL);
    }
    RW_CHECK(claimed, RW_ERR_SYSTEM, "%s: another process has been collecting for %d s; wait for it", sweep->path,
             PATIENCE / 10);
    rw_err err = write_table(sweep, n_done);
    rw_err removed = rw_remove_tree(claim.text);
    return err == RW_OK ? removed : err;
}
