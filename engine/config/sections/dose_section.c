#include "config/sections/dose_section.h"

#include <stdio.h>
#include <string.h>

#include "config/key_table_reader.h"
#include "config/render.h"
#include "model/registry.h"

enum { MOST_DOSES = 10000 };

static const char *const form_words[] = {"base", "salt"};

/* 0.5 mg/kg or 56 mg. */
static rw_err read_amount(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_dose_spec *dose = object;
    double amount = 0.0;
    char ignored[320];
    if (!rw_read_text(r, node))
        return RW_OK;
    dose->per_kg = rw_units_parse(r->units, node->text, "mg/kg", &amount, ignored, sizeof ignored);
    return rw_entry_read_kind(r, node, entry, object);
}

static rw_quantity amount_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    (void)scenario;
    (void)drawn;
    return (rw_quantity){((const rw_dose_spec *)object)->per_kg ? "mg/kg" : "mg", 0.0, 1e6, 0.0};
}

static rw_err read_form(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    size_t form = 0;
    if (rw_read_choice(r, node, entry->words, entry->n_words, &form))
        ((rw_dose_spec *)object)->salt = form == 1;
    return RW_OK;
}

static void write_form(FILE *out, const rw_scenario *scenario, const void *object) {
    (void)scenario;
    (void)fputs(form_words[((const rw_dose_spec *)object)->salt ? 1 : 0], out);
}

/* Default: an infusion if it takes a time, else a bolus. */
static rw_err read_route(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    ((rw_dose_spec *)object)->route = "iv_bolus";
    return rw_entry_read_kind(r, node, entry, object);
}

/* One time or several. */
static rw_err read_at(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_dose_spec *dose = object;
    const rw_quantity time = {entry->unit, entry->min, entry->max, 0.0};
    double *at_ms = NULL;
    bool is_list = node->kind == RW_NODE_LIST;
    dose->n_at = is_list ? node->count : 1;
    RW_TRY(RW_ARENA_NEW(r->arena, at_ms, dose->n_at));
    dose->at_ms = at_ms;
    if (!is_list)
        (void)rw_read_number(r, node, time, &at_ms[0]);
    for (const rw_node *item = is_list ? node->first : NULL; item != NULL; item = item->next)
        (void)rw_read_number(r, item, time, &at_ms[item->index]);
    return RW_OK;
}

static void write_at(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_dose_spec *dose = object;
    (void)scenario;
    (void)fputc('[', out);
    for (size_t k = 0; k < dose->n_at; k++) {
        (void)fputs(k > 0 ? ", " : "", out);
        rw_render_number(out, dose->at_ms[k], "ms");
    }
    (void)fputc(']', out);
}

static bool is_repeated(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_dose_spec *)object)->every_ms > 0.0;
}

static const rw_entry entries[] = {
    {"dose", RW_QUANTITY(rw_dose_spec, amount_mg, NULL, 0.0, 1e6), .required = true, .missing = "0.5 mg/kg or 56 mg",
     .read = read_amount, .quantity = amount_quantity, .form = "a mass, or a mass per body mass: 56 mg, 0.5 mg/kg",
     .help = "How much."},
    {"form", RW_OTHER, .words = form_words, .n_words = RW_COUNT(form_words), .default_text = "base", .read = read_form,
     .write = write_form, .form = "`base` or `salt`", .schema = "{\"enum\": [\"base\", \"salt\"]}",
     .help = "Whether that is the mass of the base or of the salt."},
    {"route", RW_TEXT(rw_dose_spec, route), .default_words = "iv_infusion with over, else iv_bolus", .read = read_route,
     .help = "iv_bolus, iv_infusion, or a route that the model or the compound has: oral, im, sc, ip, nasal."},
    {"over", RW_QUANTITY(rw_dose_spec, over_ms, "ms", 1.0, 1e13), .default_words = "needed with an infusion",
     .help = "How long an infusion takes."},
    {"at", RW_OTHER, .unit = "ms", .min = 0.0, .max = 1e13, .default_text = "0 ms", .read = read_at, .write = write_at,
     .form = "a time, or a list of times",
     .schema = "{\"anyOf\": [{\"$ref\": \"#/definitions/quantity\"}, "
               "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/quantity\"}}]}",
     .help = "When."},
    {"every", RW_QUANTITY(rw_dose_spec, every_ms, "ms", 1.0, 1e13), .default_words = "each is given once",
     .help = "Interval after which each dose is repeated; with times."},
    {"times", RW_INTEGER(rw_dose_spec, times, 1, MOST_DOSES), .default_text = "1", .shown = is_repeated,
     .help = "How often each dose is given in total; with every."},
};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    rw_dose_spec *dose = object;
    const rw_node *over = rw_node_get(node, "over"), *every = rw_node_get(node, "every");
    const rw_node *times = rw_node_get(node, "times");
    if (rw_node_get(node, "route") == NULL && over != NULL)
        dose->route = "iv_infusion";
    bool infusion = strcmp(dose->route, "iv_infusion") == 0;
    if (infusion && over == NULL)
        rw_node_key_wrong(r->diagnostics, node, "an infusion needs the key \"over\": how long it takes");
    if (!infusion && over != NULL)
        rw_node_key_wrong(r->diagnostics, over, "only an iv_infusion takes a time");
    if ((every == NULL) != (times == NULL))
        rw_node_key_wrong(r->diagnostics, every != NULL ? every : times, "\"every\" and \"times\" belong together");
    if (dose->n_at * dose->times > MOST_DOSES)
        rw_node_key_wrong(r->diagnostics, node, "more than %d doses are too many", MOST_DOSES);
    return RW_OK;
}

