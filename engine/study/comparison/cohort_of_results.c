#include "study/comparison/cohort_of_results.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "io/result_in.h"
#include "study/measure.h"
#include "study/measure_table.h"

/* A result while the groups are being made. */
typedef struct {
    const char *path, *name; /* name NULL: not given */
    rw_result_in result;
    rw_table measures;
    size_t group, unit;
} compared_run;

/* Whether two scenarios differ in nothing but their seed. */
static bool same_but_seed(const char *a, const char *b) {
    for (;;) {
        if (strncmp(a, "seed: ", 6) == 0 && strncmp(b, "seed: ", 6) == 0) {
            a += strcspn(a, "\n");
            b += strcspn(b, "\n");
        }
        size_t length = strcspn(a, "\n");
        if (strncmp(a, b, length + 1) != 0)
            return false;
        if (a[length] == '\0')
            return true;
        a += length + 1;
        b += length + 1;
    }
}

static rw_err read_member(rw_arena *arena, const char *word, const rw_window *windows, size_t n_windows,
                          compared_run *member) {
    const char *equals = strchr(word, '=');
    member->path = equals != NULL ? equals + 1 : word;
    if (equals != NULL) {
        char *name = NULL;
        RW_TRY(rw_arena_allocate(arena, &name, (size_t)(equals - word) + 1, 1));
        memcpy(name, word, (size_t)(equals - word));
        member->name = name;
    }
    RW_CHECK(!rw_sweep_is(member->path), RW_ERR_INPUT,
             "%s: is a sweep, which is compared in itself; name it alone, or name "
             "directories of runs",
             member->path);
    RW_TRY(rw_result_in_open(&member->result, arena, member->path));
    RW_CHECK(strcmp(member->result.status, "done") == 0, RW_ERR_INPUT,
             "%s: this run is not finished (its status is \"%s\"), so it cannot be compared", member->path,
             member->result.status);
    RW_TRY(rw_measure_check_windows(&member->result, windows, n_windows));
    member->measures = rw_table_begin(arena, 1);
    return rw_measure(&member->measures, &member->result, windows, n_windows);
}

static bool same_group(const compared_run *a, const compared_run *b) {
    if (a->name != NULL || b->name != NULL)
        return a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0;
    return same_but_seed(a->result.scenario_text, b->result.scenario_text);
}

static rw_err check_version(const compared_run *first, const compared_run *member) {
    RW_CHECK(strcmp(first->result.revision, member->result.revision) == 0, RW_ERR_INPUT,
             "%s was made by rewire %s, but %s by %s; what differs may be the program, so run them with one version",
             member->path, member->result.revision, first->path, first->result.revision);
    return RW_OK;
}

/* Numbers groups in the order in which they are named, and units by the seeds of the first group. */
static rw_err number_members(rw_cohort *cohort, compared_run *members, size_t n, const char **groups) {
    for (size_t i = 0; i < n; i++) {
        members[i].group = SIZE_MAX;
        for (size_t j = 0; j < i && members[i].group == SIZE_MAX; j++)
            if (same_group(&members[i], &members[j]))
                members[i].group = members[j].group;
        if (members[i].group == SIZE_MAX) {
            members[i].group = cohort->n_groups;
            groups[cohort->n_groups++] = members[i].name != NULL ? members[i].name : members[i].path;
        }
        RW_TRY(check_version(&members[0], &members[i]));
        cohort->n_units += members[i].group == 0;
    }
    size_t unit = 0;
    for (size_t i = 0; i < n; i++) {
        members[i].unit = members[i].group == 0 ? unit++ : SIZE_MAX;
        for (size_t j = 0; j < i; j++) {
            if (members[j].result.seed != members[i].result.seed)
                continue;
            RW_CHECK(members[j].group != members[i].group, RW_ERR_INPUT, "%s and %s have the same scenario and seed",
                     members[j].path, members[i].path);
            if (members[i].group != 0 && members[j].group == 0)
                members[i].unit = members[j].unit;
        }
    }
    return RW_OK;
}

