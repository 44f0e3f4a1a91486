#include "config/sections/inputs_section.h"

#include <math.h>
#include <string.h>

#include "config/distribution.h"
#include "config/key_table_reader.h"
#include "config/render.h"
#include "config/schedule.h"
#include "config/shares.h"
#include "model/registry.h"

static const char *const kind_words[] = {"poisson", "current", "noise", "pulse", "session"};

enum {
    POISSON = RW_ONLY(RW_INPUT_POISSON),
    CURRENT = RW_ONLY(RW_INPUT_CURRENT),
    NOISE = RW_ONLY(RW_INPUT_NOISE),
    PULSE = RW_ONLY(RW_INPUT_PULSE),
    SESSION = RW_ONLY(RW_INPUT_SESSION)
};

enum { MOST_PRESENTATIONS = 1000000 };

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_input_spec *input = object;
    (void)r;
    (void)node;
    input->hold_steps = input->width_steps = 1;
    input->scale = (rw_value){.kind = RW_CONSTANT, .a = 1.0, .min = -INFINITY, .max = INFINITY};
}

static void check_target(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *target = &r->scenario->populations[((const rw_input_spec *)object)->target];
    if (target->model == NULL && target->model_known)
        rw_node_wrong(r->diagnostics, node, "population %s only replays spikes: nothing acts on its cells",
                      target->name);
}

/* A number or a course for all cells, or a distribution with one number for each. */
static rw_err read_level(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_input_spec *input = object;
    const rw_quantity quantity = {entry->unit, entry->min, entry->max, 0.0};
    if (!rw_is_distribution(node))
        return rw_read_schedule(r, node, quantity, entry->default_text, &input->level);
    if (rw_read_value(r, node, quantity, &input->scale))
        input->level = rw_constant_one;
    return RW_OK;
}

static void write_level(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_input_spec *input = object;
    const char *unit = rw_input_is_spikes(input) ? "Hz" : "pA";
    if (input->scale.kind == RW_CONSTANT && input->scale.a == 1.0)
        rw_render_schedule(out, scenario->step_ms, &input->level, unit);
    else
        rw_render_value(out, &input->scale, unit);
}

/* The same, where a current drives the cells. */
static rw_err read_current(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_population_spec *target = &r->scenario->populations[((const rw_input_spec *)object)->target];
    if (target->model != NULL && rw_model_field(target->model, "I_ext") == RW_NO_FIELD)
        rw_node_wrong(r->diagnostics, rw_node_get(r->map, "to"), "cells of model %s take no current",
                      target->model->name);
    return read_level(r, node, entry, object);
}

static rw_err read_receptors(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_input_spec *input = object;
    (void)entry;
    return rw_read_shares(r, node, input->target, false, &input->shares, &input->n_shares);
}

static rw_quantity weight_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    const rw_input_spec *input = object;
    return rw_weight_quantity(scenario, input->target, input->shares, input->n_shares, drawn);
}

static void check_hold(rw_reader *r, const rw_node *node, void *object) {
    if (((const rw_input_spec *)object)->hold_steps > UINT32_MAX)
        rw_node_wrong(r->diagnostics, node, "is too long: at most %u steps", UINT32_MAX);
}

/* Every session, and every group of record.measures, must mean the same cells by the same words. */
static void check_pattern(rw_reader *r, const rw_node *node, void *object) {
    const rw_selection *pattern = &((const rw_input_spec *)object)->session.pattern;
    if (pattern->kind == RW_SELECT_RANDOM)
        rw_node_wrong(r->diagnostics, node,
                      "would mean other cells in each entry; name them as {first: n} or {ids: [...]}");
    else if (pattern->count == 0)
        rw_node_wrong(r->diagnostics, node, "needs at least one cell");
}

#define LEVEL(unit_, min_, max_) RW_COURSE(rw_input_spec, level, unit_, min_, max_), .per_cell = true, .required = true

