#include "config/sections/outcomes_section.h"

#include <math.h>

#include "config/key_table_reader.h"
#include "config/references.h"
#include "config/sections/behaviour_section.h"
#include "config/treatment.h"

/* ---- regained ---- */

static bool has_stress(const rw_projection_spec *projection) {
    return projection->structural && projection->stress.fraction > 0.0;
}

/* A projection or a list of them; those under stress if nothing is said. */
static rw_err read_of(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_scenario *scenario = object;
    bool *of = NULL;
    (void)entry;
    RW_TRY(RW_ARENA_NEW(r->arena, of, scenario->n_projections));
    scenario->outcomes.regained.of = of;
    for (size_t p = 0; node == NULL && p < scenario->n_projections; p++)
        of[p] = has_stress(&scenario->projections[p]);
    if (node != NULL)
        rw_read_projection_names(r, node, of);
    for (size_t p = 0; node != NULL && p < scenario->n_projections; p++)
        if (of[p] && !scenario->projections[p].structural)
            rw_node_wrong(r->diagnostics, node, "synapses of %s neither form nor vanish; name one that has rewire:",
                          scenario->projections[p].name);
    return RW_OK;
}

/* Begin and end of all stress on the projections that are measured; false: there is none. */
static bool find_stress(const rw_scenario *scenario, uint64_t *from_step, uint64_t *until_step) {
    bool found = false;
    *from_step = UINT64_MAX;
    *until_step = 0;
    for (size_t p = 0; p < scenario->n_projections; p++) {
        const rw_stress_spec *stress = &scenario->projections[p].stress;
        if (!scenario->outcomes.regained.of[p] || stress->fraction <= 0.0)
            continue;
        *from_step = stress->from_step < *from_step ? stress->from_step : *from_step;
        *until_step = stress->until_step > *until_step ? stress->until_step : *until_step;
        found = true;
    }
    return found;
}

/* The times that were not given: begin of the stress, first dose, last dose. */
static void fill_times(rw_scenario *scenario) {
    rw_regained_spec *regained = &scenario->outcomes.regained;
    const double step_ms = scenario->step_ms;
    uint64_t begin = 0, end = 0;
    const bool stress = find_stress(scenario, &begin, &end);
    const rw_treatment doses = rw_treatment_of(scenario);
    const bool treated = !isnan(doses.first_ms);
    if (regained->before_step == UINT64_MAX && stress)
        regained->before_step = begin;
    if (regained->from_step == UINT64_MAX && treated)
        regained->from_step = (uint64_t)(doses.first_ms / step_ms);
    if (regained->from_step == UINT64_MAX && stress)
        regained->from_step = end;
    if (regained->last_step == UINT64_MAX)
        regained->last_step = treated && doses.last_ms / step_ms >= (double)regained->from_step
                                  ? (uint64_t)(doses.last_ms / step_ms)
                                  : regained->from_step;
}

static rw_err finish_regained(rw_reader *r, const rw_node *node, void *object) {
    rw_scenario *scenario = object;
    rw_regained_spec *regained = &scenario->outcomes.regained;
    bool any = false;
    for (size_t p = 0; p < scenario->n_projections; p++)
        any = any || regained->of[p];
    if (!any)
        rw_node_key_wrong(
            r->diagnostics, node,
            "no projection is under stress, so name those whose synapses are lost and regained: of: NAME");
    if (!r->step_known || !any)
        return RW_OK;
    fill_times(scenario);
    if (regained->before_step == UINT64_MAX || regained->from_step == UINT64_MAX)
        rw_node_key_wrong(r->diagnostics, node,
                          "without stress and doses say when the synapses are counted: before: (the loss) and from: "
                          "(the first dose)");
    else if (regained->before_step >= regained->from_step)
        rw_node_key_wrong(r->diagnostics, node,
                          "synapses are lost between `before` and `from`, so `before` must be earlier");
    else if (regained->last_step < regained->from_step || regained->last_step >= scenario->n_steps)
        rw_node_key_wrong(r->diagnostics, node,
                          "the last dose must not be earlier than `from`, and must lie in the run");
    return RW_OK;
}

