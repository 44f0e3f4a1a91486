/* drugs: what is given, what the body does with it, and how it acts on which receptors. */
#include <stdio.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"
#include "model/registry.h"

enum { MOST_DRUGS = 16 };

static const char *const assay_names[] = {"in_mg", "mg_free"};

/* Persons differ in what their bodies do with a drug, not in what the drug is. */
static void check_constants(rw_reader *r, const rw_node *node, const rw_setting *settings, size_t n) {
    for (size_t k = 0; k < n; k++)
        if (settings[k].value.kind != RW_CONSTANT)
            rw_node_wrong(r->diagnostics, node,
                          "must be numbers; only what stands under \"set\" may be a distribution");
}

/* hill, or {model: hill, constants: in_mg, n: 1}. */
static rw_err read_action(rw_reader *r, const rw_node *node, rw_drug_spec *drug) {
    static const rw_key own[] = {{"model", true}, {"constants", false}};
    bool is_map = node != NULL && node->kind == RW_NODE_MAP;
    const rw_node *model = is_map ? rw_node_get(node, "model") : node;
    drug->action = rw_registry_find(RW_ACTION, "hill");
    if (is_map && model == NULL) {
        rw_node_key_wrong(r->diagnostics, node, "the key \"model\" is missing");
        return RW_OK;
    }
    if (model != NULL)
        drug->action = rw_read_model(r, model, RW_ACTION);
    if (drug->action == NULL)
        return RW_OK;
    drug->assay = drug->action->action.assay;
    if (!is_map)
        return RW_OK;
    size_t assay = drug->assay == RW_IN_MG ? 0 : 1;
    const rw_node *constants = rw_node_get(node, "constants");
    if (rw_read_choice(r, constants, assay_names, RW_COUNT(assay_names), &assay) && constants != NULL)
        drug->assay = assay == 0 ? RW_IN_MG : RW_MG_FREE;
    RW_TRY(rw_read_settings(r, node, drug->action, 0.0, own, RW_COUNT(own), &drug->action_settings,
                            &drug->n_action_settings));
    check_constants(r, node, drug->action_settings, drug->n_action_settings);
    return RW_OK;
}

static bool sets_field(const rw_setting *settings, size_t n, size_t field) {
    for (size_t k = 0; k < n; k++)
        if (settings[k].field == field)
            return true;
    return false;
}

/* An action that needs an affinity must get it: from the compound, for each subunit, or from the scenario. */
static void check_affinity(rw_reader *r, const rw_node *node, const rw_drug_spec *drug) {
    const rw_action *action = &drug->action->action;
    if (action->affinity == RW_NOWHERE || sets_field(drug->action_settings, drug->n_action_settings, action->affinity))
        return;
    const char *prefix = drug->assay == RW_IN_MG ? "IC50" : "K";
    char field[32];
    (void)snprintf(field, sizeof field, "%s_2A", prefix);
    if (rw_model_field(drug->compound, field) == RW_NO_FIELD)
        rw_node_key_wrong(r->diagnostics, node,
                          "%s has no constants %s_2A ... %s_2D (%s magnesium), which %s needs; take another action, "
                          "other constants (action: {model: %s, constants: %s}), or set %s in the action",
                          drug->compound->name, prefix, prefix, drug->assay == RW_IN_MG ? "in 1 mM" : "without",
                          drug->action->name, drug->action->name, drug->assay == RW_IN_MG ? "mg_free" : "in_mg",
                          drug->action->fields[action->affinity].name);
}

/* interneurons: cells whose synapses inhibit; principal_cells: the others. */
static bool is_class(const rw_scenario *scenario, uint32_t population, bool inhibits) {
    bool any = false, inhibitory = false;
    for (size_t p = 0; p < scenario->n_projections; p++) {
        if (scenario->projections[p].source != population)
            continue;
        any = true;
        inhibitory = inhibitory || scenario->projections[p].inhibitory;
    }
    return any && inhibitory == inhibits;
}

/* Where a drug may act, whatever receptors are there. */
static rw_err read_where(rw_reader *r, const rw_node *on, rw_drug_spec *drug, rw_places *places) {
    bool word = on != NULL && on->kind == RW_NODE_SCALAR;
    bool interneurons = word && strcmp(on->text, "interneurons") == 0;
    bool principal_cells = word && strcmp(on->text, "principal_cells") == 0;
    drug->where = on == NULL        ? RW_DRUG_ANYWHERE
                  : interneurons    ? RW_DRUG_INTERNEURONS
                  : principal_cells ? RW_DRUG_PRINCIPAL_CELLS
                                    : RW_DRUG_PLACES;
    RW_TRY(rw_read_places(r, interneurons || principal_cells ? NULL : on, NULL, places));
    bool *on_population = (bool *)(uintptr_t)places->on_population; /* ours */
    for (uint32_t p = 0; (interneurons || principal_cells) && p < r->scenario->n_populations; p++)
        on_population[p] = is_class(r->scenario, p, interneurons);
    drug->on = *places;
    return RW_OK;
}

