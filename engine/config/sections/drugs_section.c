#include "config/sections/drugs_section.h"

#include <stdio.h>
#include <string.h>

#include "config/drug_targets.h"
#include "config/key_table_reader.h"
#include "config/model_settings.h"
#include "config/references.h"
#include "config/render.h"
#include "config/sections/dose_section.h"
#include "model/registry.h"

static const char *const assay_words[] = {[RW_IN_MG] = "in_mg", [RW_MG_FREE] = "mg_free"};

/* Persons differ in what their bodies do with a drug, not in what the drug is. */
static const char of_a_drug[] = "must be numbers; only what stands under \"set\" may be a distribution";

/* ---- how it acts ---- */

/* Defaults that depend on the action. */
static void action_is_known(rw_reader *r, const rw_node *node, void *object) {
    rw_drug_spec *drug = object;
    (void)r;
    (void)node;
    drug->assay = drug->action->action.assay;
}

static bool needs_constants(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_drug_spec *)object)->assay != RW_MG_NO_MATTER;
}

/* What was set in an action; the rest is the compound's or the action's own. */
static void write_action_settings(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_drug_spec *drug = object;
    (void)scenario;
    for (size_t k = 0; k < drug->n_action_settings; k++) {
        const rw_field *field = &drug->action->fields[drug->action_settings[k].field];
        (void)fprintf(out, "      %s: ", field->name);
        rw_render_value(out, &drug->action_settings[k].value, field->unit);
        (void)fputc('\n', out);
    }
}

static rw_err finish_action(rw_reader *r, const rw_node *node, void *object) {
    const rw_drug_spec *drug = object;
    rw_check_constants(r, node, drug->action_settings, drug->n_action_settings, of_a_drug);
    return RW_OK;
}

static const rw_key_table action_table;
static const rw_entry action_entries[] = {
    {"model", RW_MODEL_OF(rw_drug_spec, action, RW_ACTION), .required = true, .check = action_is_known,
     .help = "hill: a factor on the conductance, from IC50 in magnesium; mg_competitive and woodhull: in the pore, in "
             "competition with magnesium, from constants measured without magnesium; trapping: use-dependent, for each "
             "cell; competitive and allosteric: at sites of their own."},
    {"constants", RW_CHOICE(rw_drug_spec, assay, assay_words, RW_COUNT(assay_words)),
     .default_words = "the action's own", .shown = needs_constants,
     .help = "Which constants of the compound: those in 1 mM magnesium, or those without."},
    {NULL, RW_INLINE_SETTINGS(rw_drug_spec, action_settings, n_action_settings, action, &action_table),
     .write = write_action_settings},
};

static const rw_key_table action_table = {.name = "action",
                                          .help =
                                              "How the drug acts on a receptor. `action: hill` is short for `action: "
                                              "{model: hill}`; the parameters of the model are written beside it.",
                                          RW_ENTRIES(action_entries),
                                          .shorthand = "model",
                                          .finish = finish_action};

static bool sets_field(const rw_setting *settings, size_t n, size_t field) {
    for (size_t k = 0; k < n; k++)
        if (settings[k].field == field)
            return true;
    return false;
}

/* An action that needs an affinity must get it: from the compound, for each subunit, or from the scenario. */
static void check_affinity(rw_reader *r, const rw_node *node, const rw_drug_spec *drug) {
    const rw_action *action = &drug->action->action;
    if (action->affinity == RW_NOWHERE || sets_field(drug->action_settings, drug->n_action_settings, action->affinity))
        return;
    const char *prefix = drug->assay == RW_IN_MG ? "IC50" : "K";
    char field[32];
    (void)snprintf(field, sizeof field, "%s_2A", prefix);
    if (rw_model_field(drug->compound, field) == RW_NO_FIELD)
        rw_node_key_wrong(r->diagnostics, node,
                          "%s has no constants %s_2A ... %s_2D (%s magnesium), which %s needs; take another action, "
                          "other constants (action: {model: %s, constants: %s}), or set %s in the action",
                          drug->compound->name, prefix, prefix, drug->assay == RW_IN_MG ? "in 1 mM" : "without",
                          drug->action->name, drug->action->name, drug->assay == RW_IN_MG ? "mg_free" : "in_mg",
                          drug->action->fields[action->affinity].name);
}