static rw_err check_pairs(const rw_cohort *cohort, const compared_run *members, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t size = 0;
        bool paired = members[i].group == 0;
        for (size_t j = 0; j < n; j++) {
            size += members[j].group == members[i].group;
            paired = paired || (members[j].group == 0 && members[j].result.seed == members[i].result.seed);
        }
        RW_CHECK(
            paired && size == cohort->n_units, RW_ERR_INPUT,
            "the groups are not paired by seed: %s has seed %llu, and %s %s. Runs are compared seed by seed, because "
            "networks differ more than scenarios; run every scenario with the same seeds",
            members[i].path, (unsigned long long)members[i].result.seed, cohort->groups[0],
            paired ? "has another number of seeds" : "has no such run");
    }
    return RW_OK;
}

static const rw_table_column *find_measure(const compared_run *member, const char *name) {
    for (size_t c = 0; c < member->measures.n_columns; c++)
        if (strcmp(member->measures.columns[c].name, name) == 0)
            return &member->measures.columns[c];
    return NULL;
}

static bool all_have(const compared_run *members, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (find_measure(&members[i], name) == NULL)
            return false;
    return true;
}

/* Names, each once, of the measures that some runs have and others have not. */
static rw_err name_left_out(rw_cohort *cohort, const compared_run *members, size_t n) {
    char text[512] = "";
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < members[i].measures.n_columns; c++) {
            const char *name = members[i].measures.columns[c].name;
            bool said = rw_measure_is_plain_series(name) || all_have(members, n, name);
            for (size_t j = 0; j < i && !said; j++)
                said = find_measure(&members[j], name) != NULL;
            if (said || length + strlen(name) + 8 > sizeof text)
                continue;
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", length > 0 ? ", " : "", name);
        }
    return length > 0 ? rw_arena_string(cohort->arena, &cohort->left_out, text) : RW_OK;
}

/* Those that all runs have: arms of a study differ in what acts, and so in what is recorded of it. */
static rw_err fill_outcomes(rw_cohort *cohort, const compared_run *members, size_t n) {
    const rw_table *first = &members[0].measures;
    rw_outcome *outcomes = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, outcomes, first->n_columns));
    for (size_t c = 0; c < first->n_columns; c++) {
        const rw_table_column *column = &first->columns[c];
        double *values = NULL;
        if (!all_have(members, n, column->name))
            continue;
        RW_TRY(RW_ARENA_NEW(cohort->arena, values, cohort->n_groups * cohort->n_units));
        for (size_t i = 0; i < n; i++)
            values[members[i].group * cohort->n_units + members[i].unit] =
                find_measure(&members[i], column->name)->numbers[0];
        outcomes[cohort->n_outcomes++] =
            (rw_outcome){column->name, column->unit != NULL ? column->unit : "1", column->description, values,
                         rw_measure_is_plain_series(column->name)};
    }
    cohort->outcomes = outcomes;
    return name_left_out(cohort, members, n);
}

/* Only finished runs are compared. */
static rw_err fill_states(rw_cohort *cohort) {
    rw_group_state *states = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, states, cohort->n_groups));
    for (size_t g = 0; g < cohort->n_groups; g++)
        states[g].n_done = cohort->n_units;
    cohort->states = states;
    return RW_OK;
}

static rw_err fill_directories(rw_cohort *cohort, const compared_run *members, size_t n) {
    const char **directories = NULL;
    RW_TRY(RW_ARENA_NEW(cohort->arena, directories, cohort->n_groups * cohort->n_units));
    for (size_t i = 0; i < n; i++)
        directories[members[i].group * cohort->n_units + members[i].unit] = members[i].path;
    cohort->directories = directories;
    return RW_OK;
}

rw_err rw_cohort_of_results(rw_cohort *cohort, rw_arena *arena, const char *const *words, size_t n_words,
                            const rw_window *windows, size_t n_windows) {
    compared_run *members = NULL;
    const char **groups = NULL;
    *cohort = (rw_cohort){.arena = arena, .title = "", .unit_name = "seed", .windows = windows, .n_windows = n_windows};
    RW_TRY(RW_ARENA_NEW(arena, members, n_words));
    RW_TRY(RW_ARENA_NEW(arena, groups, n_words));
    for (size_t i = 0; i < n_words; i++)
        RW_TRY(read_member(arena, words[i], windows, n_windows, &members[i]));
    cohort->groups = groups;
    RW_TRY(number_members(cohort, members, n_words, groups));
    RW_TRY(check_pairs(cohort, members, n_words));
    RW_TRY(fill_directories(cohort, members, n_words));
    RW_TRY(fill_states(cohort));
    return fill_outcomes(cohort, members, n_words);
}
