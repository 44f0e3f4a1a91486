/* projections: who is connected to whom, how, and how strongly. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"

enum { MOST_PROJECTIONS = 1000000 }; /* objects of random streams are below 2^24 */

static const rw_key keys[] = {{"name", false},   {"from", true},       {"to", true},        {"connect", true},
                              {"weight", true},  {"delay", true},      {"receptors", true}, {"inhibitory", false},
                              {"rewire", false}, {"plasticity", false}};

/* How many different pairs a projection can connect. */
static double n_pairs(const rw_reader *r, const rw_projection_spec *projection) {
    double n_sources = (double)r->scenario->populations[projection->source].count;
    double n_targets = (double)r->scenario->populations[projection->target].count;
    bool skips_itself = projection->source == projection->target && !projection->autapses;
    return n_sources * n_targets - (skips_itself ? n_targets : 0.0);
}

/* Whether there are enough partners for the rule. */
static void check_partners(rw_reader *r, const rw_node *connect, const rw_projection_spec *projection) {
    uint64_t n_sources = r->scenario->populations[projection->source].count;
    uint64_t n_targets = r->scenario->populations[projection->target].count;
    double pairs = n_pairs(r, projection);
    double most = INFINITY;
    if (projection->rule == RW_CONNECT_ONE_TO_ONE && n_sources != n_targets)
        rw_node_wrong(r->diagnostics, connect, "one_to_one needs as many sources as targets, not %llu and %llu",
                      (unsigned long long)n_sources, (unsigned long long)n_targets);
    else if (projection->rule == RW_CONNECT_ONE_TO_ONE && pairs < (double)n_sources * (double)n_targets)
        rw_node_wrong(r->diagnostics, connect,
                      "one_to_one inside a population is a synapse onto itself: say autapses: true");
    if (projection->rule == RW_CONNECT_FIXED_INDEGREE)
        most = projection->multapses && pairs > 0.0 ? INFINITY : pairs / (double)n_targets;
    if (projection->rule == RW_CONNECT_FIXED_OUTDEGREE)
        most = projection->multapses && pairs > 0.0 ? INFINITY : pairs / (double)n_sources;
    if (projection->rule == RW_CONNECT_FIXED_TOTAL_NUMBER)
        most = projection->multapses && pairs > 0.0 ? INFINITY : pairs;
    if ((double)projection->n > most)
        rw_node_wrong(r->diagnostics, connect, "n is %llu, but there are only %.0f partners%s",
                      (unsigned long long)projection->n, most,
                      most > 0.0 ? "; make n smaller or allow multapses: true" : "");
}

static void read_connect(rw_reader *r, const rw_node *node, rw_projection_spec *projection) {
    static const rw_key plain[] = {{"rule", true}, {"autapses", false}, {"multapses", false}};
    static const rw_key bernoulli[] = {{"rule", true}, {"p", true}, {"autapses", false}, {"multapses", false}};
    static const rw_key fixed[] = {{"rule", true}, {"n", true}, {"autapses", false}, {"multapses", false}};
    static const rw_key distance[] = {{"rule", true},      {"p", true},         {"kernel", false},
                                      {"sigma", true},     {"cutoff", false},   {"exponent", false},
                                      {"autapses", false}, {"multapses", false}};
    static const struct {
        const rw_key *keys;
        size_t n_keys;
    } allowed[] = {{plain, RW_COUNT(plain)},         {plain, RW_COUNT(plain)},      {plain, RW_COUNT(plain)},
                   {bernoulli, RW_COUNT(bernoulli)}, {fixed, RW_COUNT(fixed)},      {fixed, RW_COUNT(fixed)},
                   {fixed, RW_COUNT(fixed)},         {distance, RW_COUNT(distance)}};
    if (node == NULL)
        return;
    const rw_node *rule_node = rw_node_get(node, "rule");
    size_t rule = RW_CONNECT_NONE;
    if (rule_node == NULL) {
        (void)rw_read_map(r, node, plain, RW_COUNT(plain)); /* says what is missing */
        return;
    }
    if (!rw_read_choice(r, rule_node, rw_connect_rule_names, RW_CONNECT_TABLE, &rule) ||
        !rw_read_map(r, node, allowed[rule].keys, allowed[rule].n_keys))
        return;
    projection->rule = (rw_connect_rule)rule;
    projection->multapses = allowed[rule].keys == fixed;
    size_t before = r->diagnostics->count;
    (void)rw_read_flag(r, rw_node_get(node, "autapses"), &projection->autapses);
    (void)rw_read_flag(r, rw_node_get(node, "multapses"), &projection->multapses);
    (void)rw_read_number(r, rw_node_get(node, "p"), (rw_quantity){"1", 0.0, 1.0, 0.0}, &projection->p);
    (void)rw_read_count(r, rw_node_get(node, "n"), 0, (uint64_t)1 << 47, &projection->n);
    if (rule == RW_CONNECT_DISTANCE)
        (void)rw_read_kernel(r, node, RW_KERNEL_GAUSSIAN, &projection->kernel);
    if (r->diagnostics->count == before)
        check_partners(r, node, projection);
}