/* ---- where it acts ---- */

/* interneurons: cells whose synapses inhibit; principal_cells: the others. */
static bool is_class(const rw_scenario *scenario, uint32_t population, bool inhibits) {
    bool any = false, inhibitory = false;
    for (size_t p = 0; p < scenario->n_projections; p++) {
        if (scenario->projections[p].source != population)
            continue;
        any = true;
        inhibitory = inhibitory || scenario->projections[p].inhibitory;
    }
    return any && inhibitory == inhibits;
}

static bool is_word(const rw_node *node, const char *word) {
    return node != NULL && node->kind == RW_NODE_SCALAR && strcmp(node->text, word) == 0;
}

/* Where it may act, whatever receptors are there. */
static rw_err read_on(rw_reader *r, const rw_node *on, const rw_entry *entry, void *object) {
    rw_drug_spec *drug = object;
    bool interneurons = is_word(on, "interneurons"), is_cells = interneurons || is_word(on, "principal_cells");
    (void)entry;
    drug->where = on == NULL     ? RW_DRUG_ANYWHERE
                  : interneurons ? RW_DRUG_INTERNEURONS
                  : is_cells     ? RW_DRUG_PRINCIPAL_CELLS
                                 : RW_DRUG_PLACES;
    RW_TRY(rw_read_places(r, is_cells ? NULL : on, NULL, &drug->on));
    bool *on_population = (bool *)(uintptr_t)drug->on.on_population; /* allocated by this reader */
    for (uint32_t p = 0; is_cells && p < r->scenario->n_populations; p++)
        on_population[p] = is_class(r->scenario, p, interneurons);
    return RW_OK;
}

static bool was_said_where(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_drug_spec *)object)->where != RW_DRUG_ANYWHERE;
}

static void write_on(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_drug_spec *drug = object;
    if (drug->where == RW_DRUG_PLACES)
        rw_render_places(out, scenario, &drug->on);
    else
        (void)fputs(drug->where == RW_DRUG_INTERNEURONS ? "interneurons" : "principal_cells", out);
}

static void check_receptor(rw_reader *r, const rw_node *node, void *object) {
    const rw_model *receptor = ((const rw_drug_spec *)object)->receptor;
    if (receptor != NULL && receptor->receptor.glun2 == NULL)
        rw_node_wrong(r->diagnostics, node, "drugs act on NMDA receptors, and %s is none", receptor->name);
}

/* ---- what it is, and what the body does with it ---- */

/* Default: the drug's own name, or the compound that the model was made for. */
static rw_err read_compound(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_drug_spec *drug = object;
    if (node != NULL)
        return rw_entry_read_kind(r, node, entry, object);
    drug->compound = rw_registry_find(RW_COMPOUND, drug->name);
    if (drug->compound == NULL && drug->model->drug.compound != NULL)
        drug->compound = rw_registry_find(RW_COMPOUND, drug->model->drug.compound);
    if (drug->compound == NULL)
        rw_node_key_wrong(r->diagnostics, r->map,
                          "there is no compound \"%.60s\"; say which it is with compound:, for example ketamine "
                          "(`rewire models` lists them)",
                          drug->name);
    return RW_OK;
}

static bool has_parameters(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_drug_spec *)object)->model->n_fields > 0;
}

static void check_compound_constants(rw_reader *r, const rw_node *node, void *object) {
    const rw_drug_spec *drug = object;
    rw_check_constants(r, node, drug->constants, drug->n_constants, of_a_drug);
}

static rw_err read_body_mass(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_drug_spec *drug = object;
    drug->body_mass_kg = drug->model->drug.reference_kg;
    return rw_entry_read_kind(r, node, entry, object);
}

static void check_subject(rw_reader *r, const rw_node *node, void *object) {
    const rw_drug_spec *drug = object;
    bool varies = drug->model->drug.n_variances > 0;
    for (size_t k = 0; k < drug->n_settings; k++)
        varies = varies || drug->settings[k].value.kind != RW_CONSTANT;
    if (drug->subject > 0 && !varies)
        rw_node_key_wrong(r->diagnostics, node,
                          "%s has no published variances between persons; give a parameter a distribution, for example "
                          "set: {%s: {lognormal: [mean, std]}}",
                          drug->model->name, drug->model->n_fields > 0 ? drug->model->fields[0].name : "CL");
}

