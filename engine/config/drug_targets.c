#include "config/drug_targets.h"

#include "config/shares.h"
#include "model/registry.h"

/* Receptors that a drug acts on need subunits, because its affinity depends on them. */
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

/* The places where a receptor is; *found: there are any. */
static rw_err find_places(rw_reader *r, const rw_places *places, rw_drug_target *target, bool *found) {
    const rw_scenario *scenario = r->scenario;
    bool *on_population = NULL, *on_projection = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, on_population, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(r->arena, on_projection, scenario->n_projections));
    *found = false;
    for (size_t p = 0; p < scenario->n_populations; p++) {
        on_population[p] =
            places->on_population[p] && rw_has_receptor(&scenario->populations[p], NULL, target->receptor);
        *found = *found || on_population[p];
    }
    for (size_t k = 0; k < scenario->n_projections; k++) {
        const rw_projection_spec *projection = &scenario->projections[k];
        on_projection[k] = places->on_projection[k] &&
                           rw_has_receptor(&scenario->populations[projection->target], projection, target->receptor);
        *found = *found || on_projection[k];
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

rw_err rw_find_drug_targets(rw_reader *r, const rw_node *node, rw_drug_spec *drug) {
    const rw_node *on = rw_node_get(node, "on");
    rw_drug_target *targets = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, targets, rw_registry_count()));
    drug->targets = targets;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        rw_drug_target *target = &targets[drug->n_targets];
        bool found = false;
        if (model->kind != RW_RECEPTOR || model->receptor.glun2 == NULL ||
            (drug->receptor != NULL && model != drug->receptor))
            continue;
        target->receptor = model;
        RW_TRY(find_places(r, &drug->on, target, &found));
        if (!found)
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