/* A delay is a step or longer; what is drawn shorter is drawn again. */
static void read_delay(rw_reader *r, const rw_node *node, rw_projection_spec *projection) {
    double step_ms = r->scenario->step_ms;
    bool drawn = node != NULL && rw_is_distribution(node);
    rw_quantity delay = {"ms", 0.0, drawn ? INFINITY : fmin(1e9, 1e9 * step_ms), 0.0};
    if (node == NULL || !rw_read_value(r, node, delay, &projection->delay_ms))
        return;
    char step[RW_NUMBER_SIZE];
    if (projection->delay_ms.kind != RW_CONSTANT)
        (void)rw_narrow_value(r, node, &projection->delay_ms, step_ms, delay.max);
    else if (r->step_known && projection->delay_ms.a < 0.5 * step_ms)
        rw_node_wrong(r->diagnostics, node,
                      "a delay of %s is shorter than the step, %s ms; spikes take one step or more", node->text,
                      rw_number_print(step, step_ms));
}

/* Whether every receptor named is inhibitory, or the weight is negative throughout. */
static bool is_inhibitory(const rw_population_spec *target, const rw_projection_spec *projection) {
    bool all = projection->n_shares > 0;
    for (size_t k = 0; k < projection->n_shares; k++) {
        const rw_share *share = &projection->shares[k];
        all = all && (share->is_port ? strcmp(target->model->fields[share->index].name, "inh") == 0
                                     : target->receptors[share->index].model->receptor.inhibitory != 0);
    }
    return all || (projection->weight.kind == RW_CONSTANT && projection->weight.a < 0.0);
}

/* The name that was given, or "<from>__<to>__<receptors>". */
static rw_err name_projection(rw_reader *r, const rw_node *node, rw_projection_spec *projection) {
    char name[512];
    const rw_node *name_node = rw_node_get(node, "name");
    if (name_node != NULL) {
        (void)rw_read_name(r, name_node, &projection->name);
        return RW_OK;
    }
    size_t used =
        (size_t)snprintf(name, sizeof name, "%.64s__%.64s_", r->scenario->populations[projection->source].name,
                         r->scenario->populations[projection->target].name);
    const rw_node *receptors = rw_node_get(node, "receptors");
    for (const rw_node *child = receptors->first; child != NULL && used < sizeof name - 70; child = child->next)
        used += (size_t)snprintf(name + used, sizeof name - used, "_%.60s", child->key);
    return rw_arena_string(r->arena, &projection->name, name);
}

