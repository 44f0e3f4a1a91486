/* Izhikevich's simple model, in the scheme of his published network script. */
#include "model/model.h"

enum { A, B, C, D, V_M, U, I_PULSE, I_EXT, PORT_I, N_FIELDS };

/* Fixed in the model: the peak of the spike, mV. */
static const double V_peak = 30.0;

static const rw_field fields[N_FIELDS] = {
    [A] = {"a", "1", RW_PARAMETER, 0.02, -0.03, 1.0, "rate of the recovery variable, per ms", NULL},
    [B] = {"b", "1", RW_PARAMETER, 0.2, -1.0, 1.0, "recovery per potential", NULL},
    [C] = {"c", "mV", RW_PARAMETER, -65.0, -80.0, -40.0, "potential after a spike", NULL},
    [D] = {"d", "1", RW_PARAMETER, 8.0, -25.0, 25.0, "jump of the recovery variable at a spike", NULL},
    [V_M] = {"V_m", "mV", RW_STATE, -65.0, -100.0, 30.0, "membrane potential", NULL},
    [U] = {"U", "1", RW_STATE, -13.0, -500.0, 500.0, "recovery variable, at rest b V_m", NULL},
    [I_PULSE] = {"I_pulse", "1", RW_STATE, 0.0, -1e3, 1e3, "current of the spikes that arrived at the last step's end",
                 NULL},
    [I_EXT] = {"I_ext", "1", RW_INPUT, 0, 0, 0, "current from inputs during the step, 1 pA counts as 1", NULL},
    [PORT_I] = {"I", "1", RW_PORT, 0, 0, 0, "current that lasts the next step", NULL},
};

RW_KERNEL_BODY double step(const rw_chunk *chunk, double *fired, bool homogeneous) {
    double *const *x = chunk->x;
    double *V_m = x[V_M], *u = x[U], *I_pulse = x[I_PULSE];
    const double *I_ext = x[I_EXT];
    const float *port_I = chunk->ports[PORT_I];
    double h = chunk->step_ms;
    const rw_parameter a = rw_parameter_of(chunk, A, homogeneous), b = rw_parameter_of(chunk, B, homogeneous);
    const rw_parameter c = rw_parameter_of(chunk, C, homogeneous), d = rw_parameter_of(chunk, D, homogeneous);
    double n_fired = 0.0;
#pragma omp simd reduction(+ : n_fired)
    for (size_t i = 0; i < chunk->n; i++) {
        double I = I_pulse[i] + I_ext[i];
        double v = V_m[i];
        v += 0.5 * h * (0.04 * v * v + 5.0 * v + 140.0 - u[i] + I);
        v += 0.5 * h * (0.04 * v * v + 5.0 * v + 140.0 - u[i] + I);
        double recovery = u[i] + h * rw_at(a, i) * (rw_at(b, i) * v - u[i]);
        int spike = v >= V_peak;
        V_m[i] = spike ? rw_at(c, i) : v;
        u[i] = spike ? recovery + rw_at(d, i) : recovery;
        I_pulse[i] = port_I[i];
        fired[i] = spike ? 1.0 : 0.0;
        n_fired += fired[i];
    }
    return n_fired;
}

RW_KERNEL static double update(const rw_chunk *chunk, double *fired) {
    return chunk->homogeneous ? step(chunk, fired, true) : step(chunk, fired, false);
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    (void)i;
    return chunk->step_ms <= 1.0 ? NULL : "the published scheme is for steps of at most 1 ms";
}

const rw_model rw_neuron_izhikevich = {
    .name = "izhikevich",
    .kind = RW_NEURON,
    .summary = "Izhikevich's simple model of spiking, in the scheme of the published network script.",
    .equations = "dV_m/dt = 0.04 V_m^2 + 5 V_m + 140 - U + I + I_ext   (t in ms, V_m in mV, the rest without units)\n"
                 "dU/dt = a (b V_m - U)\n"
                 "V_m >= 30: spike, V_m = c, U = U + d\n"
                 "scheme: two Euler half steps of V_m, then one step of U with the new V_m; a step of 1 ms is the "
                 "published script, shorter steps approach the equations\n"
                 "a spike of weight w is a current w that lasts the step after its arrival",
    .references = "Izhikevich 2003 IEEE Trans Neural Netw 14:1569; Pauli et al. 2018 Front Neuroinform 12:46 on the "
                  "scheme",
    .fields = fields,
    .n_fields = N_FIELDS,
    .invalid = invalid,
    .neuron = {.update = update},
};
