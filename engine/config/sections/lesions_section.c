/* lesions: cells, their drive or the synapses onto them that are taken away at a time. */
#include <math.h>
#include <string.h>

#include "config/render.h"
#include "config/sections/sections.h"

enum { MOST_LESIONS = 10000 };

static const char *const kinds[] = {"cells", "inputs", "incoming"};

/* {disk: {center: [x, y], radius: r}} */
static void read_disk(rw_reader *r, const rw_node *node, rw_lesion_spec *lesion) {
    static const rw_key keys[] = {{"center", true}, {"radius", true}};
    lesion->within_um = 0.0;
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    const rw_node *center = rw_node_get(node, "center");
    if (r->scenario->dimensions == 0) {
        rw_node_wrong(r->diagnostics, node, "places need a space; add space: {size: [...]}");
        return;
    }
    (void)rw_read_number(r, rw_node_get(node, "radius"), (rw_quantity){"um", 1e-6, 1e9, 0.0}, &lesion->within_um);
    if (!rw_read_list(r, center))
        return;
    if (center->count != (size_t)r->scenario->dimensions) {
        rw_node_wrong(r->diagnostics, center, "must be %d lengths, as many as the space has sides",
                      r->scenario->dimensions);
        return;
    }
    for (const rw_node *child = center->first; child != NULL; child = child->next)
        (void)rw_read_number(r, child, (rw_quantity){"um", -1e9, 1e9, 0.0}, &lesion->center_um[child->index]);
}

static rw_err read_targets(rw_reader *r, const rw_node *node, rw_lesion_spec *lesion) {
    const rw_node *disk = node != NULL && node->count == 1 ? rw_node_get(node, "disk") : NULL;
    lesion->within_um = INFINITY;
    if (disk != NULL)
        read_disk(r, disk, lesion);
    return rw_read_selection(r, disk != NULL ? NULL : node, r->scenario->populations[lesion->population].count,
                             &lesion->targets);
}

/* Which projections are cut: those named, or all onto the population. */
static rw_err read_cut(rw_reader *r, const rw_node *node, rw_lesion_spec *lesion) {
    const rw_scenario *scenario = r->scenario;
    const rw_node *names = rw_node_get(node, "projections"), *fraction = rw_node_get(node, "fraction");
    bool *cut = NULL, any = names != NULL;
    if (fraction != NULL)
        (void)rw_read_number(r, fraction, (rw_quantity){"1", 0.0, 1.0, 0.0}, &lesion->fraction);
    RW_TRY(RW_ARENA_NEW(r->arena, cut, scenario->n_projections));
    lesion->cut = cut;
    for (const rw_node *name = names != NULL && rw_read_list(r, names) ? names->first : NULL; name != NULL;
         name = name->next) {
        uint32_t p = rw_read_text(r, name) ? rw_names_find(r->projections, name->text) : RW_NO_NAME;
        if (p == RW_NO_NAME || scenario->projections[p].target != lesion->population)
            rw_node_wrong(r->diagnostics, name, "names no projection onto \"%s\"",
                          scenario->populations[lesion->population].name);
        if (p != RW_NO_NAME)
            cut[p] = true;
    }
    for (size_t p = 0; p < scenario->n_projections; p++) {
        cut[p] = names != NULL ? cut[p] : scenario->projections[p].target == lesion->population;
        scenario->projections[p].severed = scenario->projections[p].severed || cut[p];
        any = any || cut[p];
    }
    if (!any)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "what"), "no projection leads onto \"%s\"",
                      scenario->populations[lesion->population].name);
    return RW_OK;
}

static void check_driven(rw_reader *r, const rw_node *node, uint32_t population) {
    for (size_t k = 0; k < r->scenario->n_inputs; k++)
        if (r->scenario->inputs[k].target == population)
            return;
    rw_node_wrong(r->diagnostics, node, "no input drives \"%s\"; projections onto it are cut by incoming",
                  r->scenario->populations[population].name);
}

