#include "config/model_settings.h"

#include <string.h>

#include "config/distribution.h"
#include "model/block.h"
#include "model/registry.h"

const rw_model *rw_find_model(rw_reader *r, const rw_node *node, const char *name, bool at_key, rw_kind kind) {
    const rw_model *model = rw_registry_find(kind, name);
    if (model != NULL)
        return model;
    rw_suggestion suggestion = {.word = name};
    for (size_t k = 0; k < rw_registry_count(); k++) {
        if (rw_registry_at(k)->kind == kind)
            rw_suggestion_offer(&suggestion, rw_registry_at(k)->name);
    }
    if (kind == RW_NEURON)
        rw_suggestion_offer(&suggestion, "spikes");
    char text[320];
    (at_key ? rw_node_key_wrong : rw_node_wrong)(r->diagnostics, node, "there is no %s model \"%.60s\"; %s",
                                                 rw_kind_name(kind), name,
                                                 rw_suggestion_text(&suggestion, text, sizeof text));
    return NULL;
}

const rw_model *rw_read_model(rw_reader *r, const rw_node *node, rw_kind kind) {
    return rw_read_text(r, node) ? rw_find_model(r, node, node->text, false, kind) : NULL;
}

/* The field that a key sets, or RW_NO_FIELD and a diagnostic. `target` is what growth curves call epsilon in scenarios.
 */
static size_t find_field(rw_reader *r, const rw_node *child, const rw_model *model) {
    bool target = model->kind == RW_GROWTH && strcmp(child->key, "target") == 0;
    size_t field = rw_model_field(model, target ? "epsilon" : child->key);
    if (field != RW_NO_FIELD && (model->fields[field].role == RW_PARAMETER || model->fields[field].role == RW_STATE))
        return field;
    rw_suggestion suggestion = {.word = child->key};
    for (size_t k = 0; k < model->n_fields; k++) {
        if (model->fields[k].role == RW_PARAMETER || model->fields[k].role == RW_STATE)
            rw_suggestion_offer(&suggestion, model->fields[k].name);
    }
    char text[320];
    rw_node_key_wrong(r->diagnostics, child, "%s has no parameter or initial state of this name; %s", model->name,
                      rw_suggestion_text(&suggestion, text, sizeof text));
    return RW_NO_FIELD;
}

static bool is_calcium_level(const rw_field *field) {
    return strcmp(field->unit, "1") == 0 &&
           (strcmp(field->name, "epsilon") == 0 || strcmp(field->name, "eta") == 0 || strcmp(field->name, "psi") == 0);
}

/* Asks the model whether its parameters go together, if they are equal for all instances. */
static rw_err ask_model(rw_reader *r, const rw_node *node, const rw_model *model, const rw_setting *settings,
                        size_t n) {
    rw_block block;
    unsigned char *set_mask = NULL;
    for (size_t k = 0; k < n; k++) {
        if (settings[k].value.kind != RW_CONSTANT)
            return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, set_mask, model->n_fields));
    RW_TRY(rw_block_create(&block, model, 1, r->scenario->step_ms));
    for (size_t k = 0; k < n; k++) {
        rw_block_fill(&block, settings[k].field, settings[k].value.a);
        set_mask[settings[k].field] = 1;
    }
    rw_err err = rw_block_finish(&block, set_mask);
    rw_block_destroy(&block);
    if (err != RW_ERR_INPUT)
        return err;
    const char *place = ", instance 0: "; /* says nothing here */
    const char *reason = strstr(rw_error_message(), place);
    rw_node_key_wrong(r->diagnostics, node, "%s", reason != NULL ? reason + strlen(place) : rw_error_message());
    return RW_OK;
}

/* Calcium of a cell that fires at 1 Hz: levels of growth curves may be given as rates. 0: not of this model. */
static double calcium_per_hz(const rw_scenario *scenario, const rw_model *model) {
    const rw_structure_spec *structure = &scenario->structure;
    return model->kind == RW_GROWTH ? structure->beta_Ca * (structure->tau_Ca_ms / 1000.0) : 0.0;
}

rw_err rw_read_settings(rw_reader *r, const rw_node *node, const rw_model *model, const rw_key_table *others,
                        const rw_setting **settings, size_t *n_settings) {
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of parameters, not %s",
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
        return RW_OK;
    }
    const double per_hz = calcium_per_hz(r->scenario, model);
    rw_setting *read = NULL;
    size_t n = 0, before = r->diagnostics->count;
    RW_TRY(RW_ARENA_NEW(r->arena, read, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        bool other = others != NULL && rw_key_table_has(others, child->key);
        size_t field = other ? RW_NO_FIELD : find_field(r, child, model);
        if (field == RW_NO_FIELD)
            continue;
        const rw_field *f = &model->fields[field];
        for (size_t k = 0; k < n; k++) {
            if (read[k].field == field)
                rw_node_key_wrong(r->diagnostics, child, "%s is set twice", f->name);
        }
        read[n].field = field;
        if (rw_read_value(r, child, (rw_quantity){f->unit, f->min, f->max, is_calcium_level(f) ? per_hz : 0.0},
                          &read[n].value))
            n++;
    }
    *settings = read;
    *n_settings = n;
    return r->diagnostics->count == before && r->step_known ? ask_model(r, node, model, read, n) : RW_OK;
}

void rw_check_constants(rw_reader *r, const rw_node *node, const rw_setting *settings, size_t n, const char *wrong) {
    for (size_t k = 0; k < n; k++)
        if (settings[k].value.kind != RW_CONSTANT)
            rw_node_wrong(r->diagnostics, node, "%s", wrong);
}
