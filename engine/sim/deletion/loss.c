/* Synapses that are lost for other reasons than retraction: by chance, weak and young ones sooner; pruned, when they
 * are still weak at a certain age; and under stress, the weakest first. The dendritic element, the spine, goes with its
 * synapse; the axon's stays and is vacant. */
#include <math.h>

#include "base/vmath.h"
#include "sim/deletion/deletion_rule.h"

/* Whether a synapse is lost by chance in the interval: hazard h0 exp(-|w| / w0) exp(-age / a0). */
static bool is_lost(const rw_taking *taking, const rw_taken *synapse) {
    const rw_loss_spec *spec = &taking->projection->spec->loss;
    const rw_structure *structure = taking->self;
    const rw_scenario *scenario = structure->network->scenario;
    double age_ms = (double)synapse->age_step * scenario->step_ms * scenario->time_scale;
    double hazard = spec->rate_per_ms * rw_exp(-fabs(synapse->weight) / spec->weight - age_ms / spec->age_ms);
    return rw_uniform32(synapse->bits.word[0]) < -expm1(-hazard * rw_structure_interval_ms(structure));
}

static bool is_pruned(const rw_taking *taking, const rw_taken *synapse) {
    const rw_prune_spec *spec = &taking->projection->spec->prune;
    return synapse->age_step >= spec->age_steps && fabs(synapse->weight) < spec->weight;
}

static bool may_go(const rw_taking *taking, const rw_taken *synapse) {
    (void)taking;
    (void)synapse;
    return true;
}

/* How many synapses stress takes in one interval: so many that `fraction` are gone at the end, if none form. The part
 * of a synapse that is left over is taken by chance. */
static rw_err stress_share(const rw_structure *structure, const rw_taking *taking, uint64_t *n) {
    const rw_stress_spec *stress = &taking->projection->spec->stress;
    uint64_t total = 0;
    RW_TRY(rw_projection_total(&structure->network->partition, taking->projection, &total));
    double intervals = (double)(stress->until_step - stress->from_step) / (double)structure->spec->every_steps;
    double expected = -expm1(log1p(-stress->fraction) / intervals) * (double)total;
    rw_bits bits =
        rw_draw3(taking->stream, UINT32_MAX, UINT32_MAX, (uint32_t)(taking->step / structure->spec->every_steps));
    *n = (uint64_t)(expected + rw_uniform32(bits.word[3]));
    return RW_OK;
}

static rw_err lose(rw_structure *structure, rw_taking taking) {
    const rw_projection_spec *spec = taking.projection->spec;
    if (spec->loss.rate_per_ms > 0.0) {
        taking.cause = RW_CAUSE_LOSS;
        taking.goes = is_lost;
        taking.chance = -expm1(-spec->loss.rate_per_ms * rw_structure_interval_ms(structure)); /* of weight and age 0 */
        RW_TRY(rw_structure_take(structure, &taking));
    }
    if (spec->prune.weight > 0.0) {
        taking.cause = RW_CAUSE_PRUNING;
        taking.chance = 1.0;
        taking.goes = is_pruned;
        RW_TRY(rw_structure_take(structure, &taking));
    }
    if (spec->stress.fraction > 0.0 && taking.step > spec->stress.from_step && taking.step <= spec->stress.until_step) {
        taking.cause = RW_CAUSE_STRESS;
        taking.chance = 1.0;
        taking.goes = may_go;
        RW_TRY(stress_share(structure, &taking, &taking.most));
        if (taking.most > 0)
            RW_TRY(rw_structure_take(structure, &taking));
    }
    return RW_OK;
}

rw_err rw_structure_lose(rw_structure *structure, uint64_t step) {
    const rw_network *network = structure->network;
    for (uint32_t p = 0; p < network->n_projections; p++)
        RW_TRY(lose(structure, (rw_taking){.projection = &network->projections[p],
                                           .step = step,
                                           .stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_LOSS, p),
                                           .most = UINT64_MAX,
                                           .takes_dendrite = true,
                                           .self = structure}));
    return RW_OK;
}
