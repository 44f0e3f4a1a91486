#include "study/sweep/plan_inputs.h"

#include <string.h>

#include "config/parse.h"
#include "io/node_tables.h"

const rw_input_comparison rw_plan_inputs_comparison = {
    .since = "the sweep was planned",
    .remedy = "Put back the file that the sweep was planned with, or make a new plan in another directory"};

/* Points before it with which one is compared. */
enum { MOST_COMPARED = 1000 };

/* Whether a setting may name another file: of spikes, cells (`nodes`) or synapses. */
static bool may_name_file(const rw_override *set) {
    static const char *const words[] = {"file", "nodes"};
    bool names = false;
    if (strncmp(set->key, "populations", strlen("populations")) != 0 &&
        strncmp(set->key, "projections", strlen("projections")) != 0)
        return false;
    for (size_t k = 0; k < RW_COUNT(words); k++)
        names = names || strstr(set->key, words[k]) != NULL || strstr(set->value, words[k]) != NULL;
    return names;
}

/* Whether two points have the same files, because they set the same of what may name one. */
static bool read_the_same(const rw_point *a, const rw_point *b) {
    size_t i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a->n_set && !may_name_file(&a->set[i]))
            i++;
        while (j < b->n_set && !may_name_file(&b->set[j]))
            j++;
        if (i == a->n_set || j == b->n_set)
            return i == a->n_set && j == b->n_set;
        if (strcmp(a->set[i].key, b->set[j].key) != 0 || strcmp(a->set[i].value, b->set[j].value) != 0)
            return false;
    }
}

static rw_err add_files(const rw_sweep_plan *plan, const rw_point *point, const char *base, rw_input_files *list) {
    rw_scenario *scenario = NULL;
    RW_TRY(rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), point->set, point->n_set));
    rw_err err = RW_OK;
    for (size_t p = 0; p < scenario->n_populations; p++) {
        const rw_population_spec *population = &scenario->populations[p];
        for (size_t k = 0; err == RW_OK && k < population->n_spikes_files; k++)
            err = rw_input_files_add(list, plan->arena, population->spikes_files[k]);
        if (err == RW_OK && population->nodes_file != NULL)
            err = rw_node_tables_add(list, plan->arena, population->nodes_file);
    }
    for (size_t p = 0; err == RW_OK && p < scenario->n_projections; p++)
        if (scenario->projections[p].edges_file != NULL)
            err = rw_input_files_add(list, plan->arena, scenario->projections[p].edges_file);
    rw_scenario_destroy(&scenario);
    return err;
}

rw_err rw_plan_inputs_find(const rw_sweep_plan *plan, const rw_points *points, const char *base, rw_input_files *list) {
    *list = (rw_input_files){.reader = plan->scenario};
    for (size_t i = 0; i < points->n_points; i++) {
        bool seen = false;
        for (size_t back = 1; !seen && back <= i && back <= MOST_COMPARED; back++) /* beyond, files are read again */
            seen = read_the_same(&points->points[i], &points->points[i - back]);
        rw_err err = seen ? RW_OK : add_files(plan, &points->points[i], base, list);
        if (err != RW_OK)
            return rw_fail_context(err, "point %zu of the sweep", i);
    }
    return RW_OK;
}

rw_err rw_plan_inputs_check(const rw_input_files *planned) {
    return rw_input_files_check(planned, &rw_plan_inputs_comparison);
}
