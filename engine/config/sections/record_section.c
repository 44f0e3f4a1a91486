#include "config/sections/record_section.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/key_table_reader.h"
#include "config/references.h"
#include "config/render.h"
#include "config/schedule.h"
#include "config/sections/growth_section.h"
#include "config/sections/measures_section.h"
#include "model/registry.h"

enum { MOST_REPORTS = 1000 };

/* ---- reports ---- */

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

static void check_variable(rw_reader *r, const rw_node *node, void *object) {
    rw_report_spec *report = object;
    const rw_population_spec *population = &r->scenario->populations[report->population];
    if (population->model_known && !find_variable(r->scenario, report))
        report_unknown_variable(r, node, population);
}

static const rw_entry report_entries[] = {
    {"name", RW_NAME(rw_report_spec, name), .required = true, .help = "Name of its file under reports/."},
    {"of", RW_POPULATION(rw_report_spec, population), .required = true, .decides = true, .help = "Which population."},
    {"variable", RW_TEXT(rw_report_spec, variable), .required = true, .depends = true, .check = check_variable,
     .help = "A state of the cell (V_m), RECEPTOR.STATE (nmda.g), calcium, axon, dendrite_exc or dendrite_inh."},
    {"every", RW_TIME(rw_report_spec, every_steps, 1), .required = true,
     .help = "Time of the network between samples."},
    {"targets", RW_SELECTION(rw_report_spec, targets, population), .default_text = "all", .depends = true,
     .help = "Which of its cells."},
};

static const rw_key_table report_table = {.name = "reports",
                                          .help = "A variable of some cells, sampled at regular times.",
                                          RW_ENTRIES(report_entries),
                                          RW_ITEM(rw_report_spec),
                                          .flow = true};

static rw_err read_reports(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_record_spec *record = &r->scenario->record;
    rw_names *names = NULL;
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    RW_TRY(rw_names_create(&names, r->arena, record->n_reports));
    for (const rw_node *item = record->n_reports > 0 ? node->first : NULL; item != NULL; item = item->next) {
        const char *name = record->reports[item->index].name;
        if (name != NULL && !rw_names_add(names, name, 0))
            rw_node_wrong(r->diagnostics, rw_node_get(item, "name"), "another report has this name already");
    }
    return RW_OK;
}

/* ---- the rest ---- */

