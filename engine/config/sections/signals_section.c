/* signals: what drives growth, and how it becomes a factor on the formation of elements. */
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"

enum { MOST_SIGNALS = 16 };

/* A signal belongs to a population: its numbers hold for all cells. */
static void check_constant(rw_reader *r, const rw_node *map, const rw_setting *settings, size_t n) {
    for (size_t k = 0; k < n; k++)
        if (settings[k].value.kind != RW_CONSTANT)
            rw_node_wrong(r->diagnostics, map, "one set of numbers holds for a whole population; give constants");
}

/* disinhibition, or {model: disinhibition, tau_r: 30 min}. */
static rw_err read_drive(rw_reader *r, const rw_node *node, rw_signal_spec *signal) {
    static const rw_key own[] = {{"model", true}};
    bool is_map = node->kind == RW_NODE_MAP;
    const rw_node *model = is_map ? rw_node_get(node, "model") : node;
    if (model == NULL) {
        (void)rw_read_map(r, node, own, RW_COUNT(own)); /* says what is missing */
        return RW_OK;
    }
    signal->drive = rw_read_model(r, model, RW_DRIVE);
    if (signal->drive == NULL || !is_map)
        return RW_OK;
    RW_TRY(rw_read_settings(r, node, signal->drive, 0.0, own, RW_COUNT(own), &signal->drive_settings,
                            &signal->n_drive_settings));
    check_constant(r, node, signal->drive_settings, signal->n_drive_settings);
    return RW_OK;
}

static rw_err read_blocked(rw_reader *r, const rw_node *node, rw_signal_spec *signal) {
    uint64_t *step = NULL;
    double *value = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, step, 1));
    RW_TRY(RW_ARENA_NEW(r->arena, value, 1));
    signal->blocked = (rw_schedule){.count = 1, .step = step, .value = value};
    return rw_read_schedule(r, node, (rw_quantity){"1", 0.0, 1.0, 0.0}, &signal->blocked);
}

static rw_err read_signal(rw_reader *r, const rw_node *node, rw_signal_spec *signal) {
    static const rw_key keys[] = {{"of", true}, {"drive", true}, {"model", true}, {"blocked", false}};
    const rw_node *of = rw_node_get(node, "of"), *drive = rw_node_get(node, "drive");
    const rw_node *model = rw_node_get(node, "model");
    signal->mark = node->key_mark;
    signal->name = node->key;
    (void)rw_check_name(r, node, node->key);
    if (of == NULL || drive == NULL || model == NULL) {
        (void)rw_read_map(r, node, keys, RW_COUNT(keys)); /* says what is missing */
        return RW_OK;
    }
    if (rw_read_population(r, of, &signal->population) && r->scenario->populations[signal->population].model == NULL &&
        r->model_known[signal->population])
        rw_node_wrong(r->diagnostics, of, "cells of model spikes have no state that could drive growth");
    RW_TRY(read_drive(r, drive, signal));
    RW_TRY(read_blocked(r, rw_node_get(node, "blocked"), signal));
    signal->model = rw_read_model(r, model, RW_SIGNAL);
    if (signal->model == NULL)
        return RW_OK;
    RW_TRY(rw_read_settings(r, node, signal->model, 0.0, keys, RW_COUNT(keys), &signal->settings, &signal->n_settings));
    check_constant(r, node, signal->settings, signal->n_settings);
    return RW_OK;
}

rw_err rw_read_signals(rw_reader *r, const rw_node *node) {
    rw_scenario *scenario = r->scenario;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of signals, not %s",
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
        return RW_OK;
    }
    if (node->count > MOST_SIGNALS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu signals are too many; at most %d", node->count, MOST_SIGNALS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, scenario->signals, node->count));
    scenario->n_signals = node->count;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_signal(r, child, &scenario->signals[child->index]));
    return RW_OK;
}

void rw_read_signal_name(rw_reader *r, const rw_node *node, const rw_signal_spec **signal) {
    const rw_scenario *scenario = r->scenario;
    if (node == NULL || !rw_read_text(r, node) || strcmp(node->text, "none") == 0)
        return;
    rw_suggestion suggestion = {.word = node->text};
    char text[320];
    for (size_t s = 0; s < scenario->n_signals && *signal == NULL; s++) {
        rw_suggestion_offer(&suggestion, scenario->signals[s].name);
        if (strcmp(scenario->signals[s].name, node->text) == 0)
            *signal = &scenario->signals[s];
    }
    rw_suggestion_offer(&suggestion, "none");
    if (*signal == NULL)
        rw_node_wrong(r->diagnostics, node, "there is no signal \"%.60s\"; %s", node->text,
                      rw_suggestion_text(&suggestion, text, sizeof text));
}
