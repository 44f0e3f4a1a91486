/* Every registered model describes itself as the engine, the scenario and its readers need. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <udunits2.h>

#include "close.h"
#include "model/block.h"
#include "model/registry.h"

#define check(condition, model, ...)                                                                                   \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            print_error("%s %s: ", rw_kind_name((model)->kind), (model)->name);                                        \
            fail_msg(__VA_ARGS__);                                                                                     \
        }                                                                                                              \
    } while (0)

static const char *const folders[] = {[RW_NEURON] = "neurons",   [RW_RECEPTOR] = "receptors", [RW_GROWTH] = "growth",
                                      [RW_DRUG] = "drugs",       [RW_COMPOUND] = "compounds", [RW_ACTION] = "actions",
                                      [RW_SYNAPSE] = "synapses", [RW_DRIVE] = "drives",       [RW_SIGNAL] = "signals"};

static void every_file_is_one_model_of_its_name(void **state) {
    (void)state;
    size_t files = 0;
    for (size_t kind = 0; kind < RW_COUNT(folders); kind++) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/models/%s", REWIRE_SOURCE_DIR, folders[kind]);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
            size_t length = strlen(entry->d_name);
            if (length < 3 || strcmp(entry->d_name + length - 2, ".c") != 0)
                continue;
            char name[256];
            (void)snprintf(name, sizeof name, "%.*s", (int)(length - 2), entry->d_name);
            if (rw_registry_find((rw_kind)kind, name) == NULL)
                fail_msg("models/%s/%s registers no model named %s", folders[kind], entry->d_name, name);
            files++;
        }
        (void)closedir(folder);
    }
    assert_int_equal(files, rw_registry_count());
}

static void names_are_unique_and_can_be_written_in_a_scenario(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        for (const char *c = model->name; *c != '\0'; c++)
            check(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_', model, "name with '%c'", *c);
        for (size_t other = 0; other < m; other++)
            check(strcmp(rw_registry_at(other)->name, model->name) != 0, model, "two models have this name");
        for (size_t f = 0; f < model->n_fields; f++) {
            const char *name = model->fields[f].name;
            check(name != NULL && isalpha((unsigned char)name[0]), model, "field %zu has no name", f);
            for (const char *c = name; *c != '\0'; c++)
                check(isalnum((unsigned char)*c) || *c == '_', model, "field %s: name with '%c'", name, *c);
            check(rw_model_field(model, name) == f, model, "two fields are called %s", name);
        }
    }
}

static void summaries_are_sentences_and_every_number_is_explained(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        const char *summary = model->summary;
        check(summary != NULL && strlen(summary) > 20, model, "no summary");
        check(isupper((unsigned char)summary[0]) && summary[strlen(summary) - 1] == '.', model,
              "summary is no sentence");
        check(strchr(summary, '\n') == NULL, model, "summary has more than one line");
        check(model->equations != NULL && strchr(model->equations, '=') != NULL, model, "no equations");
        check(model->references != NULL && strlen(model->references) > 10, model, "no references");
        for (size_t f = 0; f < model->n_fields; f++) {
            const rw_field *field = &model->fields[f];
            check(field->doc != NULL && strlen(field->doc) > 5, model, "%s is not explained", field->name);
            check(strchr(field->doc, '\n') == NULL, model, "%s: explanation has more than one line", field->name);
            check(field->doc[strlen(field->doc) - 1] != '.', model, "%s: explanation ends with a full stop",
                  field->name);
        }
    }
}

static void units_are_known_to_udunits(void **state) {
    (void)state;
    ut_set_error_message_handler(ut_ignore);
    ut_system *system = ut_read_xml(NULL);
    assert_non_null(system);
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        for (size_t f = 0; f <= model->n_fields; f++) {
            if (f == model->n_fields && model->kind != RW_RECEPTOR)
                continue;
            const char *unit = f < model->n_fields ? model->fields[f].unit : model->receptor.weight_unit;
            check(unit != NULL, model, "field %zu has no unit", f);
            ut_unit *parsed = ut_parse(system, unit, UT_UTF8);
            check(parsed != NULL, model, "UDUNITS does not know '%s'", unit);
            ut_free(parsed);
        }
    }
    ut_free_system(system);
}

static void ranges_hold_their_defaults(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        for (size_t f = 0; f < model->n_fields; f++) {
            const rw_field *field = &model->fields[f];
            bool settable = field->role == RW_PARAMETER || field->role == RW_STATE;
            check(!settable || (isfinite(field->min) && isfinite(field->max) && field->min < field->max), model,
                  "%s has no range", field->name);
            if (field->like == NULL) {
                check(!settable || (field->value >= field->min && field->value <= field->max), model,
                      "%s: default outside its range", field->name);
                continue;
            }
            size_t source = rw_model_field(model, field->like);
            check(field->role == RW_STATE && source != RW_NO_FIELD && model->fields[source].role == RW_PARAMETER, model,
                  "%s is like '%s', which is no parameter", field->name, field->like);
            check(model->fields[source].min >= field->min && model->fields[source].max <= field->max, model,
                  "%s cannot take every value of %s", field->name, field->like);
        }
    }
}

/* A drug model without flows is a table; one with flows has them, and volumes, between its own compartments. */
static void check_kinetics(const rw_model *model) {
    const rw_kinetics_model *drug = &model->drug;
    size_t observed = 0;
    check(drug->reference_kg > 0.0, model, "no body mass that its numbers are for");
    check(drug->flows == NULL || (drug->n_compartments > 0 && drug->allometry != NULL), model, "incomplete");
    for (size_t c = 0; c < drug->n_compartments; c++) {
        const rw_compartment *compartment = &drug->compartments[c];
        check(compartment->species == NULL || rw_registry_find(RW_COMPOUND, compartment->species) != NULL, model,
              "there is no compound %s", compartment->species);
        observed += compartment->volume != RW_NOWHERE;
        check(compartment->volume == RW_NOWHERE || strcmp(model->fields[compartment->volume].unit, "l") == 0, model,
              "%s: its volume is no volume", compartment->name);
    }
    check(drug->flows == NULL || observed > 0, model, "no concentration can be seen");
    check(drug->compound == NULL || rw_registry_find(RW_COMPOUND, drug->compound) != NULL, model, "no compound %s",
          drug->compound);
    for (size_t v = 0; v < drug->n_variances; v++)
        check(drug->variances[v].a < model->n_fields && drug->variances[v].b < model->n_fields, model, "no such field");
}

