#include "study/measure_table.h"

#include <string.h>

#include "base/count.h"
#include "study/measures/acute.h"
#include "study/measures/decision.h"
#include "study/measures/learning.h"
#include "study/measures/regained.h"

#define SAMPLE "a sample in the window"
#define INTERVAL "an interval between two samples in the window"
#define PRESENTED "a presentation that ends in an interval between two samples in the window, and such cells"
#define FILLED "samples at the begin and the end of the window"

static const rw_measure_entry measures[] = {
    {.series = RW_SERIES_RATE,
     .value = rw_measure_rate,
     .description = "firing rate, mean over cells and time",
     .takes = "an interval between two samples in the window, or recorded spikes",
     .needs = RW_MEASURE_USES_SPIKES},
    {.series = RW_SERIES_CALCIUM, .value = rw_measure_mean, .description = "calcium, mean over cells and time"},
    {.series = RW_SERIES_RATE,
     .value = rw_measure_cv_isi,
     .description =
         "coefficient of variation of the intervals between a cell's spikes, mean over cells with at least five",
     .takes = "a cell with five intervals between its spikes in the window",
     .name = "cv_isi",
     .title = "Irregularity of firing",
     .unit = "1",
     .needs = RW_MEASURE_NEEDS_SPIKES},
    {.series = RW_SERIES_RATE,
     .value = rw_measure_fano,
     .description = "variance over mean of the population's spike counts in 10 ms; 1 if cells fire independently",
     .takes = "two bins of 10 ms in the window, and a spike in one of them",
     .name = "fano",
     .title = "Fano factor of firing",
     .unit = "1",
     .needs = RW_MEASURE_NEEDS_SPIKES},
    {.series = RW_SERIES_AXON, .value = rw_measure_last, .description = "axonal elements per cell at the end"},
    {.series = RW_SERIES_DENDRITE_EXC,
     .value = rw_measure_last,
     .description = "excitatory dendritic elements per cell at the end"},
    {.series = RW_SERIES_DENDRITE_INH,
     .value = rw_measure_last,
     .description = "inhibitory dendritic elements per cell at the end"},
    {.series = RW_SERIES_SYNAPSES, .value = rw_measure_last, .description = "live synapses at the end"},
    {.series = RW_SERIES_CREATED, .value = rw_measure_sum, .takes = FILLED, .description = "synapses that formed"},
    {.series = RW_SERIES_DELETED, .value = rw_measure_sum, .takes = FILLED, .description = "synapses that vanished"},
    {.series = RW_SERIES_CREATED,
     .value = rw_measure_turnover,
     .description = "share of synapses that turn over in a second: (formed + vanished) / (2 x synapses)",
     .takes = INTERVAL ", and synapses then",
     .name = "turnover",
     .title = "Turnover of synapses",
     .unit = "1/s",
     .other = RW_SERIES_DELETED},
    {.series = RW_SERIES_MEAN_WEIGHT,
     .value = rw_measure_mean,
     .description = "weight, mean over synapses and time",
     .takes = "a sample in the window when there are synapses",
     .name = "weight"},
    {.series = RW_SERIES_CREATED,
     .value = rw_measure_survival,
     .description = "share of the first synapses that are still there at the end",
     .takes = "a snapshot in the window, and synapses in the first of the run",
     .name = "survival",
     .title = "Synapses that survived",
     .unit = "1",
     .needs = RW_MEASURE_NEEDS_SNAPSHOTS},
    {.series = RW_SERIES_FACTOR,
     .value = rw_measure_mean,
     .description = "what a blockade leaves of the conductance, mean over time",
     .name = "conductance",
     .title = "Conductance left by blockade"},
    {.series = RW_SERIES_AT_RECEPTOR,
     .value = rw_measure_mean,
     .description = "unbound drug at the receptor with its metabolites by their affinity, mean over time",
     .name = "level"},
    {.series = RW_SERIES_AT_RECEPTOR,
     .value = rw_measure_peak,
     .description = "highest level of unbound drug at the receptor, also between samples",
     .takes = "a scenario that names no tables of files, from which the level is computed again",
     .name = "peak",
     .title = "Highest level at the receptor"},
    {.series = RW_SERIES_CUED,
     .value = rw_measure_presentations,
     .description = "share of the stimulated cells that fire in a presentation, mean over presentations",
     .takes = PRESENTED,
     .other = RW_SERIES_PRESENTATIONS},
    {.series = RW_SERIES_RECALL,
     .value = rw_measure_presentations,
     .description = "share of the pattern's cells that fire in a presentation without being stimulated, mean over "
                    "presentations",
     .takes = PRESENTED,
     .other = RW_SERIES_PRESENTATIONS},
    {.series = RW_SERIES_OUTSIDE,
     .value = rw_measure_presentations,
     .description = "share of the cells outside of the pattern that fire in a presentation, mean over presentations: "
                    "recall by chance",
     .takes = PRESENTED,
     .other = RW_SERIES_PRESENTATIONS},
    {.series = RW_SERIES_COMPLETION,
     .value = rw_measure_presentations,
     .description = "recall less what it would be by chance, mean over presentations",
     .takes = PRESENTED,
     .other = RW_SERIES_PRESENTATIONS},
};

