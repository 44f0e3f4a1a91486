#include "study/comparison/courses.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "config/series_catalogue.h"
#include "io/result_in.h"

enum { MAX_FOLLOWED = 64 };

/* ---- which series ---- */

typedef struct {
    const rw_cohort *cohort;
    const rw_result_in *run; /* that is looked at */
    rw_followed *list;
    size_t n;
} series_listing;

/* Whether the run has the series; `changes`: and any number in it is above 0. */
static rw_err is_there(const series_listing *listing, const char *dataset, bool changes, bool *there) {
    rw_result_numbers numbers;
    RW_TRY(rw_result_in_numbers(listing->run, "series.h5", dataset, &numbers));
    bool any = !changes;
    for (size_t i = 0; i < numbers.rows && !any; i++)
        any = numbers.values[i] > 0.0;
    *there = numbers.rows > 0 && numbers.width == 1 && any;
    return RW_OK;
}

static bool is_listed(const series_listing *listing, const char *dataset) {
    for (size_t i = 0; i < listing->n; i++)
        if (strcmp(listing->list[i].dataset, dataset) == 0)
            return true;
    return false;
}

/* A series that is followed in objects that have another one, the witness. */
typedef struct {
    rw_series series, witness;
} kind;

static rw_err follow(series_listing *listing, const kind *of, const char *const *objects, size_t n) {
    for (size_t i = 0; i < n && listing->n < MAX_FOLLOWED; i++) {
        const rw_path dataset = rw_series_path(of->series, objects[i]);
        bool there = false;
        rw_followed *next = &listing->list[listing->n];
        RW_TRY(is_there(listing, rw_series_path(of->witness, objects[i]).text, of->witness != of->series, &there));
        if (!there || is_listed(listing, dataset.text))
            continue;
        RW_TRY(rw_arena_string(listing->cohort->arena, &next->dataset, dataset.text));
        RW_TRY(rw_arena_string(listing->cohort->arena, &next->title, rw_series_title(of->series, objects[i]).text));
        RW_TRY(rw_result_in_unit(listing->run, "series.h5", next->dataset, &next->unit));
        next->label = rw_series_get(of->series)->quantity;
        listing->n++;
    }
    return RW_OK;
}

static rw_err follow_signals(series_listing *listing, const kind *of) {
    const char *const *names = NULL;
    size_t n = 0;
    RW_TRY(
        rw_result_in_groups(listing->run, "series.h5", rw_series_group_path(RW_SERIES_OF_SIGNAL, "").text, &names, &n));
    return follow(listing, of, names, n);
}

/* Assemblies of record.measures, which are sampled at times of their own. */
static rw_err follow_assemblies(series_listing *listing, const char *projection) {
    const rw_path folder = rw_series_folder(RW_SERIES_STRENGTH, projection);
    const char *const *names = NULL;
    size_t n = 0;
    RW_TRY(rw_result_in_groups(listing->run, "series.h5", folder.text, &names, &n));
    for (size_t i = 0; i < n && listing->n < MAX_FOLLOWED; i++) {
        const rw_path dataset = rw_series_path_with(RW_SERIES_STRENGTH, projection, &names[i], 1);
        rw_followed *next = &listing->list[listing->n];
        if (is_listed(listing, dataset.text))
            continue;
        RW_TRY(rw_arena_string(listing->cohort->arena, &next->dataset, dataset.text));
        RW_TRY(rw_arena_string(listing->cohort->arena, &next->title,
                               rw_path_of("Strength of the assembly %s of %s", names[i], projection).text));
        next->unit = rw_series_get(RW_SERIES_STRENGTH)->unit;
        next->label = rw_series_get(RW_SERIES_STRENGTH)->quantity;
        listing->n++;
    }
    return RW_OK;
}

static rw_err follow_objects(series_listing *listing, const kind *of) {
    const rw_result_in *run = listing->run;
    switch (rw_series_get(of->series)->group) {
    case RW_SERIES_OF_DRUG:
        return follow(listing, of, run->drugs, run->n_drugs);
    case RW_SERIES_OF_POPULATION:
        return follow(listing, of, run->populations, run->n_populations);
    case RW_SERIES_OF_SIGNAL:
        return follow_signals(listing, of);
    default:
        return follow(listing, of, run->projections, run->n_projections);
    }
}