const rw_key_table rw_dose_table = {.name = "doses",
                                    .help = "Doses of one kind.",
                                    RW_ENTRIES(entries),
                                    RW_ITEM(rw_dose_spec),
                                    .flow = true,
                                    .finish = finish};

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

/* Whether model and compound know the route and the form. */
static void check_drug(rw_reader *r, const rw_node *map, const rw_drug_spec *drug, const rw_dose_spec *dose) {
    const rw_node *route = rw_node_get(map, "route");
    if (dose->salt && rw_model_field(drug->compound, "salt_mass") == RW_NO_FIELD)
        rw_node_wrong(r->diagnostics, rw_node_get(map, "form"), "%s has no salt_mass; give the dose as base",
                      drug->compound->name);
    if (route == NULL || route->kind != RW_NODE_SCALAR || has_route(drug, route->text))
        return;
    rw_suggestion suggestion = {.word = route->text};
    char text[320];
    rw_suggestion_offer(&suggestion, "iv_bolus");
    rw_suggestion_offer(&suggestion, "iv_infusion");
    for (size_t k = 0; k < drug->model->drug.n_routes; k++)
        rw_suggestion_offer(&suggestion, drug->model->drug.routes[k].name);
    for (size_t f = 0; f < drug->compound->n_fields; f++)
        if (strncmp(drug->compound->fields[f].name, "F_", 2) == 0)
            rw_suggestion_offer(&suggestion, drug->compound->fields[f].name + 2);
    rw_node_wrong(r->diagnostics, route, "neither %s nor %s says how a dose comes in by this route; %s",
                  drug->model->name, drug->compound->name, rw_suggestion_text(&suggestion, text, sizeof text));
}

/* A map of those keys of `drug` that belong to a dose, and of those of `listed` (may be NULL) that it does not have. */
static rw_err dose_map(rw_reader *r, const rw_node *listed, const rw_node *drug, rw_node **map) {
    RW_TRY(RW_ARENA_NEW(r->arena, *map, 1));
    **map = listed != NULL ? *listed : *drug;
    (*map)->first = (*map)->last = NULL;
    (*map)->count = 0;
    for (size_t k = 0; k < RW_COUNT(entries); k++) {
        const rw_node *own = rw_node_get(drug, entries[k].name);
        const rw_node *from = own != NULL ? own : rw_node_get(listed, entries[k].name);
        rw_node *copy = NULL;
        if (from == NULL)
            continue;
        RW_TRY(RW_ARENA_NEW(r->arena, copy, 1));
        *copy = *from;
        copy->parent = *map;
        copy->next = NULL;
        copy->index = (uint32_t)(*map)->count++;
        *((*map)->last != NULL ? &(*map)->last->next : &(*map)->first) = copy;
        (*map)->last = copy;
    }
    return RW_OK;
}

/* Reads one dose into a drug that has no other. */
static rw_err read_one(rw_reader *r, const rw_node *map, rw_drug_spec *drug) {
    rw_dose_spec *dose = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, dose, 1));
    drug->n_doses = 1;
    drug->doses = dose;
    dose->mark = map->mark;
    RW_TRY(rw_key_table_read(r, map, &rw_dose_table, dose));
    check_drug(r, map, drug, dose);
    return RW_OK;
}

/* An override speaks of "the dose" where the scenario lists doses, as a resolved one does: clear if it lists one. */
static rw_err read_overridden(rw_reader *r, const rw_node *list, const rw_node *drug_map, const rw_node *set,
                              rw_drug_spec *drug) {
    rw_node *merged = NULL;
    if (!rw_read_list(r, list))
        return RW_OK;
    if (list->count != 1) {
        rw_node_key_wrong(r->diagnostics, set, "%s has %zu doses; say which, for example drugs.%s.doses.0.%s",
                          drug->name, list->count, drug->name, set->key);
        return RW_OK;
    }
    RW_TRY(dose_map(r, list->first, drug_map, &merged));
    return read_one(r, merged, drug);
}

static rw_err read_list(rw_reader *r, const rw_node *list, const rw_entry *entry, rw_drug_spec *drug) {
    RW_TRY(rw_entry_read_kind(r, list, entry, drug));
    for (const rw_node *item = drug->n_doses > 0 ? list->first : NULL; item != NULL; item = item->next)
        check_drug(r, item, drug, &drug->doses[item->index]);
    return RW_OK;
}

rw_err rw_read_doses(rw_reader *r, const rw_node *list, const rw_node *drug_map, const rw_entry *entry,
                     rw_drug_spec *drug) {
    const rw_node *own = NULL;
    rw_node *map = NULL;
    for (size_t k = 0; k < RW_COUNT(entries) && own == NULL; k++)
        own = rw_node_get(drug_map, entries[k].name);
    bool overridden = list != NULL && own != NULL && own->mark.file != list->mark.file;
    if (overridden && drug->model->drug.flows != NULL)
        return read_overridden(r, list, drug_map, own, drug);
    if (list != NULL && own != NULL) {
        rw_node_key_wrong(r->diagnostics, own, "say each dose in the list \"doses\", or one dose here, not both");
        return RW_OK;
    }
    if (drug->model->drug.flows == NULL) {
        if (list != NULL || own != NULL)
            rw_node_key_wrong(r->diagnostics, list != NULL ? list : own, "%s takes no doses but a \"level\"",
                              drug->model->name);
        return RW_OK;
    }
    if (list != NULL)
        return read_list(r, list, entry, drug);
    if (own == NULL)
        return RW_OK;
    RW_TRY(dose_map(r, NULL, drug_map, &map));
    return read_one(r, map, drug);
}
