#include "study/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The data from which measures are computed: one population or projection of a result, and a window. */
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
    RW_TRY(rw_result_in_numbers(from->result, "series.h5", rw_path_of("/projections/%s/synapses", from->object).text,
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

typedef enum { OF_POPULATION, OF_PROJECTION, OF_BLOCKADE, OF_DRUG, OF_NETWORK, OF_GRAPH, OBJECT_KINDS } object_kind;

/* What a measure needs in addition to the series. */
typedef enum { NOTHING_MORE, SPIKES, SNAPSHOTS } need;

typedef struct {
    const char *name, *title;
    const char *dataset; /* in the object's group of series.h5; it must be there */
    const char *other;   /* a second one, or NULL */
    const char *unit;    /* NULL: the dataset's */
    evaluate value;
    const char *description;
    object_kind of;
    need needs;
} measure;

static const measure measures[] = {
    {"rate", "Firing rate", "rate", NULL, "Hz", mean_of_samples, "firing rate, mean over cells and time", OF_POPULATION,
     NOTHING_MORE},
    {"calcium", "Calcium", "calcium", NULL, "1", mean_of_samples, "calcium, mean over cells and time", OF_POPULATION,
     NOTHING_MORE},
    {"cv_isi", "Irregularity of firing", "rate", NULL, "1", cv_of_intervals,
     "coefficient of variation of the intervals between a cell's spikes, mean over cells with at least five",
     OF_POPULATION, SPIKES},
    {"fano", "Fano factor of firing", "rate", NULL, "1", fano_of_population,
     "variance over mean of the population's spike counts in 10 ms; 1 if cells fire independently", OF_POPULATION,
     SPIKES},
    {"axon", "Axonal elements per cell", "axon", NULL, "1", last_sample, "axonal elements per cell at the end",
     OF_POPULATION, NOTHING_MORE},
    {"dendrite_exc", "Excitatory dendritic elements per cell", "dendrite_exc", NULL, "1", last_sample,
     "excitatory dendritic elements per cell at the end", OF_POPULATION, NOTHING_MORE},
    {"dendrite_inh", "Inhibitory dendritic elements per cell", "dendrite_inh", NULL, "1", last_sample,
     "inhibitory dendritic elements per cell at the end", OF_POPULATION, NOTHING_MORE},
    {"synapses", "Synapses", "synapses", NULL, "1", last_sample, "live synapses at the end", OF_PROJECTION,
     NOTHING_MORE},
    {"created", "Synapses formed", "created", NULL, "1", sum_of_samples, "synapses that formed", OF_PROJECTION,
     NOTHING_MORE},
    {"deleted", "Synapses vanished", "deleted", NULL, "1", sum_of_samples, "synapses that vanished", OF_PROJECTION,
     NOTHING_MORE},
    {"turnover", "Turnover of synapses", "created", "deleted", "1/s", turnover_rate,
     "share of synapses that turn over in a second: (formed + vanished) / (2 x synapses)", OF_PROJECTION, NOTHING_MORE},
    {"weight", "Weight of synapses", "mean_weight", NULL, NULL, mean_of_samples, "weight, mean over synapses and time",
     OF_PROJECTION, NOTHING_MORE},
    {"survival", "Synapses that survived", "created", NULL, "1", survival,
     "share of the first synapses that are still there at the end", OF_PROJECTION, SNAPSHOTS},
    {"conductance", "Conductance left by blockade", "factor", NULL, "1", mean_of_samples,
     "what a blockade leaves of the conductance, mean over time", OF_BLOCKADE, NOTHING_MORE},
    {"level", "Drug at the receptor:", "at_receptor", NULL, NULL, mean_of_samples,
     "unbound drug at the receptor with its metabolites by their affinity, mean over time", OF_DRUG, NOTHING_MORE},
    {"peak", "Highest level at the receptor:", "at_receptor", NULL, NULL, highest_sample,
     "highest level of unbound drug at the receptor", OF_DRUG, NOTHING_MORE},
};

enum { N_MEASURES = sizeof measures / sizeof measures[0] };

static const char *const groups[] = {"populations", "projections", "blockade", "drugs", "network", "measures"};

/* Begins the columns of record.measures, whose turnover is not that of the projection. */
static const char graph_prefix[] = "measures_";

/* The measure of a column `measure.object.window`; NULL if it is no measure of the table. */
static const measure *find(const char *column) {
    const size_t length = strcspn(column, ".");
    for (size_t i = 0; i < N_MEASURES; i++)
        if (strlen(measures[i].name) == length && strncmp(measures[i].name, column, length) == 0)
            return &measures[i];
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
    return entry == NULL ? "mean" : entry->of == OF_DRUG ? "concentration" : entry->title;
}

void rw_measure_title(const char *column, char *title, size_t size) {
    const measure *entry = find(column);
    const size_t skipped = strncmp(column, graph_prefix, strlen(graph_prefix)) == 0 ? strlen(graph_prefix) : 0;
    column += skipped;
    const size_t length = strcspn(column, ".");
    const char *object = column + length + (column[length] == '.'), *window = strchr(object, '.');
    const char *of = entry == NULL || entry->of == OF_POPULATION || entry->of == OF_PROJECTION ? " of" : "";
    size_t at = entry != NULL ? (size_t)snprintf(title, size, "%s", entry->title)
                              : (size_t)snprintf(title, size, "%.*s", (int)length, column);
    for (size_t i = 0; entry == NULL && i < at && i < size; i++)
        title[i] = (char)(title[i] == '_'                                ? ' '
                          : i == 0 && title[i] >= 'a' && title[i] <= 'z' ? title[i] - 32
                                                                         : title[i]);
    if (at < size)
        (void)snprintf(title + at, size - at, "%s %.*s%s%s", of, (int)strcspn(object, "."), object,
                       window != NULL ? ", " : "", window != NULL ? window + 1 : "");
}

/* The network as a whole has no name. */
static rw_path dataset_path(const source *from, object_kind of, const char *dataset) {
    return rw_path_of("/%s/%s%s%s", groups[of], from->object, from->object[0] != '\0' ? "/" : "", dataset);
}

/* Reads the data of the measure; *there is false if the result does not contain them. */
static rw_err load(source *from, const measure *entry, bool *there) {
    const rw_result_in *result = from->result;
    const char *file = "series.h5";
    *there = false;
    if (entry->needs == SNAPSHOTS && result->n_snapshots == 0)
        return RW_OK;
    RW_TRY(rw_result_in_numbers(result, file, dataset_path(from, entry->of, entry->dataset).text, &from->series));
    if (from->series.rows == 0 || from->series.rows != from->time.rows || from->series.width != 1)
        return RW_OK; /* one number a sample is what can be averaged */
    if (entry->other != NULL)
        RW_TRY(rw_result_in_numbers(result, file, dataset_path(from, entry->of, entry->other).text, &from->other));
    if (entry->needs == SPIKES) {
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

static rw_err add_measure(rw_table *table, source *from, const measure *entry, const rw_window *windows,
                          size_t n_windows) {
    bool there = false;
    const char *unit = entry->unit, *object = from->object[0] != '\0' ? from->object : "network";
    RW_TRY(load(from, entry, &there));
    if (!there)
        return RW_OK;
    if (unit == NULL)
        RW_TRY(rw_result_in_unit(from->result, "series.h5", dataset_path(from, entry->of, entry->dataset).text, &unit));
    for (size_t w = 0; w < n_windows; w++) {
        double *value = NULL;
        const char *dot = windows[w].name[0] != '\0' ? "." : "";
        from->window = windows[w];
        RW_TRY(rw_table_add_numbers(table, rw_path_of("%s.%s%s%s", entry->name, object, dot, windows[w].name).text,
                                    unit, entry->description, &value));
        RW_TRY(entry->value(from, value));
    }
    return RW_OK;
}

/* ---- every other series ---- */

/* What the series of an object are walked with. */
typedef struct {
    rw_table *table;
    source *from;
    object_kind of;
    const rw_window *windows;
    size_t n_windows;
} series_walk;

/* Whether a measure of that kind of object uses the dataset, or has its name. */
static bool is_taken(object_kind of, const char *dataset) {
    for (size_t i = 0; i < N_MEASURES; i++) {
        const measure *entry = &measures[i];
        if (entry->of == of && (strcmp(entry->dataset, dataset) == 0 || strcmp(entry->name, dataset) == 0 ||
                                (entry->other != NULL && strcmp(entry->other, dataset) == 0)))
            return true;
    }
    return false;
}

/* "measures_groups_first_rest_density" of groups/first/rest and density */
static rw_path name_series(const series_walk *walk, const char *inside, const char *dataset) {
    rw_path name =
        rw_path_of("%s%s%s%s", walk->of == OF_GRAPH ? graph_prefix : "", inside, inside[0] != '\0' ? "_" : "", dataset);
    for (char *c = name.text; *c != '\0'; c++)
        *c = (char)(*c == '/' ? '_' : *c);
    return name;
}

/* The mean of each dataset of a group that no measure uses; a name inside subgroups is joined with '_'. */
static rw_err add_series(const series_walk *walk, const char *inside) {
    const char *const *names = NULL;
    const char *object = walk->from->object;
    rw_path group = rw_path_of("/%s%s%s%s%s", groups[walk->of], object[0] != '\0' ? "/" : "", object,
                               inside[0] != '\0' ? "/" : "", inside);
    size_t n = 0;
    RW_TRY(rw_result_in_datasets(walk->from->result, "series.h5", group.text, &names, &n));
    for (size_t i = 0; i < n; i++) {
        rw_path dataset = rw_path_of("%s%s%s", inside, inside[0] != '\0' ? "/" : "", names[i]);
        rw_path name = name_series(walk, inside, names[i]);
        measure plain = {.name = name.text, .dataset = dataset.text, .value = mean_of_samples, .of = walk->of};
        plain.description = rw_measure_describe("series.of");
        if (!is_taken(walk->of, dataset.text))
            RW_TRY(add_measure(walk->table, walk->from, &plain, walk->windows, walk->n_windows));
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
    rw_path group = rw_path_of("/%s/%s%s%s", groups[walk->of], walk->from->object, slash, inside);
    RW_TRY(rw_result_in_groups(walk->from->result, "series.h5", group.text, &more, &n));
    for (size_t i = 0; i < n; i++)
        RW_TRY(add_all_series(walk, rw_path_of("%s%s%s", inside, slash, more[i]).text));
    return RW_OK;
}

/* ---- all of it ---- */

rw_err rw_measure(rw_table *table, const rw_result_in *result, const rw_window *windows, size_t n_windows) {
    static const char *const whole[] = {""};
    const char *const *graphs = NULL;
    size_t n_graphs = 0;
    rw_window all = {"", 0.0, 0.0};
    rw_result_numbers time, graph_time;
    RW_TRY(rw_result_in_groups(result, "series.h5", "/measures", &graphs, &n_graphs));
    RW_TRY(rw_result_in_numbers(result, "series.h5", "/measures/time", &graph_time));
    const char *const *const names[] = {
        result->populations, result->projections, result->blockades, result->drugs, whole, graphs};
    const size_t counts[] = {
        result->n_populations, result->n_projections, result->n_blockades, result->n_drugs, 1, n_graphs};
    RW_TRY(rw_result_in_numbers(result, "series.h5", "/time", &time));
    RW_CHECK(time.rows > 0, RW_ERR_INPUT,
             "%s: there is no series.h5, from which measures are taken; set record.series in the scenario",
             result->path);
    all.to_ms = time.values[time.rows - 1];
    windows = n_windows > 0 ? windows : &all;
    n_windows = n_windows > 0 ? n_windows : 1;
    for (size_t m = 0; m < N_MEASURES; m++)
        for (size_t i = 0; i < counts[measures[m].of]; i++) {
            source from = {.result = result, .object = names[measures[m].of][i], .time = time};
            RW_TRY(add_measure(table, &from, &measures[m], windows, n_windows));
        }
    for (object_kind of = OF_POPULATION; of < OBJECT_KINDS; of++)
        for (size_t i = 0; i < counts[of]; i++) {
            source from = {.result = result, .object = names[of][i], .time = of == OF_GRAPH ? graph_time : time};
            RW_TRY(add_all_series(&(series_walk){table, &from, of, windows, n_windows}, ""));
        }
    return RW_OK;
}