static void begin_regained(rw_reader *r, const rw_node *node, void *object) {
    rw_regained_spec *regained = &((rw_scenario *)object)->outcomes.regained;
    regained->before_step = regained->from_step = regained->last_step = UINT64_MAX;
    if (r->scenario->record.series_steps == 0)
        rw_node_key_wrong(r->diagnostics, node,
                          "is taken from series.h5, and record.series is none; give series a time");
}

static const rw_entry regained_entries[] = {
    {"of", RW_PROJECTIONS(rw_scenario, outcomes.regained.of), .default_words = "those under stress", .read = read_of,
     .help = "Which projections."},
    {"before", RW_TIME(rw_scenario, outcomes.regained.before_step, 0), .default_words = "begin of the stress",
     .help = "When the synapses are counted that there were before the loss."},
    {"from", RW_TIME(rw_scenario, outcomes.regained.from_step, 1),
     .default_words = "the first dose, or the end of the stress",
     .help = "When those are counted that are left; what is regained counts from there."},
    {"last", RW_TIME(rw_scenario, outcomes.regained.last_step, 1), .default_words = "the last dose, or as from",
     .help = "From when on half-life and relapse count."},
    {"mean", RW_TIME(rw_scenario, outcomes.regained.mean_steps, 1), .default_text = "3 d",
     .help = "Time over which the share is averaged for its best, its half-life and relapse."},
    {"relapse", RW_QUANTITY(rw_scenario, outcomes.regained.relapse, "1", 1e-6, 1.0), .default_text = "50 %",
     .help = "A relapse is a mean below this part of the best so far."},
};

static const rw_key_table regained_table = {
    .name = "regained",
    .help =
        "What of the lost synapses is regained: (synapses - those at `from`) / (those at `before` - those at `from`).",
    RW_ENTRIES(regained_entries),
    .flow = true,
    .begin = begin_regained,
    .finish = finish_regained};

static bool has_regained(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->outcomes.regained.of != NULL;
}

/* ---- acute ---- */

static void check_acute(rw_reader *r, const rw_node *node, void *object) {
    (void)object;
    if (r->scenario->n_populations > 0 && isnan(rw_treatment_of(r->scenario).first_ms))
        rw_node_key_wrong(r->diagnostics, node->parent, "is of each dose, and there is none under drugs; leave it out");
}

static const rw_entry acute_entries[] = {
    {"of", RW_POPULATION(rw_scenario, outcomes.acute.population), .required = true, .check = check_acute,
     .help = "Which population."},
    {"over", RW_TIME(rw_scenario, outcomes.acute.over_steps, 1), .default_text = "2 h",
     .help = "Time from the begin of a dose over which the rate is averaged."},
    {"against", RW_TIME(rw_scenario, outcomes.acute.against_steps, 1), .default_text = "12 h",
     .help = "Time before the dose with whose rate it is compared."},
};

static const rw_key_table acute_table = {.name = "acute",
                                         .help = "The acute index of each dose: rate during it / rate before it - 1.",
                                         RW_ENTRIES(acute_entries),
                                         .flow = true};

static bool has_acute(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->outcomes.acute.over_steps > 0;
}

static const rw_entry entries[] = {
    {"regained", RW_MAP(&regained_table), .default_words = "none", .shown = has_regained,
     .help = "Lost synapses that are regained in a course of treatment."},
    {"acute", RW_MAP(&acute_table), .default_words = "none", .shown = has_acute,
     .help = "How the firing answers to each dose."},
    {"learning", RW_MAP(&rw_learning_table), .default_words = "none", .shown = rw_has_learning,
     .help = "What training does to the recall of patterns and to new synapses."},
    {"decision", RW_MAP(&rw_decision_table), .default_words = "none", .shown = rw_has_decision,
     .help = "Which of two populations wins, and when."},
};

const rw_key_table rw_outcomes_table = {.name = "outcomes",
                                        .help = "Outcome measures that must be told something; `rewire run`, `sweep`, "
                                                "`compare` and `report` take them from the "
                                                "series and snapshots. They do not change the run.",
                                        RW_ENTRIES(entries)};

bool rw_has_outcomes(const rw_scenario *scenario) {
    return has_regained(scenario, NULL) || has_acute(scenario, NULL) || rw_has_learning(scenario, NULL) ||
           rw_has_decision(scenario, NULL);
}
