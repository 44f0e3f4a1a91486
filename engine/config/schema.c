#include "config/schema.h"

#include <string.h>

#include "base/json.h"
#include "config/scenario_table.h"
#include "config/schema_definitions.h"
#include "model/registry.h"

static const char name_pattern[] = "^[A-Za-z_][A-Za-z0-9_-]*$";

static void write_map(rw_json *json, const rw_key_table *table);

/* ---- values ---- */

static void write_words(rw_json *json, const rw_entry *entry) {
    rw_json_open_object(json, NULL);
    rw_json_open_array(json, "enum");
    for (size_t k = 0; k < entry->n_words; k++)
        rw_json_text(json, NULL, entry->words[k]);
    rw_json_close_array(json);
    rw_json_close_object(json);
}

static void write_model_names(rw_json *json, const rw_entry *entry) {
    rw_json_open_object(json, NULL);
    rw_json_open_array(json, "enum");
    for (size_t m = 0; m < rw_registry_count(); m++)
        if (rw_registry_at(m)->kind == entry->model_kind)
            rw_json_text(json, NULL, rw_registry_at(m)->name);
    for (size_t k = 0; k < entry->n_words; k++)
        rw_json_text(json, NULL, entry->words[k]);
    rw_json_close_array(json);
    rw_json_close_object(json);
}

/* A map of models of a kind. */
static void write_models(rw_json *json, const rw_entry *entry) {
    char name[128];
    rw_json_open_object(json, NULL);
    rw_json_text(json, "type", "object");
    rw_json_open_object(json, "properties");
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        if (model->kind != entry->model_kind)
            continue;
        (void)snprintf(name, sizeof name, "%s.%s", rw_kind_name(model->kind), model->name);
        rw_schema_refer(json, model->name, name);
    }
    rw_json_close_object(json);
    rw_json_truth(json, "additionalProperties", false);
    rw_json_close_object(json);
}

static void write_items(rw_json *json, const rw_entry *entry) {
    bool named = entry->kind == RW_KIND_NAMED;
    rw_json_open_object(json, NULL);
    rw_json_text(json, "type", named ? "object" : "array");
    rw_json_integer(json, named ? "maxProperties" : "maxItems", entry->most);
    if (named)
        rw_schema_write_string(json, "propertyNames", name_pattern);
    rw_json_open_object(json, named ? "additionalProperties" : "items");
    write_map(json, entry->table);
    rw_json_close_object(json);
    rw_json_close_object(json);
}

static void write_submap(rw_json *json, const rw_key_table *table) {
    rw_json_open_object(json, NULL);
    write_map(json, table);
    rw_json_close_object(json);
}

