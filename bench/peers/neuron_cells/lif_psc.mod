COMMENT
Leaky integrate-and-fire cell with exponential currents, excitatory and inhibitory, exactly integrated. It keeps its own
potential, so that a step of NEURON does nothing but this. Weights in pA, inhibitory ones negative.
ENDCOMMENT
NEURON {
    THREADSAFE
    POINT_PROCESS LifPsc
    RANGE v_m, i_e, i_i, C_m, tau_m, E_L, V_th, V_reset, t_ref, I_e, tau_e, tau_i
    RANGE refractory, decay, decay_e, decay_i, from_e, from_i, n_spikes
}
PARAMETER {
    C_m = 250  tau_m = 20  E_L = 0  V_th = 20  V_reset = 10  t_ref = 2  I_e = 0  tau_e = 0.5  tau_i = 0.5
}
ASSIGNED { v_m i_e i_i refractory decay decay_e decay_i from_e from_i n_spikes dt }
INITIAL {
    i_e = 0  i_i = 0  refractory = 0  n_spikes = 0
    decay = exp(-dt/tau_m)
    decay_e = exp(-dt/tau_e)
    decay_i = exp(-dt/tau_i)
    from_e = tau_e*tau_m/(C_m*(tau_m - tau_e))*(decay - decay_e)
    from_i = tau_i*tau_m/(C_m*(tau_m - tau_i))*(decay - decay_i)
    net_send(0, 1)
}
BREAKPOINT { SOLVE advance METHOD after_cvode }
PROCEDURE advance() {
    if (refractory == 0) {
        v_m = E_L + decay*(v_m - E_L) + (1 - decay)*tau_m/C_m*I_e + from_e*i_e + from_i*i_i
    }
    i_e = decay_e*i_e
    i_i = decay_i*i_i
}
NET_RECEIVE(w) {
    if (flag == 0) {
        if (w > 0) { i_e = i_e + w } else { i_i = i_i + w }
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
