#include "config/scenario_table.h"

#include <string.h>

#include "config/key_table_reader.h"
#include "config/scenario_size.h"
#include "config/sections/blockade_section.h"
#include "config/sections/checkpoint_section.h"
#include "config/sections/clock_section.h"
#include "config/sections/drugs_section.h"
#include "config/sections/growth_section.h"
#include "config/sections/inputs_section.h"
#include "config/sections/lesions_section.h"
#include "config/sections/outcomes_section.h"
#include "config/sections/populations_section.h"
#include "config/sections/projections_section.h"
#include "config/sections/record_section.h"
#include "config/sections/signals_section.h"
#include "config/sections/space_section.h"
#include "config/sections/structure_section.h"
#include "config/sections/time_section.h"

static rw_err read_version(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)entry;
    (void)object;
    if (rw_read_text(r, node) && strcmp(node->text, "1") != 0)
        rw_node_wrong(r->diagnostics, node, "this program reads scenarios of version 1, not \"%.40s\"", node->text);
    return RW_OK;
}

static void write_version(FILE *out, const rw_scenario *scenario, const void *object) {
    (void)scenario;
    (void)object;
    (void)fputs("1", out);
}

/* A title may be empty. */
static rw_err read_title(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    if (node == NULL || node->kind != RW_NODE_SCALAR)
        return rw_entry_read_kind(r, node, entry, object);
    ((rw_scenario *)object)->title = node->text;
    return RW_OK;
}

static bool has_title(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->title != NULL && scenario->title[0] != '\0';
}

static bool has_space(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->dimensions > 0;
}

static rw_err read_checkpoint(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    r->scenario->checkpoint.none = node->kind == RW_NODE_SCALAR && strcmp(node->text, "none") == 0;
    return rw_entry_read_kind(r, node, entry, object);
}

static bool has_checkpoints(const rw_scenario *scenario, const void *object) {
    (void)object;
    return !scenario->checkpoint.none;
}

static bool has_outcomes(const rw_scenario *scenario, const void *object) {
    (void)object;
    return rw_has_outcomes(scenario);
}

static const rw_entry stop_entries[] = {
    {"rate_above", RW_QUANTITY(rw_scenario, max_rate_hz, "Hz", 1e-3, 1e9), .default_text = "1000 Hz",
     .help = "A population that fires faster than this over 100 ms ends the run (exit code 4)."},
};

static const rw_key_table stop_table = {.name = "stop",
                                        .help = "When a run ends because its activity is not meaningful.",
                                        RW_ENTRIES(stop_entries),
                                        .flow = true};

static const rw_entry entries[] = {
    {"rewire", RW_OTHER, .required = true, .form = "1", .schema = "{\"const\": 1}", .read = read_version,
     .write = write_version, .help = "Version of the language."},
    {"title", RW_TEXT(rw_scenario, title), .default_words = "none", .read = read_title, .shown = has_title,
     .help = "What the scenario is about, for reports."},
    {"seed", RW_INTEGER(rw_scenario, seed, 0, INT64_MAX), .default_text = "1",
     .help = "Another seed gives another network and other noise."},
    {"time", RW_MAP(&rw_time_table), .required = true, .help = "How long the run is."},
    {"space", RW_MAP(&rw_space_table), .default_words = "no positions, no distances", .shown = has_space,
     .help = "Where the cells are."},
    {"stop", RW_MAP(&stop_table), .default_text = "{}",
     .help = "When a run ends because its activity is not meaningful."},
    {"populations", RW_NAMED(rw_scenario, populations, n_populations, &rw_population_table, 10000), .required = true,
     .read = rw_read_populations, .help = "Populations of cells."},
    {"projections", RW_LIST(rw_scenario, projections, n_projections, &rw_projection_table, 1000000),
     .default_words = "none", .read = rw_read_projections, .help = "Connections between populations."},
    {"inputs", RW_LIST(rw_scenario, inputs, n_inputs, &rw_input_table, 1000000), .default_words = "none",
     .help = "Input to the cells from outside the network."},
    {"signals", RW_NAMED(rw_scenario, signals, n_signals, &rw_signal_table, 16), .default_words = "none",
     .help = "Signals that change how fast synaptic elements form."},
    {"structure", RW_MAP(&rw_structure_table), .default_text = "{}", .read = rw_read_structure,
     .shown = rw_structure_is_shown, .help = "When the network rewires."},
    {"growth", RW_LIST(rw_scenario, growth, n_growth, &rw_growth_table, 30000), .default_words = "none",
     .read = rw_read_growth, .help = "How synaptic elements grow."},
    {"lesions", RW_LIST(rw_scenario, lesions, n_lesions, &rw_lesion_table, 10000), .default_words = "none",
     .help = "Cells, inputs or synapses that are removed at a given time."},
    {"blockade", RW_LIST(rw_scenario, factors, n_factors, &rw_factor_table, 256), .default_words = "none",
     .help = "Factors on the conductance of receptors."},
    {"drugs", RW_NAMED(rw_scenario, drugs, n_drugs, &rw_drug_table, 16), .default_words = "none",
     .help = "Drugs, their doses, and how they act."},
    {"record", RW_MAP(&rw_record_table), .default_text = "{}", .help = "What is recorded."},
    {"outcomes", RW_MAP(&rw_outcomes_table), .default_words = "none", .shown = has_outcomes,
     .help = "Outcome measures that must be told something."},
    {"checkpoint", RW_MAP(&rw_checkpoint_table), .none = true, .default_text = "{}", .read = read_checkpoint,
     .shown = has_checkpoints, .form = "{wall: 15 min, every: 1 h, at: [2 h]}", .help = "When states are saved."},
};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    (void)node;
    (void)object;
    rw_check_ages(r);
    RW_TRY(rw_check_clock(r));
    if (r->diagnostics->count == 0)
        rw_check_size(r);
    return RW_OK;
}

const rw_key_table rw_scenario_table = {
    .name = "scenario", .help = "A scenario is a YAML map of these sections.", RW_ENTRIES(entries), .finish = finish};
