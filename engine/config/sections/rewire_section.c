/* rewire: how the synapses of a projection form and vanish. */
#include <math.h>

#include "config/sections/parts.h"

/* Loss by chance. */
static void read_loss(rw_reader *r, const rw_node *node, const char *weight_unit, rw_loss_spec *loss) {
    static const rw_key keys[] = {{"rate", true}, {"weight", false}, {"age", false}};
    loss->weight = loss->age_ms = INFINITY;
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    (void)rw_read_number(r, rw_node_get(node, "rate"), (rw_quantity){"1/ms", 0.0, 1e3, 0.0}, &loss->rate_per_ms);
    (void)rw_read_number(r, rw_node_get(node, "weight"), (rw_quantity){weight_unit, 1e-12, 1e12, 0.0}, &loss->weight);
    (void)rw_read_number(r, rw_node_get(node, "age"), (rw_quantity){"ms", 1e-3, 1e15, 0.0}, &loss->age_ms);
}

static void read_prune(rw_reader *r, const rw_node *node, const char *weight_unit, rw_prune_spec *prune) {
    static const rw_key keys[] = {{"weight", true}, {"age", true}};
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    (void)rw_read_number(r, rw_node_get(node, "weight"), (rw_quantity){weight_unit, 1e-12, 1e12, 0.0}, &prune->weight);
    (void)rw_read_slow_steps(r, rw_node_get(node, "age"), 0, &prune->age_steps);
}

static void read_stress(rw_reader *r, const rw_node *node, rw_stress_spec *stress) {
    static const rw_key keys[] = {{"from", true}, {"until", true}, {"fraction", true}};
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    (void)rw_read_slow_steps(r, rw_node_get(node, "from"), 0, &stress->from_step);
    (void)rw_read_slow_steps(r, rw_node_get(node, "until"), 1, &stress->until_step);
    (void)rw_read_number(r, rw_node_get(node, "fraction"), (rw_quantity){"1", 0.0, 0.999999, 0.0}, &stress->fraction);
    if (r->step_known && stress->until_step <= stress->from_step)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "until"), "must be later than from");
}

void rw_read_rewire(rw_reader *r, const rw_node *node, const char *weight_unit, rw_projection_spec *projection) {
    static const rw_key keys[] = {{"kernel", false}, {"sigma", false}, {"cutoff", false}, {"exponent", false},
                                  {"weight", false}, {"loss", false},  {"prune", false},  {"stress", false}};
    projection->search.cutoff_um = INFINITY;
    projection->new_weight = projection->weight;
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return;
    bool has_width = rw_node_get(node, "sigma") != NULL;
    projection->structural =
        rw_read_kernel(r, node, has_width ? RW_KERNEL_GAUSSIAN : RW_KERNEL_NONE, &projection->search);
    if (projection->delay_ms.kind != RW_CONSTANT)
        rw_node_wrong(r->diagnostics, rw_node_get(node->parent, "delay"),
                      "synapses that form later have one delay for all; give a single number");
    const rw_node *weight = rw_node_get(node, "weight");
    if (weight != NULL)
        (void)rw_read_value(r, weight,
                            rw_weight_quantity(weight, projection->shares, projection->n_shares, weight_unit),
                            &projection->new_weight);
    read_loss(r, rw_node_get(node, "loss"), weight_unit, &projection->loss);
    read_prune(r, rw_node_get(node, "prune"), weight_unit, &projection->prune);
    read_stress(r, rw_node_get(node, "stress"), &projection->stress);
}