static rw_err read_lesion(rw_reader *r, const rw_node *node, rw_lesion_spec *lesion) {
    static const rw_key keys[] = {{"at", true},       {"on", true},           {"what", true},
                                  {"targets", false}, {"projections", false}, {"fraction", false}};
    size_t kind = RW_LESION_CELLS;
    lesion->mark = node->mark;
    lesion->fraction = 1.0;
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    const rw_node *what = rw_node_get(node, "what");
    const rw_node *only_incoming[] = {rw_node_get(node, "projections"), rw_node_get(node, "fraction")};
    (void)rw_read_steps(r, rw_node_get(node, "at"), 1, &lesion->step);
    if (!rw_read_population(r, rw_node_get(node, "on"), &lesion->population) ||
        !rw_read_choice(r, what, kinds, RW_COUNT(kinds), &kind))
        return RW_OK;
    lesion->kind = (rw_lesion_kind)kind;
    for (size_t k = 0; k < RW_COUNT(only_incoming); k++)
        if (only_incoming[k] != NULL && lesion->kind != RW_LESION_INCOMING)
            rw_node_key_wrong(r->diagnostics, only_incoming[k], "has a meaning only with what: incoming");
    if (lesion->kind == RW_LESION_INPUTS)
        check_driven(r, what, lesion->population);
    if (lesion->kind == RW_LESION_INCOMING)
        RW_TRY(read_cut(r, node, lesion));
    return read_targets(r, rw_node_get(node, "targets"), lesion);
}

rw_err rw_read_lesions(rw_reader *r, const rw_node *node) {
    rw_lesion_spec *lesions = NULL;
    if (!rw_read_list(r, node))
        return RW_OK;
    if (node->count > MOST_LESIONS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu lesions are too many; at most %d", node->count, MOST_LESIONS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, lesions, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_lesion(r, child, &lesions[child->index]));
    r->scenario->lesions = lesions;
    r->scenario->n_lesions = node->count;
    return RW_OK;
}

static void render_targets(FILE *out, const rw_scenario *scenario, const rw_lesion_spec *lesion) {
    if (isinf(lesion->within_um)) {
        rw_render_selection(out, &lesion->targets, scenario->populations[lesion->population].count);
        return;
    }
    (void)fputs("{disk: {center: [", out);
    for (int d = 0; d < scenario->dimensions; d++) {
        (void)fputs(d > 0 ? ", " : "", out);
        rw_render_number(out, lesion->center_um[d], "um");
    }
    (void)fputs("], radius: ", out);
    rw_render_number(out, lesion->within_um, "um");
    (void)fputs("}}", out);
}

void rw_render_lesions(FILE *out, const rw_scenario *scenario) {
    if (scenario->n_lesions > 0)
        (void)fputs("lesions:\n", out);
    for (size_t k = 0; k < scenario->n_lesions; k++) {
        const rw_lesion_spec *lesion = &scenario->lesions[k];
        const char *gap = "\n    projections: [";
        (void)fputs("  - at: ", out);
        rw_render_steps(out, scenario->step_ms, lesion->step);
        (void)fputs("\n    on: ", out);
        rw_render_text(out, scenario->populations[lesion->population].name);
        (void)fprintf(out, "\n    what: %s\n    targets: ", kinds[lesion->kind]);
        render_targets(out, scenario, lesion);
        for (size_t p = 0; lesion->cut != NULL && p < scenario->n_projections; p++) {
            if (!lesion->cut[p])
                continue;
            (void)fputs(gap, out);
            rw_render_text(out, scenario->projections[p].name);
            gap = ", ";
        }
        (void)fputs(lesion->cut != NULL ? "]\n" : "\n", out);
        if (lesion->cut != NULL) {
            (void)fputs("    fraction: ", out);
            rw_render_number(out, lesion->fraction, "1");
            (void)fputc('\n', out);
        }
    }
}
