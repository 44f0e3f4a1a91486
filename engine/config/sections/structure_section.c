/* structure and growth: how synaptic elements grow and when they are wired. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"
#include "model/registry.h"

static bool anything_rewires(const rw_scenario *scenario) {
    for (size_t k = 0; k < scenario->n_projections; k++) {
        if (scenario->projections[k].structural)
            return true;
    }
    return false;
}

/* The largest divisor of `every` steps that is at most 10 ms long. */
static uint64_t default_growth_every(const rw_scenario *scenario, uint64_t every) {
    uint64_t divisor = (uint64_t)fmax(1.0, floor(10.0 / scenario->step_ms * (1.0 + 1e-9)));
    while (divisor > 1 && every % divisor != 0)
        divisor--;
    return divisor;
}

static void read_structure(rw_reader *r, const rw_node *node, bool needed) {
    static const rw_key keys[] = {
        {"every", false}, {"growth_every", false}, {"tau_Ca", false}, {"beta_Ca", false}, {"vacant_decay", false}};
    rw_structure_spec *structure = &r->scenario->structure;
    const double default_every_ms = 1000.0;
    *structure = (rw_structure_spec){.tau_Ca_ms = 10000.0, .beta_Ca = 0.001, .vacant_decay = 0.1};
    if (node != NULL && !needed) {
        rw_node_key_wrong(r->diagnostics, node, "nothing is structural: it needs growth: or a projection with rewire:");
        return;
    }
    if (!needed)
        return;
    structure->every_steps = (uint64_t)fmax(1.0, round(default_every_ms / r->scenario->step_ms));
    if (node != NULL) {
        (void)rw_read_map(r, node, keys, RW_COUNT(keys));
        (void)rw_read_steps(r, rw_node_get(node, "every"), 1, &structure->every_steps);
    }
    structure->growth_every_steps = default_growth_every(r->scenario, structure->every_steps);
    const rw_node *growth_every = rw_node_get(node, "growth_every");
    if (rw_read_steps(r, growth_every, 1, &structure->growth_every_steps) &&
        structure->every_steps % structure->growth_every_steps != 0)
        rw_node_wrong(r->diagnostics, growth_every, "must divide structure.every, so that both meet");
    (void)rw_read_number(r, rw_node_get(node, "tau_Ca"), (rw_quantity){"ms", 1e-3, 1e12, 0.0}, &structure->tau_Ca_ms);
    (void)rw_read_number(r, rw_node_get(node, "beta_Ca"), (rw_quantity){"1", 1e-12, 1e12, 0.0}, &structure->beta_Ca);
    (void)rw_read_number(r, rw_node_get(node, "vacant_decay"), (rw_quantity){"1", 0.0, 1.0, 0.0},
                         &structure->vacant_decay);
}

/* on: population.element */
static bool read_element(rw_reader *r, const rw_node *on, rw_growth_spec *growth) {
    if (!rw_read_text(r, on))
        return false;
    const char *dot = strrchr(on->text, '.');
    for (size_t k = 0; dot != NULL && k < RW_ELEMENT_KINDS; k++) {
        if (strcmp(dot + 1, rw_element_names[k]) != 0)
            continue;
        rw_node name = *on;
        char text[128] = "";
        size_t length = (size_t)(dot - on->text);
        memcpy(text, on->text, length < sizeof text ? length : sizeof text - 1);
        name.text = text;
        growth->element = (rw_element)k;
        return rw_read_population(r, &name, &growth->population);
    }
    rw_node_wrong(r->diagnostics, on,
                  "must be population.element, where element is axon, dendrite_exc or dendrite_inh");
    return false;
}

static const uint64_t at_the_start[] = {0};
static const double as_it_is[] = {1.0};
static const rw_schedule no_change = {.count = 1, .step = at_the_start, .value = as_it_is};

static rw_err read_growth(rw_reader *r, const rw_node *node, rw_growth_spec *growth) {
    static const rw_key keys[] = {
        {"on", true}, {"model", true}, {"initial", false}, {"signal", false}, {"target_factor", false}};
    const rw_node *on = rw_node_get(node, "on"), *model_node = rw_node_get(node, "model");
    growth->mark = node->mark;
    if (on == NULL || model_node == NULL) {
        (void)rw_read_map(r, node, keys, RW_COUNT(keys)); /* says what is missing */
        return RW_OK;
    }
    if (read_element(r, on, growth) && r->scenario->populations[growth->population].model == NULL &&
        r->model_known[growth->population])
        rw_node_wrong(r->diagnostics, on, "cells of model spikes only replay spikes: they have no synaptic elements");
    growth->initial = (rw_value){.kind = RW_CONSTANT, .min = -INFINITY, .max = INFINITY};
    (void)rw_read_value(r, rw_node_get(node, "initial"), (rw_quantity){"1", 0.0, 1e6, 0.0}, &growth->initial);
    rw_read_signal_name(r, rw_node_get(node, "signal"), &growth->signal);
    growth->target_factor = no_change;
    RW_TRY(rw_read_schedule(r, rw_node_get(node, "target_factor"), (rw_quantity){"1", 1e-3, 1e3, 0.0},
                            &growth->target_factor));
    growth->model = rw_read_model(r, model_node, RW_GROWTH);
    if (growth->model == NULL)
        return RW_OK;
    const rw_structure_spec *structure = &r->scenario->structure;
    double per_hz =
        structure->beta_Ca * (structure->tau_Ca_ms / 1000.0); /* mean calcium of a cell that fires at 1 Hz */
    return rw_read_settings(r, node, growth->model, per_hz, keys, RW_COUNT(keys), &growth->settings,
                            &growth->n_settings);
}

