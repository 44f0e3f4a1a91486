/* measures of record: what is measured of the connectivity, where, and how often. */
#include <string.h>

#include "config/render.h"
#include "config/sections/parts.h"

enum { MOST_GROUPS = 100 };

const char *const rw_measure_names[] = {"turnover",    "returned",   "degrees",    "distances",  "groups",
                                        "reciprocity", "clustering", "modularity", "small_world"};

static bool is_structural(const rw_scenario *scenario) {
    for (size_t k = 0; k < scenario->n_projections; k++)
        if (scenario->projections[k].structural)
            return true;
    return false;
}

static void read_projection(rw_reader *r, const rw_node *node, bool *of) {
    if (!rw_read_text(r, node))
        return;
    uint32_t index = rw_names_find(r->projections, node->text);
    if (index != RW_NO_NAME) {
        of[index] = true;
        return;
    }
    rw_suggestion suggestion = {.word = node->text};
    char text[320];
    for (size_t k = 0; k < r->scenario->n_projections; k++)
        if (r->scenario->projections[k].name != NULL)
            rw_suggestion_offer(&suggestion, r->scenario->projections[k].name);
    rw_node_wrong(r->diagnostics, node, "there is no projection \"%.80s\"; %s", node->text,
                  rw_suggestion_text(&suggestion, text, sizeof text));
}

/* of: a projection or a list of them; those that rewire if nothing is said, or all if none does. */
static void read_projections(rw_reader *r, const rw_node *node, bool *of) {
    bool structural = is_structural(r->scenario);
    for (size_t k = 0; node == NULL && k < r->scenario->n_projections; k++)
        of[k] = r->scenario->projections[k].structural || !structural;
    if (node != NULL && node->kind != RW_NODE_LIST)
        read_projection(r, node, of);
    for (const rw_node *child = node != NULL ? node->first : NULL; child != NULL; child = child->next)
        read_projection(r, child, of);
}

static bool any_within_a_population(const rw_scenario *scenario, const bool *of) {
    for (size_t k = 0; k < scenario->n_projections; k++)
        if (of[k] && scenario->projections[k].source == scenario->projections[k].target)
            return true;
    return false;
}

/* which: a list of measures; those that cost little if nothing is said. Comes after of and graphs. */
static void read_which(rw_reader *r, const rw_node *node, rw_measures_spec *measures) {
    if (node == NULL) {
        for (rw_measure_kind k = RW_MEASURE_TURNOVER; k < RW_MEASURE_RECIPROCITY; k++)
            measures->which[k] = k != RW_MEASURE_DISTANCES || r->scenario->dimensions > 0;
        return;
    }
    measures->which_mark = node->mark;
    if (!rw_read_list(r, node))
        return;
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        size_t kind = 0;
        if (!rw_read_choice(r, child, rw_measure_names, RW_MEASURE_KINDS, &kind))
            continue;
        measures->which[kind] = true;
        if (kind == RW_MEASURE_DISTANCES && r->scenario->dimensions == 0)
            rw_node_wrong(r->diagnostics, child, "cells have no places without the section space");
        if (kind >= RW_MEASURE_RECIPROCITY && measures->n_graphs == 0 &&
            !any_within_a_population(r->scenario, measures->of))
            rw_node_wrong(r->diagnostics, child,
                          "measures a projection from a population to itself, and there is none; or name "
                          "projections that are one graph under graphs");
    }
}

/* One group; its name stands for it in the result beside the names of populations and "rest". */
static rw_err read_group(rw_reader *r, const rw_node *node, rw_group_spec *group, rw_names *names) {
    static const rw_key keys[] = {{"of", true}, {"targets", false}};
    group->mark = node->key_mark;
    group->name = node->key;
    if (rw_check_name(r, node, node->key) && !rw_names_add(names, node->key, 0))
        rw_node_key_wrong(r->diagnostics, node, "is a population, a group or \"rest\" already; choose another name");
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)) ||
        !rw_read_population(r, rw_node_get(node, "of"), &group->population))
        return RW_OK;
    uint64_t count = r->scenario->populations[group->population].count;
    RW_TRY(rw_read_selection(r, rw_node_get(node, "targets"), count, &group->cells));
    if (group->cells.count < 2)
        rw_node_wrong(r->diagnostics, node, "needs at least two cells");
    return RW_OK;
}

static rw_err read_groups(rw_reader *r, const rw_node *node, rw_measures_spec *measures) {
    rw_group_spec *groups = NULL;
    rw_names *names = NULL;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of groups: {NAME: {of: POPULATION, targets: {first: 100}}}");
        return RW_OK;
    }
    if (node->count > MOST_GROUPS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu groups are too many; at most %d", node->count, MOST_GROUPS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, groups, node->count));
    RW_TRY(rw_names_create(&names, r->arena, node->count + r->scenario->n_populations + 1));
    (void)rw_names_add(names, "rest", 0); /* these differ from each other */
    for (size_t k = 0; k < r->scenario->n_populations; k++)
        (void)rw_names_add(names, r->scenario->populations[k].name, 0);
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_group(r, child, &groups[child->index], names));
    measures->groups = groups;
    measures->n_groups = node->count;
    return RW_OK;
}