static rw_err read_projection(rw_reader *r, const rw_node *node, rw_projection_spec *projection) {
    const char *unit = NULL;
    projection->mark = node->mark;
    projection->delay_ms = projection->weight = (rw_value){.min = -INFINITY, .max = INFINITY};
    projection->search.cutoff_um = projection->kernel.cutoff_um = INFINITY;
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    if (node->kind != RW_NODE_MAP)
        return RW_OK;
    const rw_node *from = rw_node_get(node, "from"), *to = rw_node_get(node, "to");
    bool from_known = from != NULL && rw_read_population(r, from, &projection->source);
    bool to_known = to != NULL && rw_read_population(r, to, &projection->target);
    read_delay(r, rw_node_get(node, "delay"), projection);
    if (!from_known || !to_known)
        return RW_OK;
    read_connect(r, rw_node_get(node, "connect"), projection);
    const rw_node *receptors = rw_node_get(node, "receptors");
    RW_TRY(rw_read_shares(r, receptors, projection->target, true, &projection->shares, &projection->n_shares, &unit));
    if (unit == NULL)
        return RW_OK;
    const rw_node *weight = rw_node_get(node, "weight");
    (void)rw_read_value(r, weight, rw_weight_quantity(weight, projection->shares, projection->n_shares, unit),
                        &projection->weight);
    projection->inhibitory = is_inhibitory(&r->scenario->populations[projection->target], projection);
    (void)rw_read_flag(r, rw_node_get(node, "inhibitory"), &projection->inhibitory);
    rw_read_rewire(r, rw_node_get(node, "rewire"), unit, projection);
    RW_TRY(rw_read_plasticity(r, rw_node_get(node, "plasticity"), projection));
    return name_projection(r, node, projection);
}

/* Enters a projection under its name; names made by us get _2, _3, ... until they are free. */
static rw_err enter_name(rw_reader *r, const rw_node *node, uint32_t index, rw_names *next_suffix) {
    rw_projection_spec *projection = &r->scenario->projections[index];
    const rw_node *given = rw_node_get(node, "name");
    if (projection->name == NULL)
        return RW_OK;
    if (given != NULL) {
        if (rw_names_find(r->populations, projection->name) != RW_NO_NAME)
            rw_node_wrong(r->diagnostics, given, "a population has this name already");
        else if (!rw_names_add(r->projections, projection->name, index))
            rw_node_wrong(r->diagnostics, given, "another projection has this name already");
        return RW_OK;
    }
    const char *base = projection->name;
    uint32_t suffix = rw_names_find(next_suffix, base);
    suffix = suffix == RW_NO_NAME ? 2 : suffix;
    char numbered[600];
    bool entered = rw_names_find(r->populations, base) == RW_NO_NAME && rw_names_add(r->projections, base, index);
    while (!entered) {
        (void)snprintf(numbered, sizeof numbered, "%s_%u", base, suffix++);
        RW_TRY(rw_arena_string(r->arena, &projection->name, numbered));
        entered = rw_names_find(r->populations, projection->name) == RW_NO_NAME &&
                  rw_names_add(r->projections, projection->name, index);
    }
    rw_names_set(next_suffix, base, suffix);
    return RW_OK;
}

rw_err rw_read_projections(rw_reader *r, const rw_node *node) {
    rw_scenario *scenario = r->scenario;
    size_t count = node != NULL ? node->count : 0;
    rw_names *next_suffix = NULL;
    RW_TRY(rw_names_create(&r->projections, r->arena, count));
    RW_TRY(rw_names_create(&next_suffix, r->arena, count));
    if (node == NULL || !rw_read_list(r, node))
        return RW_OK;
    if (count > MOST_PROJECTIONS) {
        rw_node_key_wrong(r->diagnostics, node, "%zu projections are too many; at most %d", count, MOST_PROJECTIONS);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, scenario->projections, count));
    scenario->n_projections = count;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_projection(r, child, &scenario->projections[child->index]));
    for (int given = 1; given >= 0; given--) { /* names that were given come first */
        for (const rw_node *child = node->first; child != NULL; child = child->next) {
            if ((rw_node_get(child, "name") != NULL) == (given == 1))
                RW_TRY(enter_name(r, child, child->index, next_suffix));
        }
    }
    return RW_OK;
}