/* has[population x RW_ELEMENT_KINDS + element]; says which rule is there twice. */
static void mark_elements(rw_reader *r, const rw_node *growth, bool *has) {
    for (const rw_node *child = growth != NULL ? growth->first : NULL; child != NULL; child = child->next) {
        const rw_growth_spec *rule = &r->scenario->growth[child->index];
        if (rule->model == NULL)
            continue;
        size_t place = (size_t)rule->population * RW_ELEMENT_KINDS + rule->element;
        if (has[place])
            rw_node_wrong(r->diagnostics, child, "%s of %s has a growth rule already", rw_element_names[rule->element],
                          r->scenario->populations[rule->population].name);
        has[place] = true;
    }
}

/* Whether the cells of a population are spike trains from a file. */
static bool only_replays(const rw_reader *r, uint32_t population) {
    return r->scenario->populations[population].model == NULL && r->model_known[population];
}

/* Synapses that form need elements that grow on both sides. */
static void check_sides(rw_reader *r, const bool *has) {
    for (size_t k = 0; k < r->scenario->n_projections; k++) {
        const rw_projection_spec *projection = &r->scenario->projections[k];
        if (!projection->structural)
            continue;
        rw_element dendrite = projection->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
        const struct {
            uint32_t population;
            rw_element element;
        } sides[] = {{projection->source, RW_AXON}, {projection->target, dendrite}};
        for (size_t side = 0; side < RW_COUNT(sides); side++) {
            const char *name = r->scenario->populations[sides[side].population].name;
            const char *element = rw_element_names[sides[side].element];
            if (has[sides[side].population * (size_t)RW_ELEMENT_KINDS + sides[side].element])
                continue;
            char path[64];
            (void)snprintf(path, sizeof path, "projections.%zu.rewire", k);
            if (only_replays(r, sides[side].population))
                rw_diagnostics_add(r->diagnostics, projection->mark, path,
                                   "population %s only replays spikes: its cells have no synaptic elements, so this "
                                   "projection cannot rewire; remove rewire: here, or give the cells a neuron model",
                                   name);
            else
                rw_diagnostics_add(
                    r->diagnostics, projection->mark, path,
                    "this projection rewires, but no rule says how %s of %s grows; add growth: - {on: %s.%s, ...}",
                    element, name, name, element);
        }
    }
}

/* A signal that nothing grows by would be computed for nobody. */
static void check_signals(rw_reader *r) {
    const rw_scenario *scenario = r->scenario;
    for (size_t s = 0; s < scenario->n_signals; s++) {
        char path[96];
        (void)snprintf(path, sizeof path, "signals.%.64s", scenario->signals[s].name);
        if (scenario->n_growth == 0)
            rw_diagnostics_add(r->diagnostics, scenario->signals[s].mark, path,
                               "signals change how elements form, but nothing grows; add growth: with signal: %s",
                               scenario->signals[s].name);
    }
}

rw_err rw_read_structure(rw_reader *r, const rw_node *structure, const rw_node *growth) {
    rw_scenario *scenario = r->scenario;
    bool grows = growth != NULL && growth->count > 0;
    bool *has = NULL;
    read_structure(r, structure, grows || anything_rewires(scenario));
    RW_TRY(RW_ARENA_NEW(r->arena, has, scenario->n_populations * (size_t)RW_ELEMENT_KINDS));
    if (growth != NULL && rw_read_list(r, growth)) {
        if (growth->count > scenario->n_populations * (size_t)RW_ELEMENT_KINDS) {
            rw_node_key_wrong(r->diagnostics, growth,
                              "more rules than synaptic elements: each population has three kinds");
            return RW_OK;
        }
        RW_TRY(RW_ARENA_NEW(r->arena, scenario->growth, growth->count));
        scenario->n_growth = growth->count;
        size_t before = r->diagnostics->count;
        for (const rw_node *child = growth->first; child != NULL; child = child->next)
            RW_TRY(read_growth(r, child, &scenario->growth[child->index]));
        if (r->diagnostics->count > before)
            return RW_OK;
        mark_elements(r, growth, has);
    }
    check_signals(r);
    check_sides(r, has);
    return RW_OK;
}

void rw_check_ages(rw_reader *r) {
    const double most_updates = 16777216.0; /* a synapse keeps the number of its update as a float */
    rw_scenario *scenario = r->scenario;
    const rw_structure_spec *structure = &scenario->structure;
    bool any = false;
    for (size_t p = 0; p < scenario->n_projections; p++) {
        rw_projection_spec *projection = &scenario->projections[p];
        projection->dated =
            projection->structural &&
            (isfinite(projection->loss.age_ms) || projection->prune.weight > 0.0 || scenario->record.n_survival > 0);
        any = any || projection->dated;
    }
    if (any && structure->every_steps > 0 && (double)scenario->n_steps / (double)structure->every_steps > most_updates)
        rw_diagnostics_add(r->diagnostics, (rw_mark){.file = scenario->path, .line = 1, .column = 1}, "structure.every",
                           "ages of synapses are counted in updates of connectivity, at most %.0f; make it longer",
                           most_updates);
}
