#include "config/sections/measures_section.h"

#include <string.h>

#include "config/key_table_reader.h"
#include "config/references.h"
#include "config/render.h"

enum { MOST_GROUPS = 100 };

const char *const rw_measure_names[] = {"turnover",    "returned",   "degrees",    "distances",  "groups",
                                        "reciprocity", "clustering", "modularity", "small_world"};

static bool is_structural(const rw_scenario *scenario) {
    for (size_t k = 0; k < scenario->n_projections; k++)
        if (scenario->projections[k].structural)
            return true;
    return false;
}

/* A projection or a list of them; those that rewire if nothing is said, or all if none does. */
static rw_err read_of(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_scenario *scenario = object;
    bool structural = is_structural(scenario), *of = NULL;
    (void)entry;
    RW_TRY(RW_ARENA_NEW(r->arena, of, scenario->n_projections));
    scenario->record.measures.of = of;
    for (size_t k = 0; node == NULL && k < scenario->n_projections; k++)
        of[k] = scenario->projections[k].structural || !structural;
    if (node != NULL)
        rw_read_projection_names(r, node, of);
    return RW_OK;
}

/* Projections that are one graph; its name stands in the result beside those of projections and the time. */
static rw_err read_graph(rw_reader *r, const rw_node *node, rw_graph_spec *graph, rw_names *names) {
    bool *of = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, of, r->scenario->n_projections));
    *graph = (rw_graph_spec){.name = node->key, .of = of};
    if (rw_check_name(r, node, node->key) && !rw_names_add(names, node->key, 0))
        rw_node_key_wrong(r->diagnostics, node, "is a projection, a graph or \"time\" already; choose another name");
    if (!rw_read_list(r, node))
        return RW_OK;
    rw_read_projection_names(r, node, of);
    if (node->first == NULL)
        rw_node_wrong(r->diagnostics, node, "needs at least one projection");
    return RW_OK;
}

static rw_err read_graphs(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_measures_spec *measures = &((rw_scenario *)object)->record.measures;
    rw_graph_spec *graphs = NULL;
    rw_names *names = NULL;
    (void)entry;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of graphs: {NAME: [PROJECTION, PROJECTION]}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, graphs, node->count));
    RW_TRY(rw_names_create(&names, r->arena, node->count + r->scenario->n_projections + 1));
    (void)rw_names_add(names, "time", 0); /* these differ from each other */
    for (size_t k = 0; k < r->scenario->n_projections; k++)
        if (r->scenario->projections[k].name != NULL)
            (void)rw_names_add(names, r->scenario->projections[k].name, 0);
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_graph(r, child, &graphs[child->index], names));
    measures->graphs = graphs;
    measures->n_graphs = node->count;
    return RW_OK;
}

static void write_graphs(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_measures_spec *measures = &((const rw_scenario *)object)->record.measures;
    (void)fputc('{', out);
    for (size_t k = 0; k < measures->n_graphs; k++) {
        (void)fprintf(out, "%s%s: ", k > 0 ? ", " : "", measures->graphs[k].name);
        rw_render_places(out, scenario, &(rw_places){NULL, measures->graphs[k].of});
    }
    (void)fputc('}', out);
}

static bool any_within_a_population(const rw_scenario *scenario, const bool *of) {
    for (size_t k = 0; k < scenario->n_projections; k++)
        if (of[k] && scenario->projections[k].source == scenario->projections[k].target)
            return true;
    return false;
}

/* Graphs that nothing is measured of. */
static void check_graphs(rw_reader *r, const rw_measures_spec *measures) {
    bool any = measures->n_graphs == 0;
    for (size_t k = RW_MEASURE_RECIPROCITY; k < RW_MEASURE_KINDS; k++)
        any = any || measures->which[k];
    if (!any)
        rw_node_key_wrong(r->diagnostics, rw_node_get(r->map, "graphs"),
                          "nothing is measured of them; name reciprocity, clustering, modularity or small_world in "
                          "which");
}

/* A list of measures; those that cost little if nothing is said. */
static rw_err read_which(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_scenario *scenario = object;
    rw_measures_spec *measures = &((rw_scenario *)object)->record.measures;
    if (node == NULL) {
        for (rw_measure_kind k = RW_MEASURE_TURNOVER; k < RW_MEASURE_RECIPROCITY; k++)
            measures->which[k] = k != RW_MEASURE_DISTANCES || scenario->dimensions > 0;
        check_graphs(r, measures);
        return RW_OK;
    }
    measures->which_mark = node->mark;
    for (const rw_node *child = rw_read_list(r, node) ? node->first : NULL; child != NULL; child = child->next) {
        size_t kind = 0;
        if (!rw_read_choice(r, child, entry->words, entry->n_words, &kind))
            continue;
        measures->which[kind] = true;
        if (kind == RW_MEASURE_DISTANCES && scenario->dimensions == 0)
            rw_node_wrong(r->diagnostics, child, "cells have no places without the section space");
        if (kind >= RW_MEASURE_RECIPROCITY && measures->n_graphs == 0 &&
            !any_within_a_population(scenario, measures->of))
            rw_node_wrong(r->diagnostics, child,
                          "measures a projection from a population to itself, and there is none; or name "
                          "projections that are one graph under graphs");
    }
    check_graphs(r, measures);
    return RW_OK;
}

