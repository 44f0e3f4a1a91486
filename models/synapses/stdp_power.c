/* Pair-based spike-timing-dependent plasticity with a power law of potentiation (Morrison et al. 2007). */
#include "model/model.h"

enum { TAU_PLUS, TAU_MINUS, LAMBDA, ALPHA, MU, W_MAX, NEAREST, NMDA, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU_PLUS] = {"tau_plus", "ms", RW_PARAMETER, 20.0, 1e-2, 1e5, "window of potentiation, post after pre", NULL},
    [TAU_MINUS] = {"tau_minus", "ms", RW_PARAMETER, 20.0, 1e-2, 1e5, "window of depression, pre after post", NULL},
    [LAMBDA] = {"lambda", "1", RW_PARAMETER, 0.1, 0.0, 1e3, "learning rate", NULL},
    [ALPHA] = {"alpha", "1", RW_PARAMETER, 1.0, 0.0, 1e3,
               "depression relative to potentiation; tau_plus / tau_minus keeps the mean weight", NULL},
    [MU] = {"mu", "1", RW_PARAMETER, 0.4, 0.0, 1.0, "exponent of potentiation", NULL},
    [W_MAX] = {"w_max", "1", RW_PARAMETER, 1e3, 1e-6, 1e6, "largest weight, in mean initial weights", NULL},
    [NEAREST] = {"nearest", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "1: only the nearest spikes pair, 0: all do", NULL},
    [NMDA] = {"nmda", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "share of the changes that needs NMDA receptors", NULL},
};

RW_KERNEL static void on_post(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    double w = s->weight + e->admitted * p[LAMBDA] * rw_power(s->weight, p[MU]) * e->pre[0];
    s->weight = fmin(w, p[W_MAX]);
}

RW_KERNEL static void on_pre(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    s->weight -= e->admitted * p[LAMBDA] * p[ALPHA] * s->weight * e->post[0];
}

const rw_model rw_synapse_stdp_power = {
    .name = "stdp_power",
    .kind = RW_SYNAPSE,
    .summary = "Pair-based spike-timing-dependent plasticity with a power law of potentiation.",
    .equations = "x' = -x / tau_plus, +1 at a presynaptic spike; y' = -y / tau_minus, +1 at a postsynaptic spike\n"
                 "w in mean initial weights; post: w <- w + lambda w^mu x; pre: w <- w - lambda alpha w y\n"
                 "independent spikes balance at w = (tau_plus / (alpha tau_minus))^(1 / (1 - mu))",
    .references =
        "Morrison, Aertsen & Diesmann 2007 Neural Comput 19:1437; lambda and mu as in NEST's stdp_pl_synapse_hom, "
        "whose alpha is for weights in pA",
    .fields = fields,
    .n_fields = N_FIELDS,
    .synapse = {.site = RW_AT_SYNAPSE,
                .rule = {.tau_pre = {"tau_plus"}, .tau_post = {"tau_minus"}, .on_pre = on_pre, .on_post = on_post}},
};