/* What a drug meets must have subunits, since its affinity depends on them. */
static void check_subunits(rw_reader *r, const rw_node *node, const rw_drug_target *target) {
    const rw_scenario *scenario = r->scenario;
    for (uint32_t p = 0; p < scenario->n_populations; p++) {
        bool acts = target->on.on_population[p];
        for (size_t k = 0; k < scenario->n_projections; k++)
            acts = acts || (target->on.on_projection[k] && scenario->projections[k].target == p);
        if (acts && !scenario->populations[p].has_glun2)
            rw_node_key_wrong(
                r->diagnostics, node,
                "acts on %s of %s, whose subunits are not said, and its affinity depends on them; add for "
                "example glun2: {A: 0.6, B: 0.4} to the population",
                target->receptor->name, scenario->populations[p].name);
    }
}

/* The places at which a receptor is met; *met: there are any. */
static rw_err meet(rw_reader *r, const rw_places *places, rw_drug_target *target, bool *met) {
    const rw_scenario *scenario = r->scenario;
    bool *on_population = NULL, *on_projection = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, on_population, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(r->arena, on_projection, scenario->n_projections));
    *met = false;
    for (size_t p = 0; p < scenario->n_populations; p++) {
        on_population[p] =
            places->on_population[p] && rw_has_receptor(&scenario->populations[p], NULL, target->receptor);
        *met = *met || on_population[p];
    }
    for (size_t k = 0; k < scenario->n_projections; k++) {
        const rw_projection_spec *projection = &scenario->projections[k];
        on_projection[k] = places->on_projection[k] &&
                           rw_has_receptor(&scenario->populations[projection->target], projection, target->receptor);
        *met = *met || on_projection[k];
    }
    target->on = (rw_places){on_population, on_projection};
    return RW_OK;
}

/* A place that was named must have a receptor that the drug acts on. */
static void check_places(rw_reader *r, const rw_node *on, const rw_drug_spec *drug) {
    const rw_scenario *scenario = r->scenario;
    for (size_t k = 0; k < scenario->n_populations + scenario->n_projections; k++) {
        bool is_population = k < scenario->n_populations;
        size_t index = is_population ? k : k - scenario->n_populations;
        bool named = is_population ? drug->on.on_population[index] : drug->on.on_projection[index], acts = false;
        for (size_t t = 0; t < drug->n_targets; t++)
            acts = acts || (is_population ? drug->targets[t].on.on_population[index]
                                          : drug->targets[t].on.on_projection[index]);
        if (named && !acts)
            rw_node_wrong(r->diagnostics, on, "%s has no NMDA receptor for the drug to act on",
                          is_population ? scenario->populations[index].name : scenario->projections[index].name);
    }
}

/* The NMDA receptors that a drug meets. */
static rw_err find_targets(rw_reader *r, const rw_node *node, rw_drug_spec *drug) {
    const rw_node *only = rw_node_get(node, "receptor"), *on = rw_node_get(node, "on");
    rw_drug_target *targets = NULL;
    rw_places places = {0};
    drug->receptor = only != NULL ? rw_read_model(r, only, RW_RECEPTOR) : NULL;
    if (only != NULL && drug->receptor == NULL)
        return RW_OK;
    if (drug->receptor != NULL && drug->receptor->receptor.glun2 == NULL) {
        rw_node_wrong(r->diagnostics, only, "drugs act on NMDA receptors, and %s is none", drug->receptor->name);
        return RW_OK;
    }
    RW_TRY(read_where(r, on, drug, &places));
    RW_TRY(RW_ARENA_NEW(r->arena, targets, rw_registry_count()));
    drug->targets = targets;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        rw_drug_target *target = &targets[drug->n_targets];
        bool met = false;
        if (model->kind != RW_RECEPTOR || model->receptor.glun2 == NULL ||
            (drug->receptor != NULL && model != drug->receptor))
            continue;
        target->receptor = model;
        RW_TRY(meet(r, &places, target, &met));
        if (!met)
            continue;
        check_subunits(r, node, target);
        drug->n_targets++;
    }
    if (drug->n_targets == 0)
        rw_node_key_wrong(r->diagnostics, node, "acts on nothing: %s",
                          on != NULL ? "no NMDA receptor is where it may act" : "no population has an NMDA receptor");
    else if (on != NULL && on->kind == RW_NODE_LIST)
        check_places(r, on, drug);
    return RW_OK;
}

