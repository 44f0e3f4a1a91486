#include "study/measures/learning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "config/sections/behaviour_section.h"

static const rw_input_spec *training_of(const rw_measure_source *from) {
    return from->scenario != NULL ? rw_learning_training(from->scenario) : NULL;
}

/* ---- recall before and after ---- */

/* Other sessions in which not all of the pattern is stimulated. */
static bool is_test(const rw_measure_source *from) {
    const rw_input_spec *training = training_of(from);
    for (size_t i = 0; training != NULL && i < from->scenario->n_inputs; i++) {
        const rw_input_spec *input = &from->scenario->inputs[i];
        if (input->kind == RW_INPUT_SESSION && strcmp(input->session.name, from->object) == 0)
            return input != training && input->session.cue < 1.0;
    }
    return false;
}

static rw_err completion_in(const rw_measure_source *from, double from_ms, double to_ms, double *value) {
    rw_measure_source part = *from;
    part.window = (rw_window){"", from_ms, to_ms};
    *value = NAN;
    return from_ms < to_ms ? rw_measure_presentations(&part, value) : RW_OK;
}

static rw_err learned(const rw_measure_source *from, double *value) {
    const rw_session_spec *sessions = &training_of(from)->session;
    const double step_ms = from->scenario->step_ms, first_ms = (double)sessions->begin_step[0] * step_ms;
    const double end_ms = (double)(sessions->begin_step[sessions->n_begins - 1] + sessions->lasting_steps) * step_ms;
    double before = NAN, after = NAN;
    RW_TRY(completion_in(from, from->begin_ms, first_ms, &before));
    RW_TRY(completion_in(from, fmax(end_ms, from->window.from_ms), from->window.to_ms, &after));
    *value = after - before;
    return RW_OK;
}

/* ---- synapses that form meanwhile ---- */

static bool is_followed(const rw_measure_source *from) {
    const bool *of = from->scenario != NULL ? from->scenario->outcomes.learning.of : NULL;
    for (size_t p = 0; of != NULL && p < from->scenario->n_projections; p++)
        if (of[p] && strcmp(from->scenario->projections[p].name, from->object) == 0)
            return true;
    return false;
}

/* A synapse of a snapshot. */
typedef struct {
    uint64_t uid;
    bool in_pattern; /* both cells belong to the pattern that is trained */
} synapse;

typedef struct {
    synapse *list; /* ascending by uid; in the arena */
    size_t n;
} synapse_list;

static int by_uid(const void *a, const void *b) {
    const uint64_t x = ((const synapse *)a)->uid, y = ((const synapse *)b)->uid;
    return (x > y) - (x < y);
}

/* The last snapshot until a time; NULL: there is none. */
static const rw_result_snapshot *snapshot_at(const rw_result_in *result, double time_ms) {
    size_t n = result->n_snapshots;
    while (n > 0 && result->snapshots[n - 1].time_ms > time_ms + rw_measure_tolerance(result))
        n--;
    return n > 0 ? &result->snapshots[n - 1] : NULL;
}