static void check_action(const rw_model *model) {
    const rw_action *action = &model->action;
    size_t forms = (size_t)(action->left != NULL) + (action->pore != NULL) + (action->update != NULL);
    check(forms == 1, model, "acts in %zu forms instead of one", forms);
    check(action->affinity == RW_NOWHERE || strcmp(model->fields[action->affinity].unit, "umol/l") == 0, model,
          "its affinity is no concentration");
    check(action->pore == NULL || action->slope < model->n_fields, model, "no voltage dependence");
    check(action->update == NULL || model->fields[action->blocked].role == RW_STATE, model, "no blocked share");
}

static size_t count_states(const rw_model *model) {
    size_t n = 0;
    for (size_t f = 0; f < model->n_fields; f++)
        n += model->fields[f].role == RW_STATE;
    return n;
}

static void check_signal(const rw_model *model) {
    const rw_signal_model *signal = &model->signal;
    check(signal->advance != NULL && signal->formation != NULL, model, "advances nothing, or acts on nothing");
    check(signal->acting < count_states(model), model, "no state that acts");
    check(signal->lag < model->n_fields && model->fields[signal->lag].role == RW_PARAMETER &&
              strcmp(model->fields[signal->lag].unit, "ms") == 0,
          model, "its lag is no parameter in ms");
}