static const rw_model *read_compound(rw_reader *r, const rw_node *node, const rw_drug_spec *drug) {
    const rw_node *named = rw_node_get(node, "compound");
    if (named != NULL)
        return rw_read_model(r, named, RW_COMPOUND);
    const rw_model *compound = rw_registry_find(RW_COMPOUND, node->key);
    if (compound == NULL && drug->model->drug.compound != NULL)
        compound = rw_registry_find(RW_COMPOUND, drug->model->drug.compound);
    if (compound == NULL)
        rw_node_key_wrong(r->diagnostics, node,
                          "there is no compound \"%.60s\"; say which it is with compound:, for example ketamine "
                          "(`rewire models` lists them)",
                          node->key);
    return compound;
}

/* The body: mass and person. */
static void read_person(rw_reader *r, const rw_node *node, rw_drug_spec *drug) {
    drug->body_mass_kg = drug->model->drug.reference_kg;
    drug->cohort = 1;
    (void)rw_read_number(r, rw_node_get(node, "body_mass"), (rw_quantity){"kg", 1e-3, 1e3, 0.0}, &drug->body_mass_kg);
    (void)rw_read_count(r, rw_node_get(node, "subject"), 0, UINT32_MAX, &drug->subject);
    (void)rw_read_count(r, rw_node_get(node, "cohort"), 0, INT64_MAX, &drug->cohort);
    bool varies = drug->model->drug.n_variances > 0;
    for (size_t k = 0; k < drug->n_settings; k++)
        varies = varies || drug->settings[k].value.kind != RW_CONSTANT;
    if (drug->subject > 0 && !varies)
        rw_node_key_wrong(r->diagnostics, rw_node_get(node, "subject"),
                          "%s has no published variances between persons; give a parameter a distribution, for example "
                          "set: {%s: {lognormal: [mean, std]}}",
                          drug->model->name, drug->model->n_fields > 0 ? drug->model->fields[0].name : "CL");
}

static rw_err read_drug(rw_reader *r, const rw_node *node, rw_drug_spec *drug) {
    static const rw_key keys[] = {{"compound", false},  {"model", true},     {"set", false},    {"constants", false},
                                  {"body_mass", false}, {"subject", false},  {"cohort", false}, {"doses", false},
                                  {"dose", false},      {"route", false},    {"over", false},   {"at", false},
                                  {"every", false},     {"times", false},    {"form", false},   {"level", false},
                                  {"action", false},    {"receptor", false}, {"on", false}};
    const size_t before = r->diagnostics->count;
    drug->mark = node->key_mark;
    drug->name = node->key;
    (void)rw_check_name(r, node, node->key);
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)) && rw_node_get(node, "model") == NULL)
        return RW_OK;
    drug->model = rw_read_model(r, rw_node_get(node, "model"), RW_DRUG);
    if (drug->model == NULL)
        return RW_OK;
    drug->compound = read_compound(r, node, drug);
    if (drug->compound == NULL)
        return RW_OK;
    RW_TRY(
        rw_read_settings(r, rw_node_get(node, "set"), drug->model, 0.0, NULL, 0, &drug->settings, &drug->n_settings));
    RW_TRY(rw_read_settings(r, rw_node_get(node, "constants"), drug->compound, 0.0, NULL, 0, &drug->constants,
                            &drug->n_constants));
    check_constants(r, rw_node_get(node, "constants"), drug->constants, drug->n_constants);
    read_person(r, node, drug);
    RW_TRY(rw_read_doses(r, node, drug));
    const rw_node *level = rw_node_get(node, "level");
    if ((level == NULL) != (drug->model->drug.flows != NULL))
        rw_node_key_wrong(r->diagnostics, level != NULL ? level : node,
                          level != NULL ? "only the model concentration takes a level; give doses"
                                        : "the key \"level\" is missing: 5 uM, or {table: [[0 min, 0 uM], ...]}");
    RW_TRY(rw_read_schedule(r, level, (rw_quantity){"umol/l", 0.0, 1e6, 0.0}, &drug->level));
    RW_TRY(read_action(r, rw_node_get(node, "action"), drug));
    if (r->diagnostics->count > before)
        return RW_OK;
    check_affinity(r, node, drug);
    return find_targets(r, node, drug);
}

rw_err rw_read_drugs(rw_reader *r, const rw_node *node) {
    rw_scenario *scenario = r->scenario;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of drugs, not %s",
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
        return RW_OK;
    }
    if (node->count > MOST_DRUGS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu drugs are too many; at most %d", node->count, MOST_DRUGS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, scenario->drugs, node->count));
    scenario->n_drugs = node->count;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_drug(r, child, &scenario->drugs[child->index]));
    return RW_OK;
}
