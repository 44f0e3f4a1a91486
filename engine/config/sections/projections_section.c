#include "config/sections/projections_section.h"

#include <math.h>
#include <string.h>

#include "config/distribution.h"
#include "config/key_table_reader.h"
#include "config/render.h"
#include "config/sections/kernel_section.h"
#include "config/sections/plasticity_section.h"
#include "config/sections/rewire_section.h"
#include "config/shares.h"

static const char *const rule_words[] = {"none",
                                         "one_to_one",
                                         "all_to_all",
                                         "pairwise_bernoulli",
                                         "fixed_indegree",
                                         "fixed_outdegree",
                                         "fixed_total_number",
                                         "distance",
                                         "file"};

enum {
    WITH_DISTANCE = RW_ONLY(RW_CONNECT_DISTANCE),
    WITH_P = RW_ONLY(RW_CONNECT_PAIRWISE_BERNOULLI) | WITH_DISTANCE,
    WITH_N = RW_ONLY(RW_CONNECT_FIXED_INDEGREE) | RW_ONLY(RW_CONNECT_FIXED_OUTDEGREE) |
             RW_ONLY(RW_CONNECT_FIXED_TOTAL_NUMBER),
    WITH_FILE = RW_ONLY(RW_CONNECT_TABLE)
};

/* Defaults that depend on the rule. */
static void rule_is_known(rw_reader *r, const rw_node *node, void *object) {
    rw_projection_spec *projection = object;
    (void)r;
    (void)node;
    projection->multapses = (RW_ONLY(projection->rule) & WITH_N) != 0;
    projection->kernel.kind = projection->rule == RW_CONNECT_DISTANCE ? RW_KERNEL_GAUSSIAN : RW_KERNEL_NONE;
}

/* How many different pairs a projection can connect. */
static double n_pairs(const rw_reader *r, const rw_projection_spec *projection) {
    double n_sources = (double)r->scenario->populations[projection->source].count;
    double n_targets = (double)r->scenario->populations[projection->target].count;
    bool skips_itself = projection->source == projection->target && !projection->autapses;
    return n_sources * n_targets - (skips_itself ? n_targets : 0.0);
}

/* Whether there are enough partners for the rule. */
static rw_err check_partners(rw_reader *r, const rw_node *connect, void *object) {
    const rw_projection_spec *projection = object;
    uint64_t n_sources = r->scenario->populations[projection->source].count;
    uint64_t n_targets = r->scenario->populations[projection->target].count;
    double pairs = n_pairs(r, projection);
    double most = INFINITY;
    if (projection->rule == RW_CONNECT_DISTANCE)
        rw_check_kernel(r, connect, &projection->kernel);
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
    return RW_OK;
}

/* The edges file: that of the result beside the scenario that is written; another one by its full path, so that the
 * resolved scenario can stand anywhere. */
static void write_edges_file(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_projection_spec *projection = object;
    if (projection->edges_of_result != NULL)
        rw_render_text(out, projection->edges_of_result);
    else
        rw_render_path(out, scenario, projection->edges_file);
}

static bool has_edges_name(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_projection_spec *)object)->edges_population != NULL;
}

/* Of synapses that form later, `rewire` says where and how strong they are. */
#define INITIAL .initial = true, .beside = "rewire"

