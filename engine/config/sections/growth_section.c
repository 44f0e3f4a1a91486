#include "config/sections/growth_section.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/key_table_reader.h"
#include "config/model_settings.h"
#include "config/references.h"
#include "config/render.h"

const char *const rw_element_names[] = {"axon", "dendrite_exc", "dendrite_inh"};

/* population.element */
static rw_err read_on(rw_reader *r, const rw_node *on, const rw_entry *entry, void *object) {
    rw_growth_spec *growth = object;
    (void)entry;
    if (!rw_read_text(r, on))
        return RW_OK;
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
        (void)rw_read_population(r, &name, &growth->population);
        return RW_OK;
    }
    rw_node_wrong(r->diagnostics, on,
                  "must be population.element, where element is axon, dendrite_exc or dendrite_inh");
    return RW_OK;
}

static void check_on(rw_reader *r, const rw_node *on, void *object) {
    const rw_population_spec *population = &r->scenario->populations[((const rw_growth_spec *)object)->population];
    if (population->model == NULL && population->model_known)
        rw_node_wrong(r->diagnostics, on, "cells of model spikes only replay spikes: they have no synaptic elements");
}

static void write_on(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_growth_spec *growth = object;
    char on[256];
    (void)snprintf(on, sizeof on, "%s.%s", scenario->populations[growth->population].name,
                   rw_element_names[growth->element]);
    rw_render_text(out, on);
}

static const rw_entry entries[] = {
    {"on", RW_OTHER, .required = true, .form = "`POPULATION.axon`, `.dendrite_exc` or `.dendrite_inh`",
     .schema = "{\"type\": \"string\", \"pattern\": \"\\\\.(axon|dendrite_exc|dendrite_inh)$\"}", .read = read_on,
     .check = check_on, .write = write_on, .help = "Which elements of which population."},
    {"model", RW_MODEL_OF(rw_growth_spec, model, RW_GROWTH), .required = true,
     .help = "Growth curve: from calcium to growth."},
    {NULL, RW_INLINE_SETTINGS(rw_growth_spec, settings, n_settings, model, &rw_growth_table)},
    {"signal", RW_SIGNAL_OF(rw_growth_spec, signal), .default_words = "none",
     .help = "Signal whose factor multiplies the formation of these elements; retraction and loss do not change."},
    {"second_signal", RW_SIGNAL_OF(rw_growth_spec, second_signal), .default_words = "none",
     .help = "A second signal, whose factor multiplies that of the first."},
    {"target_factor", RW_COURSE(rw_growth_spec, target_factor, "1", 1e-3, 1e3), .default_text = "1",
     .help = "Factor on the target and every other level of the curve."},
    {"initial", RW_DISTRIBUTION(rw_growth_spec, initial, "1", 0.0, 1e6), .default_text = "0", .initial = true,
     .help = "Elements at the start, in addition to those in initial synapses."},
};

const rw_key_table rw_growth_table = {
    .name = "growth",
    .help = "A rule turns calcium into the growth of one kind of synaptic element of a population. Levels of calcium "
            "(target, which is another name of epsilon, and eta, psi) may be given as firing rates: at a steady rate r "
            "calcium is beta_Ca tau_Ca r.",
    RW_ENTRIES(entries),
    RW_ITEM(rw_growth_spec)};

/* has[population x RW_ELEMENT_KINDS + element]; says which rule is there twice. */
static void mark_elements(rw_reader *r, const rw_node *growth, bool *has) {
    for (const rw_node *child = growth != NULL ? growth->first : NULL; child != NULL; child = child->next) {
        const rw_growth_spec *rule = &r->scenario->growth[child->index];
        size_t place = (size_t)rule->population * RW_ELEMENT_KINDS + rule->element;
        if (has[place])
            rw_node_wrong(r->diagnostics, child, "%s of %s has a growth rule already", rw_element_names[rule->element],
                          r->scenario->populations[rule->population].name);
        has[place] = true;
    }
}

/* Whether the cells of a population are spike trains from a file. */
static bool only_replays(const rw_reader *r, uint32_t population) {
    return r->scenario->populations[population].model == NULL && r->scenario->populations[population].model_known;
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

/* A signal is of no use if nothing grows. */
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

rw_err rw_read_growth(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const size_t most = r->scenario->n_populations * (size_t)RW_ELEMENT_KINDS, before = r->diagnostics->count;
    bool *has = NULL;
    if (most > 0 && node != NULL && node->kind == RW_NODE_LIST && node->count > most) {
        rw_node_key_wrong(r->diagnostics, node, "more rules than synaptic elements: each population has three kinds");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, has, most));
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    if (r->diagnostics->count > before)
        return RW_OK;
    mark_elements(r, node, has);
    check_signals(r);
    check_sides(r, has);
    return RW_OK;
}
