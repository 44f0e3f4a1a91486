/* record: what is written down. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"
#include "model/registry.h"

enum { MOST_REPORTS = 1000 };

static bool is_word(const rw_node *node, const char *word) {
    return node->kind == RW_NODE_SCALAR && strcmp(node->text, word) == 0;
}

/* spikes: all, none or a list of populations. */
static rw_err read_spikes(rw_reader *r, const rw_node *node) {
    size_t n = r->scenario->n_populations;
    bool *spikes = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, spikes, n));
    r->scenario->record.spikes = spikes;
    bool all = node == NULL || is_word(node, "all");
    for (size_t k = 0; k < n; k++)
        spikes[k] = all;
    if (all || is_word(node, "none"))
        return RW_OK;
    if (node->kind != RW_NODE_LIST) {
        rw_node_wrong(r->diagnostics, node, "must be all, none or a list of populations");
        return RW_OK;
    }
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        uint32_t population = 0;
        if (rw_read_population(r, child, &population))
            spikes[population] = true;
    }
    return RW_OK;
}

/* none, or {every: time}; true unless none. */
static bool read_interval(rw_reader *r, const rw_node *node, uint64_t *steps) {
    static const rw_key keys[] = {{"every", false}};
    if (node == NULL)
        return true;
    if (is_word(node, "none"))
        return false;
    if (node->kind != RW_NODE_MAP)
        rw_node_wrong(r->diagnostics, node, "must be none or {every: time}");
    else if (rw_read_map(r, node, keys, RW_COUNT(keys)))
        (void)rw_read_steps(r, rw_node_get(node, "every"), 1, steps);
    return true;
}

/* "receptor.state" */
static bool find_receptor_variable(const rw_population_spec *population, rw_report_spec *report) {
    for (size_t k = 0; k < population->n_receptors; k++) {
        const rw_model *model = population->receptors[k].model;
        size_t length = strlen(model->name);
        if (strncmp(report->variable, model->name, length) != 0 || report->variable[length] != '.')
            continue;
        size_t field = rw_model_field(model, report->variable + length + 1);
        if (field == RW_NO_FIELD || model->fields[field].role != RW_STATE)
            return false;
        report->kind = RW_OF_RECEPTOR;
        report->receptor = k;
        report->field = field;
        report->unit = model->fields[field].unit;
        return true;
    }
    return false;
}

static bool find_structural_variable(const rw_scenario *scenario, rw_report_spec *report) {
    report->unit = "1";
    if (strcmp(report->variable, "calcium") == 0) {
        report->kind = RW_OF_CALCIUM;
        return scenario->structure.every_steps > 0;
    }
    for (size_t k = 0; k < scenario->n_growth; k++) {
        const rw_growth_spec *growth = &scenario->growth[k];
        if (growth->population != report->population ||
            strcmp(report->variable, rw_element_names[growth->element]) != 0)
            continue;
        report->kind = RW_OF_ELEMENT;
        report->element = growth->element;
        return true;
    }
    return false;
}

static bool find_variable(const rw_scenario *scenario, rw_report_spec *report) {
    const rw_population_spec *population = &scenario->populations[report->population];
    size_t field = population->model != NULL ? rw_model_field(population->model, report->variable) : RW_NO_FIELD;
    if (field != RW_NO_FIELD && population->model->fields[field].role == RW_STATE) {
        report->kind = RW_OF_NEURON;
        report->field = field;
        report->unit = population->model->fields[field].unit;
        return true;
    }
    return find_receptor_variable(population, report) ||
           (population->model != NULL && find_structural_variable(scenario, report));
}

/* Names every variable that can be recorded. */
static void report_unknown_variable(rw_reader *r, const rw_node *node, const rw_population_spec *population) {
    rw_suggestion suggestion = {.word = node->text};
    char names[64][80], text[320];
    size_t n = 0;
    for (size_t k = 0; population->model != NULL && k < population->model->n_fields; k++) {
        if (population->model->fields[k].role == RW_STATE)
            rw_suggestion_offer(&suggestion, population->model->fields[k].name);
    }
    for (size_t k = 0; k < population->n_receptors; k++) {
        const rw_model *model = population->receptors[k].model;
        for (size_t field = 0; field < model->n_fields && n < RW_COUNT(names); field++) {
            if (model->fields[field].role != RW_STATE)
                continue;
            (void)snprintf(names[n], sizeof names[n], "%.40s.%.30s", model->name, model->fields[field].name);
            rw_suggestion_offer(&suggestion, names[n++]);
        }
    }
    bool structural = r->scenario->structure.every_steps > 0 && population->model != NULL;
    if (structural)
        rw_suggestion_offer(&suggestion, "calcium");
    for (size_t k = 0; structural && k < r->scenario->n_growth; k++) {
        const rw_growth_spec *growth = &r->scenario->growth[k];
        if (&r->scenario->populations[growth->population] == population)
            rw_suggestion_offer(&suggestion, rw_element_names[growth->element]);
    }
    rw_node_wrong(r->diagnostics, node, "population %s has no variable \"%.60s\"; %s", population->name, node->text,
                  rw_suggestion_text(&suggestion, text, sizeof text));
}

