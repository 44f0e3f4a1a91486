#include "io/series/series_survival.h"

#include <math.h>

#include "base/count.h"
#include "base/memory.h"
#include "base/vmath.h"
#include "io/edges/edges.h"
#include "io/series/series_columns.h"

enum { FIRST, ALIVE, LIVED, VANISHED, FRACTION, N_COLUMNS };

/* The class of an age. */
static size_t class_of(const rw_survival_series *series, uint64_t age) {
    size_t c = 0;
    while (c + 1 < series->n_classes && age >= series->bounds[c])
        c++;
    return c;
}

/* The ages are the bounds of the classes, of which the first begins at 0. */
static rw_err write_ages(const rw_columns *columns, const rw_scenario *scenario, const char *name) {
    const size_t n = scenario->record.n_survival;
    rw_path group = rw_series_folder(RW_SERIES_SURVIVAL_FIRST, name);
    double *from_ms = NULL;
    RW_TRY(RW_NEW(from_ms, n + 1, "survival of synapses"));
    for (size_t k = 0; k < n; k++)
        from_ms[k + 1] = (double)scenario->record.survival_steps[k] * scenario->step_ms;
    rw_err err = rw_h5_attribute(columns->file, group.text, "ages_ms", H5T_NATIVE_DOUBLE, n, from_ms + 1);
    if (err == RW_OK)
        err = rw_columns_write_places(columns, RW_SERIES_SURVIVAL_AGE, name, from_ms + 1, n);
    if (err == RW_OK)
        err = rw_columns_write_places(columns, RW_SERIES_SURVIVAL_CLASS, name, from_ms, n + 1);
    rw_free(from_ms);
    return err;
}

static rw_err add_columns(rw_projection_survival *record, rw_columns *columns, const rw_scenario *scenario) {
    static const rw_series what[N_COLUMNS] = {[FIRST] = RW_SERIES_SURVIVAL_FIRST,
                                              [ALIVE] = RW_SERIES_SURVIVAL_ALIVE,
                                              [LIVED] = RW_SERIES_SURVIVAL_LIVED,
                                              [VANISHED] = RW_SERIES_SURVIVAL_VANISHED,
                                              [FRACTION] = RW_SERIES_SURVIVAL_FRACTION};
    const char *name = scenario->projections[record->projection].name;
    size_t n = scenario->record.n_survival;
    for (int k = 0; k < N_COLUMNS; k++) {
        uint64_t width = k == FIRST ? 0 : k == FRACTION ? n : n + 1;
        rw_series across = k == FRACTION ? RW_SERIES_SURVIVAL_AGE : RW_SERIES_SURVIVAL_CLASS;
        RW_TRY(rw_columns_add_wide_series(columns, &record->columns[k], what[k], name, width, across));
    }
    return write_ages(columns, scenario, name);
}

static rw_err create_counts(rw_projection_survival *record, uint64_t n_updates, size_t n_classes) {
    RW_TRY(RW_NEW(record->alive, n_updates + 1, "survival of synapses"));
    RW_TRY(RW_NEW(record->in_class, n_classes, "survival of synapses"));
    RW_TRY(RW_NEW(record->lived, n_classes, "survival of synapses"));
    RW_TRY(RW_NEW(record->vanished, n_classes, "survival of synapses"));
    RW_TRY(RW_NEW(record->lived_before, n_classes, "survival of synapses"));
    return RW_NEW(record->vanished_before, n_classes, "survival of synapses");
}

