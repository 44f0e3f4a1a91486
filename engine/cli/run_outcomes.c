#include "cli/run_outcomes.h"

#include <math.h>

#include "base/memory.h"
#include "io/result_in.h"
#include "study/measure.h"
#include "study/measure_table.h"

/* One row for each column of the measures. */
static rw_err turn(rw_table *rows, const rw_table *measures) {
    const char **outcome = NULL, **unit = NULL, **definition = NULL, **takes = NULL;
    double *value = NULL;
    RW_TRY(rw_table_add_texts(rows, "outcome", "measure.object", &outcome));
    RW_TRY(rw_table_add_numbers(rows, "value", NULL, "its value, nan: none", &value));
    RW_TRY(rw_table_add_texts(rows, "unit", "its unit", &unit));
    RW_TRY(rw_table_add_texts(rows, "definition", "what it is", &definition));
    RW_TRY(rw_table_add_texts(rows, "takes", "of one without a value, what a value takes", &takes));
    for (size_t c = 0; c < measures->n_columns; c++) {
        const rw_table_column *column = &measures->columns[c];
        outcome[c] = column->name;
        value[c] = column->numbers[0];
        unit[c] = column->unit != NULL ? column->unit : "1";
        definition[c] = column->description;
        takes[c] = isnan(value[c]) ? rw_measure_takes(column->name) : "";
    }
    return RW_OK;
}

static rw_err write(rw_arena *arena, const char *path, rw_directory *directory) {
    rw_result_in result;
    rw_table measures = rw_table_begin(arena, 1);
    RW_TRY(rw_result_in_open(&result, arena, path));
    RW_TRY(rw_measure(&measures, &result, NULL, 0));
    rw_table rows = rw_table_begin(arena, measures.n_columns);
    RW_TRY(turn(&rows, &measures));
    return rw_table_write_csv(&rows, directory, "outcomes.csv");
}

rw_err rw_run_outcomes_write(const char *directory) {
    rw_arena *arena = NULL;
    rw_directory opened = {0};
    RW_TRY(rw_arena_create(&arena));
    rw_err err = rw_directory_reopen(&opened, directory);
    if (err == RW_OK)
        err = write(arena, directory, &opened);
    rw_directory_close(&opened);
    rw_arena_destroy(&arena);
    return err;
}
