/* Synapses that go for other reasons than retraction: by random loss, weak and young ones sooner; pruned, when they are
 * still weak at a certain age; and under stress. The dendritic element, the spine, goes with its
 * synapse; the axon's stays and is vacant. */
#include "sim/deletion/loss.h"

#include <math.h>

#include "base/vmath.h"
#include "sim/deletion/deletion_rule.h"

/* Share of persistent synapses among those at the start: as after a long time, at equal weights and ages. */
static double initial_share(const rw_loss_spec *spec) {
    double transient = (1.0 - spec->persistent) * spec->persistent_rate_per_ms;
    double persistent = spec->persistent * spec->rate_per_ms;
    return persistent > 0.0 ? persistent / (persistent + transient) : 0.0;
}

/* Whether a synapse is of the persistent kind: drawn once for all by its number, so that nothing is stored. */
static bool is_persistent(const rw_deletion_rule *rule, const rw_examined_synapse *synapse) {
    const rw_loss_spec *spec = &rule->projection->spec->loss;
    const rw_network *network = ((const rw_structure *)rule->self)->network;
    if (spec->persistent == 0.0)
        return false;
    rw_stream stream =
        rw_substream_of(network->scenario->seed, RW_SUBSTREAM_PERSISTENT, (uint32_t)rule->projection->index);
    uint64_t gid = network->populations[rule->projection->source].first_gid + synapse->source;
    rw_bits bits = rw_draw3(stream, (uint32_t)gid, synapse->serial, 0);
    bool is_initial = synapse->serial < rule->projection->first_formed[synapse->source];
    return rw_uniform32(bits.word[0]) < (is_initial ? initial_share(spec) : spec->persistent);
}

/* Whether a synapse is lost at random in the interval: hazard h0 exp(-|w| / w0) exp(-age / a0). */
static bool is_lost(const rw_deletion_rule *rule, const rw_examined_synapse *synapse) {
    const rw_loss_spec *spec = &rule->projection->spec->loss;
    const rw_structure *structure = rule->self;
    const rw_scenario *scenario = structure->network->scenario;
    double age_ms = (double)synapse->age * scenario->step_ms;
    double rate_per_ms = is_persistent(rule, synapse) ? spec->persistent_rate_per_ms : spec->rate_per_ms;
    double hazard = rate_per_ms * rw_exp(-fabs(synapse->weight) / spec->weight - age_ms / spec->age_ms);
    /* given that the rule sees the synapse, which has the largest probability */
    return rw_uniform32(synapse->bits.word[0]) * rule->max_probability <
           -expm1(-hazard * rw_structure_interval_ms(structure));
}

static bool is_pruned(const rw_deletion_rule *rule, const rw_examined_synapse *synapse) {
    const rw_prune_spec *spec = &rule->projection->spec->prune;
    return synapse->age >= spec->age_steps && fabs(synapse->weight) < spec->weight;
}

static bool is_any(const rw_deletion_rule *rule, const rw_examined_synapse *synapse) {
    (void)rule;
    (void)synapse;
    return true;
}

/* How many synapses stress deletes in one interval: so many that `fraction` are gone at the end, if none form. The
 * remainder, part of a synapse, is rounded up or down at random. */
static rw_err stress_count(const rw_connectivity_update *update, const rw_deletion_rule *rule,
                           const rw_stress_spec *stress, uint64_t *n) {
    uint64_t total = 0;
    RW_TRY(rw_projection_total(&update->network->partition, rule->projection, &total));
    double intervals = (double)(stress->until_step - stress->from_step) / (double)update->structure->spec->every_steps;
    double expected = -expm1(log1p(-stress->fraction) / intervals) * (double)total;
    rw_bits bits = rw_draw3(rule->stream, UINT32_MAX, UINT32_MAX, rw_update_number(update));
    *n = (uint64_t)(expected + rw_uniform32(bits.word[3]));
    return RW_OK;
}

static const double weight_orders[] = {[RW_STRESS_WEAKEST] = 1.0, [RW_STRESS_RANDOM] = 0.0, [RW_STRESS_LARGEST] = -1.0};

static rw_err delete_by_stress(const rw_connectivity_update *update, rw_deletion_rule rule,
                               const rw_stress_spec *stress) {
    if (stress->fraction <= 0.0 || update->time <= stress->from_step || update->time > stress->until_step)
        return RW_OK;
    rule.cause = RW_CAUSE_STRESS;
    rule.selects = is_any;
    rule.weight_order = weight_orders[stress->which];
    RW_TRY(stress_count(update, &rule, stress, &rule.max_count));
    return rule.max_count > 0 ? rw_delete_by_rule(update, &rule) : RW_OK;
}

static rw_err delete_of_projection(const rw_connectivity_update *update, rw_deletion_rule rule) {
    const rw_projection_spec *spec = rule.projection->spec;
    double highest_rate =
        fmax(spec->loss.rate_per_ms, spec->loss.persistent > 0.0 ? spec->loss.persistent_rate_per_ms : 0.0);
    if (highest_rate > 0.0) {
        rule.cause = RW_CAUSE_LOSS;
        rule.selects = is_lost;
        rule.max_probability = /* that of weight and age 0; never all, however high the rate */
            fmin(-expm1(-highest_rate * rw_structure_interval_ms(update->structure)), 1.0 - 0x1p-53);
        RW_TRY(rw_delete_by_rule(update, &rule));
    }
    rule.max_probability = 1.0;
    if (spec->prune.weight > 0.0) {
        rule.cause = RW_CAUSE_PRUNING;
        rule.selects = is_pruned;
        RW_TRY(rw_delete_by_rule(update, &rule));
    }
    RW_TRY(delete_by_stress(update, rule, &spec->stress));
    return delete_by_stress(update, rule, &spec->stress_again); /* begins at the end of the first or later */
}

rw_err rw_delete_lost(const rw_connectivity_update *update) {
    const rw_network *network = update->network;
    for (uint32_t p = 0; p < network->n_projections; p++) {
        const rw_deletion_rule rule = {.projection = &network->projections[p],
                                       .stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_LOSS, p),
                                       .rare_stream =
                                           rw_substream_of(network->scenario->seed, RW_SUBSTREAM_RARE_LOSS, p),
                                       .max_count = UINT64_MAX,
                                       .weight_order = 1.0,
                                       .deletes_dendrite = true,
                                       .self = update->structure};
        RW_TRY(delete_of_projection(update, rule));
    }
    return RW_OK;
}
