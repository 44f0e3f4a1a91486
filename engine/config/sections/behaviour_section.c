#include "config/sections/behaviour_section.h"

#include <string.h>

#include "config/key_table_reader.h"
#include "config/references.h"

static void check_series(rw_reader *r, const rw_node *node) {
    if (r->scenario->record.series_steps == 0)
        rw_node_key_wrong(r->diagnostics, node,
                          "is taken from series.h5, and record.series is none; give series a time");
}

/* ---- learning ---- */

const rw_input_spec *rw_learning_training(const rw_scenario *scenario) {
    for (size_t i = 0; i < scenario->n_inputs; i++)
        if (scenario->inputs[i].kind == RW_INPUT_SESSION && scenario->outcomes.learning.training != NULL &&
            strcmp(scenario->inputs[i].session.name, scenario->outcomes.learning.training) == 0)
            return &scenario->inputs[i];
    return NULL;
}

static void check_training(rw_reader *r, const rw_node *node, void *object) {
    const rw_scenario *scenario = object;
    rw_suggestion suggestion = {.word = scenario->outcomes.learning.training};
    char known[320];
    if (rw_learning_training(scenario) != NULL || r->diagnostics->count > 0)
        return;
    for (size_t i = 0; i < scenario->n_inputs; i++)
        if (scenario->inputs[i].kind == RW_INPUT_SESSION)
            rw_suggestion_offer(&suggestion, scenario->inputs[i].session.name);
    rw_node_wrong(r->diagnostics, node, "no input of kind session has this name; %s",
                  rw_suggestion_text(&suggestion, known, sizeof known));
}

/* A projection or a list of them; all that rewire if nothing is said. */
static rw_err read_of(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_scenario *scenario = object;
    bool *of = NULL;
    (void)entry;
    RW_TRY(RW_ARENA_NEW(r->arena, of, scenario->n_projections));
    scenario->outcomes.learning.of = of;
    for (size_t p = 0; node == NULL && p < scenario->n_projections; p++)
        of[p] = scenario->projections[p].structural;
    if (node != NULL)
        rw_read_projection_names(r, node, of);
    for (size_t p = 0; node != NULL && p < scenario->n_projections; p++)
        if (of[p] && !scenario->projections[p].structural)
            rw_node_wrong(r->diagnostics, node, "synapses of %s neither form nor vanish; name one that has rewire:",
                          scenario->projections[p].name);
    return RW_OK;
}

static void begin_learning(rw_reader *r, const rw_node *node, void *object) {
    rw_learning_spec *learning = &((rw_scenario *)object)->outcomes.learning;
    learning->from_step = learning->until_step = UINT64_MAX;
    check_series(r, node);
}

static rw_err finish_learning(rw_reader *r, const rw_node *node, void *object) {
    rw_scenario *scenario = object;
    rw_learning_spec *learning = &scenario->outcomes.learning;
    const rw_input_spec *training = rw_learning_training(scenario);
    if (training == NULL || training->session.n_begins == 0)
        return RW_OK;
    const rw_session_spec *sessions = &training->session;
    if (learning->from_step == UINT64_MAX)
        learning->from_step = sessions->begin_step[0];
    if (learning->until_step == UINT64_MAX)
        learning->until_step = sessions->begin_step[sessions->n_begins - 1] + sessions->lasting_steps;
    if (learning->until_step <= learning->from_step)
        rw_node_key_wrong(r->diagnostics, node, "`until` must be later than `from`");
    return RW_OK;
}

static const rw_entry learning_entries[] = {
    {"training", RW_NAME(rw_scenario, outcomes.learning.training), .required = true, .check = check_training,
     .help =
         "The sessions in which the network is trained; what the other sessions show before the first and after the "
         "last of them is compared."},
    {"of", RW_PROJECTIONS(rw_scenario, outcomes.learning.of), .default_words = "those that rewire", .read = read_of,
     .help = "Projections whose new synapses are followed."},
    {"from", RW_TIME(rw_scenario, outcomes.learning.from_step, 0), .default_words = "the first training session",
     .help = "New synapses are those that form from here on ..."},
    {"until", RW_TIME(rw_scenario, outcomes.learning.until_step, 1),
     .default_words = "the end of the last training session",
     .help =
         "... and are there at this time. Both times are those of the last snapshots (record.snapshots) until then."},
};

const rw_key_table rw_learning_table = {
    .name = "learning",
    .help = "What training does to the recall of patterns, and what becomes of synapses that formed meanwhile.",
    RW_ENTRIES(learning_entries),
    .flow = true,
    .begin = begin_learning,
    .finish = finish_learning};

bool rw_has_learning(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->outcomes.learning.training != NULL;
}

/* ---- decision ---- */

static void begin_decision(rw_reader *r, const rw_node *node, void *object) {
    (void)object;
    check_series(r, node);
}

static rw_err finish_decision(rw_reader *r, const rw_node *node, void *object) {
    const rw_scenario *scenario = object;
    const rw_decision_spec *decision = &scenario->outcomes.decision;
    if (decision->first == decision->second)
        rw_node_key_wrong(r->diagnostics, node, "`first` and `second` must be two populations");
    if (r->step_known && decision->over_steps < scenario->record.series_steps)
        rw_node_key_wrong(r->diagnostics, node,
                          "the mean over `over` takes whole samples, which record.series takes every %.12g ms: let "
                          "`over` be longer, or sample more often",
                          (double)scenario->record.series_steps * scenario->step_ms);
    else if (r->step_known && scenario->record.series_steps > 0 &&
             decision->over_steps % scenario->record.series_steps != 0)
        rw_node_key_wrong(r->diagnostics, node,
                          "the mean over `over`, %.12g ms, takes whole samples: it must be a multiple of "
                          "record.series.every, %.12g ms",
                          (double)decision->over_steps * scenario->step_ms,
                          (double)scenario->record.series_steps * scenario->step_ms);
    return RW_OK;
}

static const rw_entry decision_entries[] = {
    {"first", RW_POPULATION(rw_scenario, outcomes.decision.first), .required = true,
     .help = "The population whose firing means the first choice."},
    {"second", RW_POPULATION(rw_scenario, outcomes.decision.second), .required = true,
     .help = "The population whose firing means the second choice."},
    {"from", RW_TIME(rw_scenario, outcomes.decision.from_step, 0), .required = true,
     .help = "When the stimulus begins; reaction times count from here."},
    {"threshold", RW_QUANTITY(rw_scenario, outcomes.decision.threshold_hz, "Hz", 1e-6, 1e6), .default_text = "15 Hz",
     .help = "The population whose mean rate first reaches this has won."},
    {"over", RW_TIME(rw_scenario, outcomes.decision.over_steps, 1), .default_text = "50 ms",
     .help = "Time over which the rates are averaged, a multiple of record.series.every. A time is as exact as these "
             "samples."},
    {"evidence", RW_QUANTITY(rw_scenario, outcomes.decision.evidence, "1", -1e6, 1e6), .default_text = "0",
     .help = "How strongly the stimulus speaks for the first choice, for example its coherence. A label for sweeps, "
             "which draw choices over it; it does not act."},
};

const rw_key_table rw_decision_table = {.name = "decision",
                                        .help = "Which of two populations wins, and when.",
                                        RW_ENTRIES(decision_entries),
                                        .flow = true,
                                        .begin = begin_decision,
                                        .finish = finish_decision};

bool rw_has_decision(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->outcomes.decision.over_steps > 0;
}