rw_err rw_survival_series_create(rw_survival_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    size_t n = scenario->record.n_survival;
    if (n == 0)
        return RW_OK;
    uint64_t every = scenario->structure.every_steps, n_updates = scenario->n_steps / every;
    *series = (rw_survival_series){.scenario = scenario, .columns = columns, .n_classes = n + 1};
    RW_TRY(RW_NEW(series->bounds, n, "survival of synapses"));
    for (size_t k = 0; k < n; k++)
        series->bounds[k] = scenario->record.survival_steps[k] / every;
    RW_TRY(RW_NEW(series->projections, scenario->n_projections, "survival of synapses"));
    for (uint32_t p = 0; p < scenario->n_projections; p++) {
        if (!scenario->projections[p].structural)
            continue;
        rw_projection_survival *record = &series->projections[series->n++];
        record->projection = p;
        RW_TRY(create_counts(record, n_updates, series->n_classes));
        RW_TRY(add_columns(record, columns, scenario));
    }
    return RW_OK;
}

void rw_survival_series_destroy(rw_survival_series *series) {
    for (size_t k = 0; k < series->n; k++) {
        rw_projection_survival *record = &series->projections[k];
        rw_free(record->alive);
        rw_free(record->in_class);
        rw_free(record->lived);
        rw_free(record->vanished);
        rw_free(record->lived_before);
        rw_free(record->vanished_before);
    }
    rw_free(series->projections);
    rw_free(series->bounds);
    *series = (rw_survival_series){0};
}

/* All that were alive since the update before have lived an interval longer. */
static void live(rw_projection_survival *record, size_t n_classes) {
    for (size_t c = 0; c < n_classes; c++)
        record->lived[c] += record->in_class[c];
}

/* Those that have reached a bound pass to the next class. */
static void pass(const rw_survival_series *series, rw_projection_survival *record, uint64_t update) {
    for (size_t c = 0; c + 1 < series->n_classes && series->bounds[c] < update; c++) {
        uint32_t n = record->alive[update - series->bounds[c]];
        record->in_class[c] -= n;
        record->in_class[c + 1] += n;
    }
}

/* A synapse that vanishes still belongs to the class whose interval it has just lived. Of those that formed before they
 * were followed only the number is known. */
static void vanish(const rw_survival_series *series, rw_projection_survival *record, const rw_edge_event *event) {
    uint64_t born = event->born_time / series->scenario->structure.every_steps;
    if (born == 0 || record->alive[born] == 0) {
        record->first_alive -= record->first_alive > 0;
        return;
    }
    size_t c = class_of(series, series->update - born);
    record->alive[born]--;
    record->in_class[c]--;
    record->vanished[c]++;
}

void rw_survival_series_follow(rw_survival_series *series, const rw_simulation *sim, const rw_edge_event *events,
                               size_t n) {
    if (series->n_classes == 0)
        return;
    uint64_t time = rw_simulation_time(sim), every = series->scenario->structure.every_steps, update = time / every;
    /* A lesion has events of its own, and comes before the update at the same step. */
    bool is_update = time % every == 0 && !(n > 0 && events[0].cause == RW_CAUSE_LESION);
    for (size_t k = 0; k < series->n; k++) {
        rw_projection_survival *record = &series->projections[k];
        if (is_update)
            live(record, series->n_classes);
        for (size_t e = 0; e < n; e++)
            if (events[e].projection == record->projection && !events[e].created)
                vanish(series, record, &events[e]);
        if (is_update)
            pass(series, record, update);
        for (size_t e = 0; e < n; e++)
            if (events[e].projection == record->projection && events[e].created) {
                record->alive[update]++;
                record->in_class[0]++;
            }
    }
    series->update = is_update ? update : series->update;
}

/* The fraction that reaches the end of each bounded class. */
static void estimate(const rw_survival_series *series, const rw_projection_survival *record, double *fraction) {
    double reached = 1.0;
    for (size_t c = 0; c + 1 < series->n_classes; c++) {
        uint64_t intervals = series->bounds[c] - (c > 0 ? series->bounds[c - 1] : 0);
        double share = record->lived[c] > 0 ? (double)record->vanished[c] / (double)record->lived[c] : NAN;
        reached *= share < 1.0 ? rw_power(1.0 - share, (double)intervals) : share >= 1.0 ? 0.0 : NAN;
        fraction[c] = reached;
    }
}

