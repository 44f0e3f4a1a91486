#include "config/schema_definitions.h"

#include <stdio.h>
#include <string.h>

#include "model/registry.h"

static const char number_pattern[] = "^[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?( *([^ 0-9.,]|1/).*)?$";
static const char quantity_pattern[] = "^[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)? *([^ 0-9.,]|1/).*$";

void rw_schema_refer(rw_json *json, const char *key, const char *definition) {
    char path[192];
    (void)snprintf(path, sizeof path, "#/definitions/%s", definition);
    rw_json_open_object(json, key);
    rw_json_text(json, "$ref", path);
    rw_json_close_object(json);
}

void rw_schema_write_string(rw_json *json, const char *key, const char *pattern) {
    rw_json_open_object(json, key);
    rw_json_text(json, "type", "string");
    if (pattern != NULL)
        rw_json_text(json, "pattern", pattern);
    rw_json_close_object(json);
}

/* An array of n (0: any number) of what a definition says. */
void rw_schema_write_array(rw_json *json, const char *key, const char *definition, uint64_t n) {
    rw_json_open_object(json, key);
    rw_json_text(json, "type", "array");
    rw_schema_refer(json, "items", definition);
    if (n > 0) {
        rw_json_integer(json, "minItems", n);
        rw_json_integer(json, "maxItems", n);
    }
    rw_json_close_object(json);
}

/* {uniform: [a, b], min: c, max: d} and so on; exactly one of the three. */
static void define_distribution(rw_json *json, const char *name, const char *number) {
    static const char *const shapes[] = {"uniform", "normal", "lognormal"};
    rw_json_open_object(json, name);
    rw_json_text(json, "type", "object");
    rw_json_open_object(json, "properties");
    for (size_t k = 0; k < RW_COUNT(shapes); k++)
        rw_schema_write_array(json, shapes[k], number, 2);
    rw_schema_refer(json, "min", number);
    rw_schema_refer(json, "max", number);
    rw_json_close_object(json);
    rw_json_truth(json, "additionalProperties", false);
    rw_json_open_array(json, "oneOf");
    for (size_t k = 0; k < RW_COUNT(shapes); k++) {
        rw_json_open_object(json, NULL);
        rw_json_open_array(json, "required");
        rw_json_text(json, NULL, shapes[k]);
        rw_json_close_array(json);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
    rw_json_close_object(json);
}

/* {steps: [[time, number], ...]} or {table: ...}. */
static void define_course(rw_json *json, const char *name, const char *number) {
    static const char *const forms[] = {"steps", "table"};
    rw_json_open_object(json, name);
    rw_json_text(json, "type", "object");
    rw_json_open_object(json, "properties");
    for (size_t k = 0; k < RW_COUNT(forms); k++) {
        rw_json_open_object(json, forms[k]);
        rw_json_text(json, "type", "array");
        rw_json_integer(json, "minItems", 1);
        rw_json_open_object(json, "items");
        rw_json_text(json, "type", "array");
        rw_json_open_array(json, "items");
        rw_schema_refer(json, NULL, "quantity");
        rw_schema_refer(json, NULL, number);
        rw_json_close_array(json);
        rw_json_integer(json, "minItems", 2);
        rw_json_integer(json, "maxItems", 2);
        rw_json_close_object(json);
        rw_json_close_object(json);
    }
    rw_json_close_object(json);
    rw_json_truth(json, "additionalProperties", false);
    rw_json_integer(json, "minProperties", 1);
    rw_json_integer(json, "maxProperties", 1);
    rw_json_close_object(json);
}

static void define_selection(rw_json *json) {
    rw_json_raw(json, "selection",
                "{\"anyOf\": [{\"const\": \"all\"}, {\"type\": \"object\", \"properties\": {\"first\": {\"$ref\": "
                "\"#/definitions/whole\"}, \"fraction\": {\"$ref\": \"#/definitions/number\"}, \"ids\": {\"type\": "
                "\"array\", \"items\": {\"$ref\": \"#/definitions/whole\"}}}, \"additionalProperties\": false, "
                "\"minProperties\": 1, \"maxProperties\": 1}]}");
}

/* Numbers: YAML 1.1 takes 1e-4 for text and 1.0e-4 for a number, so both are right. */
static void define_numbers(rw_json *json) {
    rw_json_open_object(json, "number");
    rw_json_open_array(json, "anyOf");
    rw_json_raw(json, NULL, "{\"type\": \"number\"}");
    rw_schema_write_string(json, NULL, number_pattern);
    rw_json_close_array(json);
    rw_json_close_object(json);
    rw_schema_write_string(json, "quantity", quantity_pattern);
    rw_json_raw(json, "whole",
                "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"type\": \"string\", \"pattern\": "
                "\"^[0-9]+\\\\.?[0-9]*([eE]\\\\+?[0-9]+)?$\"}]}");
    rw_json_raw(json, "flag", "{\"enum\": [true, false, \"true\", \"false\"]}");
    rw_json_raw(json, "text", "{\"type\": [\"string\", \"number\", \"boolean\"]}");
    rw_json_raw(json, "names",
                "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]}");
}

/* Whether a number may stand alone; of weights (NULL) the receptors decide. */
bool rw_schema_is_plain(const char *unit) {
    return unit == NULL || strcmp(unit, "1") == 0;
}

bool rw_schema_is_settable(const rw_field *field) {
    return field->role == RW_PARAMETER || field->role == RW_STATE;
}

/* A parameter: a number or a distribution. */
static void write_parameter(rw_json *json, const char *name, const rw_field *field) {
    bool plain = rw_schema_is_plain(field->unit);
    rw_json_open_object(json, name);
    rw_json_text(json, "description", field->doc);
    rw_json_open_array(json, "anyOf");
    rw_schema_refer(json, NULL, plain ? "number" : "quantity");
    rw_schema_refer(json, NULL, plain ? "distribution_of_numbers" : "distribution");
    rw_json_close_array(json);
    rw_json_close_object(json);
}

/* `target` is what growth curves call epsilon in scenarios. */
bool rw_schema_has_target(const rw_model *model) {
    return model->kind == RW_GROWTH && rw_model_field(model, "epsilon") != RW_NO_FIELD;
}

void rw_schema_write_parameters(rw_json *json, const rw_model *model) {
    for (size_t f = 0; f < model->n_fields; f++)
        if (rw_schema_is_settable(&model->fields[f]))
            write_parameter(json, model->fields[f].name, &model->fields[f]);
    if (rw_schema_has_target(model))
        write_parameter(json, "target", &model->fields[rw_model_field(model, "epsilon")]);
}

static void define_models(rw_json *json) {
    char name[128];
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        (void)snprintf(name, sizeof name, "%s.%s", rw_kind_name(model->kind), model->name);
        rw_json_open_object(json, name);
        rw_json_text(json, "type", "object");
        rw_json_text(json, "description", model->summary);
        rw_json_open_object(json, "properties");
        rw_schema_write_parameters(json, model);
        rw_json_close_object(json);
        rw_json_truth(json, "additionalProperties", false);
        rw_json_close_object(json);
    }
}

void rw_schema_write_definitions(rw_json *json) {
    rw_json_open_object(json, "definitions");
    define_numbers(json);
    define_distribution(json, "distribution", "quantity");
    define_distribution(json, "distribution_of_numbers", "number");
    define_course(json, "course", "quantity");
    define_course(json, "course_of_numbers", "number");
    define_selection(json);
    define_models(json);
    rw_json_close_object(json);
}
