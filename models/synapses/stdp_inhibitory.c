/* Plasticity of inhibition that balances the target's excitation (Vogels et al. 2011). */
#include "model/model.h"

enum { TAU, ETA, RATE, W_MAX, ALPHA, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU] = {"tau", "ms", RW_PARAMETER, 20.0, 1e-2, 1e5, "window of both traces", NULL},
    [ETA] = {"eta", "1", RW_PARAMETER, 0.01, 0.0, 1e3, "change by a pair, in mean initial weights", NULL},
    [RATE] = {"target_rate", "Hz", RW_PARAMETER, 5.0, 0.0, 1e3, "rate of the target at which nothing changes", NULL},
    [W_MAX] = {"w_max", "1", RW_PARAMETER, 100.0, 1e-6, 1e6, "largest weight, in mean initial weights", NULL},
    [ALPHA] = {"alpha", "1", RW_DERIVED, 0, 0, 0, "depression at a presynaptic spike: 2 target_rate tau", NULL},
};

static void on_post(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    s->weight = fmin(s->weight + p[ETA] * e->pre[0], p[W_MAX]);
}

static void on_pre(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    s->weight = fmin(s->weight + p[ETA] * (e->post[0] - p[ALPHA]), p[W_MAX]);
}

static void derive(const rw_chunk *chunk) {
    for (size_t i = 0; i < chunk->n; i++)
        chunk->x[ALPHA][i] = 2.0 * chunk->x[RATE][i] * 1e-3 * chunk->x[TAU][i];
}

const rw_model rw_synapse_stdp_inhibitory = {
    .name = "stdp_inhibitory",
    .kind = RW_SYNAPSE,
    .summary = "Plasticity of inhibition that brings its target to a rate.",
    .equations = "x' = -x / tau, y' = -y / tau, +1 at a spike of the source, of the target\n"
                 "post: w <- w + eta x; pre: w <- w + eta (y - alpha), alpha = 2 target_rate tau",
    .references = "Vogels, Sprekeler, Zenke, Clopath & Gerstner 2011 Science 334:1569; their network has a target of 3 "
                  "Hz and changes 3e-4 of the initial weight a pair, "
                  "30 times slower than eta here",
    .fields = fields,
    .n_fields = N_FIELDS,
    .derive = derive,
    .synapse = {.site = RW_AT_SYNAPSE,
                .rule = {.tau_pre = {"tau"}, .tau_post = {"tau"}, .on_pre = on_pre, .on_post = on_post}},
};