static int by_id(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool is_in(const rw_selection *pattern, uint64_t cell) {
    if (pattern->kind != RW_SELECT_IDS)
        return cell < pattern->count;
    return pattern->count > 0 && bsearch(&cell, pattern->ids, pattern->count, sizeof cell, by_id) != NULL;
}

/* Cells of another population are in no pattern. */
static bool trains(const rw_measure_source *from) {
    const rw_input_spec *training = training_of(from);
    for (size_t p = 0; p < from->scenario->n_projections; p++) {
        const rw_projection_spec *projection = &from->scenario->projections[p];
        if (strcmp(projection->name, from->object) == 0)
            return projection->source == training->target && projection->target == training->target;
    }
    return false;
}

static rw_err read_ids(const rw_measure_source *from, const rw_result_snapshot *snapshot, const char *dataset,
                       rw_result_ids *ids) {
    return rw_result_in_ids(from->result, snapshot->file, rw_path_of("/edges/%s/%s", from->object, dataset).text, ids);
}

static rw_err read_synapses(const rw_measure_source *from, const rw_result_snapshot *snapshot, synapse_list *synapses) {
    const rw_selection *pattern = &training_of(from)->session.pattern;
    const bool is_trained = trains(from);
    rw_result_ids uids, sources, targets;
    RW_TRY(read_ids(from, snapshot, "0/synapse_uid", &uids));
    RW_TRY(read_ids(from, snapshot, "source_node_id", &sources));
    RW_TRY(read_ids(from, snapshot, "target_node_id", &targets));
    RW_CHECK(sources.n == uids.n && targets.n == uids.n, RW_ERR_INPUT,
             "%s/%s: columns of %s differ in length; the file is damaged", from->result->path, snapshot->file,
             from->object);
    RW_TRY(RW_ARENA_NEW(from->result->arena, synapses->list, uids.n));
    synapses->n = uids.n;
    for (size_t i = 0; i < uids.n; i++)
        synapses->list[i] = (synapse){uids.values[i], is_trained && is_in(pattern, sources.values[i]) &&
                                                          is_in(pattern, targets.values[i])};
    if (uids.n > 0)
        qsort(synapses->list, uids.n, sizeof *synapses->list, by_uid);
    return RW_OK;
}

/* Synapses that were not there at the begin and were at the end, and those of them that are there in the last snapshot
 * of the window. */
typedef struct {
    double formed, kept, formed_in_pattern, kept_in_pattern;
    bool known, followed; /* snapshots for the first two; and for the others */
} new_synapses;

static bool has(const synapse_list *synapses, uint64_t uid) {
    const synapse wanted = {.uid = uid};
    return synapses->n > 0 && bsearch(&wanted, synapses->list, synapses->n, sizeof wanted, by_uid) != NULL;
}

static rw_err count_new(const rw_measure_source *from, new_synapses *found) {
    const rw_learning_spec *spec = &from->scenario->outcomes.learning;
    const double step_ms = from->scenario->step_ms, until_ms = (double)spec->until_step * step_ms;
    const rw_result_snapshot *begin = snapshot_at(from->result, (double)spec->from_step * step_ms);
    const rw_result_snapshot *end = snapshot_at(from->result, until_ms);
    const rw_result_snapshot *last = snapshot_at(from->result, from->window.to_ms);
    synapse_list before, formed, later = {0};
    if (begin == NULL || end == begin || from->window.to_ms < until_ms - rw_measure_tolerance(from->result))
        return RW_OK;
    found->known = true;
    found->followed = last > end && rw_measure_source_has(from, last->time_ms);
    RW_TRY(read_synapses(from, begin, &before));
    RW_TRY(read_synapses(from, end, &formed));
    if (found->followed)
        RW_TRY(read_synapses(from, last, &later));
    for (size_t i = 0; i < formed.n; i++) {
        const synapse *one = &formed.list[i];
        if (has(&before, one->uid))
            continue;
        const bool is_kept = has(&later, one->uid);
        found->formed += 1.0;
        found->kept += is_kept;
        found->formed_in_pattern += one->in_pattern;
        found->kept_in_pattern += one->in_pattern && is_kept;
    }
    return RW_OK;
}

/* The columns of three snapshots may be gigabytes, so they do not stay in the arena of the result. */
static rw_err find_new(const rw_measure_source *from, new_synapses *found) {
    rw_measure_source there = *from;
    rw_result_in result = *from->result;
    *found = (new_synapses){0};
    RW_TRY(rw_arena_create(&result.arena));
    there.result = &result;
    const rw_err err = count_new(&there, found);
    rw_arena_destroy(&result.arena);
    return err;
}

static rw_err formed(const rw_measure_source *from, double *value) {
    new_synapses found;
    RW_TRY(find_new(from, &found));
    *value = found.known ? found.formed : NAN;
    return RW_OK;
}

static rw_err formed_in_pattern(const rw_measure_source *from, double *value) {
    new_synapses found;
    RW_TRY(find_new(from, &found));
    *value = found.formed > 0.0 ? found.formed_in_pattern / found.formed : NAN;
    return RW_OK;
}

static rw_err formed_kept(const rw_measure_source *from, double *value) {
    new_synapses found;
    RW_TRY(find_new(from, &found));
    *value = found.followed && found.formed > 0.0 ? found.kept / found.formed : NAN;
    return RW_OK;
}

static rw_err formed_kept_in_pattern(const rw_measure_source *from, double *value) {
    new_synapses found;
    RW_TRY(find_new(from, &found));
    *value = found.followed && found.formed_in_pattern > 0.0 ? found.kept_in_pattern / found.formed_in_pattern : NAN;
    return RW_OK;
}

#define SNAPSHOTS                                                                                                      \
    "a window until outcomes.learning.until or later, a snapshot between from and until, or at its end, and another "  \
    "one before"
#define LATER SNAPSHOTS ", a later one in the window, and such synapses"
#define FORMED(name_, title_, value_, takes_, description_)                                                            \
    {                                                                                                                  \
        .series = RW_SERIES_CREATED, .name = (name_), .title = (title_), .unit = "1", .value = (value_),               \
        .takes = (takes_), .description = (description_), .needs = RW_MEASURE_NEEDS_SNAPSHOTS, .applies = is_followed  \
    }

static const rw_measure_entry entries[] = {
    {.series = RW_SERIES_COMPLETION,
     .name = "learned",
     .title = "Recall gained by training",
     .unit = "1",
     .value = learned,
     .other = RW_SERIES_PRESENTATIONS,
     .takes = "presentations before the first and after the last training session, the latter in the window",
     .description =
         "recall beyond chance after training less that before it; of an older pattern, below 0: interference",
     .applies = is_test},
    FORMED("formed", "Synapses formed meanwhile", formed, SNAPSHOTS,
           "synapses that formed between outcomes.learning.from and until, and were there at its end"),
    FORMED("formed_in_pattern", "Share of them in the pattern", formed_in_pattern, SNAPSHOTS ", and such synapses",
           "share of these whose two cells are in the pattern that is trained"),
    FORMED("formed_kept", "Survival of synapses formed meanwhile", formed_kept, LATER,
           "share of these that are still there in the last snapshot of the window"),
    FORMED("formed_kept_in_pattern", "Survival of those in the pattern", formed_kept_in_pattern, LATER,
           "the same of those whose two cells are in the pattern that is trained"),
};

const rw_measure_group rw_learning_measures = {entries, RW_COUNT(entries)};