/* The alternatives for a value, into an array. */
static void write_alternatives(rw_json *json, const rw_entry *entry) {
    bool plain = rw_schema_is_plain(entry->unit);
    if (entry->none)
        rw_json_raw(json, NULL, "{\"const\": \"none\"}");
    if (entry->schema != NULL) {
        rw_json_raw(json, NULL, entry->schema);
        return;
    }
    switch (entry->kind) {
    case RW_KIND_QUANTITY:
        rw_schema_refer(json, NULL, plain ? "number" : "quantity");
        break;
    case RW_KIND_DISTRIBUTION:
        rw_schema_refer(json, NULL, plain ? "number" : "quantity");
        rw_schema_refer(json, NULL, plain ? "distribution_of_numbers" : "distribution");
        break;
    case RW_KIND_COURSE:
        rw_schema_refer(json, NULL, plain ? "number" : "quantity");
        rw_schema_refer(json, NULL, plain ? "course_of_numbers" : "course");
        if (entry->per_cell)
            rw_schema_refer(json, NULL, plain ? "distribution_of_numbers" : "distribution");
        break;
    case RW_KIND_INTEGER:
        rw_schema_refer(json, NULL, "whole");
        break;
    case RW_KIND_FLAG:
        rw_schema_refer(json, NULL, "flag");
        break;
    case RW_KIND_NAME:
        rw_schema_write_string(json, NULL, name_pattern);
        break;
    case RW_KIND_CHOICE:
        write_words(json, entry);
        break;
    case RW_KIND_TIME:
        rw_schema_refer(json, NULL, "quantity");
        break;
    case RW_KIND_TIMES:
    case RW_KIND_LENGTHS:
        rw_schema_write_array(json, NULL, "quantity", 0);
        break;
    case RW_KIND_SELECTION:
        rw_schema_refer(json, NULL, "selection");
        if (entry->table != NULL)
            write_submap(json, entry->table);
        break;
    case RW_KIND_PROJECTIONS:
    case RW_KIND_PLACES:
        rw_schema_refer(json, NULL, "names");
        break;
    case RW_KIND_SHARES:
        rw_json_raw(json, NULL,
                    "{\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": {\"$ref\": "
                    "\"#/definitions/number\"}}");
        break;
    case RW_KIND_MODEL:
        write_model_names(json, entry);
        break;
    case RW_KIND_SETTINGS:
        rw_json_raw(json, NULL, "{\"type\": \"object\"}");
        break;
    case RW_KIND_MODELS:
        write_models(json, entry);
        break;
    case RW_KIND_MAP:
        if (entry->table->shorthand != NULL)
            write_alternatives(json, rw_key_table_find(entry->table, entry->table->shorthand));
        write_submap(json, entry->table);
        break;
    case RW_KIND_LIST:
    case RW_KIND_NAMED:
        write_items(json, entry);
        break;
    default:
        rw_schema_refer(json, NULL, "text");
        break;
    }
}

static size_t n_alternatives(const rw_entry *entry) {
    const size_t n = entry->none ? 2 : 1;
    if (entry->schema != NULL)
        return n;
    switch (entry->kind) {
    case RW_KIND_DISTRIBUTION:
        return n + 1;
    case RW_KIND_COURSE:
        return n + (entry->per_cell ? 2 : 1);
    case RW_KIND_SELECTION:
        return n + (entry->table != NULL);
    case RW_KIND_MAP:
        return n + (entry->table->shorthand != NULL);
    default:
        return n;
    }
}

/* One alternative stands under allOf: validators then say what is wrong inside, not that nothing fits. */
static void write_property(rw_json *json, const rw_entry *entry) {
    rw_json_open_object(json, entry->name);
    rw_json_text(json, "description", entry->help);
    if (entry->default_text != NULL && strcmp(entry->default_text, "{}") != 0)
        rw_json_text(json, "default", entry->default_text);
    rw_json_open_array(json, n_alternatives(entry) == 1 ? "allOf" : "anyOf");
    write_alternatives(json, entry);
    rw_json_close_array(json);
    rw_json_close_object(json);
}

/* ---- maps ---- */

static void write_properties(rw_json *json, const rw_key_table *table) {
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        if (entry->name != NULL)
            write_property(json, entry);
        else if (entry->kind == RW_KIND_INLINE)
            write_properties(json, entry->table);
    }
}

/* The keys that are always required, or those of a choice. */
static void write_required(rw_json *json, const rw_key_table *table, uint32_t choice) {
    rw_json_open_array(json, "required");
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        if (entry->required && (choice == 0 ? entry->only == 0 : (entry->only & choice) != 0))
            rw_json_text(json, NULL, entry->name);
    }
    rw_json_close_array(json);
}

static void open_condition(rw_json *json, const char *key, const char *value) {
    rw_json_open_object(json, NULL);
    rw_json_open_object(json, "if");
    rw_json_open_object(json, "properties");
    rw_json_open_object(json, key);
    rw_json_text(json, "const", value);
    rw_json_close_object(json);
    rw_json_close_object(json);
    rw_json_open_array(json, "required");
    rw_json_text(json, NULL, key);
    rw_json_close_array(json);
    rw_json_close_object(json);
    rw_json_open_object(json, "then");
}

