#include "config/sections/rewire_section.h"

#include <math.h>

#include "config/sections/kernel_section.h"
#include "config/shares.h"

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_projection_spec *projection = object;
    (void)r;
    projection->search.kind = rw_node_get(node, "sigma") != NULL ? RW_KERNEL_GAUSSIAN : RW_KERNEL_NONE;
    projection->new_weight = projection->weight;
    projection->loss.weight = projection->loss.age_ms = INFINITY;
}

static rw_quantity weight_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    const rw_projection_spec *projection = object;
    return rw_weight_quantity(scenario, projection->target, projection->shares, projection->n_shares, drawn);
}

/* A weight that synapses are compared with is positive. */
static rw_quantity threshold_quantity(const rw_scenario *scenario, const void *object, bool drawn) {
    return (rw_quantity){weight_quantity(scenario, object, drawn).unit, 1e-12, 1e12, 0.0};
}

static bool has_loss(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_projection_spec *)object)->loss.rate_per_ms > 0.0;
}

static bool has_pruning(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_projection_spec *)object)->prune.weight > 0.0;
}

static bool has_stress(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_projection_spec *)object)->stress.fraction > 0.0;
}

static bool has_former_partners(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_projection_spec *)object)->former_partners.probability > 0.0;
}

static void check_persistent_rate(rw_reader *r, const rw_node *node, void *object) {
    const rw_loss_spec *loss = &((const rw_projection_spec *)object)->loss;
    if (loss->persistent == 0.0 && loss->persistent_rate_per_ms > 0.0)
        rw_node_wrong(r->diagnostics, node, "no synapse is persistent; say which share is, with persistent");
}

static bool has_more_stress(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_projection_spec *)object)->stress_again.fraction > 0.0;
}

static const rw_entry loss_entries[] = {
    {"rate", RW_QUANTITY(rw_projection_spec, loss.rate_per_ms, "1/ms", 0.0, 1e3), .required = true,
     .help = "Hazard rate of a new synapse with weight 0."},
    {"weight", RW_QUANTITY(rw_projection_spec, loss.weight, NULL, 1e-12, 1e12), .quantity = threshold_quantity,
     .default_number = INFINITY, .default_words = "the weight does not matter",
     .help = "Weight w0 over which the rate falls."},
    {"age", RW_QUANTITY(rw_projection_spec, loss.age_ms, "ms", 1e-3, 1e15), .default_number = INFINITY,
     .default_words = "the age does not matter", .help = "Age a0 over which the rate falls."},
    {"persistent", RW_QUANTITY(rw_projection_spec, loss.persistent, "1", 0.0, 1.0), .default_text = "0 %",
     .help =
         "Share of the synapses that form and are persistent, of a second kind with a rate of its own. Of those that "
         "are there at the start, so many are as there would be after a long time at equal weights: s / "
         "persistent_rate against (1 - s) / rate."},
    {"persistent_rate", RW_QUANTITY(rw_projection_spec, loss.persistent_rate_per_ms, "1/ms", 0.0, 1e3),
     .default_text = "0 /day", .check = check_persistent_rate,
     .help = "Their rate, in the place of `rate`; 0: they are never lost by chance."},
};

static const rw_key_table loss_table = {
    .name = "loss",
    .help = "Loss by chance, with the hazard rate: rate exp(-|w| / weight) exp(-a / age) for a synapse of weight w and "
            "age a. A share of the synapses can be persistent.",
    RW_ENTRIES(loss_entries),
    .flow = true};

static const rw_entry prune_entries[] = {
    {"weight", RW_QUANTITY(rw_projection_spec, prune.weight, NULL, 1e-12, 1e12), .quantity = threshold_quantity,
     .required = true, .help = "Synapses that are weaker vanish."},
    {"age", RW_TIME(rw_projection_spec, prune.age_steps, 0), .required = true, .help = "From this age on."},
};

static const rw_key_table prune_table = {.name = "prune",
                                         .help = "Pruning of synapses that are still weak at an age.",
                                         RW_ENTRIES(prune_entries),
                                         .flow = true};

static void check_stress(rw_reader *r, const rw_node *node, const rw_stress_spec *stress) {
    if (r->step_known && stress->until_step <= stress->from_step)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "until"), "must be later than from");
}

static rw_err finish_stress(rw_reader *r, const rw_node *node, void *object) {
    check_stress(r, node, &((const rw_projection_spec *)object)->stress);
    return RW_OK;
}

/* Entries are read in their order, so the first stress is known; without it this would be the first. */
static rw_err finish_more_stress(rw_reader *r, const rw_node *node, void *object) {
    const rw_projection_spec *projection = object;
    check_stress(r, node, &projection->stress_again);
    if (r->step_known && projection->stress_again.from_step < projection->stress.until_step)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "from"), "must not be earlier than the end of `stress`");
    if (projection->stress.until_step == 0)
        rw_node_key_wrong(r->diagnostics, node, "follows `stress`, and there is none; call this one stress");
    return RW_OK;
}

