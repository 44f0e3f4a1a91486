#include "study/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/series_catalogue.h"

/* What measures are taken from: one population or projection of a result, and a window. */
typedef struct {
    const rw_result_in *result;
    const char *object; /* name of the population, projection, blockade or drug */
    rw_window window;
    rw_result_numbers time, series; /* of the measure's dataset */
    rw_result_numbers other;        /* of a second dataset, where a measure needs one */
    rw_result_numbers spike_ms, spike_id;
} source;

typedef rw_err (*evaluate)(const source *from, double *value);

/* ---- from series: samples behind the window's begin, up to its end ---- */

static bool inside(const source *from, size_t i) {
    double t = from->time.values[i];
    return t > from->window.from_ms && t <= from->window.to_ms && !isnan(from->series.values[i]);
}

static rw_err mean_of_samples(const source *from, double *value) {
    double sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i)) {
            sum += from->series.values[i];
            n++;
        }
    *value = n > 0 ? sum / (double)n : NAN;
    return RW_OK;
}

static rw_err last_sample(const source *from, double *value) {
    *value = NAN;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i))
            *value = from->series.values[i];
    return RW_OK;
}

static rw_err highest_sample(const source *from, double *value) {
    *value = NAN;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i))
            *value = fmax(isnan(*value) ? -INFINITY : *value, from->series.values[i]);
    return RW_OK;
}

static rw_err sum_of_samples(const source *from, double *value) {
    bool any = false;
    *value = 0.0;
    for (size_t i = 0; i < from->series.rows; i++)
        if (inside(from, i)) {
            *value += from->series.values[i];
            any = true;
        }
    *value = any ? *value : NAN;
    return RW_OK;
}

/* (created + deleted) / 2 per mean synapses and second; `other` holds the deleted. */
static rw_err turnover_rate(const source *from, double *value) {
    rw_result_numbers synapses;
    RW_TRY(rw_result_in_numbers(from->result, "series.h5", rw_series_path(RW_SERIES_SYNAPSES, from->object).text,
                                &synapses));
    double changes = 0.0, present = 0.0, span_ms = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < from->series.rows && i < synapses.rows && i < from->other.rows; i++)
        if (inside(from, i) && i > 0) {
            changes += from->series.values[i] + from->other.values[i];
            present += synapses.values[i];
            span_ms += from->time.values[i] - from->time.values[i - 1];
            n++;
        }
    *value = n > 0 && present > 0.0 ? changes / (2.0 * present / (double)n) / (1e-3 * span_ms) : NAN;
    return RW_OK;
}

/* ---- from spikes ---- */

static bool spike_inside(const source *from, size_t i) {
    return from->spike_ms.values[i] > from->window.from_ms && from->spike_ms.values[i] <= from->window.to_ms;
}

/* Sums over the intervals between a cell's spikes. */
typedef struct {
    double last_ms, sum, squares;
    size_t n;
} spike_intervals;

/* Mean over cells with at least 5 intervals; spikes are in the order of time. */
static rw_err cv_of_intervals(const source *from, double *value) {
    double highest = -1.0, sum = 0.0;
    size_t cells = 0;
    spike_intervals *of = NULL;
    for (size_t i = 0; i < from->spike_id.rows; i++)
        highest = fmax(highest, from->spike_id.values[i]);
    RW_CHECK(highest < 1e9, RW_ERR_INPUT, "%s/spikes.h5: cell %g of %s is beyond what can be", from->result->path,
             highest, from->object);
    RW_TRY(RW_NEW(of, (size_t)(highest + 1.0), "intervals between spikes"));
    for (size_t i = 0; i < from->spike_id.rows; i++) {
        if (!spike_inside(from, i))
            continue;
        spike_intervals *cell = &of[(size_t)from->spike_id.values[i]];
        double t = from->spike_ms.values[i];
        if (cell->last_ms > 0.0) {
            cell->sum += t - cell->last_ms;
            cell->squares += (t - cell->last_ms) * (t - cell->last_ms);
            cell->n++;
        }
        cell->last_ms = t;
    }
    for (size_t c = 0; c < (size_t)(highest + 1.0); c++)
        if (of[c].n >= 5) {
            double mean = of[c].sum / (double)of[c].n, variance = of[c].squares / (double)of[c].n - mean * mean;
            sum += sqrt(fmax(variance, 0.0)) / mean;
            cells++;
        }
    rw_free(of);
    *value = cells > 0 ? sum / (double)cells : NAN;
    return RW_OK;
}

