/* The doses of a drug: how much, by which route, when. */
#include <stdio.h>
#include <string.h>

#include "config/sections/parts.h"
#include "model/registry.h"

enum { MOST_DOSES = 10000 };

/* One dose or several: dose, route, over, at, every, times, form. */
static const rw_key dose_keys[] = {{"dose", false},  {"route", false}, {"over", false}, {"at", false},
                                   {"every", false}, {"times", false}, {"form", false}};

/* 0.5 mg/kg or 56 mg. */
static void read_amount(rw_reader *r, const rw_node *node, rw_dose_spec *dose) {
    double amount = 0.0;
    char ignored[320];
    if (!rw_read_text(r, node))
        return;
    dose->per_kg = rw_units_parse(r->units, node->text, "mg/kg", &amount, ignored, sizeof ignored);
    (void)rw_read_number(r, node, (rw_quantity){dose->per_kg ? "mg/kg" : "mg", 0.0, 1e6, 0.0}, &dose->amount_mg);
}

static bool has_route(const rw_drug_spec *drug, const char *route) {
    char field[64];
    if (strcmp(route, "iv_bolus") == 0 || strcmp(route, "iv_infusion") == 0)
        return true;
    for (size_t k = 0; k < drug->model->drug.n_routes; k++)
        if (strcmp(drug->model->drug.routes[k].name, route) == 0)
            return true;
    (void)snprintf(field, sizeof field, "F_%.50s", route);
    return rw_model_field(drug->compound, field) != RW_NO_FIELD;
}

static void read_route(rw_reader *r, const rw_node *map, const rw_drug_spec *drug, rw_dose_spec *dose) {
    const rw_node *node = rw_node_get(map, "route"), *over = rw_node_get(map, "over");
    dose->route = over != NULL ? "iv_infusion" : "iv_bolus";
    if (node != NULL && rw_read_text(r, node)) {
        dose->route = node->text;
        if (!has_route(drug, node->text)) {
            rw_suggestion suggestion = {.word = node->text};
            rw_suggestion_offer(&suggestion, "iv_bolus");
            rw_suggestion_offer(&suggestion, "iv_infusion");
            for (size_t k = 0; k < drug->model->drug.n_routes; k++)
                rw_suggestion_offer(&suggestion, drug->model->drug.routes[k].name);
            for (size_t f = 0; f < drug->compound->n_fields; f++)
                if (strncmp(drug->compound->fields[f].name, "F_", 2) == 0)
                    rw_suggestion_offer(&suggestion, drug->compound->fields[f].name + 2);
            char text[320];
            rw_node_wrong(r->diagnostics, node, "neither %s nor %s says how a dose comes in by this route; %s",
                          drug->model->name, drug->compound->name, rw_suggestion_text(&suggestion, text, sizeof text));
        }
    }
    bool infusion = strcmp(dose->route, "iv_infusion") == 0;
    if (infusion && over == NULL)
        rw_node_key_wrong(r->diagnostics, map, "an infusion needs the key \"over\": how long it takes");
    if (!infusion && over != NULL)
        rw_node_key_wrong(r->diagnostics, over, "only an iv_infusion takes a time");
    (void)rw_read_number(r, over, (rw_quantity){"ms", 1.0, 1e13, 0.0}, &dose->over_ms);
}

static rw_err read_dose_times(rw_reader *r, const rw_node *map, rw_dose_spec *dose) {
    const rw_quantity time = {"ms", 0.0, 1e13, 0.0};
    const rw_node *at = rw_node_get(map, "at"), *every = rw_node_get(map, "every"), *times = rw_node_get(map, "times");
    double *at_ms = NULL;
    dose->n_at = at != NULL && at->kind == RW_NODE_LIST ? at->count : 1;
    dose->times = 1;
    RW_TRY(RW_ARENA_NEW(r->arena, at_ms, dose->n_at));
    dose->at_ms = at_ms;
    if (at != NULL && at->kind == RW_NODE_LIST) {
        for (const rw_node *item = at->first; item != NULL; item = item->next)
            (void)rw_read_number(r, item, time, &at_ms[item->index]);
    } else {
        (void)rw_read_number(r, at, time, &at_ms[0]);
    }
    if ((every == NULL) != (times == NULL))
        rw_node_key_wrong(r->diagnostics, every != NULL ? every : times, "\"every\" and \"times\" belong together");
    (void)rw_read_number(r, every, (rw_quantity){"ms", 1.0, 1e13, 0.0}, &dose->every_ms);
    (void)rw_read_count(r, times, 1, MOST_DOSES, &dose->times);
    if (dose->n_at * dose->times > MOST_DOSES)
        rw_node_key_wrong(r->diagnostics, map, "more than %d doses are too many", MOST_DOSES);
    return RW_OK;
}