static void close_condition(rw_json *json) {
    rw_json_close_object(json);
    rw_json_close_object(json);
}

/* The keys that the map may have, with those of a model's parameters (NULL: none). */
static void write_names(rw_json *json, const rw_key_table *table, uint32_t choice, const rw_model *model) {
    rw_json_open_object(json, "propertyNames");
    rw_json_open_array(json, "enum");
    for (size_t k = 0; k < table->n_entries; k++)
        if (table->entries[k].name != NULL && rw_entry_applies(&table->entries[k], choice))
            rw_json_text(json, NULL, table->entries[k].name);
    for (size_t f = 0; model != NULL && f < model->n_fields; f++)
        if (rw_schema_is_settable(&model->fields[f]))
            rw_json_text(json, NULL, model->fields[f].name);
    if (model != NULL && rw_schema_has_target(model))
        rw_json_text(json, NULL, "target");
    rw_json_close_array(json);
    rw_json_close_object(json);
}

/* What each choice adds and forbids. */
static void write_choices(rw_json *json, const rw_key_table *table) {
    const rw_entry *by = rw_key_table_find(table, table->by);
    for (size_t k = 0; by != NULL && k < by->n_words; k++) {
        open_condition(json, by->name, by->words[k]);
        write_names(json, table, RW_ONLY(k), NULL);
        write_required(json, table, RW_ONLY(k));
        close_condition(json);
    }
}

/* The entry that names the model whose parameters `settings` are. */
static const rw_entry *model_of(const rw_key_table *table, const rw_entry *settings) {
    for (size_t k = 0; k < table->n_entries; k++)
        if (table->entries[k].kind == RW_KIND_MODEL && table->entries[k].offset == settings->of_offset)
            return &table->entries[k];
    return NULL;
}

/* Parameters go with the model that the map names. */
static void write_settings(rw_json *json, const rw_key_table *table, const rw_entry *settings) {
    const rw_entry *by = model_of(table, settings);
    char name[128];
    for (size_t m = 0; by != NULL && m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        if (model->kind != by->model_kind)
            continue;
        open_condition(json, by->name, model->name);
        rw_json_open_object(json, "properties");
        if (settings->name == NULL) {
            rw_schema_write_parameters(json, model);
        } else {
            (void)snprintf(name, sizeof name, "%s.%s", rw_kind_name(model->kind), model->name);
            rw_schema_refer(json, settings->name, name);
        }
        rw_json_close_object(json);
        if (settings->name == NULL)
            write_names(json, table, UINT32_MAX, model);
        close_condition(json);
    }
}

/* Writes what a map is into the object that is open. */
static void write_map(rw_json *json, const rw_key_table *table) {
    bool has_parameters = false, has_conditions = table->by != NULL;
    for (size_t k = 0; k < table->n_entries; k++) {
        bool settings = table->entries[k].kind == RW_KIND_SETTINGS;
        has_conditions = has_conditions || settings;
        has_parameters = has_parameters || (settings && table->entries[k].name == NULL);
    }
    rw_json_text(json, "type", "object");
    rw_json_text(json, "description", table->help);
    rw_json_open_object(json, "properties");
    write_properties(json, table);
    rw_json_close_object(json);
    write_required(json, table, 0);
    if (!has_parameters)
        rw_json_truth(json, "additionalProperties", false);
    if (!has_conditions)
        return;
    rw_json_open_array(json, "allOf");
    write_choices(json, table);
    for (size_t k = 0; k < table->n_entries; k++)
        if (table->entries[k].kind == RW_KIND_SETTINGS)
            write_settings(json, table, &table->entries[k]);
    rw_json_close_array(json);
}

void rw_schema_write(FILE *out) {
    rw_json json = {.file = out};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    rw_json_text(&json, "title", "A scenario of rewire");
    write_map(&json, &rw_scenario_table);
    rw_schema_write_definitions(&json);
    rw_json_close_object(&json);
}
