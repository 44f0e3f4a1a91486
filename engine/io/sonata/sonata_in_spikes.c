#include "io/sonata/sonata_in_spikes.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/hdf5/h5_read.h"
#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
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

/* Keeps the spikes of the run, and rounds their times to stamps: the nearest one, but at least 1, the first there is.
 */
static rw_err round_times(const rw_h5_location *group, const char *ids_name, uint64_t count, const uint64_t *ids,
                          const double *times, uint64_t n_cells, double step_ms, uint64_t n_steps, spike *spikes,
                          uint64_t *n_spikes) {
    *n_spikes = 0;
    for (uint64_t s = 0; s < count; s++) {
        RW_CHECK(ids[s] < n_cells, RW_ERR_INPUT,
                 "%s: dataset %s/%s, row %" PRIu64 ": cell %" PRIu64 " does not exist; the population has %" PRIu64
                 " cells, counted from 0",
                 group->file, group->group, ids_name, s, ids[s], n_cells);
        RW_CHECK(times[s] >= 0.0, RW_ERR_INPUT, "%s: dataset %s/timestamps, row %" PRIu64 ": %g ms is negative",
                 group->file, group->group, s, times[s]);
        double stamp = floor(times[s] / step_ms + 0.5);
        if (stamp <= (double)n_steps)
            spikes[(*n_spikes)++] = (spike){stamp >= 1.0 ? (uint64_t)stamp : 1, ids[s]};
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

static rw_err load(rw_spike_table *table, rw_arena *arena, const rw_h5_location *group, uint64_t n_cells,
                   double step_ms, uint64_t n_steps, uint64_t *n_late) {
    uint64_t count, n_spikes = 0, *ids = NULL;
    double *times = NULL;
    spike *spikes = NULL;
    const char *ids_name = rw_h5_has(group, "gids") ? "gids" : "node_ids";
    RW_TRY(check_units(group, arena));
    RW_TRY(rw_h5_read_length(group, "timestamps", &count));
    rw_err err = RW_NEW(ids, count, "spikes");
    if (err == RW_OK)
        err = RW_NEW(times, count, "spikes");
    if (err == RW_OK)
        err = RW_NEW(spikes, count, "spikes");
    if (err == RW_OK)
        err = rw_h5_read_finite(group, "timestamps", count, times);
    if (err == RW_OK)
        err = rw_h5_read_u64(group, ids_name, count, ids);
    if (err == RW_OK)
        err = round_times(group, ids_name, count, ids, times, n_cells, step_ms, n_steps, spikes, &n_spikes);
    if (err == RW_OK)
        err = make_table(table, arena, spikes, n_spikes);
    *n_late = err == RW_OK ? count - n_spikes : 0;
    rw_free(ids);
    rw_free(times);
    rw_free(spikes);
    return err;
}

rw_err rw_sonata_spikes_load(rw_spike_table *spikes, rw_arena *arena, const rw_h5_location *file,
                             const char *population, uint64_t n_cells, double step_ms, uint64_t n_steps,
                             uint64_t *n_late) {
    rw_h5_location group;
    *spikes = (rw_spike_table){0};
    RW_TRY(open_spikes(&group, file, population, arena));
    rw_err err = load(spikes, arena, &group, n_cells, step_ms, n_steps, n_late);
    rw_h5_close(&group);
    return err;
}

/* ---- for a whole scenario ---- */

static rw_err load_population(rw_scenario *scenario, rw_population_spec *population) {
    const char *directory, *path;
    rw_h5_location file;
    RW_TRY(rw_sonata_directory(scenario->arena, scenario->path, &directory));
    RW_TRY(rw_sonata_join(scenario->arena, directory, population->spikes_file, &path));
    RW_TRY(rw_input_files_add(&scenario->inputs_read, scenario->arena, path));
    RW_TRY(rw_h5_open(&file, path, RW_SONATA));
    rw_err err =
        rw_sonata_spikes_load(&population->spikes, scenario->arena, &file, population->spikes_population,
                              population->count, scenario->step_ms, scenario->n_steps, &population->n_late_spikes);
    rw_h5_close(&file);
    return err;
}

rw_err rw_sonata_load_spikes(rw_scenario *scenario) {
    for (size_t p = 0; p < scenario->n_populations; p++) {
        rw_population_spec *population = &scenario->populations[p];
        if (population->model != NULL || population->spikes_file == NULL)
            continue;
        rw_err err = load_population(scenario, population);
        if (err != RW_OK)
            return rw_fail_context(err, "spikes of population '%s'", population->name);
    }
    return RW_OK;
}
