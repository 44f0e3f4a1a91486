#include "study/measure.h"

#include <string.h>

#include "config/parse.h"
#include "study/measure_table.h"

/* A column of the table of outcomes, and what it is taken from. */
typedef struct {
    const char *name, *unit, *description; /* unit "": the dataset's */
    const char *dataset, *other;           /* in the object's group of series.h5; other NULL: none */
    double span_ms;                        /* that a sample stands for */
    rw_measure_function value;
    rw_series_group of;
    rw_measure_need needs;
    bool (*applies)(const rw_measure_source *from); /* NULL: always */
} outcome;

static outcome outcome_of(const rw_measure_entry *entry) {
    const rw_series_entry *series = rw_series_get(entry->series);
    return (outcome){.name = rw_measure_name(entry),
                     .unit = entry->unit != NULL ? entry->unit : series->unit,
                     .description = entry->description,
                     .dataset = series->name,
                     .other = entry->other != RW_SERIES_TIME ? rw_series_get(entry->other)->name : NULL,
                     .span_ms = series->span_ms,
                     .value = entry->value,
                     .of = series->group,
                     .needs = entry->needs,
                     .applies = entry->applies};
}

/* Inside the group of the object; the network as a whole has no name. */
static rw_path dataset_path(const rw_measure_source *from, rw_series_group of, const char *dataset) {
    return rw_path_of("%s/%s", rw_series_group_path(of, from->object).text, dataset);
}

/* Reads the spikes of a population; of one without spikes there is a group without data. */
static rw_err load_spikes(rw_measure_source *from) {
    const char *const file = "spikes.h5", *const *names = NULL;
    size_t n = 0;
    RW_TRY(rw_result_in_groups(from->result, file, "/spikes", &names, &n));
    for (size_t i = 0; i < n; i++)
        from->has_spikes = from->has_spikes || strcmp(names[i], from->object) == 0;
    const rw_path times = rw_path_of("/spikes/%s/timestamps", from->object);
    const rw_path ids = rw_path_of("/spikes/%s/node_ids", from->object);
    RW_TRY(rw_result_in_numbers(from->result, file, times.text, &from->spike_ms));
    RW_TRY(rw_result_in_numbers(from->result, file, ids.text, &from->spike_id));
    from->has_spikes = from->has_spikes && from->spike_ms.rows == from->spike_id.rows;
    return RW_OK;
}

/* Reads what the outcome is taken from; *there is false if the result does not hold it. */
static rw_err load(rw_measure_source *from, const outcome *what, bool *there) {
    const rw_result_in *result = from->result;
    const char *file = "series.h5";
    *there = false;
    if (what->applies != NULL && !what->applies(from))
        return RW_OK;
    if (what->needs == RW_MEASURE_NEEDS_SNAPSHOTS && result->n_snapshots == 0)
        return RW_OK;
    RW_TRY(rw_result_in_numbers(result, file, dataset_path(from, what->of, what->dataset).text, &from->series));
    if (from->series.rows == 0 || from->series.rows != from->time.rows || from->series.width != 1)
        return RW_OK; /* one number a sample is what can be averaged */
    if (what->other != NULL)
        RW_TRY(rw_result_in_numbers(result, file, dataset_path(from, what->of, what->other).text, &from->other));
    if (what->needs == RW_MEASURE_NEEDS_SPIKES)
        RW_TRY(load_spikes(from));
    *there = from->has_spikes || what->needs != RW_MEASURE_NEEDS_SPIKES;
    return RW_OK;
}

/* Whether samples leave a part of some window out, which only spikes tell of. */
static bool takes_spikes(rw_measure_source from, const outcome *what, const rw_window *windows, size_t n_windows) {
    bool is_filled = true;
    for (size_t w = 0; w < n_windows && what->needs == RW_MEASURE_USES_SPIKES; w++) {
        from.window = windows[w];
        is_filled = is_filled && rw_measure_source_is_filled(&from);
    }
    return !is_filled;
}

static rw_err add_outcome(rw_table *table, rw_measure_source *from, const outcome *what, const rw_window *windows,
                          size_t n_windows) {
    bool there = false;
    const char *unit = what->unit, *object = from->object[0] != '\0' ? from->object : "network";
    RW_TRY(load(from, what, &there));
    if (!there)
        return RW_OK;
    from->span_ms = what->span_ms;
    if (takes_spikes(*from, what, windows, n_windows))
        RW_TRY(load_spikes(from));
    if (unit[0] == '\0')
        RW_TRY(rw_result_in_unit(from->result, "series.h5", dataset_path(from, what->of, what->dataset).text, &unit));
    for (size_t w = 0; w < n_windows; w++) {
        double *value = NULL;
        const char *dot = windows[w].name[0] != '\0' ? "." : "";
        from->window = windows[w];
        RW_TRY(rw_table_add_numbers(table, rw_path_of("%s.%s%s%s", what->name, object, dot, windows[w].name).text, unit,
                                    what->description, &value));
        if (rw_measure_source_has_window(from))
            RW_TRY(what->value(from, value));
    }
    return RW_OK;
}

