#include "study/watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/count.h"

/* What is shown, in this order. */
static const rw_series shown[] = {RW_SERIES_RATE, RW_SERIES_SYNAPSES, RW_SERIES_AT_RECEPTOR, RW_SERIES_CLOCK_FACTOR};

enum { MOST_LINES = 1000 };

/* While it is written, the file has another name and a lock, which its writer keeps to the end of the run. A reader
 * without locks sees what was flushed, or a moment of flushing, which does not fit together. */
static rw_err choose_file(const rw_result_in *run, const char **file) {
    const char *const names[] = {"series.h5", "series.h5.part"};
    *file = NULL;
    for (size_t i = 0; i < RW_COUNT(names) && *file == NULL; i++)
        if (access(rw_path_of("%s/%s", run->path, names[i]).text, F_OK) == 0)
            *file = names[i];
    RW_CHECK(setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1) == 0, RW_ERR_SYSTEM, "no memory is left");
    return RW_OK;
}

static bool varies(const rw_result_numbers *numbers) {
    for (size_t i = 1; i < numbers->rows; i++)
        if (numbers->values[i] != numbers->values[0])
            return true;
    return false;
}

static rw_err add_line(rw_watch_view *view, const char *file, rw_series series, const char *object, size_t n) {
    rw_result_numbers numbers;
    RW_TRY(rw_result_in_numbers(&view->run, file, rw_series_path(series, object).text, &numbers));
    if (numbers.rows > n)
        numbers.rows = n; /* written after the times were read */
    if (numbers.rows == 0 || view->n_lines == MOST_LINES || (series == RW_SERIES_SYNAPSES && !varies(&numbers)))
        return RW_OK;
    view->lines[view->n_lines++] = (rw_watch_line){rw_series_get(series), object, numbers.values, numbers.rows};
    return RW_OK;
}

static rw_err add_lines(rw_watch_view *view, const char *file, rw_series series, size_t n) {
    static const char *const whole[] = {""};
    const char *const *objects = whole;
    size_t n_objects = 1;
    const rw_series_group group = rw_series_get(series)->group;
    if (rw_series_object_name(group)[0] != '\0')
        RW_TRY(rw_result_in_groups(&view->run, file, rw_series_group_path(group, "").text, &objects, &n_objects));
    for (size_t i = 0; i < n_objects; i++)
        RW_TRY(add_line(view, file, series, objects[i], n));
    return RW_OK;
}

static rw_err read_series(rw_watch_view *view, const char *file) {
    rw_result_numbers time;
    RW_TRY(rw_result_in_numbers(&view->run, file, rw_series_path(RW_SERIES_TIME, "").text, &time));
    for (size_t i = 1; i < time.rows; i++)
        RW_CHECK(time.values[i] >= time.values[i - 1], RW_ERR_INPUT, "%s/%s: its times do not ascend", view->run.path,
                 file);
    view->times_ms = time.values;
    if (time.rows > 0)
        view->at_ms = fmax(view->at_ms, time.values[time.rows - 1]);
    RW_TRY(RW_ARENA_NEW(view->run.arena, view->lines, MOST_LINES));
    for (size_t i = 0; i < RW_COUNT(shown); i++)
        RW_TRY(add_lines(view, file, shown[i], time.rows));
    return RW_OK;
}

double rw_watch_mean(const double *values, size_t n, size_t column, size_t columns) {
    const size_t begin = n * column / columns, end = n * (column + 1) / columns;
    double sum = 0.0, count = 0.0;
    for (size_t i = begin; i < end; i++)
        if (isfinite(values[i])) {
            sum += values[i];
            count++;
        }
    return count > 0.0 ? sum / count : NAN;
}

static double modified_s(const rw_result_in *run, const char *file) {
    struct stat status;
    return stat(rw_path_of("%s/%s", run->path, file).text, &status) == 0 ? (double)status.st_mtime : 0.0;
}

/* UTC as run.json writes it, on the clock of time(); 0: not known. */
static double seconds_of(const char *text) {
    static const char behind[] = "--T::Z"; /* year-month-dayThour:minute:secondZ */
    int fields[sizeof behind - 1];
    for (size_t i = 0; behind[i] != '\0'; i++) {
        char *end = NULL;
        fields[i] = (int)strtol(text, &end, 10);
        if (end == text || *end != behind[i])
            return 0.0;
        text = end + 1;
    }
    struct tm utc = {.tm_year = fields[0] - 1900,
                     .tm_mon = fields[1] - 1,
                     .tm_mday = fields[2],
                     .tm_hour = fields[3],
                     .tm_min = fields[4],
                     .tm_sec = fields[5]};
    return (double)timegm(&utc);
}

rw_err rw_watch_read(rw_watch_view *view, rw_arena *arena, const char *directory) {
    const char *file = NULL;
    *view = (rw_watch_view){.has_series = true};
    RW_TRY(rw_result_in_open(&view->run, arena, directory));
    view->at_ms = view->run.reached_ms;
    view->from_ms = view->run.resumed_ms;
    view->start_s = seconds_of(view->run.start);
    RW_TRY(choose_file(&view->run, &file));
    view->has_series = file != NULL;
    view->written_s = fmax(modified_s(&view->run, "run.json"), view->has_series ? modified_s(&view->run, file) : 0.0);
    return view->has_series ? read_series(view, file) : RW_OK;
}