static bool any_of_graphs(const rw_measures_spec *measures) {
    for (size_t k = RW_MEASURE_RECIPROCITY; k < RW_MEASURE_KINDS; k++)
        if (measures->which[k])
            return true;
    return false;
}

/* One graph; its name stands in the result beside those of projections and the time. */
static rw_err read_graph(rw_reader *r, const rw_node *node, rw_graph_spec *graph, rw_names *names) {
    bool *of = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, of, r->scenario->n_projections));
    *graph = (rw_graph_spec){.name = node->key, .of = of};
    if (rw_check_name(r, node, node->key) && !rw_names_add(names, node->key, 0))
        rw_node_key_wrong(r->diagnostics, node, "is a projection, a graph or \"time\" already; choose another name");
    if (!rw_read_list(r, node))
        return RW_OK;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        read_projection(r, child, of);
    if (node->first == NULL)
        rw_node_wrong(r->diagnostics, node, "needs at least one projection");
    return RW_OK;
}

static rw_err read_graphs(rw_reader *r, const rw_node *node, rw_measures_spec *measures) {
    rw_graph_spec *graphs = NULL;
    rw_names *names = NULL;
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

rw_err rw_read_measures(rw_reader *r, const rw_node *node) {
    static const rw_key keys[] = {{"of", false},         {"which", false},  {"every", false},
                                  {"lost_since", false}, {"groups", false}, {"graphs", false}};
    rw_measures_spec *measures = &r->scenario->record.measures;
    bool *of = NULL;
    if (node == NULL || (node->kind == RW_NODE_SCALAR && strcmp(node->text, "none") == 0))
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be none or a map: {of: ..., which: [...], every: time}");
        return RW_OK;
    }
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    if (r->scenario->record.series_steps == 0)
        rw_node_key_wrong(r->diagnostics, node,
                          "are written to series.h5, and record.series is none; give series a time");
    RW_TRY(RW_ARENA_NEW(r->arena, of, r->scenario->n_projections));
    measures->of = of;
    measures->every_steps = r->scenario->record.snapshot_steps;
    (void)rw_read_steps(r, rw_node_get(node, "every"), 1, &measures->every_steps);
    (void)rw_read_steps(r, rw_node_get(node, "lost_since"), 0, &measures->lost_since_steps);
    read_projections(r, rw_node_get(node, "of"), of);
    RW_TRY(read_graphs(r, rw_node_get(node, "graphs"), measures));
    read_which(r, rw_node_get(node, "which"), measures);
    if (measures->n_graphs > 0 && !any_of_graphs(measures))
        rw_node_key_wrong(r->diagnostics, rw_node_get(node, "graphs"),
                          "nothing is measured of them; name reciprocity, clustering, modularity or small_world in "
                          "which");
    return read_groups(r, rw_node_get(node, "groups"), measures);
}

static void render_projections(FILE *out, const rw_scenario *scenario, const bool *of) {
    const char *gap = "";
    for (size_t k = 0; k < scenario->n_projections; k++) {
        if (!of[k])
            continue;
        (void)fputs(gap, out);
        rw_render_text(out, scenario->projections[k].name);
        gap = ", ";
    }
}

static void render_graphs(FILE *out, const rw_scenario *scenario) {
    const rw_measures_spec *measures = &scenario->record.measures;
    (void)fprintf(out, "    graphs:%s\n", measures->n_graphs == 0 ? " {}" : "");
    for (size_t k = 0; k < measures->n_graphs; k++) {
        (void)fprintf(out, "      %s: [", measures->graphs[k].name);
        render_projections(out, scenario, measures->graphs[k].of);
        (void)fputs("]\n", out);
    }
}

static void render_groups(FILE *out, const rw_scenario *scenario) {
    const rw_measures_spec *measures = &scenario->record.measures;
    (void)fprintf(out, "    groups:%s\n", measures->n_groups == 0 ? " {}" : "");
    for (size_t k = 0; k < measures->n_groups; k++) {
        const rw_population_spec *population = &scenario->populations[measures->groups[k].population];
        (void)fprintf(out, "      %s: {of: ", measures->groups[k].name);
        rw_render_text(out, population->name);
        (void)fputs(", targets: ", out);
        rw_render_selection(out, &measures->groups[k].cells, population->count);
        (void)fputs("}\n", out);
    }
}

void rw_render_measures(FILE *out, const rw_scenario *scenario) {
    const rw_measures_spec *measures = &scenario->record.measures;
    const char *gap = "";
    if (measures->of == NULL) {
        (void)fputs("  measures: none\n", out);
        return;
    }
    (void)fputs("  measures:\n    of: [", out);
    render_projections(out, scenario, measures->of);
    (void)fputs("]\n    which: [", out);
    for (size_t k = 0; k < RW_MEASURE_KINDS; k++) {
        if (!measures->which[k])
            continue;
        (void)fprintf(out, "%s%s", gap, rw_measure_names[k]);
        gap = ", ";
    }
    (void)fputs("]\n    lost_since: ", out);
    rw_render_steps(out, scenario->step_ms, measures->lost_since_steps);
    if (measures->every_steps > 0) {
        (void)fputs("\n    every: ", out);
        rw_render_steps(out, scenario->step_ms, measures->every_steps);
    }
    (void)fputc('\n', out);
    render_graphs(out, scenario);
    render_groups(out, scenario);
}
