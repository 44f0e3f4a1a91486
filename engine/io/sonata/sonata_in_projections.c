#include "io/sonata/sonata_in_projections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/number.h"
#include "io/edges/snapshot_recorder.h"
#include "io/sonata/sonata_in_models.h"
#include "model/registry.h"

/* Fills the table of a projection with the edges of a port. Receptors take conductances, which are positive. */
static rw_err make_table(rw_arena *arena, const rw_sonata_edge_list *list, unsigned port, bool conductance,
                         rw_edge_table *table) {
    uint64_t count = 0, k = 0;
    for (uint64_t e = 0; e < list->count; e++)
        count += list->port[e] == port;
    uint64_t *source = NULL, *target = NULL;
    float *weight = NULL;
    uint32_t *delay_steps = NULL;
    RW_TRY(RW_ARENA_NEW(arena, source, count));
    RW_TRY(RW_ARENA_NEW(arena, target, count));
    RW_TRY(RW_ARENA_NEW(arena, weight, count));
    RW_TRY(RW_ARENA_NEW(arena, delay_steps, count));
    for (uint64_t e = 0; e < list->count; e++) {
        if (list->port[e] != port)
            continue;
        source[k] = list->source_id[e];
        target[k] = list->target_id[e];
        weight[k] = conductance ? fabsf(list->weight[e]) : list->weight[e];
        delay_steps[k++] = list->delay_steps[e];
    }
    *table = (rw_edge_table){count, source, target, weight, delay_steps};
    return RW_OK;
}

/* A number of six digits. */
static double round_to_digits(double value) {
    double unit = value == 0.0 ? 1.0 : pow(10.0, floor(log10(fabs(value))) - 5.0);
    return rw_number_tidy(round(value / unit) * unit);
}

/* The mean of what synapses have at the start is that of those that form later, if somebody lets them form. */
static void choose_later(rw_projection_spec *spec, double step_ms) {
    const rw_edge_table *table = &spec->table;
    double weight = 0.0, delay = 0.0;
    for (uint64_t e = 0; e < table->count; e++) {
        weight += table->weight[e];
        delay += table->delay_steps[e];
    }
    double n = (double)table->count;
    spec->weight.a = table->count > 0 ? round_to_digits(weight / n) : 1.0;
    spec->delay_ms.a = rw_number_tidy(table->count > 0 ? round(delay / n) * step_ms : fmax(1.0, step_ms));
    spec->new_weight = spec->weight;
}

/* The name of a port in our model; of a conductance, its receptor's. */
static const char *port_name(const rw_sonata_nest *nest, unsigned port) {
    static const char *const receptors[RW_SONATA_PORTS] = {"syn_1", "syn_2", "syn_3", "syn_4"};
    return nest->by_receptor ? receptors[port] : port == 0 ? nest->exc : nest->inh;
}

static rw_err make_share(rw_sonata_reader *reader, uint32_t target, unsigned port, const rw_share **shares) {
    const rw_sonata_nest *nest = reader->populations[target].nest;
    rw_share *share = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, share, 1));
    share->is_port = !nest->conductance;
    share->share = 1.0;
    share->index =
        nest->conductance ? port : rw_model_field(reader->scenario->populations[target].model, port_name(nest, port));
    RW_ASSERT(share->index != RW_NO_FIELD);
    *shares = share;
    return RW_OK;
}

static rw_err add_projection(rw_sonata_reader *reader, const rw_sonata_edge_list *list, unsigned port, bool inhibitory,
                             const char *suffix) {
    rw_scenario *scenario = reader->scenario;
    rw_projection_spec *spec = &scenario->projections[scenario->n_projections];
    *spec = (rw_projection_spec){.mark = list->mark,
                                 .source = list->source,
                                 .target = list->target,
                                 .rule = RW_CONNECT_TABLE,
                                 .kernel.cutoff_um = HUGE_VAL,
                                 .autapses = true,
                                 .multapses = true,
                                 .n_shares = 1,
                                 .inhibitory = inhibitory,
                                 .search.cutoff_um = HUGE_VAL};
    size_t size = strlen(list->name) + strlen(suffix) + 1;
    char *name = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, name, size));
    (void)snprintf(name, size, "%s%s", list->name, suffix);
    spec->name = name;
    for (size_t p = 0; p < scenario->n_projections; p++)
        RW_CHECK(strcmp(scenario->projections[p].name, name) != 0, RW_ERR_INPUT,
                 "%s: edge population '%s' exists already in another edges file", list->file, name);
    bool conductance = reader->populations[list->target].nest->conductance;
    RW_TRY(make_table(reader->arena, list, port, conductance, &spec->table));
    choose_later(spec, scenario->step_ms);
    RW_TRY(
        rw_arena_string(reader->arena, &spec->edges_of_result, rw_path_of("edges/%s", rw_snapshot_name(0).text).text));
    RW_TRY(make_share(reader, list->target, port, &spec->shares));
    scenario->n_projections++;
    return RW_OK;
}

rw_err rw_sonata_projections_make(rw_sonata_reader *reader, const rw_sonata_edge_list *list) {
    const rw_sonata_nest *nest = reader->populations[list->target].nest;
    uint64_t edges[RW_SONATA_PORTS] = {0}, negative[RW_SONATA_PORTS] = {0};
    unsigned n_used = 0;
    for (uint64_t e = 0; e < list->count; e++) {
        edges[list->port[e]]++;
        negative[list->port[e]] += list->weight[e] < 0.0f;
    }
    for (unsigned port = 0; port < RW_SONATA_PORTS; port++)
        n_used += edges[port] > 0;
    if (n_used == 0)
        return add_projection(reader, list, 0, false, "");
    for (unsigned port = 0; port < RW_SONATA_PORTS; port++) {
        char suffix[16];
        const char *name = nest->by_receptor ? port_name(nest, port) : port == 0 ? "exc" : "inh";
        (void)snprintf(suffix, sizeof suffix, "__%s", name);
        if (edges[port] > 0)
            RW_TRY(add_projection(reader, list, port,
                                  negative[port] == edges[port] && strcmp(nest->exc, nest->inh) != 0,
                                  n_used > 1 ? suffix : ""));
    }
    return RW_OK;
}