static rw_err read_report(rw_reader *r, const rw_node *node, rw_report_spec *report, rw_names *names) {
    static const rw_key keys[] = {
        {"name", true}, {"of", true}, {"variable", true}, {"every", true}, {"targets", false}};
    report->mark = node->mark;
    report->every_steps = 1;
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    const rw_node *name = rw_node_get(node, "name"), *variable = rw_node_get(node, "variable");
    if (rw_read_name(r, name, &report->name) && !rw_names_add(names, report->name, 0))
        rw_node_wrong(r->diagnostics, name, "another report has this name already");
    (void)rw_read_steps(r, rw_node_get(node, "every"), 1, &report->every_steps);
    if (!rw_read_population(r, rw_node_get(node, "of"), &report->population) || !rw_read_text(r, variable))
        return RW_OK;
    report->variable = variable->text;
    const rw_population_spec *population = &r->scenario->populations[report->population];
    if (r->model_known[report->population] && !find_variable(r->scenario, report))
        report_unknown_variable(r, variable, population);
    return rw_read_selection(r, rw_node_get(node, "targets"), population->count, &report->targets);
}

static rw_err read_reports(rw_reader *r, const rw_node *node) {
    rw_report_spec *reports = NULL;
    rw_names *names = NULL;
    if (!rw_read_list(r, node))
        return RW_OK;
    if (node->count > MOST_REPORTS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu reports are too many; at most %d", node->count, MOST_REPORTS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, reports, node->count));
    RW_TRY(rw_names_create(&names, r->arena, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_report(r, child, &reports[child->index], names));
    r->scenario->record.reports = reports;
    r->scenario->record.n_reports = node->count;
    return RW_OK;
}

/* survival: the ages that bound its classes. */
static rw_err read_survival(rw_reader *r, const rw_node *node) {
    rw_record_spec *record = &r->scenario->record;
    bool structural = false;
    if (node == NULL)
        return RW_OK;
    for (size_t p = 0; p < r->scenario->n_projections; p++)
        structural = structural || r->scenario->projections[p].structural;
    if (!structural)
        rw_node_key_wrong(r->diagnostics, node, "no synapses form or vanish: it needs a projection with rewire:");
    if (record->series_steps == 0)
        rw_node_key_wrong(r->diagnostics, node, "stands in series.h5; it needs record.series");
    RW_TRY(rw_read_times(r, node, &record->survival_steps, &record->n_survival));
    if (r->step_known && record->n_survival > 0 && record->survival_steps[0] == 0)
        rw_node_wrong(r->diagnostics, node->first, "an age is longer than 0; the first class begins there by itself");
    uint64_t every = r->scenario->structure.every_steps;
    for (size_t k = 0; r->step_known && every > 0 && k < record->n_survival; k++)
        if (record->survival_steps[k] % every != 0) {
            rw_node_wrong(r->diagnostics, node,
                          "ages are counted in updates; each must be a multiple of structure.every");
            break;
        }
    return RW_OK;
}

rw_err rw_read_record(rw_reader *r, const rw_node *node) {
    static const rw_key keys[] = {{"spikes", false},   {"snapshots", false}, {"series", false},
                                  {"survival", false}, {"measures", false},  {"reports", false}};
    rw_record_spec *record = &r->scenario->record;
    double until_ms = (double)r->scenario->n_steps * r->scenario->step_ms;
    record->series_steps = (uint64_t)fmax(1.0, round(fmin(1000.0, until_ms / 100.0) / r->scenario->step_ms));
    if (node != NULL)
        (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    record->snapshots = read_interval(r, rw_node_get(node, "snapshots"), &record->snapshot_steps);
    if (!read_interval(r, rw_node_get(node, "series"), &record->series_steps))
        record->series_steps = 0;
    RW_TRY(read_survival(r, rw_node_get(node, "survival")));
    RW_TRY(read_spikes(r, rw_node_get(node, "spikes")));
    RW_TRY(rw_read_measures(r, rw_node_get(node, "measures")));
    return read_reports(r, rw_node_get(node, "reports"));
}