static rw_err read_dose(rw_reader *r, const rw_node *map, const rw_drug_spec *drug, rw_dose_spec *dose) {
    static const char *const forms[] = {"base", "salt"};
    const rw_node *amount = rw_node_get(map, "dose"), *form = rw_node_get(map, "form");
    size_t choice = 0;
    dose->mark = map->mark;
    if (amount == NULL)
        rw_node_key_wrong(r->diagnostics, map, "the key \"dose\" is missing: 0.5 mg/kg or 56 mg");
    else
        read_amount(r, amount, dose);
    if (rw_read_choice(r, form, forms, RW_COUNT(forms), &choice))
        dose->salt = choice == 1;
    if (dose->salt && rw_model_field(drug->compound, "salt_mass") == RW_NO_FIELD)
        rw_node_wrong(r->diagnostics, form, "%s has no salt_mass; give the dose as base", drug->compound->name);
    read_route(r, map, drug, dose);
    return read_dose_times(r, map, dose);
}

/* The dose of a list of one, with what an override says of it in the drug's own map: --set drugs.NAME.dose='1 mg/kg'.
 */
static rw_err merge_dose(rw_reader *r, const rw_node *listed, const rw_node *drug, rw_node **merged) {
    RW_TRY(RW_ARENA_NEW(r->arena, *merged, 1));
    **merged = *listed;
    (*merged)->first = (*merged)->last = NULL;
    (*merged)->count = 0;
    for (size_t k = 0; k < RW_COUNT(dose_keys); k++) {
        const rw_node *set = rw_node_get(drug, dose_keys[k].name);
        const rw_node *from = set != NULL ? set : rw_node_get(listed, dose_keys[k].name);
        rw_node *copy = NULL;
        if (from == NULL)
            continue;
        RW_TRY(RW_ARENA_NEW(r->arena, copy, 1));
        *copy = *from;
        copy->parent = *merged;
        copy->next = NULL;
        copy->index = (uint32_t)(*merged)->count++;
        *((*merged)->last != NULL ? &(*merged)->last->next : &(*merged)->first) = copy;
        (*merged)->last = copy;
    }
    return RW_OK;
}

/* An override speaks of "the dose" where the scenario lists doses, as a resolved one does: clear if it lists one. */
static rw_err read_overridden_dose(rw_reader *r, const rw_node *list, const rw_node *drug_map, const rw_node *set,
                                   rw_drug_spec *drug) {
    rw_node *merged = NULL;
    rw_dose_spec *dose = NULL;
    if (!rw_read_list(r, list))
        return RW_OK;
    if (list->count != 1) {
        rw_node_key_wrong(r->diagnostics, set, "%s has %zu doses; say which, for example drugs.%s.doses.0.%s",
                          drug->name, list->count, drug->name, set->key);
        return RW_OK;
    }
    if (!rw_read_map(r, list->first, dose_keys, RW_COUNT(dose_keys)))
        return RW_OK;
    RW_TRY(merge_dose(r, list->first, drug_map, &merged));
    RW_TRY(RW_ARENA_NEW(r->arena, dose, 1));
    drug->n_doses = 1;
    drug->doses = dose;
    return read_dose(r, merged, drug, dose);
}

/* Doses in the drug's own map, or a list of them under `doses`. */
rw_err rw_read_doses(rw_reader *r, const rw_node *node, rw_drug_spec *drug) {
    const rw_node *list = rw_node_get(node, "doses"), *inline_key = NULL;
    rw_dose_spec *doses = NULL;
    for (size_t k = 0; k < RW_COUNT(dose_keys) && inline_key == NULL; k++)
        inline_key = rw_node_get(node, dose_keys[k].name);
    bool overridden = list != NULL && inline_key != NULL && inline_key->mark.file != list->mark.file;
    if (overridden && drug->model->drug.flows != NULL)
        return read_overridden_dose(r, list, node, inline_key, drug);
    if (list != NULL && inline_key != NULL) {
        rw_node_key_wrong(r->diagnostics, inline_key,
                          "say each dose in the list \"doses\", or one dose here, not both");
        return RW_OK;
    }
    if (drug->model->drug.flows == NULL) {
        const rw_node *wrong = list != NULL ? list : inline_key;
        if (wrong != NULL)
            rw_node_key_wrong(r->diagnostics, wrong, "%s takes no doses but a \"level\"", drug->model->name);
        return RW_OK;
    }
    if (list != NULL && !rw_read_list(r, list))
        return RW_OK;
    drug->n_doses = list != NULL ? list->count : inline_key != NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, doses, drug->n_doses));
    drug->doses = doses;
    if (list == NULL)
        return drug->n_doses > 0 ? read_dose(r, node, drug, doses) : RW_OK;
    for (const rw_node *item = list->first; item != NULL; item = item->next)
        if (rw_read_map(r, item, dose_keys, RW_COUNT(dose_keys)))
            RW_TRY(read_dose(r, item, drug, &doses[item->index]));
    return RW_OK;
}