/* Those of single series, and the groups of study/measures. */
static const rw_measure_group basic = {measures, RW_COUNT(measures)};
static const rw_measure_group *const groups[] = {&basic, &rw_regained_measures, &rw_acute_measures,
                                                 &rw_learning_measures, &rw_decision_measures};

const rw_measure_entry *rw_measure_at(size_t i) {
    for (size_t g = 0; g < RW_COUNT(groups); g++) {
        if (i < groups[g]->n)
            return &groups[g]->entries[i];
        i -= groups[g]->n;
    }
    return NULL;
}

const char *rw_measure_name(const rw_measure_entry *entry) {
    return entry->name != NULL ? entry->name : rw_series_get(entry->series)->name;
}

static const char *title_of(const rw_measure_entry *entry) {
    return entry->title != NULL ? entry->title : rw_series_get(entry->series)->title;
}

/* The measure of a column `measure.object.window`; NULL if it is no measure of the table. */
static const rw_measure_entry *find(const char *column) {
    const size_t length = strcspn(column, ".");
    const rw_measure_entry *entry = NULL;
    for (size_t i = 0; (entry = rw_measure_at(i)) != NULL; i++)
        if (strlen(rw_measure_name(entry)) == length && strncmp(rw_measure_name(entry), column, length) == 0)
            break;
    return entry;
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
    const size_t prefix = sizeof RW_MEASURE_CONNECTIVITY_PREFIX - 1;
    const bool of_connectivity = strncmp(column, RW_MEASURE_CONNECTIVITY_PREFIX, prefix) == 0;
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
    const rw_measure_entry *entry = find(column);
    return strchr(column, '.') == NULL ? NULL
           : entry != NULL             ? entry->description
                                       : "mean of the samples of this series";
}

/* Whether the name of a series, up to its braces, begins a column in which '_' stands for '/'. */
static bool begins_column(const rw_series_entry *series, const char *column) {
    const size_t length = strcspn(series->name, "{");
    for (size_t i = 0; i < length; i++)
        if ((series->name[i] == '/' ? '_' : series->name[i]) != column[i])
            return false;
    return length > 0 && (series->name[length] == '{' || column[length] == '.');
}

const char *rw_measure_takes(const char *column) {
    const rw_measure_entry *entry = find(column);
    const size_t prefix = sizeof RW_MEASURE_CONNECTIVITY_PREFIX - 1;
    const bool of_connectivity = strncmp(column, RW_MEASURE_CONNECTIVITY_PREFIX, prefix) == 0;
    double span_ms = RW_SERIES_SPAN_INSTANT;
    if (entry != NULL)
        return entry->takes != NULL ? entry->takes : SAMPLE;
    for (rw_series s = 0; s < RW_SERIES_COUNT; s++) {
        const rw_series_entry *series = rw_series_get(s);
        if ((series->group == RW_SERIES_OF_CONNECTIVITY) == of_connectivity &&
            begins_column(series, column + (of_connectivity ? prefix : 0)))
            span_ms = series->span_ms;
    }
    return span_ms == RW_SERIES_SPAN_INTERVAL ? INTERVAL
           : span_ms == RW_SERIES_SPAN_WELCH  ? "a sample and the 1024 ms before it in the window"
                                              : "a sample with a value in the window";
}

bool rw_measure_is_plain_series(const char *column) {
    return find(column) == NULL;
}

bool rw_measure_is_choice(const char *column) {
    const rw_measure_entry *entry = find(column);
    return entry != NULL && entry->is_choice;
}

const char *rw_measure_quantity(const char *column) {
    const rw_measure_entry *entry = find(column);
    const rw_series_entry *series = entry != NULL ? rw_series_get(entry->series) : find_series(column);
    return series == NULL                       ? "mean"
           : entry == NULL                      ? series->quantity
           : series->group == RW_SERIES_OF_DRUG ? series->quantity
                                                : title_of(entry);
}

/* "Occupancy ketamine nmda 2C" of occupancy_ketamine_nmda_2C: series whose name is the scenario's. */
static rw_path spell_out(const char *column) {
    const size_t prefix = sizeof RW_MEASURE_CONNECTIVITY_PREFIX - 1;
    column += strncmp(column, RW_MEASURE_CONNECTIVITY_PREFIX, prefix) == 0 ? prefix : 0;
    rw_path title = rw_path_of("%.*s", (int)strcspn(column, "."), column);
    for (char *c = title.text; *c != '\0'; c++)
        *c = (char)(*c == '_' ? ' ' : c == title.text && *c >= 'a' && *c <= 'z' ? *c - 32 : *c);
    return title;
}

void rw_measure_title(const char *column, char *title, size_t size) {
    const rw_measure_entry *entry = find(column);
    const rw_series_entry *series = entry != NULL ? rw_series_get(entry->series) : find_series(column);
    const char *object = column + strcspn(column, "."), *window = object;
    const char *const joint = series != NULL ? rw_series_joint(series->group) : " of ";
    const char *const what = entry != NULL ? title_of(entry) : series != NULL ? series->title : spell_out(column).text;
    object += *object == '.';
    window = object + strcspn(object, ".");
    (void)snprintf(title, size, "%s%s%.*s%s%s", what, joint, joint[0] != '\0' ? (int)(window - object) : 0, object,
                   *window != '\0' ? ", " : "", *window != '\0' ? window + 1 : "");
}