/* ---- every other series ---- */

/* What the series of an object are walked with. */
typedef struct {
    rw_table *table;
    rw_measure_source *from;
    rw_series_group of;
    const rw_window *windows;
    size_t n_windows;
} series_walk;

/* Whether a measure of that kind of object stands for the dataset, or has its name. */
static bool is_taken(rw_series_group of, const char *dataset) {
    for (size_t i = 0; rw_measure_at(i) != NULL; i++) {
        const outcome what = outcome_of(rw_measure_at(i));
        if (what.of == of && (strcmp(what.dataset, dataset) == 0 || strcmp(what.name, dataset) == 0 ||
                              (what.other != NULL && strcmp(what.other, dataset) == 0)))
            return true;
    }
    return false;
}

/* "measures_groups_first_rest_density" of groups/first/rest and density */
static rw_path name_series(const series_walk *walk, const char *inside, const char *dataset) {
    rw_path name = rw_path_of("%s%s%s%s", walk->of == RW_SERIES_OF_CONNECTIVITY ? RW_MEASURE_CONNECTIVITY_PREFIX : "",
                              inside, inside[0] != '\0' ? "_" : "", dataset);
    for (char *c = name.text; *c != '\0'; c++)
        *c = (char)(*c == '/' ? '_' : *c);
    return name;
}

/* The mean of each dataset of a group that no measure uses; a name inside subgroups is joined with '_'. */
static rw_err add_series(const series_walk *walk, const char *inside) {
    const char *const *names = NULL;
    rw_path group = rw_path_of("%s%s%s", rw_series_group_path(walk->of, walk->from->object).text,
                               inside[0] != '\0' ? "/" : "", inside);
    size_t n = 0;
    RW_TRY(rw_result_in_datasets(walk->from->result, "series.h5", group.text, &names, &n));
    for (size_t i = 0; i < n; i++) {
        rw_path dataset = rw_path_of("%s%s%s", inside, inside[0] != '\0' ? "/" : "", names[i]);
        rw_path name = name_series(walk, inside, names[i]);
        outcome plain = {
            .name = name.text, .unit = "", .dataset = dataset.text, .value = rw_measure_mean, .of = walk->of};
        plain.description = rw_measure_describe("series.of");
        const rw_series_entry *entry = rw_series_match(walk->of, names[i]);
        entry = entry != NULL ? entry : rw_series_match(walk->of, dataset.text);
        plain.span_ms = entry != NULL ? entry->span_ms : RW_SERIES_SPAN_INSTANT;
        if (!is_taken(walk->of, dataset.text))
            RW_TRY(add_outcome(walk->table, walk->from, &plain, walk->windows, walk->n_windows));
    }
    return RW_OK;
}

/* The same of a group and all inside. */
static rw_err add_all_series(const series_walk *walk, const char *inside) { /* NOLINT(misc-no-recursion) */
    const char *const *more = NULL;
    const char *const slash = inside[0] != '\0' ? "/" : "";
    size_t n = 0;
    RW_TRY(add_series(walk, inside));
    if (walk->from->object[0] == '\0')
        return RW_OK;
    rw_path group = rw_path_of("%s%s%s", rw_series_group_path(walk->of, walk->from->object).text, slash, inside);
    RW_TRY(rw_result_in_groups(walk->from->result, "series.h5", group.text, &more, &n));
    for (size_t i = 0; i < n; i++)
        RW_TRY(add_all_series(walk, rw_path_of("%s%s%s", inside, slash, more[i]).text));
    return RW_OK;
}

/* ---- all of it ---- */

/* The objects of a group that outcomes are taken of, and the times of their samples. */
typedef struct {
    const char *const *names;
    size_t n;
    rw_result_numbers time;
} object_list;

static rw_err read_time(const rw_result_in *result, rw_result_numbers *time) {
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_TIME, "").text, time));
    RW_CHECK(time->rows > 0, RW_ERR_INPUT,
             "%s: there is no series.h5, from which measures are taken; set record.series in the scenario",
             result->path);
    return RW_OK;
}

