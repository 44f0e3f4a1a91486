#include "io/sonata/sonata_in_reports.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_keys.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_sets.h"
#include "io/sonata/sonata_reader.h"
#include "model/registry.h"

/* ---- which variable ---- */

/* A state of the cell or of one of its receptors, under NEST's name or ours. */
static bool find_variable(const rw_sonata_nest *nest, const rw_population_spec *population, const char *name,
                          rw_report_spec *report) {
    const rw_model *model = population->model;
    const char *field = name;
    report->kind = RW_OF_NEURON;
    for (size_t k = 0; k < nest->n_parameters; k++) {
        if (strcmp(nest->parameters[k].name, name) != 0)
            continue;
        field = nest->parameters[k].field;
        if (nest->parameters[k].owner == RW_SONATA_OF_CELL)
            continue;
        report->kind = RW_OF_RECEPTOR;
        report->receptor = nest->parameters[k].owner == RW_SONATA_OF_EXC ? 0 : 1;
        model = population->receptors[report->receptor].model;
    }
    report->field = rw_model_field(model, field);
    return report->field != RW_NO_FIELD && model->fields[report->field].role == RW_STATE;
}

static rw_err name_variable(rw_sonata_reader *reader, const rw_population_spec *population, rw_report_spec *report) {
    const rw_model *model =
        report->kind == RW_OF_NEURON ? population->model : population->receptors[report->receptor].model;
    const rw_field *field = &model->fields[report->field];
    char text[128];
    report->unit = field->unit;
    if (report->kind == RW_OF_NEURON)
        (void)snprintf(text, sizeof text, "%s", field->name);
    else
        (void)snprintf(text, sizeof text, "%s.%s", model->name, field->name);
    return rw_arena_string(reader->arena, &report->variable, text);
}

static rw_err read_variable(rw_sonata_reader *reader, const rw_node *entry, rw_report_spec *report) {
    const rw_population_spec *population = &reader->scenario->populations[report->population];
    const rw_sonata_nest *nest = reader->populations[report->population].nest;
    const rw_node *variable;
    RW_TRY(rw_sonata_json_need(reader, entry, "variable_name", RW_NODE_SCALAR, &variable));
    if (nest == NULL)
        return rw_sonata_json_wrong(reader, entry, "population '%s' is virtual; its cells have no variables",
                                    population->name);
    if (find_variable(nest, population, variable->text, report))
        return name_variable(reader, population, report);
    char list[256] = "";
    for (size_t f = 0; f < population->model->n_fields; f++) {
        size_t used = strlen(list);
        if (population->model->fields[f].role == RW_STATE)
            (void)snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "",
                           population->model->fields[f].name);
    }
    return rw_sonata_json_wrong(reader, variable, "cells of '%s' have no variable '%s'; they have %s", population->name,
                                variable->text, list);
}

/* ---- when ---- */

static rw_err read_times(rw_sonata_reader *reader, const rw_node *entry, rw_report_spec *report) {
    const rw_scenario *scenario = reader->scenario;
    const rw_node *dt = rw_node_get(entry, "dt"), *start = rw_node_get(entry, "start_time");
    const rw_node *end = rw_node_get(entry, "end_time");
    double value = scenario->step_ms;
    if (dt != NULL)
        RW_TRY(rw_sonata_json_number(reader, dt, &value));
    double steps = round(value / scenario->step_ms);
    if (!(steps >= 1.0 && steps < 0x1p53) || fabs(steps * scenario->step_ms - value) > 1e-9 * value)
        return rw_sonata_json_wrong(reader, dt != NULL ? dt : entry, "%g ms is not a multiple of the step, %g ms",
                                    value, scenario->step_ms);
    report->every_steps = (uint64_t)steps;
    value = 0.0;
    if (start != NULL)
        RW_TRY(rw_sonata_json_number(reader, start, &value));
    if (value != 0.0)
        return rw_sonata_json_wrong(reader, start, "reports begin at 0 ms");
    value = HUGE_VAL;
    if (end != NULL)
        RW_TRY(rw_sonata_json_number(reader, end, &value));
    if (value < (double)scenario->n_steps * scenario->step_ms * (1.0 - 1e-9))
        return rw_sonata_json_wrong(reader, end, "reports last to the end of the run, %g ms",
                                    (double)scenario->n_steps * scenario->step_ms);
    return RW_OK;
}

/* ---- reports ---- */

