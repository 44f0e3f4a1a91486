#include "cli/cmd_models.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/nearest.h"
#include "cli/measure_reference.h"
#include "cli/options.h"
#include "cli/series_reference.h"
#include "model/registry.h"

static void print_list(void) {
    for (size_t i = 0; i < rw_registry_count(); i++) {
        const rw_model *model = rw_registry_at(i);
        if (i == 0 || model->kind != rw_registry_at(i - 1)->kind)
            (void)printf("%s%s models\n", i == 0 ? "" : "\n", rw_kind_name(model->kind));
        (void)printf("  %-17s %s\n", model->name, model->summary);
    }
    (void)printf("\n`rewire models NAME` shows one with its equations, parameters and references, `rewire models "
                 "series` what a run\n"
                 "can record in series.h5, `rewire models measures` by what runs are compared.\n");
}

/* Whether the name is that of a catalogue, which is printed then. */
static bool print_catalogue(const char *name, bool as_json) {
    rw_json json = {.file = stdout};
    if (strcmp(name, "series") == 0)
        as_json ? rw_series_reference_write(&json) : rw_series_reference_print();
    else if (strcmp(name, "measures") == 0)
        as_json ? rw_measure_reference_write(&json) : rw_measure_reference_print();
    else
        return false;
    return true;
}

static bool is_set(rw_role role) {
    return role == RW_PARAMETER || role == RW_STATE;
}

static void print_field(const rw_field *field) {
    char value[32] = "", range[48] = "";
    if (is_set(field->role)) {
        if (field->like != NULL)
            (void)snprintf(value, sizeof value, "%s", field->like);
        else
            (void)snprintf(value, sizeof value, "%.7g", field->value);
        (void)snprintf(range, sizeof range, "%g .. %g", field->min, field->max);
    }
    (void)printf("  %-13s %-8s %-10s %12s  %-18s  %s\n", field->name, field->unit, rw_role_name(field->role), value,
                 range, field->doc);
}

static void print_indented(const char *text) {
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        (void)printf("  %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void print_model(const rw_model *model) {
    (void)printf("%s (%s)\n%s\n\nequations\n", model->name, rw_kind_name(model->kind), model->summary);
    print_indented(model->equations);
    (void)printf("\n  %-13s %-8s %-10s %12s  %-18s  %s\n", "name", "unit", "role", "default", "range", "meaning");
    for (size_t i = 0; i < model->n_fields; i++)
        print_field(&model->fields[i]);
    if (model->kind == RW_RECEPTOR)
        (void)printf("\nweights on it are in %s; its synapses are %s\n", model->receptor.weight_unit,
                     model->receptor.inhibitory ? "inhibitory" : "excitatory");
    if (rw_model_takes_receptors(model))
        (void)printf("\nreceptors can sit on it\n");
    (void)printf("\nreferences\n");
    print_indented(model->references);
}

static void write_model(rw_json *json, const rw_model *model) {
    rw_json_open_object(json, NULL);
    rw_json_text(json, "name", model->name);
    rw_json_text(json, "kind", rw_kind_name(model->kind));
    rw_json_text(json, "summary", model->summary);
    rw_json_text(json, "equations", model->equations);
    rw_json_text(json, "references", model->references);
    if (model->kind == RW_RECEPTOR) {
        rw_json_text(json, "weight_unit", model->receptor.weight_unit);
        rw_json_truth(json, "inhibitory", model->receptor.inhibitory != 0);
    }
    if (model->kind == RW_NEURON)
        rw_json_truth(json, "takes_receptors", rw_model_takes_receptors(model));
    rw_json_open_array(json, "fields");
    for (size_t i = 0; i < model->n_fields; i++) {
        const rw_field *field = &model->fields[i];
        rw_json_open_object(json, NULL);
        rw_json_text(json, "name", field->name);
        rw_json_text(json, "unit", field->unit);
        rw_json_text(json, "role", rw_role_name(field->role));
        rw_json_text(json, "doc", field->doc);
        if (is_set(field->role)) {
            if (field->like != NULL)
                rw_json_text(json, "default", field->like);
            else
                rw_json_number(json, "default", field->value);
            rw_json_number(json, "min", field->min);
            rw_json_number(json, "max", field->max);
        }
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
    rw_json_close_object(json);
}

static void write_models(const char *name) {
    rw_json json = {.file = stdout};
    rw_json_open_array(&json, NULL);
    for (size_t i = 0; i < rw_registry_count(); i++)
        if (name == NULL || strcmp(rw_registry_at(i)->name, name) == 0)
            write_model(&json, rw_registry_at(i));
    rw_json_close_array(&json);
}

static rw_err unknown(const char *name) {
    const char *nearest = NULL;
    for (size_t i = 0; i < rw_registry_count(); i++) {
        const char *pair[] = {rw_registry_at(i)->name, nearest};
        const char *nearer = rw_nearest(name, pair, nearest != NULL ? 2 : 1);
        nearest = nearer != NULL ? nearer : nearest;
    }
    if (nearest != NULL)
        return rw_fail(RW_ERR_INPUT, "there is no model \"%s\"; did you mean %s?", name, nearest);
    return rw_fail(RW_ERR_INPUT, "there is no model \"%s\"; `rewire models` lists those there are", name);
}

rw_err rw_command_models(int argc, char **argv) {
    bool as_json = false, help = false;
    const char *name = NULL;
    const rw_option options[] = {{"--json", NULL, RW_OPTION_FLAG, &as_json, NULL, "a JSON array for machines"}};
    const rw_usage usage = {
        .name = "models",
        .positional = "[NAME|series|measures]",
        .max_positional = 1,
        .options = options,
        .n_options = 1,
        .doc = "Lists every model a scenario can name, or shows one: equations, parameters with unit, default\n"
               "and range, and where it was published. `rewire models series` lists what series.h5 can hold,\n"
               "`rewire models measures` the outcomes that runs are compared by."};
    RW_TRY(rw_options_parse(&usage, argc, argv, &name, &help));
    if (help)
        return RW_OK;
    if (name != NULL && print_catalogue(name, as_json))
        return RW_OK;
    size_t n_found = 0;
    for (size_t i = 0; name != NULL && i < rw_registry_count(); i++)
        n_found += strcmp(rw_registry_at(i)->name, name) == 0;
    if (name != NULL && n_found == 0)
        return unknown(name);
    if (as_json)
        write_models(name);
    else if (name == NULL)
        print_list();
    for (size_t i = 0; !as_json && name != NULL && i < rw_registry_count(); i++)
        if (strcmp(rw_registry_at(i)->name, name) == 0)
            print_model(rw_registry_at(i));
    return RW_OK;
}