static void check_plasticity(const rw_model *model) {
    const rw_synapse_rule *rule = &model->synapse.rule;
    check(model->synapse.site < RW_SITES, model, "acts nowhere");
    if (model->synapse.site == RW_AT_SOURCE)
        check(model->synapse.release != NULL, model, "no release");
    if (model->synapse.site == RW_AT_TARGET)
        check(model->synapse.tick != NULL && count_states(model) > 0, model, "no tick, or no state to be the factor");
    if (model->synapse.site != RW_AT_SYNAPSE)
        return;
    check((rule->on_pre != NULL) == (rule->on_post != NULL) && (rule->on_pre != NULL || rule->between != NULL), model,
          "no rule");
    check(count_states(model) + rule->keeps_given_weight <= RW_SYNAPSE_STATES, model, "keeps too much of a synapse");
    for (int k = 0; k < RW_TRACES; k++) {
        const char *const names[] = {rule->tau_pre[k], rule->tau_post[k]};
        for (int side = 0; side < 2; side++) {
            size_t field = names[side] != NULL ? rw_model_field(model, names[side]) : RW_NO_FIELD;
            check(names[side] == NULL || field != RW_NO_FIELD, model, "no time constant %s", names[side]);
            check(names[side] == NULL ||
                      (model->fields[field].role == RW_PARAMETER && strcmp(model->fields[field].unit, "ms") == 0 &&
                       model->fields[field].min > 0.0),
                  model, "%s is no time constant in ms", names[side]);
        }
    }
}

static void each_kind_has_what_the_engine_calls_and_lends(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        size_t derived = 0, inputs = 0, ports = 0;
        for (size_t f = 0; f < model->n_fields; f++) {
            const char *name = model->fields[f].name;
            rw_role role = model->fields[f].role;
            derived += role == RW_DERIVED;
            ports += role == RW_PORT;
            inputs += role == RW_INPUT;
            bool lent = strcmp(name, "I_ext") == 0 || strcmp(name, "g_syn") == 0 || strcmp(name, "gE_syn") == 0;
            check(role != RW_INPUT || lent, model, "the engine fills no input called %s", name);
        }
        check(derived == 0 || model->derive != NULL, model, "nobody computes the derived numbers");
        if (model->kind != RW_NEURON)
            check(inputs + ports == 0, model, "only neurons have inputs and ports");
        if (model->kind == RW_NEURON) {
            size_t V_m = rw_model_field(model, "V_m");
            check(V_m != RW_NO_FIELD && model->fields[V_m].role == RW_STATE, model, "no state V_m");
            check(model->neuron.update != NULL, model, "no update");
            check((rw_model_field(model, "g_syn") == RW_NO_FIELD) == (rw_model_field(model, "gE_syn") == RW_NO_FIELD),
                  model, "g_syn and gE_syn belong together");
            check(rw_model_takes_receptors(model) || ports > 0, model, "spikes cannot reach it");
        }
        if (model->kind == RW_RECEPTOR)
            check(model->receptor.update != NULL, model, "no update");
        if (model->kind == RW_GROWTH)
            check(model->growth.rate != NULL, model, "no rate");
        if (model->kind == RW_SYNAPSE)
            check_plasticity(model);
        if (model->kind == RW_DRIVE)
            check(model->drive.level != NULL, model, "no level");
        if (model->kind == RW_SIGNAL)
            check_signal(model);
        if (model->kind == RW_DRUG)
            check_kinetics(model);
        if (model->kind == RW_ACTION)
            check_action(model);
    }
}

static void defaults_make_a_valid_model(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        rw_block block;
        assert_ok(rw_block_create(&block, rw_registry_at(m), 1000, 0.1));
        assert_ok(rw_block_finish(&block, NULL));
        rw_block_destroy(&block);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_one_model_of_its_name),
        cmocka_unit_test(names_are_unique_and_can_be_written_in_a_scenario),
        cmocka_unit_test(summaries_are_sentences_and_every_number_is_explained),
        cmocka_unit_test(units_are_known_to_udunits),
        cmocka_unit_test(ranges_hold_their_defaults),
        cmocka_unit_test(each_kind_has_what_the_engine_calls_and_lends),
        cmocka_unit_test(defaults_make_a_valid_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