static bool says(const rw_node *map, const char *key, const char *text) {
    const rw_node *node = rw_node_get(map, key);
    return node != NULL && node->kind == RW_NODE_SCALAR && strcmp(node->text, text) == 0;
}

/* Traces of variables of whole cells go by several names in SONATA's dialects. */
static bool is_cell_report(const rw_node *entry) {
    if (rw_node_get(entry, "module") != NULL)
        return says(entry, "module", "membrane_report") || says(entry, "module", "multimeter_report");
    return rw_node_get(entry, "type") == NULL || says(entry, "type", "compartment");
}

/* Names the report of one population, if several populations have cells in it. */
static rw_err name_report(rw_sonata_reader *reader, const rw_node *entry, const char *population, bool alone,
                          const char **name) {
    size_t size = strlen(entry->key) + strlen(population) + 2;
    char *text = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, text, size));
    (void)snprintf(text, size, "%s%s%s", entry->key, alone ? "" : ".", alone ? "" : population);
    *name = text;
    return RW_OK;
}

/* Adds a report for each population that has cells in the node set; virtual cells have no variables. */
static rw_err add_reports(rw_sonata_reader *reader, const rw_node *entry, const rw_node *cells, rw_report_spec *list,
                          size_t *n_reports) {
    const rw_sonata_part *parts;
    size_t n, n_real = 0;
    RW_TRY(rw_sonata_node_set(reader, cells, &parts, &n));
    for (size_t k = 0; k < n; k++)
        n_real += reader->populations[parts[k].population].nest != NULL;
    for (size_t k = 0; k < n; k++) {
        const char *population = reader->scenario->populations[parts[k].population].name;
        if (reader->populations[parts[k].population].nest == NULL && n_real > 0)
            continue;
        rw_report_spec *report = &list[(*n_reports)++];
        *report = (rw_report_spec){.mark = entry->mark, .population = (uint32_t)parts[k].population};
        report->targets = parts[k].cells;
        RW_TRY(name_report(reader, entry, population, n_real <= 1, &report->name));
        RW_TRY(read_variable(reader, entry, report));
        RW_TRY(read_times(reader, entry, report));
    }
    return RW_OK;
}

static rw_err read_report(rw_sonata_reader *reader, const rw_node *entry, rw_report_spec *list, size_t *n_reports) {
    static const rw_sonata_section section = {
        .read = "cells variable_name module type dt start_time end_time enabled",
        .idle = "sections compartments unit file_name format to_h5 delete_dat buffer_size"};
    const rw_node *cells = rw_node_get(entry, "cells");
    if (entry->kind != RW_NODE_MAP)
        return rw_sonata_json_wrong(reader, entry, "a report is a map with cells and variable_name");
    if (says(entry, "module", "spikes_report"))
        return rw_scenario_warn(reader->scenario, "%s:%u: reports.%s: spikes are recorded in any case, in spikes.h5",
                                entry->mark.file, entry->mark.line, entry->key);
    if (!is_cell_report(entry))
        return rw_sonata_json_wrong(reader, entry,
                                    "only reports of cell variables are there: module membrane_report or "
                                    "multimeter_report, or type compartment");
    RW_TRY(rw_sonata_section_check(reader, entry, &section));
    if (cells == NULL)
        return rw_sonata_json_wrong(reader, entry, "'cells' is missing: the node set to report");
    if (entry->key[0] == '\0' || strchr(entry->key, '/') != NULL || entry->key[0] == '.')
        return rw_sonata_json_wrong(reader, entry, "'%s' cannot be the name of a file", entry->key);
    return add_reports(reader, entry, cells, list, n_reports);
}

rw_err rw_sonata_read_reports(rw_sonata_reader *reader) {
    const rw_node *reports = rw_node_get(reader->simulation.root, "reports");
    rw_record_spec *record = &reader->scenario->record;
    rw_report_spec *list = NULL;
    if (reports == NULL || rw_node_is_null(reports))
        return RW_OK;
    if (reports->kind != RW_NODE_MAP)
        return rw_sonata_json_wrong(reader, reports, "reports are a map from names to what is recorded");
    RW_TRY(RW_ARENA_NEW(reader->arena, list, reports->count * reader->scenario->n_populations));
    for (const rw_node *entry = reports->first; entry != NULL; entry = entry->next) {
        if (!rw_sonata_json_disabled(entry))
            RW_TRY(read_report(reader, entry, list, &record->n_reports));
    }
    record->reports = list;
    return RW_OK;
}