/* A run of each group, because scenarios may differ in what they have; path NULL: none is done. */
static rw_err open_runs(const rw_cohort *cohort, rw_result_in *runs) {
    for (size_t g = 0; g < cohort->n_groups; g++)
        for (size_t u = 0; u < cohort->n_units && runs[g].path == NULL; u++) {
            const char *directory = cohort->directories[g * cohort->n_units + u];
            if (directory != NULL)
                RW_TRY(rw_result_in_open(&runs[g], cohort->arena, directory));
        }
    return RW_OK;
}

rw_err rw_courses_list(const rw_cohort *cohort, const rw_followed **followed, size_t *n) {
    static const kind kinds[] = {{RW_SERIES_AT_RECEPTOR, RW_SERIES_AT_RECEPTOR},
                                 {RW_SERIES_RATE, RW_SERIES_RATE},
                                 {RW_SERIES_CALCIUM, RW_SERIES_CALCIUM},
                                 {RW_SERIES_SIGNAL_FORMATION, RW_SERIES_SIGNAL_FORMATION},
                                 {RW_SERIES_SYNAPSES, RW_SERIES_CREATED}};
    series_listing listing = {.cohort = cohort};
    rw_result_in *runs = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, runs, cohort->n_groups));
    RW_TRY(RW_ARENA_NEW(cohort->arena, listing.list, MAX_FOLLOWED));
    RW_TRY(open_runs(cohort, runs));
    for (size_t k = 0; k < RW_COUNT(kinds); k++)
        for (size_t g = 0; g < cohort->n_groups; g++) {
            listing.run = &runs[g];
            if (listing.run->path == NULL)
                continue;
            RW_TRY(follow_objects(&listing, &kinds[k]));
        }
    for (size_t g = 0; g < cohort->n_groups; g++) {
        listing.run = &runs[g];
        for (size_t p = 0; listing.run->path != NULL && p < listing.run->n_projections; p++)
            RW_TRY(follow_assemblies(&listing, listing.run->projections[p]));
    }
    *followed = listing.list;
    *n = listing.n;
    return RW_OK;
}

/* ---- the mean over runs ---- */

/* Sums over runs at every sample. */
typedef struct {
    size_t rows;
    double *time_ms, *sum, *squares, *low, *high, *n;
} course_sums;

static rw_err begin_sums(rw_arena *arena, const rw_result_numbers *time, course_sums *sums) {
    double *all = NULL;
    sums->rows = time->rows;
    RW_TRY(RW_ARENA_NEW(arena, all, 6 * sums->rows));
    sums->time_ms = all;
    sums->sum = all + sums->rows;
    sums->squares = all + 2 * sums->rows;
    sums->low = all + 3 * sums->rows;
    sums->high = all + 4 * sums->rows;
    sums->n = all + 5 * sums->rows;
    memcpy(sums->time_ms, time->values, sums->rows * sizeof *all);
    return RW_OK;
}

/* Welford's update: means that are near to each other keep their digits. */
static void add_run(course_sums *sums, const double *values) {
    for (size_t i = 0; i < sums->rows; i++) {
        if (isnan(values[i]))
            continue;
        sums->n[i] += 1.0;
        double before = values[i] - sums->sum[i];
        sums->sum[i] += before / sums->n[i];
        sums->squares[i] += before * (values[i] - sums->sum[i]);
    }
}

static void finish_sums(course_sums *sums) {
    for (size_t i = 0; i < sums->rows; i++) {
        double n = sums->n[i];
        double half = n > 1.0 ? gsl_cdf_tdist_Pinv(0.975, n - 1.0) * sqrt(sums->squares[i] / (n - 1.0) / n) : NAN;
        sums->sum[i] = n > 0.0 ? sums->sum[i] : NAN;
        sums->low[i] = sums->sum[i] - half;
        sums->high[i] = sums->sum[i] + half;
    }
}

static bool same_samples(const course_sums *sums, const rw_result_numbers *time) {
    return sums->rows == time->rows && memcmp(sums->time_ms, time->values, sums->rows * sizeof(double)) == 0;
}

/* The times at which a dataset is sampled. */
static rw_series time_of(const char *dataset) {
    const rw_path measures = rw_path_of("%s/", rw_series_group_path(RW_SERIES_OF_CONNECTIVITY, "").text);
    return strncmp(dataset, measures.text, strlen(measures.text)) == 0 ? RW_SERIES_CONNECTIVITY_TIME : RW_SERIES_TIME;
}