static const rw_entry entries[] = {
    {"to", RW_POPULATION(rw_input_spec, target), .required = true, .decides = true, .check = check_target,
     .help = "Population that gets the input."},
    {"kind", RW_CHOICE(rw_input_spec, kind, kind_words, RW_COUNT(kind_words)), .required = true,
     .help =
         "poisson: spikes at random times, independent for each cell; current: a current; noise: a current that is "
         "drawn again at every step, or after each hold; pulse: a current during pulses; session: Poisson spikes onto "
         "a pattern of cells, which is presented several times in each session."},
    {"name", RW_NAME(rw_input_spec, session.name), .required = true, .only = SESSION,
     .help = "Name of the sessions in results and for --set."},
    {"pattern", RW_SELECTION(rw_input_spec, session.pattern, target), .required = true, .depends = true,
     .only = SESSION, .check = check_pattern,
     .help = "Cells that are stimulated together: {first: n} or {ids: [...]}."},
    {"cue", RW_QUANTITY(rw_input_spec, session.cue, "1", 0.0, 1.0), .default_text = "100 %", .only = SESSION,
     .help =
         "Share of the pattern's cells that is stimulated, the first ones by number. With less than all, the others "
         "show whether the network completes the pattern (sessions/ in series.h5)."},
    {"from", RW_TIMES(rw_input_spec, session.begin_step, session.n_begins), .moments = true, .lasts = "lasting",
     .required = true, .only = SESSION, .help = "Times at which a session begins."},
    {"lasting", RW_TIME(rw_input_spec, session.lasting_steps, 1), .required = true, .only = SESSION,
     .help = "How long a session lasts, in biological time."},
    {"presentations", RW_INTEGER(rw_input_spec, session.presentations, 1, 100000), .default_text = "1", .only = SESSION,
     .help = "How often the pattern is presented in a session; presentations begin evenly spaced, the first with the "
             "session."},
    {"rate", LEVEL("Hz", 0.0, 1e7), .depends = true, .only = POISSON | SESSION, .read = read_level,
     .write = write_level, .help = "Rate of the spikes onto each cell; of a session, during presentations."},
    {"amplitude", LEVEL("pA", -1e9, 1e9), .depends = true, .only = CURRENT | PULSE, .read = read_current,
     .write = write_level, .help = "Current into each cell."},
    {"mean", LEVEL("pA", -1e9, 1e9), .depends = true, .only = NOISE, .read = read_current, .write = write_level,
     .help = "Mean of the current."},
    {"receptors", RW_SHARES(rw_input_spec, shares, n_shares, target), .required = true, .depends = true,
     .only = POISSON | SESSION, .read = read_receptors,
     .help = "Receptors on which a spike acts, each with its share of the weight; ports of cells without receptors."},
    {"weight", RW_QUANTITY(rw_input_spec, weight, NULL, 0.0, 0.0), .required = true, .depends = true,
     .only = POISSON | SESSION, .quantity = weight_quantity,
     .help = "Weight of a spike, in the unit of the receptors."},
    {"std", RW_QUANTITY(rw_input_spec, std_pA, "pA", 0.0, 1e9), .required = true, .only = NOISE,
     .help = "Standard deviation of the current."},
    {"hold", RW_TIME(rw_input_spec, hold_steps, 1), .default_words = "a step", .only = NOISE, .check = check_hold,
     .help = "Time for which a draw is held."},
    {"at", RW_TIMES(rw_input_spec, onset_step, n_onsets), .moments = true, .lasts = "width", .required = true,
     .only = PULSE, .help = "Times at which a pulse begins."},
    {"width", RW_TIME(rw_input_spec, width_steps, 1), .required = true, .only = PULSE | SESSION,
     .help = "How long a pulse or a presentation lasts; biology has the speed of the network then."},
    {"targets", RW_SELECTION(rw_input_spec, targets, target), .depends = true, .default_text = "all",
     .only = POISSON | CURRENT | NOISE | PULSE, .help = "Which cells of the population."},
};

static void check_overlap(rw_reader *r, const rw_node *times, const char *what, const uint64_t *begin, size_t n,
                          uint64_t lasting) {
    for (size_t k = 1; k < n; k++)
        if (begin[k] > begin[k - 1] && begin[k] - begin[k - 1] < lasting) {
            rw_node_wrong(r->diagnostics, times, "%s %zu and %zu overlap; give them an entry each", what, k - 1, k);
            return;
        }
}

static void check_name(rw_reader *r, const rw_node *node, const rw_input_spec *input) {
    for (const rw_input_spec *other = r->scenario->inputs; other < input; other++)
        if (other->kind == RW_INPUT_SESSION && other->session.name != NULL &&
            strcmp(other->session.name, input->session.name) == 0) {
            rw_node_wrong(r->diagnostics, rw_node_get(node, "name"), "is the name of another session; choose another");
            return;
        }
}

/* The onsets of all presentations, and the cells that they stimulate. */
static rw_err spread_session(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    const rw_session_spec *session = &input->session;
    uint64_t *onset = NULL;
    size_t n = 0;
    if (session->n_begins > MOST_PRESENTATIONS / session->presentations) {
        rw_node_wrong(r->diagnostics, rw_node_get(node, "from"), "makes more than %d presentations",
                      MOST_PRESENTATIONS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, onset, session->n_begins * session->presentations));
    for (size_t k = 0; k < session->n_begins; k++)
        for (uint64_t j = 0; j < session->presentations; j++)
            onset[n++] = session->begin_step[k] +
                         (uint64_t)((double)session->lasting_steps * (double)j / (double)session->presentations);
    input->onset_step = onset;
    input->n_onsets = n;
    input->targets = session->pattern;
    input->targets.count = (uint64_t)round(session->cue * (double)session->pattern.count);
    if (input->targets.kind == RW_SELECT_ALL)
        input->targets.kind = RW_SELECT_FIRST;
    return RW_OK;
}

static rw_err finish_session(rw_reader *r, const rw_node *node, rw_input_spec *input) {
    const rw_session_spec *session = &input->session;
    if (!r->step_known)
        return RW_OK;
    check_name(r, node, input);
    check_overlap(r, rw_node_get(node, "from"), "sessions", session->begin_step, session->n_begins,
                  session->lasting_steps);
    if (input->width_steps > session->lasting_steps / session->presentations) {
        rw_node_wrong(r->diagnostics, rw_node_get(node, "width"),
                      "%llu presentations of that length do not fit into `lasting`",
                      (unsigned long long)session->presentations);
        return RW_OK;
    }
    return spread_session(r, node, input);
}

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    rw_input_spec *input = object;
    if (input->kind == RW_INPUT_SESSION)
        return finish_session(r, node, input);
    if (input->kind == RW_INPUT_PULSE)
        check_overlap(r, rw_node_get(node, "at"), "pulses", input->onset_step, input->n_onsets, input->width_steps);
    return RW_OK;
}

const rw_key_table rw_input_table = {.name = "inputs",
                                     .help = "What drives the cells from outside.",
                                     RW_ENTRIES(entries),
                                     RW_ITEM(rw_input_spec),
                                     .by = "kind",
                                     .begin = begin,
                                     .finish = finish};
