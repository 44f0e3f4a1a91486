/* A scenario means what its text says, every default is filled in, and the resolved text is the same scenario. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "close.h"
#include "comma_locale.h"
#include "config/parse.h"
#include "config/resolved.h"
#include "golden.h"

/* Joins lines into one text. */
#define LINES(...) lines((const char *const[]){__VA_ARGS__, NULL})

static const char *lines(const char *const *line) {
    static char text[16384];
    text[0] = '\0';
    for (; *line != NULL; line++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s\n", *line);
    return text;
}

#define HEAD "rewire: 1", "time: {until: 1 s}"
#define CELLS HEAD, "populations:", "  a: {model: lif_psc_exp, count: 100}", "  b: {model: lif_cond, count: 50}"

static rw_scenario *parse(const char *text) {
    rw_scenario *scenario = NULL;
    assert_ok(rw_scenario_parse(&scenario, "test.yaml", text, strlen(text), NULL, 0));
    return scenario;
}

static rw_scenario *parse_set(const char *text, const char *key, const char *value) {
    rw_scenario *scenario = NULL;
    rw_override override = {.key = key, .value = value};
    assert_ok(rw_scenario_parse(&scenario, "test.yaml", text, strlen(text), &override, 1));
    return scenario;
}

/* The message of a scenario that is wrong. */
static const char *refusal(const char *text, const char *key, const char *value) {
    rw_scenario *scenario = NULL;
    rw_override override = {.key = key, .value = value};
    assert_int_equal(rw_scenario_parse(&scenario, "test.yaml", text, strlen(text), &override, key != NULL ? 1 : 0),
                     RW_ERR_INPUT);
    assert_null(scenario);
    return rw_error_message();
}

static void everything_not_said_has_its_default(void **state) {
    (void)state;
    rw_scenario *s = parse(LINES(CELLS));
    assert_int_equal(s->seed, 1);
    assert_close(s->step_ms, 0.1, 0, 0);
    assert_int_equal(s->n_steps, 10000);
    assert_int_equal(s->dimensions, 0);
    assert_close(s->max_rate_hz, 1000.0, 0, 0);
    assert_int_equal(s->n_populations, 2);
    assert_string_equal(s->populations[1].name, "b");
    assert_int_equal(s->populations[1].mark.line, 5);
    assert_int_equal(s->n_projections, 0);
    assert_int_equal(s->structure.every_steps, 0);
    assert_true(s->record.spikes[0] && s->record.spikes[1]);
    assert_true(s->record.snapshots);
    assert_int_equal(s->record.snapshot_steps, 0);
    assert_int_equal(s->record.series_steps, 100); /* a hundredth of the run */
    rw_scenario_destroy(&s);
    assert_null(s);
}

static void populations_have_models_counts_and_settings(void **state) {
    (void)state;
    rw_scenario *s = parse(LINES(
        HEAD, "space: {size: [1.5 mm, 500 um], periodic: false}", "populations:", "  a:", "    model: adex",
        "    count: 1e3", "    positions: grid", "    set: {C_m: 0.2 nF, V_m: {normal: [-60 mV, 5 mV], max: -50 mV}}",
        "    receptors: {nmda: {Mg: 0.5 mM}}", "  ext: {model: spikes, count: 7, file: in.h5, file_population: p}"));
    const rw_population_spec *a = &s->populations[0], *ext = &s->populations[1];
    assert_int_equal(s->dimensions, 2);
    assert_close(s->size_um[0], 1500.0, 0, 0);
    assert_false(s->periodic);
    assert_int_equal(a->count, 1000);
    assert_int_equal(a->position, RW_POSITION_GRID);
    assert_int_equal(a->n_settings, 2);
    assert_string_equal(a->model->fields[a->settings[0].field].name, "C_m");
    assert_close(a->settings[0].value.a, 200.0, 0, 0);
    assert_int_equal(a->settings[1].value.kind, RW_NORMAL);
    assert_close(a->settings[1].value.max, -50.0, 0, 0);
    assert_close(a->settings[1].value.min, a->model->fields[a->settings[1].field].min, 0, 0); /* the model's range */
    assert_int_equal(a->n_receptors, 1);
    assert_close(a->receptors[0].settings[0].value.a, 0.5, 0, 0);
    assert_null(ext->model);
    assert_string_equal(ext->spikes_files[0], "in.h5");
    assert_string_equal(ext->spikes_population, "p");
    rw_scenario_destroy(&s);
}

static void projections_resolve_rules_receptors_and_signs(void **state) {
    (void)state;
    rw_scenario *s = parse(
        LINES(CELLS, "projections:",
              "  - {from: a, to: b, connect: {rule: fixed_indegree, n: 10}, weight: {lognormal: [2 nS, 1 nS]},",
              "     delay: 1.5 ms, receptors: {ampa: 1, nmda: 0.4}}",
              "  - {from: b, to: b, connect: {rule: pairwise_bernoulli, p: 10 %}, weight: 1 nS,",
              "     delay: {uniform: [0 ms, 2 ms]}, receptors: {gaba_a: 1}}",
              "  - {from: a, to: a, connect: {rule: one_to_one, autapses: true}, weight: -1 nA, delay: 1 ms,",
              "     receptors: {exc: 1}}",
              "  - {from: b, to: a, connect: {rule: all_to_all}, weight: 1 pA, delay: 0.06 ms, receptors: {inh: 1}}",
              "  - {from: b, to: a, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}}",
              "  - {from: b, to: a, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1},",
              "     inhibitory: true}"));
    const rw_projection_spec *p = s->projections;
    assert_int_equal(s->n_projections, 6);
    assert_string_equal(p[0].name, "a__b__ampa_nmda");
    assert_int_equal(p[0].rule, RW_CONNECT_FIXED_INDEGREE);
    assert_int_equal(p[0].n, 10);
    assert_true(p[0].multapses);
    assert_int_equal(p[0].weight.kind, RW_LOGNORMAL);
    assert_close(p[0].weight.min, 0.0, 0, 0); /* a conductance is not negative */
    assert_int_equal(p[0].n_shares, 2);
    assert_false(p[0].shares[1].is_port);
    assert_string_equal(s->populations[1].receptors[p[0].shares[1].index].model->name, "nmda");
    assert_close(p[0].shares[1].share, 0.4, 0, 0);
    assert_false(p[0].inhibitory);
    assert_close(p[1].p, 0.1, 0, 0);
    assert_false(p[1].multapses);
    assert_close(p[1].delay_ms.min, 0.1, 0, 0); /* a step */
    assert_true(p[1].inhibitory);               /* its receptor is */
    assert_close(p[2].weight.a, -1000.0, 0, 0);
    assert_true(p[2].autapses);
    assert_true(p[2].inhibitory); /* its weight is negative */
    assert_true(p[3].shares[0].is_port);
    assert_true(p[3].inhibitory); /* the port inh */
    assert_close(p[3].delay_ms.a, 0.06, 0, 0);
    assert_false(p[4].inhibitory);
    assert_true(p[5].inhibitory);
    assert_string_equal(p[4].name, "b__a__exc");
    assert_string_equal(p[5].name, "b__a__exc_2");
    assert_int_equal(s->populations[1].n_receptors, 3);
    rw_scenario_destroy(&s);
}

static void inputs_have_levels_in_time_or_one_for_each_cell(void **state) {
    (void)state;
    rw_scenario *s = parse(LINES(
        CELLS, "inputs:",
        "  - {to: b, kind: poisson, rate: {steps: [[0 s, 5 Hz], [0.5 s, 8 Hz]]}, weight: 1 nS, receptors: {ampa: 1}}",
        "  - {to: a, kind: poisson, rate: {normal: [5 Hz, 1 Hz]}, weight: 1 pA, receptors: {exc: 2}}",
        "  - {to: a, kind: current, amplitude: {table: [[0 ms, 0 pA], [1 ms, 0 pA], [2 ms, 1 nA]]}, targets: {first: "
        "3}}",
        "  - {to: a, kind: noise, mean: 1 pA, std: 2 pA, targets: {fraction: 0.255}}",
        "  - {to: a, kind: noise, mean: 1 pA, std: 2 pA, hold: 1 ms, targets: {ids: [9, 3]}}",
        "  - {to: a, kind: pulse, amplitude: 2 pA, at: [1 ms, 6 ms], width: 5 ms, targets: all}"));
    const rw_input_spec *in = s->inputs;
    assert_int_equal(s->n_inputs, 6);
    assert_int_equal(in[0].level.count, 2);
    assert_close(rw_schedule_at(&in[0].level, 4999), 5.0, 0, 0);
    assert_close(rw_schedule_at(&in[0].level, 5000), 8.0, 0, 0);
    assert_close(in[0].scale.a, 1.0, 0, 0);
    assert_int_equal(in[1].scale.kind, RW_NORMAL);
    assert_close(in[1].scale.min, 0.0, 0, 0); /* a rate is not negative */
    assert_close(rw_schedule_at(&in[1].level, 0), 1.0, 0, 0);
    assert_close(rw_schedule_at(&in[2].level, 0), 0.0, 0, 0);
    assert_close(rw_schedule_at(&in[2].level, 15), 500.0, 1e-12, 0);
    assert_close(rw_schedule_at(&in[2].level, 1000), 1000.0, 0, 0);
    assert_int_equal(in[2].targets.kind, RW_SELECT_FIRST);
    assert_int_equal(in[3].targets.count, 26);
    assert_int_equal(in[3].hold_steps, 1);
    assert_int_equal(in[4].hold_steps, 10);
    assert_int_equal(in[4].targets.ids[0], 3);
    assert_int_equal(in[5].n_onsets, 2);
    assert_int_equal(in[5].onset_step[1], 60);
    assert_int_equal(in[5].width_steps, 50);
    assert_int_equal(in[5].targets.count, 100);
    rw_scenario_destroy(&s);
}

#define STRUCTURAL                                                                                                     \
    CELLS, "space: {size: [1 mm, 1 mm, 1 mm]}", "projections:",                                                        \
        "  - {from: b, to: b, connect: {rule: none}, weight: 1 nS, delay: 1 ms, receptors: {ampa: 1, nmda: 1},",       \
        "     rewire: {}}",                                                                                            \
        "growth:", "  - {on: b.axon, model: gaussian, target: 5 Hz, eta: 0.01, nu: 1e-4 /ms, initial: 2}",             \
        "  - {on: b.dendrite_exc, model: linear, epsilon: {normal: [10 Hz, 1 Hz]}}"

static void rates_of_growth_rules_become_calcium(void **state) {
    (void)state;
    rw_scenario *s = parse(LINES(STRUCTURAL, "structure: {tau_Ca: 5 s, beta_Ca: 0.01}"));
    const rw_growth_spec *g = s->growth;
    assert_true(s->projections[0].structural);
    assert_int_equal(s->projections[0].search.kind, RW_KERNEL_NONE);
    assert_int_equal(s->n_growth, 2);
    assert_int_equal(g[1].element, RW_DENDRITE_EXC);
    assert_close(g[0].initial.a, 2.0, 0, 0);
    assert_close(g[0].settings[0].value.a, 0.01 * 5.0 * 5.0, 1e-15, 0); /* beta x tau x rate */
    assert_close(g[0].settings[1].value.a, 0.01, 0, 0);                 /* a calcium level stays */
    assert_close(g[1].settings[0].value.a, 0.5, 1e-15, 0);
    assert_close(g[1].settings[0].value.b, 0.05, 1e-15, 0);
    assert_int_equal(s->structure.every_steps, 10000);
    assert_int_equal(s->structure.growth_every_steps, 100);
    rw_scenario_destroy(&s);
    s = parse(LINES(STRUCTURAL, "structure: {every: 70.7 ms}"));
    assert_int_equal(s->structure.every_steps, 707);
    assert_int_equal(s->structure.growth_every_steps, 7); /* 707 = 7 x 101 */
    rw_scenario_destroy(&s);
}

static void blockades_act_on_populations_projections_or_everywhere(void **state) {
    (void)state;
    rw_scenario *s = parse(LINES(STRUCTURAL, "blockade:", "  - {receptor: nmda, factor: 0.5}",
                                 "  - {receptor: ampa, on: b__b__ampa_nmda, factor: {table: [[0 s, 1], [1 s, 0]]}}",
                                 "  - {receptor: ampa, on: [b], factor: {steps: [[0 s, 1], [1 s, 0]]}}"));
    assert_true(s->factors[0].on.on_population[1] && !s->factors[0].on.on_population[0]);
    assert_false(s->factors[0].on.on_projection[0]);
    assert_true(s->factors[1].on.on_projection[0] && !s->factors[1].on.on_population[1]);
    assert_close(rw_schedule_at(&s->factors[1].factor, 5000), 0.5, 0, 0);
    assert_true(s->factors[2].on.on_population[1]);
    assert_close(rw_schedule_at(&s->factors[2].factor, 9999), 1.0, 0, 0);
    rw_scenario_destroy(&s);
}

static void reports_name_states_of_cells_receptors_and_elements(void **state) {
    (void)state;
    rw_scenario *s =
        parse(LINES(STRUCTURAL, "record:", "  spikes: [b]", "  snapshots: none", "  series: {every: 0.2 s}",
                    "  reports:", "    - {name: v, of: a, variable: V_m, every: 1 ms}",
                    "    - {name: g, of: b, variable: nmda.g, every: 1 ms, targets: {first: 2}}",
                    "    - {name: c, of: b, variable: calcium, every: 1 ms}",
                    "    - {name: z, of: b, variable: axon, every: 1 ms}"));
    const rw_report_spec *r = s->record.reports;
    assert_false(s->record.spikes[0]);
    assert_true(s->record.spikes[1]);
    assert_false(s->record.snapshots);
    assert_int_equal(s->record.series_steps, 2000);
    assert_int_equal(s->record.n_reports, 4);
    assert_int_equal(r[0].kind, RW_OF_NEURON);
    assert_string_equal(r[0].unit, "mV");
    assert_int_equal(r[1].kind, RW_OF_RECEPTOR);
    assert_string_equal(s->populations[1].receptors[r[1].receptor].model->fields[r[1].field].name, "g");
    assert_int_equal(r[1].targets.count, 2);
    assert_int_equal(r[2].kind, RW_OF_CALCIUM);
    assert_int_equal(r[3].kind, RW_OF_ELEMENT);
    assert_int_equal(r[3].element, RW_AXON);
    assert_int_equal(r[3].every_steps, 10);
    rw_scenario_destroy(&s);
}

static void set_changes_creates_and_names_items_by_place_or_name(void **state) {
    (void)state;
    const char *text =
        LINES(CELLS, "projections:", "  - {name: p, from: a, to: a, connect: {rule: none}, weight: 1 pA, delay: 1 ms,",
              "     receptors: {exc: 1}}");
    rw_scenario *s = parse_set(text, "populations.a.count", "7");
    assert_int_equal(s->populations[0].count, 7);
    rw_scenario_destroy(&s);
    s = parse_set(text, "populations.a.set.C_m", "1 nF");
    assert_close(s->populations[0].settings[0].value.a, 1000.0, 0, 0);
    rw_scenario_destroy(&s);
    s = parse_set(text, "projections.p.weight", "{uniform: [1 pA, 2 pA]}");
    assert_int_equal(s->projections[0].weight.kind, RW_UNIFORM);
    rw_scenario_destroy(&s);
    s = parse_set(text, "projections.0.delay", "2 ms");
    assert_close(s->projections[0].delay_ms.a, 2.0, 0, 0);
    rw_scenario_destroy(&s);
    s = parse_set(text, "populations.c", "{model: adex, count: 3}");
    assert_int_equal(s->n_populations, 3);
    rw_scenario_destroy(&s);
    rw_override twice[] = {{.key = "seed", .value = "5"}, {.key = "seed", .value = "6"}};
    assert_ok(rw_scenario_parse(&s, "test.yaml", text, strlen(text), twice, 2));
    assert_int_equal(s->seed, 6);
    rw_scenario_destroy(&s);
}

static void what_is_wrong_in_set_is_shown_there(void **state) {
    (void)state;
    const char *text = LINES(CELLS, "projections: []");
    assert_string_equal(refusal(text, "populations.a.count", "-5"),
                        "--set:1:21: populations.a.count: must be a whole number from 1 to 1099511627776, not \"-5\"\n"
                        "     1 | populations.a.count=-5\n"
                        "       |                     ^");
    assert_string_equal(refusal(text, "populations.a.cuont", "5"),
                        "--set:1:15: populations.a.cuont: unknown key; did you mean \"count\"?\n"
                        "     1 | populations.a.cuont=5\n"
                        "       |               ^");
    assert_non_null(strstr(refusal(text, "projections.0.weight", "5"), "the list has no item \"0\": it has 0"));
    assert_non_null(strstr(refusal(text, "seed.x", "5"), "--set:1:1:"));
    assert_non_null(strstr(refusal(text, "populations..count", "5"), "an empty word in the path"));
    assert_non_null(strstr(refusal(text, "seed", ""), "the file is empty"));
    assert_non_null(strstr(refusal(text, "seed", "[1"), "--set:"));
}

static void an_override_may_speak_of_the_one_dose_of_a_list(void **state) {
    (void)state;
#define DOSED(doses)                                                                                                   \
    LINES(HEAD, "populations:", "  a: {model: lif_cond, count: 9, glun2: {A: 1}}", "projections:",                     \
          "  - {from: a, to: a, connect: {rule: none}, weight: 1 nS, delay: 1 ms, receptors: {nmda: 1}}",              \
          "drugs: {k: {model: kamp_2020, compound: ketamine, doses: " doses "}}")
    rw_scenario *s = parse_set(DOSED("[{dose: 1 mg, at: 5 s}]"), "drugs.k.dose", "2 mg/kg");
    assert_int_equal(s->drugs[0].n_doses, 1);
    assert_close(s->drugs[0].doses[0].amount_mg, 2.0, 0, 0);
    assert_true(s->drugs[0].doses[0].per_kg);
    assert_close(s->drugs[0].doses[0].at_ms[0], 5000.0, 0, 0); /* what is not overridden stays */
    rw_scenario_destroy(&s);
    assert_non_null(strstr(refusal(DOSED("[{dose: 1 mg}, {dose: 2 mg}]"), "drugs.k.dose", "2 mg"),
                           "k has 2 doses; say which, for example drugs.k.doses.0.dose"));
    assert_non_null(strstr(refusal(DOSED("[{dose: 1 mg}]"), "drugs.k.dose", "2 kg/s"), "drugs.k.doses.0.dose:"));
    assert_non_null(strstr(refusal(DOSED("[{dose: 1 mg}], dose: 2 mg"), NULL, NULL), "not both"));
}

static void all_errors_come_at_once_in_the_order_of_the_text(void **state) {
    (void)state;
    const char *text = LINES("rewire: 1", "time: {until: 1 mV}", "seed: x",
                             "populations:", "  a: {model: adex, count: 0}", "records: {}");
    const char *message = refusal(text, "populations.a.nuts", "1");
    const char *first = strstr(message, "test.yaml:2:15: time.until:");
    assert_int_equal(strncmp(message, "5 errors:\n", 10), 0);
    assert_non_null(first);
    const char *second = strstr(first, "test.yaml:3:7: seed:");
    assert_non_null(second);
    const char *third = strstr(second, "test.yaml:5:27: populations.a.count:");
    assert_non_null(third);
    const char *fourth = strstr(third, "test.yaml:6:1: records:");
    assert_non_null(fourth);
    assert_non_null(strstr(fourth, "--set:1:15: populations.a.nuts:"));
}

static void json_is_read_too_even_indented_by_tabs(void **state) {
    (void)state;
    rw_scenario *s =
        parse("\xEF\xBB\xBF{\"rewire\":1,\r\n\t\"time\":{\"until\":\"1 s\"},\n\t\"title\":\"caf\\u00e9 \\\"x\\\"\","
              "\n\t\"populations\":{\"a\":{\"model\":\"adex\",\"count\":3}}}");
    assert_int_equal(s->populations[0].count, 3);
    assert_string_equal(s->title, "caf\xC3\xA9 \"x\"");
    rw_scenario_destroy(&s);
}

/* Reads what a scenario resolved to; it resolves to itself. */
static void resolves_to_itself(const rw_scenario *scenario) {
    rw_scenario *again = parse(scenario->resolved_text);
    assert_string_equal(again->resolved_text, scenario->resolved_text);
    assert_int_equal(again->n_steps, scenario->n_steps);
    rw_scenario_destroy(&again);
}

static void numbers_of_the_resolved_text_have_the_same_bits(void **state) {
    (void)state;
    rw_scenario *s = NULL;
    assert_ok(rw_scenario_read(&s, REWIRE_SOURCE_DIR "/tests/golden/scenarios/odd_numbers.yaml", NULL, 0));
    rw_scenario *again = parse(s->resolved_text);
    const rw_population_spec *a = &s->populations[0], *b = &again->populations[0];
    for (size_t k = 0; k < a->n_settings; k++) {
        for (size_t i = 0; i < b->n_settings; i++) {
            const rw_value *before = &a->settings[k].value, *after = &b->settings[i].value;
            if (b->settings[i].field != a->settings[k].field)
                continue;
            assert_int_equal(before->kind, after->kind);
            assert_close(before->a, after->a, 0, 0);
            assert_close(before->b, after->b, 0, 0);
        }
    }
    assert_close(a->settings[1].value.a, 333.33333333333331, 0, 0);
    assert_close(again->projections[0].p, s->projections[0].p, 0, 0);
    assert_close(again->projections[0].weight.a, 1e-12, 0, 0);
    assert_memory_equal(again->inputs[0].onset_step, s->inputs[0].onset_step, 4 * sizeof(uint64_t));
    assert_int_equal(again->inputs[0].targets.count, 2);
    rw_scenario_destroy(&again);
    rw_scenario_destroy(&s);
}

static void the_resolved_text_is_the_same_scenario(void **state) {
    (void)state;
    static const char *const files[] = {"tests/repro/everything.yaml", "tests/golden/scenarios/odd_numbers.yaml",
                                        "tests/golden/scenarios/every_key.yaml"};
    for (size_t k = 0; k < RW_COUNT(files); k++) {
        char path[1024];
        rw_scenario *s = NULL;
        (void)snprintf(path, sizeof path, "%s/%s", REWIRE_SOURCE_DIR, files[k]);
        assert_ok(rw_scenario_read(&s, path, NULL, 0));
        resolves_to_itself(s);
        rw_scenario_destroy(&s);
    }
}

static void the_resolved_text_is_as_it_was(void **state) {
    (void)state;
    rw_scenario *s = NULL;
    for (int comma = 0; comma <= 1; comma++) {
        if (comma == 1)
            need_comma_locale();
        assert_ok(rw_scenario_read(&s, REWIRE_SOURCE_DIR "/tests/golden/scenarios/every_key.yaml", NULL, 0));
        assert_true(golden_file_is(REWIRE_SOURCE_DIR "/tests/golden/scenarios/every_key.resolved", s->resolved_text));
        rw_scenario_destroy(&s);
    }
    leave_comma_locale();
}

static void tables_from_files_are_rendered_as_comments(void **state) {
    (void)state;
    rw_scenario *s = parse(
        LINES(CELLS, "projections:", "  - {name: p, from: a, to: a, connect: {rule: none}, weight: 1 pA, delay: 1 ms,",
              "     receptors: {exc: 1}}"));
    static const double table[100];
    static const rw_setting setting = {0, {.kind = RW_TABLE, .table = table}};
    s->populations[0].settings = &setting;
    s->populations[0].n_settings = 1;
    s->projections[0].rule = RW_CONNECT_TABLE;
    s->projections[0].table.count = 12;
    assert_ok(rw_scenario_render(s));
    assert_non_null(strstr(s->resolved_text, "      # tau_m: one number for each, in `nodes`\n"));
    assert_non_null(strstr(s->resolved_text, "    # connect: 12 synapses from test.yaml\n"));
    rw_scenario_destroy(&s);
}

static void everything_that_is_recorded_may_be_none(void **state) {
    (void)state;
    rw_scenario *s =
        parse(LINES(CELLS, "record: {spikes: none, snapshots: none, series: none, survival: none, measures: none, "
                           "reports: none}"));
    assert_false(s->record.snapshots);
    assert_int_equal(s->record.series_steps, 0);
    assert_int_equal(s->record.n_survival, 0);
    assert_int_equal(s->record.n_reports, 0);
    rw_scenario_destroy(&s);
}

/* Shortest of three times to read a schedule of n points, s. */
static double reading_time(size_t n) {
    char *text = malloc(200 + 32 * n);
    assert_non_null(text);
    size_t used = (size_t)sprintf(text, "%sinputs: [{to: a, kind: current, amplitude: {table: [", LINES(CELLS));
    for (size_t k = 0; k < n; k++)
        used += (size_t)sprintf(text + used, "[%zu ms, 1 pA],", k);
    used += (size_t)sprintf(text + used, "]}}]\n");
    double shortest = INFINITY;
    for (int repetition = 0; repetition < 3; repetition++) {
        rw_scenario *s = NULL;
        clock_t start = clock();
        assert_ok(rw_scenario_parse(&s, "test.yaml", text, used, NULL, 0));
        shortest = fmin(shortest, (double)(clock() - start) / CLOCKS_PER_SEC);
        assert_int_equal(s->inputs[0].level.count, n);
        rw_scenario_destroy(&s);
    }
    free(text);
    return shortest;
}

static void reading_time_grows_in_proportion_to_the_size(void **state) {
    (void)state;
    double one = reading_time(5000), eight = reading_time(40000);
    assert_true(eight < 24.0 * one); /* 64 times, if anything were quadratic */
}

static void a_missing_file_is_the_systems_fault(void **state) {
    (void)state;
    rw_scenario *s = NULL;
    assert_int_equal(rw_scenario_read(&s, "/nonexistent/x.yaml", NULL, 0), RW_ERR_SYSTEM);
    assert_null(s);
    assert_string_equal(rw_error_message(),
                        "/nonexistent/x.yaml: cannot be opened: No such file or directory; check the path");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_not_said_has_its_default),
        cmocka_unit_test(populations_have_models_counts_and_settings),
        cmocka_unit_test(projections_resolve_rules_receptors_and_signs),
        cmocka_unit_test(inputs_have_levels_in_time_or_one_for_each_cell),
        cmocka_unit_test(rates_of_growth_rules_become_calcium),
        cmocka_unit_test(blockades_act_on_populations_projections_or_everywhere),
        cmocka_unit_test(reports_name_states_of_cells_receptors_and_elements),
        cmocka_unit_test(set_changes_creates_and_names_items_by_place_or_name),
        cmocka_unit_test(what_is_wrong_in_set_is_shown_there),
        cmocka_unit_test(an_override_may_speak_of_the_one_dose_of_a_list),
        cmocka_unit_test(all_errors_come_at_once_in_the_order_of_the_text),
        cmocka_unit_test(json_is_read_too_even_indented_by_tabs),
        cmocka_unit_test(numbers_of_the_resolved_text_have_the_same_bits),
        cmocka_unit_test(the_resolved_text_is_the_same_scenario),
        cmocka_unit_test(the_resolved_text_is_as_it_was),
        cmocka_unit_test(tables_from_files_are_rendered_as_comments),
        cmocka_unit_test(everything_that_is_recorded_may_be_none),
        cmocka_unit_test(reading_time_grows_in_proportion_to_the_size),
        cmocka_unit_test(a_missing_file_is_the_systems_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
