#include "io/edges/edge_tables.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "io/edges/edges.h"
#include "io/hdf5/h5_read.h"
#include "io/input_files.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_edges.h"
#include "io/sonata/sonata_reader.h"

/* A file that says which population or unit it has must mean those of the projection. */
static rw_err check_text(const rw_h5_location *group, rw_arena *arena, const char *dataset, const char *attribute,
                         const char *expected) {
    const char *text;
    if (!rw_h5_has_attribute(group, dataset, attribute))
        return RW_OK;
    RW_TRY(rw_h5_read_text(group, dataset, attribute, arena, &text));
    RW_CHECK(strcmp(text, expected) == 0, RW_ERR_INPUT, "%s: %s/%s: its %s is '%s', but the projection's is '%s'",
             group->file, group->group, dataset, attribute, text, expected);
    return RW_OK;
}

/* Copies the columns into the scenario's arena. */
static rw_err make_table(const rw_h5_location *group, const rw_sonata_edges *edges, double step_ms, rw_arena *arena,
                         rw_edge_table *table) {
    uint64_t *source = NULL, *target = NULL;
    float *weight = NULL;
    uint32_t *delay_steps = NULL;
    RW_CHECK(edges->count == 0 || (edges->weight != NULL && edges->delay_ms != NULL), RW_ERR_INPUT,
             "%s: %s has no 0/syn_weight or no 0/delay; every synapse must have its own", group->file, group->group);
    RW_TRY(RW_ARENA_NEW(arena, source, edges->count));
    RW_TRY(RW_ARENA_NEW(arena, target, edges->count));
    RW_TRY(RW_ARENA_NEW(arena, weight, edges->count));
    RW_TRY(RW_ARENA_NEW(arena, delay_steps, edges->count));
    for (uint64_t e = 0; e < edges->count; e++) {
        double steps = floor(edges->delay_ms[e] / step_ms + 0.5);
        RW_CHECK(steps >= 1.0 && steps < 0x1p31, RW_ERR_INPUT,
                 "%s: %s, edge %" PRIu64 ": a delay of %g ms does not fit steps of %g ms", group->file, group->group, e,
                 edges->delay_ms[e], step_ms);
        RW_CHECK(fabs(edges->weight[e]) <= 1e30, RW_ERR_INPUT,
                 "%s: %s, edge %" PRIu64 ": a weight of %g is out of range", group->file, group->group, e,
                 edges->weight[e]);
        source[e] = edges->source[e];
        target[e] = edges->target[e];
        weight[e] = (float)edges->weight[e];
        delay_steps[e] = (uint32_t)steps;
    }
    *table = (rw_edge_table){edges->count, source, target, weight, delay_steps};
    return RW_OK;
}

static rw_err read_group(const rw_h5_location *group, rw_scenario *scenario, rw_projection_spec *projection) {
    const rw_population_spec *source = &scenario->populations[projection->source];
    const rw_population_spec *target = &scenario->populations[projection->target];
    rw_sonata_edges edges;
    RW_TRY(check_text(group, scenario->arena, "source_node_id", "node_population", source->name));
    RW_TRY(check_text(group, scenario->arena, "target_node_id", "node_population", target->name));
    if (rw_h5_has(group, "0/syn_weight"))
        RW_TRY(check_text(group, scenario->arena, "0/syn_weight", "units", rw_weight_unit(scenario, projection)));
    RW_TRY(rw_sonata_edges_load(&edges, group, source->count, target->count));
    rw_err err = make_table(group, &edges, scenario->step_ms, scenario->arena, &projection->table);
    rw_sonata_edges_free(&edges);
    return err;
}

static rw_err read_file(rw_scenario *scenario, rw_projection_spec *projection) {
    const char *directory, *path;
    const char *name = projection->edges_population != NULL ? projection->edges_population : projection->name;
    rw_h5_location file, edges, group;
    RW_TRY(rw_sonata_directory(scenario->arena, scenario->path, &directory));
    RW_TRY(rw_sonata_join(scenario->arena, directory, projection->edges_file, &path));
    RW_TRY(rw_input_files_add(&scenario->inputs_read, scenario->arena, path));
    RW_TRY(rw_h5_open(&file, path, RW_SONATA));
    rw_err err = rw_h5_open_group(&edges, &file, "edges");
    if (err == RW_OK) {
        err = rw_h5_open_group(&group, &edges, name);
        rw_h5_close(&edges);
    }
    if (err == RW_OK) {
        err = read_group(&group, scenario, projection);
        rw_h5_close(&group);
    }
    rw_h5_close(&file);
    return err;
}

rw_err rw_edge_tables_load(rw_scenario *scenario) {
    for (size_t p = 0; p < scenario->n_projections; p++) {
        rw_projection_spec *projection = &scenario->projections[p];
        if (projection->edges_file == NULL)
            continue;
        rw_err err = read_file(scenario, projection);
        if (err != RW_OK)
            return rw_fail_context(err, "synapses of projection '%s'", projection->name);
    }
    return RW_OK;
}
