COMMENT
Leaky integrate-and-fire cell with AMPA, NMDA (a low-pass of AMPA) and GABA conductances, all in one point process that
keeps its own potential, so that a step of NEURON does nothing but this. Exponential Euler with the mean conductances of the step.
Weights: > 0 excitatory, < 0 inhibitory (nS).
ENDCOMMENT
NEURON {
    THREADSAFE
    POINT_PROCESS LifCond
    RANGE v_m, g_e, g_i, g_n, C_m, g_L, E_L, V_th, V_reset, t_ref, I_e, tau_e, tau_i, tau_n, E_e, E_i, nmda, mg, gamma
    RANGE refractory, decay_e, decay_i, decay_n, mix_n, mean_e, mean_i, n_spikes
}
PARAMETER {
    C_m = 200  g_L = 10  E_L = -70  V_th = -50  V_reset = -60  t_ref = 2  I_e = 0
    tau_e = 5  tau_i = 10  tau_n = 100  E_e = 0  E_i = -80  nmda = 0  mg = 0  gamma = 0.062
}
ASSIGNED { v_m g_e g_i g_n refractory decay_e decay_i decay_n mix_n mean_e mean_i n_spikes dt }
INITIAL {
    g_e = 0  g_i = 0  g_n = 0  refractory = 0  n_spikes = 0
    decay_e = exp(-dt/tau_e)
    decay_i = exp(-dt/tau_i)
    decay_n = exp(-dt/tau_n)
    mix_n = tau_e/(tau_n - tau_e)*(decay_n - decay_e)
    mean_e = tau_e/dt*(1 - decay_e)
    mean_i = tau_i/dt*(1 - decay_i)
    net_send(0, 1)
}
BREAKPOINT { SOLVE advance METHOD after_cvode }
PROCEDURE advance() {
    LOCAL g_s, rest, gate
    g_s = g_L + mean_e*g_e + mean_i*g_i
    rest = g_L*E_L + mean_e*g_e*E_e + mean_i*g_i*E_i + I_e
    if (nmda > 0) {
        gate = nmda*g_n
        if (mg > 0) { gate = gate/(1 + mg*exp(-gamma*v_m)) }
        g_s = g_s + gate
        rest = rest + gate*E_e
        g_n = decay_n*g_n + mix_n*g_e
    }
    if (refractory == 0) {
        rest = rest/g_s
        v_m = rest + (v_m - rest)*exp(-dt*g_s/C_m)
    }
    g_e = decay_e*g_e
    g_i = decay_i*g_i
}
NET_RECEIVE(w) {
    if (flag == 0) {
        if (w > 0) { g_e = g_e + w } else { g_i = g_i - w }
    } else if (flag == 1) {
        WATCH (v_m > V_th) 2
    } else if (flag == 2) {
        net_event(t)
        n_spikes = n_spikes + 1
        v_m = V_reset
        refractory = 1
        net_send(t_ref, 3)
    } else if (flag == 3) {
        refractory = 0
    }
}