/* Reads the samples into an arena of their own, because a sweep has many. */
static rw_err add_directory(const rw_cohort *cohort, const char *directory, const char *dataset, rw_arena *arena,
                            course_sums *sums) {
    rw_result_in result = {.arena = arena, .path = directory};
    rw_result_numbers time, series;
    RW_TRY(rw_result_in_numbers(&result, "series.h5", rw_series_path(time_of(dataset), "").text, &time));
    RW_TRY(rw_result_in_numbers(&result, "series.h5", dataset, &series));
    if (series.rows == 0 || series.rows != time.rows || series.width != 1)
        return RW_OK;
    if (sums->rows == 0)
        RW_TRY(begin_sums(cohort->arena, &time, sums));
    if (same_samples(sums, &time))
        add_run(sums, series.values);
    return RW_OK;
}

rw_err rw_courses_mean(const rw_cohort *cohort, size_t group, const char *dataset, rw_mean_course *course) {
    course_sums sums = {0};
    for (size_t u = 0; u < cohort->n_units; u++) {
        const char *directory = cohort->directories[group * cohort->n_units + u];
        rw_arena *arena = NULL;
        if (directory == NULL)
            continue;
        RW_TRY(rw_arena_create(&arena));
        rw_err err = add_directory(cohort, directory, dataset, arena, &sums);
        rw_arena_destroy(&arena);
        RW_TRY(err);
    }
    finish_sums(&sums);
    *course = (rw_mean_course){sums.rows, sums.time_ms, sums.sum, sums.low, sums.high, sums.n};
    return RW_OK;
}

/* ---- as a table ---- */

static rw_err all_courses(const rw_cohort *cohort, const rw_followed *followed, size_t n, rw_mean_course *courses,
                          size_t *rows) {
    *rows = 0;
    for (size_t f = 0; f < n; f++)
        for (size_t g = 0; g < cohort->n_groups; g++) {
            rw_mean_course *course = &courses[f * cohort->n_groups + g];
            RW_TRY(rw_courses_mean(cohort, g, followed[f].dataset, course));
            *rows += course->rows;
        }
    return RW_OK;
}

rw_err rw_courses_table(const rw_cohort *cohort, rw_table *table) {
    const rw_followed *followed = NULL;
    rw_mean_course *courses = NULL;
    const char **series = NULL, **unit = NULL, **scenario = NULL;
    double *columns[5] = {NULL};
    size_t n = 0, rows = 0, row = 0;
    RW_TRY(rw_courses_list(cohort, &followed, &n));
    RW_TRY(RW_ARENA_NEW(cohort->arena, courses, n * cohort->n_groups));
    RW_TRY(all_courses(cohort, followed, n, courses, &rows));
    *table = rw_table_begin(cohort->arena, rows);
    if (rows == 0)
        return RW_OK; /* only the measures of the runs were kept */
    RW_TRY(rw_table_add_texts(table, "series", "dataset of series.h5", &series));
    RW_TRY(rw_table_add_texts(table, "unit", "of the series", &unit));
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_numbers(table, "time", "ms", "of the sample", &columns[0]));
    RW_TRY(rw_table_add_numbers(table, "n", NULL, "runs", &columns[1]));
    RW_TRY(rw_table_add_numbers(table, "mean", NULL, "over the runs", &columns[2]));
    RW_TRY(rw_table_add_numbers(table, "low", NULL, "lower end of its 95 % interval (Student's t)", &columns[3]));
    RW_TRY(rw_table_add_numbers(table, "high", NULL, "upper end of its 95 % interval (Student's t)", &columns[4]));
    for (size_t k = 0; k < n * cohort->n_groups; k++)
        for (size_t i = 0; i < courses[k].rows; i++, row++) {
            const double *const values[] = {courses[k].time_ms, courses[k].n, courses[k].mean, courses[k].low,
                                            courses[k].high};
            series[row] = followed[k / cohort->n_groups].dataset;
            unit[row] = followed[k / cohort->n_groups].unit;
            scenario[row] = cohort->groups[k % cohort->n_groups];
            for (size_t c = 0; c < 5; c++)
                columns[c][row] = values[c][i];
        }
    return RW_OK;
}