/* Variance over mean of the population's spike counts in bins of 10 ms. */
static rw_err fano_of_population(const source *from, double *value) {
    const double bin_ms = 10.0;
    const double span = floor((from->window.to_ms - from->window.from_ms) / bin_ms);
    size_t bins = span < 1e8 ? (size_t)span : 0;
    double *count = NULL, sum = 0.0, squares = 0.0;
    *value = NAN;
    RW_TRY(RW_NEW(count, bins, "spike counts"));
    for (size_t i = 0; i < from->spike_ms.rows; i++) {
        size_t bin = spike_inside(from, i)
                         ? (size_t)(ceil((from->spike_ms.values[i] - from->window.from_ms) / bin_ms) - 1.0)
                         : bins;
        if (bin < bins)
            count[bin]++;
    }
    for (size_t b = 0; b < bins; b++) {
        sum += count[b];
        squares += count[b] * count[b];
    }
    if (bins > 1 && sum > 0.0)
        *value = (squares - sum * sum / (double)bins) / ((double)bins - 1.0) / (sum / (double)bins);
    rw_free(count);
    return RW_OK;
}

/* ---- from snapshots ---- */

static int ascending(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static rw_err read_uids(const source *from, const rw_result_snapshot *snapshot, rw_result_ids *uids) {
    RW_TRY(
        rw_result_in_ids(from->result, snapshot->file, rw_path_of("/edges/%s/0/synapse_uid", from->object).text, uids));
    if (uids->n > 0)
        qsort((uint64_t *)uids->values, uids->n, sizeof *uids->values, ascending); /* ours to sort */
    return RW_OK;
}

/* Share of the synapses of the first snapshot that the last snapshot up to the window's end still has. */
static rw_err survival(const source *from, double *value) {
    const rw_result_in *result = from->result;
    rw_result_ids first, last;
    size_t end = result->n_snapshots, kept = 0;
    *value = NAN;
    while (end > 0 && result->snapshots[end - 1].time_ms > from->window.to_ms)
        end--;
    if (end == 0)
        return RW_OK;
    RW_TRY(read_uids(from, &result->snapshots[0], &first));
    RW_TRY(read_uids(from, &result->snapshots[end - 1], &last));
    for (size_t i = 0, j = 0; i < first.n && j < last.n;) {
        kept += first.values[i] == last.values[j];
        if (first.values[i] < last.values[j])
            i++;
        else if (first.values[i] > last.values[j])
            j++;
        else
            i++, j++;
    }
    *value = first.n > 0 ? (double)kept / (double)first.n : NAN;
    return RW_OK;
}

/* ---- the table ---- */

/* What a measure needs beside the series. */
typedef enum { NOTHING_MORE, SPIKES, SNAPSHOTS } need;

/* The measure of a series of the catalogue. */
typedef struct {
    rw_series series; /* it must be there */
    evaluate value;
    const char *description;
    const char *name, *title, *unit; /* NULL: those of the series */
    rw_series other;                 /* a second series of the object; RW_SERIES_TIME: none */
    need needs;
} measure;

static const measure measures[] = {
    {.series = RW_SERIES_RATE, .value = mean_of_samples, .description = "firing rate, mean over cells and time"},
    {.series = RW_SERIES_CALCIUM, .value = mean_of_samples, .description = "calcium, mean over cells and time"},
    {.series = RW_SERIES_RATE,
     .value = cv_of_intervals,
     .description =
         "coefficient of variation of the intervals between a cell's spikes, mean over cells with at least five",
     .name = "cv_isi",
     .title = "Irregularity of firing",
     .unit = "1",
     .needs = SPIKES},
    {.series = RW_SERIES_RATE,
     .value = fano_of_population,
     .description = "variance over mean of the population's spike counts in 10 ms; 1 if cells fire independently",
     .name = "fano",
     .title = "Fano factor of firing",
     .unit = "1",
     .needs = SPIKES},
    {.series = RW_SERIES_AXON, .value = last_sample, .description = "axonal elements per cell at the end"},
    {.series = RW_SERIES_DENDRITE_EXC,
     .value = last_sample,
     .description = "excitatory dendritic elements per cell at the end"},
    {.series = RW_SERIES_DENDRITE_INH,
     .value = last_sample,
     .description = "inhibitory dendritic elements per cell at the end"},
    {.series = RW_SERIES_SYNAPSES, .value = last_sample, .description = "live synapses at the end"},
    {.series = RW_SERIES_CREATED, .value = sum_of_samples, .description = "synapses that formed"},
    {.series = RW_SERIES_DELETED, .value = sum_of_samples, .description = "synapses that vanished"},
    {.series = RW_SERIES_CREATED,
     .value = turnover_rate,
     .description = "share of synapses that turn over in a second: (formed + vanished) / (2 x synapses)",
     .name = "turnover",
     .title = "Turnover of synapses",
     .unit = "1/s",
     .other = RW_SERIES_DELETED},
    {.series = RW_SERIES_MEAN_WEIGHT,
     .value = mean_of_samples,
     .description = "weight, mean over synapses and time",
     .name = "weight"},
    {.series = RW_SERIES_CREATED,
     .value = survival,
     .description = "share of the first synapses that are still there at the end",
     .name = "survival",
     .title = "Synapses that survived",
     .unit = "1",
     .needs = SNAPSHOTS},
    {.series = RW_SERIES_FACTOR,
     .value = mean_of_samples,
     .description = "what a blockade leaves of the conductance, mean over time",
     .name = "conductance",
     .title = "Conductance left by blockade"},
    {.series = RW_SERIES_AT_RECEPTOR,
     .value = mean_of_samples,
     .description = "unbound drug at the receptor with its metabolites by their affinity, mean over time",
     .name = "level"},
    {.series = RW_SERIES_AT_RECEPTOR,
     .value = highest_sample,
     .description = "highest level of unbound drug at the receptor",
     .name = "peak",
     .title = "Highest level at the receptor"},
};

enum { N_MEASURES = sizeof measures / sizeof measures[0] };

/* Begins the columns of record.measures, whose turnover is not that of the projection. */
static const char connectivity_prefix[] = "measures_";

static const char *name_of(const measure *entry) {
    return entry->name != NULL ? entry->name : rw_series_get(entry->series)->name;
}

static const char *title_of(const measure *entry) {
    return entry->title != NULL ? entry->title : rw_series_get(entry->series)->title;
}

/* The measure of a column `measure.object.window`; NULL if it is no measure of the table. */
static const measure *find(const char *column) {
    const size_t length = strcspn(column, ".");
    for (size_t i = 0; i < N_MEASURES; i++)
        if (strlen(name_of(&measures[i])) == length && strncmp(name_of(&measures[i]), column, length) == 0)
            return &measures[i];
    return NULL;
}

/* Whether a column is of a series, whose name has '_' for '/' there. */
static bool is_column_of(const rw_series_entry *series, const char *column, size_t length) {
    if (strlen(series->name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((series->name[i] == '/' ? '_' : series->name[i]) != column[i])
            return false;
    return true;
}

/* The series that a column is the mean of; NULL if the catalogue has none of that very name. */
static const rw_series_entry *find_series(const char *column) {
    const size_t prefix = sizeof connectivity_prefix - 1;
    const bool of_connectivity = strncmp(column, connectivity_prefix, prefix) == 0;
    const char *name = column + (of_connectivity ? prefix : 0);
    for (rw_series s = 0; s < RW_SERIES_COUNT; s++) {
        const rw_series_entry *series = rw_series_get(s);
        if (series->group != RW_SERIES_OF_RUN && (series->group == RW_SERIES_OF_CONNECTIVITY) == of_connectivity &&
            is_column_of(series, name, strcspn(name, ".")))
            return series;
    }
    return NULL;
}

const char *rw_measure_describe(const char *column) {
    const measure *entry = find(column);
    return strchr(column, '.') == NULL ? NULL
           : entry != NULL             ? entry->description
                                       : "mean of the samples of this series";
}

bool rw_measure_is_plain_series(const char *column) {
    return find(column) == NULL;
}

const char *rw_measure_quantity(const char *column) {
    const measure *entry = find(column);
    const rw_series_entry *series = entry != NULL ? rw_series_get(entry->series) : find_series(column);
    return series == NULL                       ? "mean"
           : entry == NULL                      ? series->quantity
           : series->group == RW_SERIES_OF_DRUG ? series->quantity
                                                : title_of(entry);
}

/* "Occupancy ketamine nmda 2C" of occupancy_ketamine_nmda_2C: series whose name is the scenario's. */
static rw_path spell_out(const char *column) {
    const size_t prefix = sizeof connectivity_prefix - 1;
    column += strncmp(column, connectivity_prefix, prefix) == 0 ? prefix : 0;
    rw_path title = rw_path_of("%.*s", (int)strcspn(column, "."), column);
    for (char *c = title.text; *c != '\0'; c++)
        *c = (char)(*c == '_' ? ' ' : c == title.text && *c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    return title;
}

void rw_measure_title(const char *column, char *title, size_t size) {
    const measure *entry = find(column);
    const rw_series_entry *series = entry != NULL ? rw_series_get(entry->series) : find_series(column);
    const char *object = column + strcspn(column, "."), *window = object;
    const char *const joint = series != NULL ? rw_series_joint(series->group) : " of ";
    const char *const what = entry != NULL ? title_of(entry) : series != NULL ? series->title : spell_out(column).text;
    object += *object == '.';
    window = object + strcspn(object, ".");
    (void)snprintf(title, size, "%s%s%.*s%s%s", what, joint, joint[0] != '\0' ? (int)(window - object) : 0, object,
                   *window != '\0' ? ", " : "", *window != '\0' ? window + 1 : "");
}

/* A column of the table of outcomes, and what it is taken from. */
typedef struct {
    const char *name, *unit, *description; /* unit "": the dataset's */
    const char *dataset, *other;           /* in the object's group of series.h5; other NULL: none */
    evaluate value;
    rw_series_group of;
    need needs;
} outcome;

static outcome outcome_of(const measure *entry) {
    const rw_series_entry *series = rw_series_get(entry->series);
    return (outcome){.name = name_of(entry),
                     .unit = entry->unit != NULL ? entry->unit : series->unit,
                     .description = entry->description,
                     .dataset = series->name,
                     .other = entry->other != RW_SERIES_TIME ? rw_series_get(entry->other)->name : NULL,
                     .value = entry->value,
                     .of = series->group,
                     .needs = entry->needs};
}

/* Inside the group of the object; the network as a whole has no name. */
static rw_path dataset_path(const source *from, rw_series_group of, const char *dataset) {
    return rw_path_of("%s/%s", rw_series_group_path(of, from->object).text, dataset);
}

/* Reads what the outcome is taken from; *there is false if the result does not hold it. */
static rw_err load(source *from, const outcome *what, bool *there) {
    const rw_result_in *result = from->result;
    const char *file = "series.h5";
    *there = false;
    if (what->needs == SNAPSHOTS && result->n_snapshots == 0)
        return RW_OK;
    RW_TRY(rw_result_in_numbers(result, file, dataset_path(from, what->of, what->dataset).text, &from->series));
    if (from->series.rows == 0 || from->series.rows != from->time.rows || from->series.width != 1)
        return RW_OK; /* one number a sample is what can be averaged */
    if (what->other != NULL)
        RW_TRY(rw_result_in_numbers(result, file, dataset_path(from, what->of, what->other).text, &from->other));
    if (what->needs == SPIKES) {
        const char *spikes = "spikes.h5";
        RW_TRY(rw_result_in_numbers(result, spikes, rw_path_of("/spikes/%s/timestamps", from->object).text,
                                    &from->spike_ms));
        RW_TRY(rw_result_in_numbers(result, spikes, rw_path_of("/spikes/%s/node_ids", from->object).text,
                                    &from->spike_id));
        if (from->spike_ms.rows == 0 || from->spike_ms.rows != from->spike_id.rows)
            return RW_OK;
    }
    *there = true;
    return RW_OK;
}

static rw_err add_outcome(rw_table *table, source *from, const outcome *what, const rw_window *windows,
                          size_t n_windows) {
    bool there = false;
    const char *unit = what->unit, *object = from->object[0] != '\0' ? from->object : "network";
    RW_TRY(load(from, what, &there));
    if (!there)
        return RW_OK;
    if (unit[0] == '\0')
        RW_TRY(rw_result_in_unit(from->result, "series.h5", dataset_path(from, what->of, what->dataset).text, &unit));
    for (size_t w = 0; w < n_windows; w++) {
        double *value = NULL;
        const char *dot = windows[w].name[0] != '\0' ? "." : "";
        from->window = windows[w];
        RW_TRY(rw_table_add_numbers(table, rw_path_of("%s.%s%s%s", what->name, object, dot, windows[w].name).text, unit,
                                    what->description, &value));
        RW_TRY(what->value(from, value));
    }
    return RW_OK;
}

/* ---- every other series ---- */

/* What the series of an object are walked with. */
typedef struct {
    rw_table *table;
    source *from;
    rw_series_group of;
    const rw_window *windows;
    size_t n_windows;
} series_walk;

/* Whether a measure of that kind of object stands for the dataset, or has its name. */
static bool is_taken(rw_series_group of, const char *dataset) {
    for (size_t i = 0; i < N_MEASURES; i++) {
        const outcome what = outcome_of(&measures[i]);
        if (what.of == of && (strcmp(what.dataset, dataset) == 0 || strcmp(what.name, dataset) == 0 ||
                              (what.other != NULL && strcmp(what.other, dataset) == 0)))
            return true;
    }
    return false;
}

/* "measures_groups_first_rest_density" of groups/first/rest and density */
static rw_path name_series(const series_walk *walk, const char *inside, const char *dataset) {
    rw_path name = rw_path_of("%s%s%s%s", walk->of == RW_SERIES_OF_CONNECTIVITY ? connectivity_prefix : "", inside,
                              inside[0] != '\0' ? "_" : "", dataset);
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
            .name = name.text, .unit = "", .dataset = dataset.text, .value = mean_of_samples, .of = walk->of};
        plain.description = rw_measure_describe("series.of");
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

static rw_err list_objects(const rw_result_in *result, object_list *of) {
    static const char *const whole[] = {""};
    object_list connectivity = {0};
    rw_result_numbers time;
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_CONNECTIVITY, "").text,
                               &connectivity.names, &connectivity.n));
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_CONNECTIVITY_TIME, "").text,
                                &connectivity.time));
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_TIME, "").text, &time));
    RW_CHECK(time.rows > 0, RW_ERR_INPUT,
             "%s: there is no series.h5, from which measures are taken; set record.series in the scenario",
             result->path);
    of[RW_SERIES_OF_RUN] = (object_list){.time = time};
    of[RW_SERIES_OF_POPULATION] = (object_list){result->populations, result->n_populations, time};
    of[RW_SERIES_OF_PROJECTION] = (object_list){result->projections, result->n_projections, time};
    of[RW_SERIES_OF_BLOCKADE] = (object_list){result->blockades, result->n_blockades, time};
    of[RW_SERIES_OF_DRUG] = (object_list){result->drugs, result->n_drugs, time};
    of[RW_SERIES_OF_NETWORK] = (object_list){whole, 1, time};
    of[RW_SERIES_OF_CONNECTIVITY] = connectivity;
    return RW_OK;
}

rw_err rw_measure(rw_table *table, const rw_result_in *result, const rw_window *windows, size_t n_windows) {
    object_list objects[RW_SERIES_GROUP_COUNT] = {0};
    RW_TRY(list_objects(result, objects));
    const rw_result_numbers *time = &objects[RW_SERIES_OF_RUN].time;
    const rw_window all = {"", 0.0, time->values[time->rows - 1]};
    windows = n_windows > 0 ? windows : &all;
    n_windows = n_windows > 0 ? n_windows : 1;
    for (size_t m = 0; m < N_MEASURES; m++) {
        const outcome what = outcome_of(&measures[m]);
        const object_list *of = &objects[what.of];
        for (size_t i = 0; i < of->n; i++) {
            source from = {.result = result, .object = of->names[i], .time = of->time};
            RW_TRY(add_outcome(table, &from, &what, windows, n_windows));
        }
    }
    for (rw_series_group group = 0; group < RW_SERIES_GROUP_COUNT; group++)
        for (size_t i = 0; i < objects[group].n; i++) {
            source from = {.result = result, .object = objects[group].names[i], .time = objects[group].time};
            RW_TRY(add_all_series(&(series_walk){table, &from, group, windows, n_windows}, ""));
        }
    return RW_OK;
}