static rw_err sample_projection(const rw_survival_series *series, rw_projection_survival *record, double *row) {
    size_t n = series->n_classes;
    double interval_s = 1e-3 * (double)series->scenario->structure.every_steps * series->scenario->step_ms;
    double first = record->first > 0 ? (double)record->first_alive / (double)record->first : NAN;
    RW_TRY(rw_h5_column_append(record->columns[FIRST], &first, 1));
    for (size_t c = 0; c < n; c++)
        row[c] = (double)record->in_class[c];
    RW_TRY(rw_h5_column_append(record->columns[ALIVE], row, 1));
    for (size_t c = 0; c < n; c++)
        row[c] = interval_s * (double)(record->lived[c] - record->lived_before[c]);
    RW_TRY(rw_h5_column_append(record->columns[LIVED], row, 1));
    for (size_t c = 0; c < n; c++)
        row[c] = (double)(record->vanished[c] - record->vanished_before[c]);
    RW_TRY(rw_h5_column_append(record->columns[VANISHED], row, 1));
    for (size_t c = 0; c < n; c++) {
        record->lived_before[c] = record->lived[c];
        record->vanished_before[c] = record->vanished[c];
    }
    estimate(series, record, row);
    return rw_h5_column_append(record->columns[FRACTION], row, 1);
}

rw_err rw_survival_series_sample(rw_survival_series *series, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    double *row = NULL;
    if (series->n_classes == 0)
        return RW_OK;
    for (size_t k = 0; k < series->n && series->begun == 0; k++) {
        rw_projection_survival *record = &series->projections[k];
        RW_TRY(rw_projection_total(&network->partition, &network->projections[record->projection], &record->first));
        record->first_alive = record->first;
    }
    if (series->begun == 0) /* also in a branch whose parent did not record it */
        series->update = rw_simulation_time(sim) / series->scenario->structure.every_steps;
    series->begun = 1;
    rw_err err = RW_NEW(row, series->n_classes, "survival of synapses");
    for (size_t k = 0; k < series->n && err == RW_OK; k++)
        err = sample_projection(series, &series->projections[k], row);
    rw_free(row);
    return rw_comm_agree(network->partition.comm, err);
}

static rw_err archive_projection(const rw_survival_series *series, rw_projection_survival *record,
                                 const rw_archive *archive) {
    const rw_scenario *scenario = series->scenario;
    uint64_t n_updates = scenario->n_steps / scenario->structure.every_steps;
    const struct {
        const char *name;
        uint64_t *values;
    } counts[] = {{"in_class", record->in_class},
                  {"lived", record->lived},
                  {"vanished", record->vanished},
                  {"lived_before", record->lived_before},
                  {"vanished_before", record->vanished_before}};
    rw_path group = rw_path_of("recorders/series/survival/%s", scenario->projections[record->projection].name);
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/first", group.text).text, &record->first));
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/first_alive", group.text).text, &record->first_alive));
    for (size_t k = 0; k < RW_COUNT(counts); k++)
        RW_TRY(rw_archive_column(archive, rw_path_of("%s/%s", group.text, counts[k].name).text, RW_ARCHIVE_U64,
                                 series->n_classes, counts[k].values));
    return rw_archive_column(archive, rw_path_of("%s/alive", group.text).text, RW_ARCHIVE_U32,
                             (series->update < n_updates ? series->update : n_updates) + 1, record->alive);
}

rw_err rw_survival_series_archive(rw_survival_series *series, const rw_archive *archive) {
    static const char path[] = "recorders/series/survival/update";
    if (series->n == 0 || (archive->branching && !archive->holds(archive->self, path)))
        return RW_OK;
    RW_TRY(rw_archive_number(archive, path, &series->update));
    RW_TRY(rw_archive_number(archive, "recorders/series/survival/begun", &series->begun));
    for (size_t k = 0; k < series->n; k++)
        RW_TRY(archive_projection(series, &series->projections[k], archive));
    return RW_OK;
}
