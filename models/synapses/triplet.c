/* Triplet rule of spike-timing-dependent plasticity (Pfister & Gerstner 2006); defaults: visual cortex, all-to-all. */
#include "model/model.h"

enum { TAU_PLUS, TAU_MINUS, TAU_X, TAU_Y, A2_PLUS, A3_PLUS, A2_MINUS, A3_MINUS, W_MAX, NEAREST, NMDA, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [TAU_PLUS] = {"tau_plus", "ms", RW_PARAMETER, 16.8, 1e-2, 1e5, "fast trace of the source", NULL},
    [TAU_MINUS] = {"tau_minus", "ms", RW_PARAMETER, 33.7, 1e-2, 1e5, "fast trace of the target", NULL},
    [TAU_X] = {"tau_x", "ms", RW_PARAMETER, 101.0, 1e-2, 1e5, "slow trace of the source", NULL},
    [TAU_Y] = {"tau_y", "ms", RW_PARAMETER, 125.0, 1e-2, 1e5, "slow trace of the target", NULL},
    [A2_PLUS] = {"A2_plus", "1", RW_PARAMETER, 5e-10, 0.0, 1e3, "potentiation by pairs, in mean initial weights", NULL},
    [A3_PLUS] = {"A3_plus", "1", RW_PARAMETER, 6.2e-3, 0.0, 1e3, "potentiation by triplets, post pre post", NULL},
    [A2_MINUS] = {"A2_minus", "1", RW_PARAMETER, 7e-3, 0.0, 1e3, "depression by pairs", NULL},
    [A3_MINUS] = {"A3_minus", "1", RW_PARAMETER, 2.3e-4, 0.0, 1e3, "depression by triplets, pre post pre", NULL},
    [W_MAX] = {"w_max", "1", RW_PARAMETER, 2.0, 1e-6, 1e6, "largest weight, in mean initial weights", NULL},
    [NEAREST] = {"nearest", "1", RW_PARAMETER, 0.0, 0.0, 1.0, "1: only the nearest spikes pair, 0: all do", NULL},
    [NMDA] = {"nmda", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "share of the changes that needs NMDA receptors", NULL},
};

static void on_post(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    double w = s->weight + e->admitted * e->pre[0] * (p[A2_PLUS] + p[A3_PLUS] * e->post[1]);
    s->weight = fmin(w, p[W_MAX]);
}

static void on_pre(const double *p, const rw_encounter *e, rw_plastic_synapse *s) {
    s->weight -= e->admitted * e->post[0] * (p[A2_MINUS] + p[A3_MINUS] * e->pre[1]);
}

const rw_model rw_synapse_triplet = {
    .name = "triplet",
    .kind = RW_SYNAPSE,
    .summary = "Triplet rule of spike-timing-dependent plasticity.",
    .equations = "r1' = -r1 / tau_plus, r2' = -r2 / tau_x, +1 at a presynaptic spike\n"
                 "o1' = -o1 / tau_minus, o2' = -o2 / tau_y, +1 at a postsynaptic spike\n"
                 "post: w <- w + r1 (A2_plus + A3_plus o2); pre: w <- w - o1 (A2_minus + A3_minus r2)\n"
                 "r2 and o2 are read before their own step",
    .references = "Pfister & Gerstner 2006 J Neurosci 26:9673, tables 3 and 4; amplitudes are fitted to the scheme of "
                  "all pairs, others "
                  "hold for nearest pairs",
    .fields = fields,
    .n_fields = N_FIELDS,
    .synapse = {.site = RW_AT_SYNAPSE,
                .rule = {.tau_pre = {"tau_plus", "tau_x"},
                         .tau_post = {"tau_minus", "tau_y"},
                         .on_pre = on_pre,
                         .on_post = on_post}},
};