static const rw_entry connect_entries[] = {
    {"rule", RW_CHOICE(rw_projection_spec, rule, rule_words, RW_COUNT(rule_words)), .required = true, INITIAL,
     .check = rule_is_known,
     .help =
         "none starts without synapses; one_to_one; all_to_all; pairwise_bernoulli connects each pair with "
         "probability p; fixed_indegree draws n sources for each target, fixed_outdegree n targets for each source, "
         "fixed_total_number n pairs; distance connects each pair with probability p times the kernel; file takes "
         "synapses "
         "with their weights and delays from a file, such as a snapshot of a result; `weight` and `delay` are then "
         "those "
         "of synapses that form later."},
    {"file", RW_TEXT(rw_projection_spec, edges_file), .required = true, .only = WITH_FILE, .initial = true,
     .is_file = true, .write = write_edges_file,
     .help = "SONATA edges file; its path is relative to the folder of the scenario."},
    {"edges", RW_TEXT(rw_projection_spec, edges_population), .default_words = "the name of the projection",
     .only = WITH_FILE, .initial = true, .shown = has_edges_name, .help = "The edge population in that file."},
    {"p", RW_QUANTITY(rw_projection_spec, p, "1", 0.0, 1.0), .required = true, .only = WITH_P, INITIAL,
     .help = "Probability of a pair."},
    {"n", RW_INTEGER(rw_projection_spec, n, 0, (uint64_t)1 << 47), .required = true, .only = WITH_N, INITIAL,
     .help = "Number of synapses."},
    RW_KERNEL_ENTRIES(kernel, "gaussian", WITH_DISTANCE, "rewire"),
    {"autapses", RW_FLAG(rw_projection_spec, autapses), .default_text = "false",
     .help = "Whether a cell may connect to itself."},
    {"multapses", RW_FLAG(rw_projection_spec, multapses), .default_words = "true for fixed numbers, else false",
     .help = "Whether a pair may have several synapses."},
};

static const rw_key_table connect_table = {.name = "connect",
                                           .help = "Which cells are connected at the start.",
                                           RW_ENTRIES(connect_entries),
                                           .flow = true,
                                           .by = "rule",
                                           .finish = check_partners};

static rw_err read_receptors(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_projection_spec *projection = object;
    (void)entry;
    return rw_read_shares(r, node, projection->target, true, &projection->shares, &projection->n_shares);
}

static rw_quantity weight_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    const rw_projection_spec *projection = object;
    return rw_weight_quantity(scenario, projection->target, projection->shares, projection->n_shares, drawn);
}

static rw_quantity delay_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    (void)object;
    return (rw_quantity){"ms", 0.0, drawn ? INFINITY : fmin(1e9, 1e9 * scenario->step_ms), 0.0};
}

/* A delay is a step or longer; what is drawn shorter is drawn again. */
static void check_delay(rw_reader *r, const rw_node *node, void *object) {
    rw_projection_spec *projection = object;
    const double step_ms = r->scenario->step_ms;
    char step[RW_NUMBER_SIZE];
    if (projection->delay_ms.kind != RW_CONSTANT)
        (void)rw_narrow_value(r, node, &projection->delay_ms, (rw_quantity){"ms", step_ms, INFINITY, 0.0});
    else if (r->step_known && projection->delay_ms.a < 0.5 * step_ms)
        rw_node_wrong(r->diagnostics, node,
                      "a delay of %s is shorter than the step, %s ms; spikes take one step or more", node->text,
                      rw_number_print(step, step_ms));
}

/* Default: whether every receptor named is inhibitory, or the weight is negative throughout. */
static rw_err read_inhibitory(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_projection_spec *projection = object;
    projection->inhibitory =
        rw_shares_inhibit(&r->scenario->populations[projection->target], projection->shares, projection->n_shares) ||
        (projection->weight.kind == RW_CONSTANT && projection->weight.a < 0.0);
    return rw_entry_read_kind(r, node, entry, object);
}

static bool follows_a_rule(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    const rw_projection_spec *projection = object;
    return projection->rule != RW_CONNECT_TABLE || projection->edges_file != NULL ||
           projection->edges_of_result != NULL;
}

static void write_origin(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_projection_spec *projection = object;
    (void)fprintf(out, "    # connect: %llu synapses from %s\n", (unsigned long long)projection->table.count,
                  projection->mark.file != NULL ? projection->mark.file : scenario->path);
}