static void write_which(FILE *out, const rw_scenario *scenario, const void *object) {
    const bool *which = scenario->record.measures.which;
    const char *gap = "";
    (void)object;
    (void)fputc('[', out);
    for (size_t k = 0; k < RW_MEASURE_KINDS; k++) {
        if (!which[k])
            continue;
        (void)fprintf(out, "%s%s", gap, rw_measure_names[k]);
        gap = ", ";
    }
    (void)fputc(']', out);
}

static rw_err check_group(rw_reader *r, const rw_node *node, void *object) {
    if (((const rw_group_spec *)object)->cells.count < 2)
        rw_node_wrong(r->diagnostics, node, "needs at least two cells");
    return RW_OK;
}

static const rw_entry group_entries[] = {
    {"of", RW_POPULATION(rw_group_spec, population), .required = true, .decides = true, .help = "Which population."},
    {"targets", RW_SELECTION(rw_group_spec, cells, population), .default_text = "all", .depends = true,
     .help = "Which of its cells."},
};

static const rw_key_table group_table = {.name = "groups",
                                         .help = "Cells of a population that belong together.",
                                         RW_ENTRIES(group_entries),
                                         RW_ITEM_BY_NAME(rw_group_spec),
                                         .flow = true,
                                         .finish = check_group};

/* Names of groups stand in the result beside those of populations and "rest". */
static rw_err read_groups(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_scenario *scenario = object;
    const rw_measures_spec *measures = &scenario->record.measures;
    rw_names *names = NULL;
    if (node != NULL && node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of groups: {NAME: {of: POPULATION, targets: {first: 100}}}");
        return RW_OK;
    }
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    RW_TRY(rw_names_create(&names, r->arena, measures->n_groups + scenario->n_populations + 1));
    (void)rw_names_add(names, "rest", 0); /* these differ from each other */
    for (size_t k = 0; k < scenario->n_populations; k++)
        (void)rw_names_add(names, scenario->populations[k].name, 0);
    for (const rw_node *child = measures->n_groups > 0 ? node->first : NULL; child != NULL; child = child->next)
        if (!rw_names_add(names, child->key, 0))
            rw_node_key_wrong(r->diagnostics, child,
                              "is a population, a group or \"rest\" already; choose another name");
    return RW_OK;
}

static const rw_entry entries[] = {
    {"of", RW_PROJECTIONS(rw_scenario, record.measures.of), .default_words = "those that rewire, or all if none does",
     .read = read_of, .help = "Which projections."},
    {"graphs", RW_OTHER, .default_words = "none", .form = "{NAME: [PROJECTION, ...]}",
     .schema = "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\", \"items\": {\"type\": "
               "\"string\"}, \"minItems\": 1}}",
     .read = read_graphs, .write = write_graphs,
     .help = "Projections that are measured together as one graph over all their cells, by name."},
    {"which", RW_OTHER, .words = rw_measure_names, .n_words = RW_MEASURE_KINDS,
     .default_words = "turnover, returned, degrees, distances and groups",
     .form = "a list of turnover, returned, degrees, distances, groups, reciprocity, clustering, modularity, "
             "small_world",
     .schema = "{\"type\": \"array\", \"items\": {\"enum\": [\"turnover\", \"returned\", \"degrees\", \"distances\", "
               "\"groups\", \"reciprocity\", \"clustering\", \"modularity\", \"small_world\"]}}",
     .read = read_which, .write = write_which,
     .help = "What is measured. From reciprocity on it is of a graph: of a projection within a population, or of "
             "graphs; these need igraph."},
    {"lost_since", RW_TIME(rw_scenario, record.measures.lost_since_steps, 0), .default_text = "0 s", .initial = true,
     .help = "Synapses that are lost later may count as returned."},
    {"every", RW_TIME(rw_scenario, record.measures.every_steps, 1), .default_words = "as the snapshots",
     .help = "Time between measurements; in addition to those at the start and the end."},
    {"groups", RW_NAMED(rw_scenario, record.measures.groups, record.measures.n_groups, &group_table, MOST_GROUPS),
     .default_words = "none", .read = read_groups, .help = "Cells that belong together, by name."},
};

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_scenario *scenario = object;
    if (scenario->record.series_steps == 0 && node->kind == RW_NODE_MAP)
        rw_node_key_wrong(r->diagnostics, node,
                          "are written to series.h5, and record.series is none; give series a time");
    scenario->record.measures.every_steps = scenario->record.snapshot_steps;
}

const rw_key_table rw_measures_table = {
    .name = "measures", .help = "Measures of the connectivity, in series.h5.", RW_ENTRIES(entries), .begin = begin};
