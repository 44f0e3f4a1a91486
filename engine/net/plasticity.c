#include "net/plasticity.h"

#include <math.h>

#include "base/memory.h"
#include "config/mark_text.h"

/* Mean of the weights that a projection starts with, without regard to limits of the distribution. */
static double mean_weight(const rw_projection_spec *spec) {
    if (spec->rule == RW_CONNECT_TABLE) {
        double sum = 0.0;
        for (uint64_t k = 0; k < spec->table.count; k++)
            sum += spec->table.weight[k];
        return spec->table.count > 0 ? sum / (double)spec->table.count : 0.0;
    }
    return spec->weight.kind == RW_UNIFORM ? 0.5 * (spec->weight.a + spec->weight.b) : spec->weight.a;
}

static rw_err create(rw_plasticity *plasticity, const rw_scenario *scenario, const rw_projection_spec *spec,
                     uint64_t n_targets) {
    for (size_t k = 0; k < spec->n_plasticity; k++) {
        rw_site site = spec->plasticity[k].model->synapse.site;
        RW_ASSERT(plasticity->at[site].model == NULL);
        RW_TRY(rw_mechanism_create(&plasticity->at[site], scenario->step_ms, spec->plasticity[k].model,
                                   spec->plasticity[k].settings, spec->plasticity[k].n_settings));
    }
    plasticity->any = spec->n_plasticity > 0;
    plasticity->dated = spec->dated;
    plasticity->unit_weight = mean_weight(spec);
    RW_CHECK(plasticity->at[RW_AT_SYNAPSE].model == NULL || plasticity->unit_weight != 0.0, RW_ERR_INPUT,
             "the mean of its weights is 0, but %s counts weights in units of it",
             plasticity->at[RW_AT_SYNAPSE].model->name);
    if (plasticity->at[RW_AT_TARGET].model == NULL)
        return RW_OK;
    RW_TRY(RW_NEW(plasticity->factor, n_targets, "plasticity"));
    for (uint64_t i = 0; i < n_targets; i++)
        plasticity->factor[i] = plasticity->at[RW_AT_TARGET].start[0];
    return RW_OK;
}

rw_err rw_plasticity_create(rw_plasticity *plasticity, const rw_scenario *scenario, const rw_projection_spec *spec,
                            uint64_t n_targets) {
    rw_err err = create(plasticity, scenario, spec, n_targets);
    return err == RW_OK ? err : rw_fail_context(err, "%s", rw_mark_text_of("projection", spec->name, spec->mark).text);
}

void rw_plasticity_destroy(rw_plasticity *plasticity) {
    for (int site = 0; site < RW_SITES; site++)
        rw_mechanism_destroy(&plasticity->at[site]);
    rw_free(plasticity->factor);
    *plasticity = (rw_plasticity){0};
}

size_t rw_plasticity_states(const rw_plasticity *plasticity) {
    return plasticity->at[RW_AT_SYNAPSE].n_states + plasticity->dated;
}

void rw_plasticity_start(const rw_plasticity *plasticity, float *weight, float *state) {
    const rw_mechanism *rule = &plasticity->at[RW_AT_SYNAPSE];
    if (rule->model == NULL)
        return;
    rw_plastic_synapse synapse = {.weight = *weight / plasticity->unit_weight};
    for (size_t k = 0; k < rule->n_states; k++)
        synapse.state[k] = rule->start[k];
    if (rule->model->synapse.rule.keeps_given_weight)
        synapse.state[rule->n_states - 1] = synapse.weight;
    if (rule->model->synapse.rule.start != NULL)
        rule->model->synapse.rule.start(rule->p, &synapse);
    *weight = (float)(synapse.weight * plasticity->unit_weight);
    for (size_t k = 0; k < rule->n_states; k++)
        state[k] = (float)synapse.state[k];
}