static rw_err read_level(rw_reader *r, const rw_node *level, const rw_entry *entry, void *object) {
    const rw_drug_spec *drug = object;
    if ((level == NULL) != (drug->model->drug.flows != NULL))
        rw_node_key_wrong(r->diagnostics, level != NULL ? level : r->map,
                          level != NULL ? "only the model concentration takes a level; give doses"
                                        : "the key \"level\" is missing: 5 uM, or {table: [[0 min, 0 uM], ...]}");
    return rw_entry_read_kind(r, level, entry, object);
}

static bool takes_level(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_drug_spec *)object)->model->drug.flows == NULL;
}

static bool takes_doses(const rw_scenario *scenario, const void *object) {
    return !takes_level(scenario, object);
}

static rw_err read_doses(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    return rw_read_doses(r, node, r->map, entry, object);
}

static const rw_entry entries[] = {
    {"model", RW_MODEL_OF(rw_drug_spec, model, RW_DRUG), .required = true, .decides = true,
     .help = "Pharmacokinetics; the model concentration takes a level instead of doses."},
    {"compound", RW_MODEL_OF(rw_drug_spec, compound, RW_COMPOUND), .default_words = "the drug's own name",
     .depends = true, .decides = true, .read = read_compound, .help = "The substance."},
    {"set", RW_SETTINGS(rw_drug_spec, settings, n_settings, model), .default_words = "the model's defaults",
     .depends = true, .shown = has_parameters,
     .help = "Parameters of the model, for its reference body mass; a distribution is over persons."},
    {"constants", RW_SETTINGS(rw_drug_spec, constants, n_constants, compound), .default_words = "the compound's own",
     .depends = true, .check = check_compound_constants, .help = "Constants of the compound."},
    {"body_mass", RW_QUANTITY(rw_drug_spec, body_mass_kg, "kg", 1e-3, 1e3), .default_words = "the model's reference",
     .depends = true, .read = read_body_mass, .help = "Mass of the body."},
    {"subject", RW_INTEGER(rw_drug_spec, subject, 0, UINT32_MAX), .default_text = "0", .depends = true,
     .check = check_subject, .help = "0: the typical person; N: person N of the cohort, with the published variances."},
    {"cohort", RW_INTEGER(rw_drug_spec, cohort, 0, INT64_MAX), .default_text = "1",
     .help = "Another number gives another cohort of persons."},
    {"level", RW_COURSE(rw_drug_spec, level, "umol/l", 0.0, 1e6),
     .default_words = "needed with the model concentration", .depends = true, .read = read_level, .shown = takes_level,
     .help = "Concentration at the receptor."},
    {"doses", RW_LIST(rw_drug_spec, doses, n_doses, &rw_dose_table, 10000), .default_words = "none", .depends = true,
     .read = read_doses, .shown = takes_doses, .help = "Doses of several kinds; one may stand in the drug's own map."},
    {NULL, RW_INLINE(&rw_dose_table)},
    {"action", RW_MAP(&action_table), .default_text = "hill", .help = "How it acts on a receptor."},
    {"receptor", RW_MODEL_OF(rw_drug_spec, receptor, RW_RECEPTOR), .default_words = "every NMDA receptor",
     .check = check_receptor, .help = "The NMDA receptor that it acts on."},
    {"on", RW_PLACES(rw_drug_spec, on), .default_words = "wherever an NMDA receptor is", .read = read_on,
     .shown = was_said_where, .write = write_on,
     .form = "a population, a projection, a list of them, `interneurons` (cells whose synapses inhibit) or "
             "`principal_cells` (cells whose synapses do not)",
     .help = "Where it acts."},
};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    rw_drug_spec *drug = object;
    check_affinity(r, node, drug);
    return rw_find_drug_targets(r, node, drug);
}

const rw_key_table rw_drug_table = {
    .name = "drugs",
    .help = "Drugs: doses, pharmacokinetics, and action on NMDA receptors."
            ""
            "Several drugs can act at once, each with the metabolites that its model produces; a metabolite "
            "counts by its affinity relative to the drug.",
    RW_ENTRIES(entries),
    RW_ITEM_BY_NAME(rw_drug_spec),
    .finish = finish};
