/* Calcium-based plasticity (Graupner & Brunel 2012); defaults: their case DP.
 *
 * Solved without a step: calcium falls exponentially between spikes, so it is known when it crosses the thresholds.
 * Above one, the efficacy relaxes exponentially under noise (the double well, hundreds of times weaker, is left out
 * there); below both, it falls to the nearer end of the double well, which has a closed form. */
#include "model/model.h"

enum { TAU_CA, C_PRE, C_POST, THETA_D, THETA_P, GAMMA_D, GAMMA_P, SIGMA, TAU, DELAY_PRE, B, NMDA, RHO, N_FIELDS };
enum { STATE_RHO, GIVEN_WEIGHT };

static const rw_field fields[N_FIELDS] = {
    [TAU_CA] = {"tau_Ca", "ms", RW_PARAMETER, 20.0, 1e-2, 1e5, "decay of calcium", NULL},
    [C_PRE] = {"C_pre", "1", RW_PARAMETER, 1.0, 0.0, 1e3, "calcium by a presynaptic spike", NULL},
    [C_POST] = {"C_post", "1", RW_PARAMETER, 2.0, 0.0, 1e3, "calcium by a postsynaptic spike", NULL},
    [THETA_D] = {"theta_d", "1", RW_PARAMETER, 1.0, 1e-6, 1e3, "calcium above which the synapse is depressed", NULL},
    [THETA_P] = {"theta_p", "1", RW_PARAMETER, 1.3, 1e-6, 1e3, "calcium above which it is potentiated", NULL},
    [GAMMA_D] = {"gamma_d", "1", RW_PARAMETER, 200.0, 0.0, 1e6, "rate of depression times tau", NULL},
    [GAMMA_P] = {"gamma_p", "1", RW_PARAMETER, 321.808, 0.0, 1e6, "rate of potentiation times tau", NULL},
    [SIGMA] = {"sigma", "1", RW_PARAMETER, 2.8284, 0.0, 1e3, "noise above the thresholds", NULL},
    [TAU] = {"tau", "s", RW_PARAMETER, 150.0, 1e-3, 1e7, "time constant of the efficacy", NULL},
    [DELAY_PRE] = {"delay_pre", "ms", RW_PARAMETER, 13.7, 0.0, 1e3, "from presynaptic spike to its calcium", NULL},
    [B] = {"b", "1", RW_PARAMETER, 5.0, 1e-3, 1e3, "weight of a potentiated synapse over that of a depressed one",
           NULL},
    [NMDA] = {"nmda", "1", RW_PARAMETER, 1.0, 0.0, 1.0, "share of C_pre that enters through NMDA receptors", NULL},
    [RHO] = {"rho", "1", RW_STATE, 0.0, -10.0, 10.0, "efficacy: 0 depressed, 1 potentiated", NULL},
};

/* The weight that the scenario gives is that of a depressed synapse. */
static void transmit(const double *p, rw_plastic_synapse *s) {
    s->weight = s->state[GIVEN_WEIGHT] * (1.0 + (p[B] - 1.0) * s->state[STATE_RHO]);
}

/* Time that calcium, c at first, stays above a threshold. */
RW_KERNEL_BODY double time_above(double c, double threshold, double tau_Ca, double elapsed_ms) {
    return c > threshold ? fmin(elapsed_ms, tau_Ca * rw_log(c / threshold)) : 0.0;
}

/* Advances mean and variance of the efficacy by `ms` under the given rates and noise. */
RW_KERNEL_BODY void relax(const double *p, double potentiation, double depression, double n_noises, double ms,
                          double *mean, double *variance) {
    double rate = potentiation + depression;
    if (ms <= 0.0)
        return;
    double t = ms / (1e3 * p[TAU]);
    double left = rw_exp(-rate * t);
    double spread = rate > 0.0 ? (1.0 - left * left) / (2.0 * rate) : t;
    double fixed = rate > 0.0 ? potentiation / rate : *mean;
    *mean = fixed + (*mean - fixed) * left;
    *variance = *variance * left * left + p[SIGMA] * p[SIGMA] * n_noises * spread;
}

/* Solution of tau rho' = -rho (1 - rho) (1/2 - rho). */
RW_KERNEL_BODY double fall_into_well(double rho, double t) {
    double from_middle = rho - 0.5, square = from_middle * from_middle;
    double left = (0.25 - square) * rw_exp(-0.5 * t);
    double end = sqrt(0.25 * square / (square + left));
    return square == 0.0 ? rho : from_middle < 0.0 ? 0.5 - end : 0.5 + end;
}

RW_KERNEL static void between(const double *p, const rw_encounter *at, double elapsed_ms, rw_bits bits,
                              rw_plastic_synapse *s) {
    double c = p[C_PRE] * at->pre[0] + p[C_POST] * at->post[0];
    double above_p = time_above(c, p[THETA_P], p[TAU_CA], elapsed_ms);
    double above_d = time_above(c, p[THETA_D], p[TAU_CA], elapsed_ms);
    double both = fmin(above_p, above_d), some = fmax(above_p, above_d);
    bool depression_lasts = above_d > above_p;
    double mean = s->state[STATE_RHO], variance = 0.0;
    relax(p, p[GAMMA_P], p[GAMMA_D], 2.0, both, &mean, &variance);
    relax(p, depression_lasts ? 0.0 : p[GAMMA_P], depression_lasts ? p[GAMMA_D] : 0.0, 1.0, some - both, &mean,
          &variance);
    if (variance > 0.0)
        mean += sqrt(variance) * rw_normal(bits);
    if (elapsed_ms > some)
        mean = fall_into_well(mean, (elapsed_ms - some) / (1e3 * p[TAU]));
    s->state[STATE_RHO] = mean;
    transmit(p, s);
}

const rw_model rw_synapse_calcium = {
    .name = "calcium",
    .kind = RW_SYNAPSE,
    .summary = "Plasticity by calcium that crosses thresholds of depression and potentiation, with a double well.",
    .equations = "c' = -c / tau_Ca, + C_pre (delay_pre after a presynaptic spike), + C_post at a postsynaptic spike\n"
                 "tau rho' = gamma_p (1 - rho) H(c - theta_p) - gamma_d rho H(c - theta_d)\n"
                 "           + sigma sqrt(tau (H(c - theta_p) + H(c - theta_d))) noise while c is above a threshold\n"
                 "tau rho' = -rho (1 - rho) (1/2 - rho) below both; w = w_0 (1 + (b - 1) rho), w_0 as given",
    .references = "Graupner & Brunel 2012 PNAS 109:3991; solved between events as by Higgins, Graupner & Brunel 2014 "
                  "PLoS Comput Biol 10:e1003834",
    .fields = fields,
    .n_fields = N_FIELDS,
    .synapse = {.site = RW_AT_SYNAPSE,
                .rule = {.tau_pre = {"tau_Ca"},
                         .tau_post = {"tau_Ca"},
                         .trace_admitted = true,
                         .keeps_given_weight = true,
                         .start = transmit,
                         .between = between}},
};