static const char *const order_words[] = {
    [RW_STRESS_WEAKEST] = "weakest", [RW_STRESS_RANDOM] = "random", [RW_STRESS_LARGEST] = "largest"};

/* clang-format off */
#define STRESS_ENTRIES(member)                                                                                         \
    {"from", RW_TIME(rw_projection_spec, member.from_step, 0), .required = true, .help = "Begin of the stress."},      \
    {"until", RW_TIME(rw_projection_spec, member.until_step, 1), .required = true, .help = "Its end."},                \
    {"fraction", RW_QUANTITY(rw_projection_spec, member.fraction, "1", 0.0, 0.999999), .required = true,               \
     .help = "Fraction of the synapses that are deleted."},                                                            \
    {"which", RW_CHOICE(rw_projection_spec, member.which, order_words, RW_COUNT(order_words)),                         \
     .default_text = "weakest",                                                                                        \
     .help =                                                                                                           \
         "Which of them go first, by the absolute value of their weight; observations disagree (configs/README.md)."}
/* clang-format on */

static const rw_entry stress_entries[] = {STRESS_ENTRIES(stress)};
static const rw_entry more_stress_entries[] = {STRESS_ENTRIES(stress_again)};

static const rw_key_table stress_table = {.name = "stress",
                                          .help = "Stress deletes a fraction of the synapses in an interval.",
                                          RW_ENTRIES(stress_entries),
                                          .flow = true,
                                          .ends = "until",
                                          .finish = finish_stress};

static const rw_key_table more_stress_table = {
    .name = "stress_again",
    .help = "Stress that goes on at another level, or comes again. It acts as `stress` does.",
    RW_ENTRIES(more_stress_entries),
    .flow = true,
    .ends = "until",
    .finish = finish_more_stress};

static const rw_entry former_entries[] = {
    {"probability", RW_QUANTITY(rw_projection_spec, former_partners.probability, "1", 0.0, 1.0), .required = true,
     .help = "Probability with which a vacant dendritic element tries such a cell, before it takes part in the search; "
             "one attempt in each update. No measured value is known: an assumption, to be varied."},
    {"lifetime", RW_TIME(rw_projection_spec, former_partners.lifetime_steps, 1), .required = true,
     .help = "A loss is forgotten after this time, or when the two cells have a new synapse."},
};

static const rw_key_table former_table = {
    .name = "former_partners",
    .help =
        "Memory of place: a dendrite's vacant element first tries a cell with which its own cell has lost a synapse, "
        "whatever the cause, lesions excepted. Spines that stress had eliminated came back at the same places "
        "(Moda-Sava et al. 2019 Science 364:eaat8078); without this key they come back anywhere.",
    RW_ENTRIES(former_entries),
    .flow = true};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    rw_projection_spec *projection = object;
    const size_t before = r->diagnostics->count;
    rw_check_kernel(r, node, &projection->search);
    projection->structural = r->diagnostics->count == before; /* a wrong kernel does not ask for rules of growth */
    if (projection->delay_ms.kind != RW_CONSTANT)
        rw_node_wrong(r->diagnostics, rw_node_get(node->parent, "delay"),
                      "synapses that form later have one delay for all; give a single number");
    return RW_OK;
}

static const rw_entry entries[] = {
    RW_KERNEL_ENTRIES(search, "gaussian with sigma, else none", 0, NULL),
    {"weight", RW_DISTRIBUTION(rw_projection_spec, new_weight, NULL, 0.0, 0.0), .quantity = weight_quantity,
     .default_words = "that of the projection", .help = "Weight of synapses that form."},
    {"loss", RW_MAP(&loss_table), .default_words = "none", .shown = has_loss, .help = "Loss by chance."},
    {"prune", RW_MAP(&prune_table), .default_words = "none", .shown = has_pruning, .help = "Pruning of weak synapses."},
    {"stress", RW_MAP(&stress_table), .default_words = "none", .shown = has_stress, .help = "Loss by stress."},
    {"stress_again", RW_MAP(&more_stress_table), .default_words = "none", .shown = has_more_stress,
     .help = "Stress that goes on at another level, or comes again."},
    {"former_partners", RW_MAP(&former_table), .default_words = "none", .shown = has_former_partners,
     .help = "Memory of the pairs that have lost a synapse."},
};

const rw_key_table rw_rewire_table = {
    .name = "rewire",
    .help =
        "Synapses of the projection form and vanish: vacant axonal elements of its source and dendritic ones of its "
        "target are paired with a probability proportional to the kernel; the axons search, or the dendrites where "
        "these "
        "have less than half as many vacant elements. Both need rules under growth, and all "
        "synapses of the projection must have the same delay.",
    RW_ENTRIES(entries),
    .flow = true,
    .begin = begin,
    .finish = finish};
