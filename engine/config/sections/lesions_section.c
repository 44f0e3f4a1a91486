#include "config/sections/lesions_section.h"

#include <math.h>
#include <string.h>

#include "config/cell_selection.h"
#include "config/key_table_reader.h"
#include "config/render.h"

static const char *const kind_words[] = {"cells", "inputs", "incoming"};

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_lesion_spec *lesion = object;
    (void)r;
    (void)node;
    lesion->within_um = INFINITY;
}

static rw_err read_center(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_lesion_spec *lesion = object;
    if (!rw_read_list(r, node))
        return RW_OK;
    if (node->count != (size_t)r->scenario->dimensions) {
        rw_node_wrong(r->diagnostics, node, "must be %d lengths, as many as the space has sides",
                      r->scenario->dimensions);
        return RW_OK;
    }
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        (void)rw_read_number(r, child, (rw_quantity){entry->unit, entry->min, entry->max, 0.0},
                             &lesion->center_um[child->index]);
    return RW_OK;
}

static void write_center(FILE *out, const rw_scenario *scenario, const void *object) {
    rw_render_lengths(out, ((const rw_lesion_spec *)object)->center_um, scenario->dimensions);
}

static const rw_entry disk_entries[] = {
    {"center", RW_LENGTHS(-1e9, 1e9), .required = true, .read = read_center, .write = write_center,
     .help = "Center, as many lengths as the space has sides."},
    {"radius", RW_QUANTITY(rw_lesion_spec, within_um, "um", 1e-6, 1e9), .required = true,
     .help = "Cells so near to the center; in three dimensions it is a ball."},
};

static const rw_key_table disk_table = {
    .name = "disk", .help = "Cells in a disk, or a ball.", RW_ENTRIES(disk_entries), .flow = true};

static const rw_entry targets_entries[] = {
    {"disk", RW_MAP(&disk_table), .required = true, .help = "Cells in a disk, or a ball."},
};

static const rw_key_table targets_table = {
    .name = "targets", .help = "Cells by where they are.", RW_ENTRIES(targets_entries), .flow = true};

/* As elsewhere, or {disk: ...}. */
static rw_err read_targets(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_node *disk = node->count == 1 ? rw_node_get(node, "disk") : NULL;
    rw_lesion_spec *lesion = object;
    if (disk == NULL)
        return rw_entry_read_kind(r, node, entry, object);
    RW_TRY(rw_read_selection(r, NULL, r->scenario->populations[lesion->population].count, &lesion->targets));
    if (r->scenario->dimensions == 0) {
        rw_node_wrong(r->diagnostics, disk, "places need a space; add space: {size: [...]}");
        return RW_OK;
    }
    return rw_key_table_read(r, node, &targets_table, object);
}

static void write_targets(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_lesion_spec *lesion = object;
    if (isinf(lesion->within_um)) {
        rw_render_selection(out, &lesion->targets, scenario->populations[lesion->population].count);
        return;
    }
    (void)fputs("{disk: {center: ", out);
    write_center(out, scenario, object);
    (void)fputs(", radius: ", out);
    rw_render_number(out, lesion->within_um, "um");
    (void)fputs("}}", out);
}

/* Which projections are cut: those named, or all onto the population. */
static rw_err read_projections(rw_reader *r, const rw_node *names, const rw_entry *entry, void *object) {
    rw_lesion_spec *lesion = object;
    rw_scenario *scenario = r->scenario;
    bool *cut = NULL;
    (void)entry;
    RW_TRY(RW_ARENA_NEW(r->arena, cut, scenario->n_projections));
    lesion->cut = cut;
    if (names != NULL && !rw_read_list(r, names))
        return RW_OK;
    for (const rw_node *name = names != NULL ? names->first : NULL; name != NULL; name = name->next) {
        uint32_t p = rw_read_text(r, name) ? rw_names_find(r->projections, name->text) : RW_NO_NAME;
        if (p == RW_NO_NAME || scenario->projections[p].target != lesion->population)
            rw_node_wrong(r->diagnostics, name, "names no projection onto \"%s\"",
                          scenario->populations[lesion->population].name);
        if (p != RW_NO_NAME)
            cut[p] = true;
    }
    for (size_t p = 0; p < scenario->n_projections; p++) {
        cut[p] = names != NULL ? cut[p] : scenario->projections[p].target == lesion->population;
        scenario->projections[p].lesioned = scenario->projections[p].lesioned || cut[p];
    }
    return RW_OK;
}

static const rw_entry entries[] = {
    {"at", RW_TIME(rw_lesion_spec, step, 1), .required = true, .help = "When."},
    {"on", RW_POPULATION(rw_lesion_spec, population), .required = true, .decides = true, .help = "Which population."},
    {"what", RW_CHOICE(rw_lesion_spec, kind, kind_words, RW_COUNT(kind_words)), .required = true,
     .help = "cells: they stop firing and lose inputs, elements and synapses; inputs: everything under inputs that "
             "drives them ends; incoming: the synapses onto them are deleted."},
    {"targets", RW_SELECTION(rw_lesion_spec, targets, population), .table = &targets_table, .default_text = "all",
     .depends = true, .form = "all, {first: n}, {fraction: f}, {ids: [...]} or {disk: {center: [...], radius: r}}",
     .read = read_targets, .write = write_targets, .help = "Which of its cells; a disk is a ball in three dimensions."},
    {"projections", RW_PROJECTIONS(rw_lesion_spec, cut), .default_words = "all onto the population", .depends = true,
     .only = RW_ONLY(RW_LESION_INCOMING), .read = read_projections, .help = "Whose synapses are deleted."},
    {"fraction", RW_QUANTITY(rw_lesion_spec, fraction, "1", 0.0, 1.0), .default_text = "1",
     .only = RW_ONLY(RW_LESION_INCOMING), .help = "Which part of these, at random."},
};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    const rw_lesion_spec *lesion = object;
    const rw_scenario *scenario = r->scenario;
    const char *name = scenario->populations[lesion->population].name;
    bool any = rw_node_get(node, "projections") != NULL;
    for (size_t k = 0; lesion->kind == RW_LESION_INPUTS && k < scenario->n_inputs; k++)
        any = any || scenario->inputs[k].target == lesion->population;
    for (size_t p = 0; lesion->kind == RW_LESION_INCOMING && p < scenario->n_projections; p++)
        any = any || lesion->cut[p];
    if (lesion->kind == RW_LESION_INPUTS && !any)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "what"),
                      "no input drives \"%s\"; projections onto it are cut by incoming", name);
    if (lesion->kind == RW_LESION_INCOMING && !any)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "what"), "no projection leads onto \"%s\"", name);
    return RW_OK;
}

const rw_key_table rw_lesion_table = {.name = "lesions",
                                      .help =
                                          "Cells, their inputs, or the synapses onto them are removed at a given time.",
                                      RW_ENTRIES(entries),
                                      RW_ITEM(rw_lesion_spec),
                                      .by = "what",
                                      .ends = "at",
                                      .begin = begin,
                                      .finish = finish};