static rw_err list_objects(const rw_result_in *result, object_list *of) {
    static const char *const whole[] = {""};
    object_list connectivity = {0}, signals = {0}, sessions = {0};
    rw_result_numbers time;
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_CONNECTIVITY, "").text,
                               &connectivity.names, &connectivity.n));
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_CONNECTIVITY_TIME, "").text,
                                &connectivity.time));
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_SIGNAL, "").text, &signals.names,
                               &signals.n));
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_SESSION, "").text,
                               &sessions.names, &sessions.n));
    RW_TRY(read_time(result, &time));
    signals.time = sessions.time = time;
    of[RW_SERIES_OF_RUN] = (object_list){.time = time};
    of[RW_SERIES_OF_POPULATION] = (object_list){result->populations, result->n_populations, time};
    of[RW_SERIES_OF_PROJECTION] = (object_list){result->projections, result->n_projections, time};
    of[RW_SERIES_OF_BLOCKADE] = (object_list){result->blockades, result->n_blockades, time};
    of[RW_SERIES_OF_DRUG] = (object_list){result->drugs, result->n_drugs, time};
    of[RW_SERIES_OF_SIGNAL] = signals;
    of[RW_SERIES_OF_NETWORK] = (object_list){whole, 1, time};
    of[RW_SERIES_OF_CONNECTIVITY] = connectivity;
    of[RW_SERIES_OF_SESSION] = sessions;
    return RW_OK;
}

/* The measures of the table, then the means of all other series. */
static rw_err add_all(rw_table *table, const rw_measure_source *result, const object_list *objects,
                      const rw_window *windows, size_t n_windows) {
    for (size_t m = 0; rw_measure_at(m) != NULL; m++) {
        const outcome what = outcome_of(rw_measure_at(m));
        const object_list *of = &objects[what.of];
        for (size_t i = 0; i < of->n; i++) {
            rw_measure_source from = *result;
            from.object = of->names[i];
            from.time = of->time;
            RW_TRY(add_outcome(table, &from, &what, windows, n_windows));
        }
    }
    for (rw_series_group group = 0; group < RW_SERIES_GROUP_COUNT; group++)
        for (size_t i = 0; i < objects[group].n; i++) {
            rw_measure_source from = *result;
            from.object = objects[group].names[i];
            from.time = objects[group].time;
            RW_TRY(add_all_series(&(series_walk){table, &from, group, windows, n_windows}, ""));
        }
    return RW_OK;
}

/* Reads the scenario back, for the levels of drugs and for outcomes that the scenario says more about. One with tables
 * from files does not read back. */
static rw_err read_scenario(const rw_result_in *result, rw_scenario **scenario) {
    const bool outcomes = strstr(result->scenario_text, "\noutcomes:") != NULL;
    if (result->n_drugs == 0 && !outcomes)
        return RW_OK;
    const rw_err err =
        rw_scenario_parse(scenario, result->path, result->scenario_text, strlen(result->scenario_text), NULL, 0);
    return err == RW_ERR_SYSTEM || outcomes ? err : RW_OK;
}

rw_err rw_measure(rw_table *table, const rw_result_in *result, const rw_window *windows, size_t n_windows) {
    object_list objects[RW_SERIES_GROUP_COUNT] = {0};
    rw_scenario *scenario = NULL;
    rw_result_numbers network_ms;
    RW_TRY(list_objects(result, objects));
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_NETWORK_TIME, "").text, &network_ms));
    const rw_result_numbers *time = &objects[RW_SERIES_OF_RUN].time;
    const rw_window all = {"", time->values[0], time->values[time->rows - 1]};
    RW_TRY(read_scenario(result, &scenario));
    const rw_measure_source from = {
        .result = result, .scenario = scenario, .begin_ms = all.from_ms, .end_ms = all.to_ms, .network_ms = network_ms};
    rw_err err = add_all(table, &from, objects, n_windows > 0 ? windows : &all, n_windows > 0 ? n_windows : 1);
    rw_scenario_destroy(&scenario);
    return err;
}

rw_err rw_measure_check_windows(const rw_result_in *result, const rw_window *windows, size_t n_windows) {
    rw_result_numbers time;
    RW_TRY(read_time(result, &time));
    const double begin_ms = time.values[0], end_ms = time.values[time.rows - 1];
    for (size_t w = 0; w < n_windows; w++) {
        const rw_measure_source of = {.result = result, .begin_ms = begin_ms, .end_ms = end_ms, .window = windows[w]};
        RW_CHECK(rw_measure_source_has_window(&of), RW_ERR_INPUT,
                 "the window %s, from %g ms to %g ms, does not lie in %s, which covers %g ms to %g ms", windows[w].name,
                 windows[w].from_ms, windows[w].to_ms, result->path, begin_ms, end_ms);
    }
    return RW_OK;
}
