/* Pair-based spike-timing-dependent plasticity: additive, multiplicative, or between (Guetig et al. 2003). */
#include "model/model.h"

enum { TAU_PLUS, TAU_MINUS, A_PLUS, A_MINUS, MU_PLUS, MU_MINUS, W_MAX, NEAREST, NMDA, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU_PLUS] = {"tau_plus", "ms", RW_PARAMETER, 20.0, 1e-2, 1e5, "window of potentiation, post after pre", NULL},
    [TAU_MINUS] = {"tau_minus", "ms", RW_PARAMETER, 20.0, 1e-2, 1e5, "window of depression, pre after post", NULL},
    [A_PLUS] = {"A_plus", "1", RW_PARAMETER, 0.005, 0.0, 1e3, "potentiation by a pair, in units of w_max", NULL},
    [A_MINUS] = {"A_minus", "1", RW_PARAMETER, 0.00525, 0.0, 1e3, "depression by a pair, in units of w_max", NULL},
    [MU_PLUS] = {"mu_plus", "1", RW_PARAMETER, 0.0, 0.0, 10.0,
                 "how potentiation falls towards w_max: 0 additive, 1 multiplicative", NULL},
    [MU_MINUS] = {"mu_minus", "1", RW_PARAMETER, 0.0, 0.0, 10.0, "how depression falls towards weight 0", NULL},
    [W_MAX] = {"w_max", "1", RW_PARAMETER, 2.0, 1e-6, 1e6, "largest weight, in mean initial weights", NULL},
    [NEAREST] = {"nearest", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "1: only the nearest spikes pair, 0: all do", NULL},
    [NMDA] = {"nmda", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "share of the changes that needs NMDA receptors", NULL},
};

RW_KERNEL static void on_post(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    double w = s->weight / p[W_MAX];
    w += e->admitted * p[A_PLUS] * rw_power(fmax(0.0, 1.0 - w), p[MU_PLUS]) * e->pre[0];
    s->weight = fmin(w, 1.0) * p[W_MAX];
}

RW_KERNEL static void on_pre(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    double w = s->weight / p[W_MAX];
    w -= e->admitted * p[A_MINUS] * rw_power(fmax(0.0, w), p[MU_MINUS]) * e->post[0];
    s->weight = fmin(w, 1.0) * p[W_MAX];
}

const rw_model rw_synapse_stdp = {
    .name = "stdp",
    .kind = RW_SYNAPSE,
    .summary = "Pair-based spike-timing-dependent plasticity, additive to multiplicative.",
    .equations = "x' = -x / tau_plus, +1 at a presynaptic spike; y' = -y / tau_minus, +1 at a postsynaptic spike\n"
                 "post: w <- w + A_plus w_max (1 - w / w_max)^mu_plus x\n"
                 "pre: w <- w - A_minus w_max (w / w_max)^mu_minus y",
    .references =
        "Song, Miller & Abbott 2000 Nat Neurosci 3:919; Guetig, Aharonov, Rotter & Sompolinsky 2003 J Neurosci "
        "23:3697",
    .fields = fields,
    .n_fields = N_FIELDS,
    .synapse = {.site = RW_AT_SYNAPSE,
                .rule = {.tau_pre = {"tau_plus"}, .tau_post = {"tau_minus"}, .on_pre = on_pre, .on_post = on_post}},
};