static const rw_entry entries[] = {
    {"name", RW_NAME(rw_projection_spec, name), .default_words = "`FROM__TO__RECEPTORS`",
     .help = "Name of the projection in results, in reports and for --set."},
    {"from", RW_POPULATION(rw_projection_spec, source), .required = true, .decides = true,
     .help = "Population of the sources."},
    {"to", RW_POPULATION(rw_projection_spec, target), .required = true, .decides = true,
     .help = "Population of the targets."},
    {"connect", RW_MAP(&connect_table), .required = true, .depends = true, .shown = follows_a_rule,
     .instead = write_origin, .help = "Which cells are connected at the start."},
    {"receptors", RW_SHARES(rw_projection_spec, shares, n_shares, target), .required = true, .depends = true,
     .decides = true, .read = read_receptors,
     .help = "Receptors on which a spike acts, each with its share of the weight; ports of cells without receptors."},
    {"weight", RW_DISTRIBUTION(rw_projection_spec, weight, NULL, 0.0, 0.0), .required = true, .depends = true, INITIAL,
     .quantity = weight_quantity, .shown = follows_a_rule,
     .help = "Weight of a synapse, in the unit of its receptors."},
    {"delay", RW_DISTRIBUTION(rw_projection_spec, delay_ms, "ms", 0.0, 1e9), .required = true,
     .quantity = delay_quantity, .check = check_delay, .shown = follows_a_rule,
     .help = "Time from a spike to its effect; a step or longer, rounded to steps."},
    {"inhibitory", RW_FLAG(rw_projection_spec, inhibitory), .default_words = "what its receptors are", .depends = true,
     .read = read_inhibitory, .help = "Whether its synapses sit on inhibitory dendritic elements."},
    {"rewire", RW_MAP_IF(rw_projection_spec, structural, &rw_rewire_table), .depends = true,
     .default_words = "its synapses stay", .help = "Its synapses form and vanish."},
    {"plasticity", RW_MODELS(rw_projection_spec, plasticity, n_plasticity, RW_SYNAPSE), .depends = true,
     .default_words = "none", .read = rw_read_plasticity,
     .help = "How its weights change: models of plasticity, one each at source, synapse and target."},
};

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_projection_spec *projection = object;
    (void)r;
    (void)node;
    projection->delay_ms = projection->weight = (rw_value){.min = -INFINITY, .max = INFINITY};
    projection->search.cutoff_um = projection->kernel.cutoff_um = INFINITY;
}

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    rw_projection_spec *projection = object;
    (void)r;
    (void)node;
    if (!projection->structural)
        projection->new_weight = projection->weight;
    return RW_OK;
}

const rw_key_table rw_projection_table = {.name = "projections",
                                          .help = "Which populations are connected, how, and how strongly.",
                                          RW_ENTRIES(entries),
                                          RW_ITEM(rw_projection_spec),
                                          .begin = begin,
                                          .finish = finish};

/* Of a projection without a name: "<from>__<to>__<receptors>". */
static rw_err name_projection(rw_reader *r, const rw_node *node, rw_projection_spec *projection) {
    char name[512];
    size_t used =
        (size_t)snprintf(name, sizeof name, "%.64s__%.64s_", r->scenario->populations[projection->source].name,
                         r->scenario->populations[projection->target].name);
    const rw_node *receptors = rw_node_get(node, "receptors");
    for (const rw_node *child = receptors != NULL ? receptors->first : NULL; child != NULL && used < sizeof name - 70;
         child = child->next)
        used += (size_t)snprintf(name + used, sizeof name - used, "_%.60s", child->key != NULL ? child->key : "");
    return rw_arena_string(r->arena, &projection->name, name);
}

/* Enters a projection under its name; names made by us get _2, _3, ... until they are free. */
static rw_err enter_name(rw_reader *r, const rw_node *node, uint32_t index, rw_names *next_suffix) {
    rw_projection_spec *projection = &r->scenario->projections[index];
    const rw_node *given = rw_node_get(node, "name");
    if (given == NULL)
        RW_TRY(name_projection(r, node, projection));
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

rw_err rw_read_projections(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const size_t count = node != NULL ? node->count : 0;
    rw_names *next_suffix = NULL;
    RW_TRY(rw_names_create(&r->projections, r->arena, count));
    RW_TRY(rw_names_create(&next_suffix, r->arena, count));
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    const bool any = r->scenario->n_projections > 0 && r->scenario->n_populations > 0;
    for (int given = 1; given >= 0; given--) { /* names that were given come first */
        const rw_node *child = any ? node->first : NULL;
        for (; child != NULL; child = child->next)
            if ((rw_node_get(child, "name") != NULL) == (given == 1))
                RW_TRY(enter_name(r, child, child->index, next_suffix));
    }
    return RW_OK;
}
