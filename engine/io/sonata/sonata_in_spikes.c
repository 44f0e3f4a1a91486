#include "io/sonata/sonata_in_spikes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/hdf5/h5_read.h"
#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"

typedef struct {
    uint64_t stamp, id;
} spike;

static int by_stamp_then_id(const void *left, const void *right) {
    const spike *a = left, *b = right;
    if (a->stamp != b->stamp)
        return a->stamp < b->stamp ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

/* Spikes as a file has them. */
typedef struct {
    const char *file;
    const rw_h5_location *group; /* NULL: a table of text */
    const uint32_t *lines;       /* of the table, [count] */
    uint64_t count;
    uint64_t *ids;
    double *times;
} raw_spikes;

static void free_raw(raw_spikes *raw) {
    rw_free(raw->ids);
    rw_free(raw->times);
}

enum { PLACE_SIZE = 640 };

/* Where a value of spike s stands, for messages. */
static const char *place_of(const raw_spikes *raw, uint64_t s, const char *column, char *text) {
    if (raw->group != NULL)
        (void)snprintf(text, PLACE_SIZE, "%s: dataset %s/%s, row %" PRIu64, raw->file, raw->group->group, column, s);
    else
        (void)snprintf(text, PLACE_SIZE, "%s:%u: %s", raw->file, raw->lines[s], column);
    return text;
}

/* ---- where the spikes are ---- */

/* Opens the group that holds the datasets: /spikes/<population>, or /spikes itself in files of the first SONATA, which
 * know no populations. */
static rw_err open_spikes(rw_h5_location *group, const rw_h5_location *file, const char *population, rw_arena *arena) {
    const char *const *names;
    size_t n_names;
    rw_h5_location spikes;
    RW_TRY(rw_h5_open_group(&spikes, file, "spikes"));
    if (rw_h5_has(&spikes, "timestamps")) {
        *group = spikes;
        return RW_OK;
    }
    rw_err err = rw_h5_groups(&spikes, arena, &names, &n_names);
    if (err == RW_OK && population == NULL && n_names != 1)
        err = rw_fail(RW_ERR_INPUT, "%s: /spikes holds %zu populations; say which one is meant", file->file, n_names);
    if (err == RW_OK)
        err = rw_h5_open_group(group, &spikes, population != NULL ? population : names[0]);
    rw_h5_close(&spikes);
    return err;
}

static rw_err check_units(const rw_h5_location *group, rw_arena *arena) {
    const char *units;
    if (!rw_h5_has_attribute(group, "timestamps", "units"))
        return RW_OK;
    RW_TRY(rw_h5_read_text(group, "timestamps", "units", arena, &units));
    RW_CHECK(strcmp(units, "ms") == 0, RW_ERR_INPUT, "%s: dataset %s/timestamps is in '%s'; SONATA's unit is ms",
             group->file, group->group, units);
    return RW_OK;
}

/* ---- from times to stamps ---- */

/* The stamp of a time: the end of the step that it lies in, but at least 1, the first there is. Times count in whole
 * microseconds, as in NEST (Time::ms, Time::ms_stamp): one that rounds to the end of a step is at that end. */
static double stamp_of(double time_ms, double step_ms) {
    const double half_microsecond_ms = 0.0005;
    return fmax(1.0, ceil(time_ms / step_ms - fmin(half_microsecond_ms / step_ms, 0.5)));
}

/* Keeps the spikes of the run, and rounds their times to stamps. */
static rw_err round_times(const raw_spikes *raw, uint64_t n_cells, double step_ms, uint64_t n_steps, spike *spikes,
                          uint64_t *n_spikes) {
    char place[PLACE_SIZE];
    *n_spikes = 0;
    for (uint64_t s = 0; s < raw->count; s++) {
        RW_CHECK(raw->ids[s] < n_cells, RW_ERR_INPUT,
                 "%s: cell %" PRIu64 " does not exist; the population has %" PRIu64 " cells, counted from 0",
                 place_of(raw, s, raw->group != NULL && rw_h5_has(raw->group, "gids") ? "gids" : "node_ids", place),
                 raw->ids[s], n_cells);
        RW_CHECK(raw->times[s] >= 0.0, RW_ERR_INPUT, "%s: %g ms is negative", place_of(raw, s, "timestamps", place),
                 raw->times[s]);
        double stamp = stamp_of(raw->times[s], step_ms);
        if (stamp <= (double)n_steps)
            spikes[(*n_spikes)++] = (spike){(uint64_t)stamp, raw->ids[s]};
    }
    return RW_OK;
}

/* Spikes of a cell that are in one step stay as many. */
static rw_err make_table(rw_spike_table *table, rw_arena *arena, spike *spikes, uint64_t count) {
    uint64_t *step = NULL, *id = NULL;
    if (count > 1)
        qsort(spikes, count, sizeof *spikes, by_stamp_then_id);
    RW_TRY(RW_ARENA_NEW(arena, step, count));
    RW_TRY(RW_ARENA_NEW(arena, id, count));
    for (uint64_t s = 0; s < count; s++) {
        step[s] = spikes[s].stamp;
        id[s] = spikes[s].id;
    }
    *table = (rw_spike_table){count, step, id};
    return RW_OK;
}

static rw_err finish(rw_spike_table *table, rw_arena *arena, const raw_spikes *raw, uint64_t n_cells, double step_ms,
                     uint64_t n_steps, uint64_t *n_late) {
    spike *spikes = NULL;
    uint64_t n_spikes = 0;
    RW_TRY(RW_NEW(spikes, raw->count, "spikes"));
    rw_err err = round_times(raw, n_cells, step_ms, n_steps, spikes, &n_spikes);
    if (err == RW_OK)
        err = make_table(table, arena, spikes, n_spikes);
    *n_late = err == RW_OK ? raw->count - n_spikes : 0;
    rw_free(spikes);
    return err;
}

/* ---- HDF5 ---- */

static rw_err read_raw(raw_spikes *raw, rw_arena *arena, const rw_h5_location *group) {
    RW_TRY(check_units(group, arena));
    RW_TRY(rw_h5_read_length(group, "timestamps", &raw->count));
    RW_TRY(RW_NEW(raw->ids, raw->count, "spikes"));
    RW_TRY(RW_NEW(raw->times, raw->count, "spikes"));
    RW_TRY(rw_h5_read_finite(group, "timestamps", raw->count, raw->times));
    return rw_h5_read_u64(group, rw_h5_has(group, "gids") ? "gids" : "node_ids", raw->count, raw->ids);
}

rw_err rw_sonata_spikes_load(rw_spike_table *spikes, rw_arena *arena, const rw_h5_location *file,
                             const char *population, uint64_t n_cells, double step_ms, uint64_t n_steps,
                             uint64_t *n_late) {
    rw_h5_location group;
    raw_spikes raw = {.file = file->file, .group = &group};
    *spikes = (rw_spike_table){0};
    RW_TRY(open_spikes(&group, file, population, arena));
    rw_err err = read_raw(&raw, arena, &group);
    if (err == RW_OK)
        err = finish(spikes, arena, &raw, n_cells, step_ms, n_steps, n_late);
    free_raw(&raw);
    rw_h5_close(&group);
    return err;
}

/* ---- tables of text ---- */

/* Takes the spikes of one population (NULL: all, if they are of one) over into raw. lines [rows]. */
static rw_err take_rows(raw_spikes *raw, const rw_sonata_table *table, const char *population, uint32_t *lines) {
    const char *first = table->n_rows > 0 ? rw_sonata_table_cell(table, 0, "population") : NULL;
    for (size_t row = 0; row < table->n_rows; row++) {
        const char *of = rw_sonata_table_cell(table, row, "population");
        double id = -1.0;
        RW_CHECK(population != NULL || of == NULL || first == NULL || strcmp(of, first) == 0, RW_ERR_INPUT,
                 "%s:%u: holds spikes of several populations, '%s' and '%s'; say which one is meant", table->file,
                 table->lines[row], first, of);
        if (population != NULL && of != NULL && strcmp(of, population) != 0)
            continue;
        raw->times[raw->count] = -1.0;
        RW_TRY(rw_sonata_table_number(table, row, "timestamps", &raw->times[raw->count]));
        RW_TRY(rw_sonata_table_number(table, row, "node_ids", &id));
        RW_CHECK(id >= 0.0 && id < 0x1p53 && id == floor(id), RW_ERR_INPUT,
                 "%s:%u: node_ids is not a whole number from 0 to 2^53", table->file, table->lines[row]);
        lines[raw->count] = table->lines[row];
        raw->ids[raw->count++] = (uint64_t)id;
    }
    RW_CHECK(raw->count > 0 || table->n_rows == 0, RW_ERR_INPUT,
             "%s: none of its spikes are of population '%s'; the first are of '%s'", table->file, population, first);
    return RW_OK;
}

static rw_err load_table(rw_spike_table *spikes, rw_arena *arena, const char *path, const char *population,
                         uint64_t n_cells, double step_ms, uint64_t n_steps, uint64_t *n_late) {
    rw_sonata_table table;
    uint32_t *lines = NULL;
    raw_spikes raw = {.file = path};
    *spikes = (rw_spike_table){0};
    RW_TRY(rw_sonata_table_read(&table, arena, path, ' ', NULL));
    RW_TRY(rw_sonata_table_need(&table, "timestamps"));
    RW_TRY(rw_sonata_table_need(&table, "node_ids"));
    RW_TRY(RW_ARENA_NEW(arena, lines, table.n_rows));
    raw.lines = lines;
    rw_err err = RW_NEW(raw.ids, table.n_rows, "spikes");
    if (err == RW_OK)
        err = RW_NEW(raw.times, table.n_rows, "spikes");
    if (err == RW_OK)
        err = take_rows(&raw, &table, population, lines);
    if (err == RW_OK)
        err = finish(spikes, arena, &raw, n_cells, step_ms, n_steps, n_late);
    free_raw(&raw);
    return err;
}

bool rw_sonata_spikes_in_text(const char *path) {
    size_t length = strlen(path);
    return length >= 4 && strcmp(path + length - 4, ".csv") == 0;
}

/* ---- for a whole scenario ---- */

static rw_err load_file(rw_scenario *scenario, const rw_population_spec *population, const char *file,
                        rw_spike_table *spikes, uint64_t *n_late) {
    const char *directory, *path;
    rw_h5_location opened;
    RW_TRY(rw_sonata_directory(scenario->arena, scenario->path, &directory));
    RW_TRY(rw_sonata_join(scenario->arena, directory, file, &path));
    RW_TRY(rw_input_files_add(&scenario->inputs_read, scenario->arena, path));
    if (rw_sonata_spikes_in_text(path))
        return load_table(spikes, scenario->arena, path, population->spikes_population, population->count,
                          scenario->step_ms, scenario->n_steps, n_late);
    RW_TRY(rw_h5_open(&opened, path, RW_SONATA));
    rw_err err = rw_sonata_spikes_load(spikes, scenario->arena, &opened, population->spikes_population,
                                       population->count, scenario->step_ms, scenario->n_steps, n_late);
    rw_h5_close(&opened);
    return err;
}

/* Joins the spikes of two files of a population. */
static rw_err join(rw_spike_table *all, rw_arena *arena, const rw_spike_table *next) {
    uint64_t *step = NULL, *id = NULL, count = all->count + next->count;
    RW_TRY(RW_ARENA_NEW(arena, step, count));
    RW_TRY(RW_ARENA_NEW(arena, id, count));
    for (uint64_t s = 0, i = 0, k = 0; s < count; s++) {
        bool first = k == next->count ||
                     (i < all->count &&
                      (all->step[i] < next->step[k] || (all->step[i] == next->step[k] && all->id[i] <= next->id[k])));
        step[s] = first ? all->step[i] : next->step[k];
        id[s] = first ? all->id[i++] : next->id[k++];
    }
    *all = (rw_spike_table){count, step, id};
    return RW_OK;
}

static rw_err load_population(rw_scenario *scenario, rw_population_spec *population) {
    population->spikes = (rw_spike_table){0};
    population->n_late_spikes = 0;
    for (size_t k = 0; k < population->n_spikes_files; k++) {
        rw_spike_table spikes;
        uint64_t n_late = 0;
        RW_TRY(load_file(scenario, population, population->spikes_files[k], &spikes, &n_late));
        if (k == 0)
            population->spikes = spikes;
        else
            RW_TRY(join(&population->spikes, scenario->arena, &spikes));
        population->n_late_spikes += n_late;
    }
    return RW_OK;
}

rw_err rw_sonata_load_spikes(rw_scenario *scenario) {
    for (size_t p = 0; p < scenario->n_populations; p++) {
        rw_population_spec *population = &scenario->populations[p];
        if (population->model != NULL)
            continue;
        rw_err err = load_population(scenario, population);
        if (err != RW_OK)
            return rw_fail_context(err, "spikes of population '%s'", population->name);
    }
    return RW_OK;
}