/* all, none or a list of populations. */
static rw_err read_spikes(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const size_t n = r->scenario->n_populations;
    bool *spikes = NULL;
    (void)entry;
    RW_TRY(RW_ARENA_NEW(r->arena, spikes, n));
    ((rw_scenario *)object)->record.spikes = spikes;
    bool word = node->kind == RW_NODE_SCALAR, all = word && strcmp(node->text, "all") == 0;
    for (size_t k = 0; k < n; k++)
        spikes[k] = all;
    if (all || (word && strcmp(node->text, "none") == 0))
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

static void write_spikes(FILE *out, const rw_scenario *scenario, const void *object) {
    const bool *spikes = scenario->record.spikes;
    size_t recorded = 0;
    (void)object;
    for (size_t k = 0; k < scenario->n_populations; k++)
        recorded += spikes != NULL && spikes[k];
    if (recorded == scenario->n_populations || recorded == 0)
        (void)fputs(recorded == 0 ? "none" : "all", out);
    else
        rw_render_places(out, scenario, &(rw_places){spikes, NULL});
}

static void check_ages(rw_reader *r, const rw_node *node, void *object) {
    const rw_scenario *scenario = object;
    const rw_record_spec *record = &scenario->record;
    const uint64_t every = scenario->structure.every_steps;
    bool structural = false;
    for (size_t p = 0; p < scenario->n_projections; p++)
        structural = structural || scenario->projections[p].structural;
    if (record->n_survival == 0)
        return;
    if (!structural)
        rw_node_key_wrong(r->diagnostics, node, "no synapses form or vanish: it needs a projection with rewire:");
    if (record->series_steps == 0)
        rw_node_key_wrong(r->diagnostics, node, "stands in series.h5; it needs record.series");
    if (r->step_known && record->survival_steps[0] == 0)
        rw_node_wrong(r->diagnostics, node->first, "an age is longer than 0; the first class begins there by itself");
    for (size_t k = 0; r->step_known && every > 0 && k < record->n_survival; k++)
        if (record->survival_steps[k] % every != 0) {
            rw_node_wrong(r->diagnostics, node,
                          "ages are counted in updates; each must be a multiple of structure.every");
            break;
        }
}

/* What is wrong with the list comes first, and does not hide the rest. */
static rw_err read_survival(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    check_ages(r, node, object);
    return RW_OK;
}

static const rw_entry snapshot_entries[] = {
    {"every", RW_TIME(rw_scenario, record.snapshot_steps, 1), .default_words = "at the start and the end",
     .help = "Time between snapshots."},
};

static const rw_key_table snapshots_table = {
    .name = "snapshots", .help = "Snapshots of the connectivity.", RW_ENTRIES(snapshot_entries), .flow = true};

static void begin_series(rw_reader *r, const rw_node *node, void *object) {
    const double step_ms = r->scenario->step_ms, until_ms = (double)r->scenario->n_steps * step_ms;
    const double most_ms = r->scenario->clock.slow ? INFINITY : 1000.0;
    (void)node;
    ((rw_scenario *)object)->record.series_steps =
        (uint64_t)fmax(1.0, round(fmin(most_ms, until_ms / 100.0) / step_ms));
}

static const rw_entry series_entries[] = {
    {"every", RW_TIME(rw_scenario, record.series_steps, 1),
     .default_words = "a hundredth of the run; at most 1 s without time.clock", .help = "Time between samples."},
};

static const rw_key_table series_table = {
    .name = "series",
    .help =
        "Time series in series.h5: rates, calcium, synaptic elements, synapses, turnover, blockade, levels of drugs.",
    RW_ENTRIES(series_entries),
    .flow = true,
    .begin = begin_series};

static bool has_series(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->record.series_steps > 0;
}

static bool has_measures(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->record.measures.of != NULL;
}

static const rw_entry entries[] = {
    {"spikes", RW_OTHER, .default_text = "all", .form = "all, none or a list of populations",
     .schema = "{\"anyOf\": [{\"enum\": [\"all\", \"none\"]}, {\"type\": \"array\", \"items\": {\"type\": "
               "\"string\"}}]}",
     .read = read_spikes, .write = write_spikes, .help = "Populations whose spikes are recorded."},
    {"snapshots", RW_MAP_IF(rw_scenario, record.snapshots, &snapshots_table), .none = true, .default_text = "{}",
     .form = "{every: 1 h}", .help = "Snapshots of the connectivity."},
    {"series", RW_MAP(&series_table), .none = true, .default_text = "{}", .form = "{every: 1 s}", .shown = has_series,
     .help = "Time series of the network, in series.h5."},
    {"survival", RW_TIMES(rw_scenario, record.survival_steps, record.n_survival), .none = true, .default_text = "none",
     .read = read_survival, .help = "Ages that bound the classes of the survival of synapses: how many reach them."},
    {"measures", RW_MAP(&rw_measures_table), .none = true, .default_text = "none", .shown = has_measures,
     .form = "{of: pyr_pyr, which: [turnover], every: 1 h}", .help = "Measures of the connectivity."},
    {"reports", RW_LIST(rw_scenario, record.reports, record.n_reports, &report_table, MOST_REPORTS), .none = true,
     .default_words = "none", .read = read_reports, .help = "Variables of single cells."},
};

const rw_key_table rw_record_table = {
    .name = "record", .help = "What is recorded. This does not change the results.", RW_ENTRIES(entries)};
