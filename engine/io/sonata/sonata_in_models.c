#include "io/sonata/sonata_in_models.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/count.h"

/* Defaults are those of NEST 3. V_m is among them: NEST keeps the initial potential when E_L is set, so cells start at
 * the model's default and not at their own E_L. SonataNetwork of NEST ignores conditions.v_init, and so do we. */

#define OF(OWNER, NAME, FIELD, VALUE) .name = (NAME), .owner = (OWNER), .field = (FIELD), .value = (VALUE)
#define OF_CELL(NAME, FIELD, VALUE)                                                                                    \
    { OF(RW_SONATA_OF_CELL, NAME, FIELD, VALUE) }
#define OF_EXC(NAME, FIELD, VALUE)                                                                                     \
    { OF(RW_SONATA_OF_EXC, NAME, FIELD, VALUE) }
#define OF_INH(NAME, FIELD, VALUE)                                                                                     \
    { OF(RW_SONATA_OF_INH, NAME, FIELD, VALUE) }
#define PLACE(K, NAME, FIELD, VALUE)                                                                                   \
    { OF(RW_SONATA_OF_CELL, NAME, FIELD, VALUE), .place = (K) }
#define SWITCH(NAME)                                                                                                   \
    { OF(RW_SONATA_OF_CELL, NAME, NAME, 0.0), .is_switch = true }
#define SECONDS(NAME, VALUE)                                                                                           \
    { OF(RW_SONATA_OF_CELL, NAME, NAME, VALUE), .scale = 1e3 }
#define HIDDEN(NAME, VALUE)                                                                                            \
    { OF(RW_SONATA_OF_CELL, NAME, NAME, VALUE), .hidden = true }

/* iaf_psc_delta has all but the last two. */
static const rw_sonata_parameter psc_parameters[] = {
    OF_CELL("C_m", "C_m", 250.0),
    OF_CELL("tau_m", "tau_m", 10.0),
    OF_CELL("E_L", "E_L", -70.0),
    OF_CELL("V_th", "V_th", -55.0),
    OF_CELL("V_reset", "V_reset", -70.0),
    OF_CELL("t_ref", "t_ref", 2.0),
    OF_CELL("I_e", "I_e", 0.0),
    OF_CELL("V_m", "V_m", -70.0),
    OF_CELL("tau_syn_ex", "tau_syn_ex", 2.0),
    OF_CELL("tau_syn_in", "tau_syn_in", 2.0),
};

static const rw_sonata_parameter iaf_cond_parameters[] = {
    OF_CELL("C_m", "C_m", 250.0),
    OF_CELL("g_L", "g_L", 16.6667),
    OF_CELL("E_L", "E_L", -70.0),
    OF_CELL("V_th", "V_th", -55.0),
    OF_CELL("V_reset", "V_reset", -60.0),
    OF_CELL("t_ref", "t_ref", 2.0),
    OF_CELL("I_e", "I_e", 0.0),
    OF_CELL("V_m", "V_m", -70.0),
    OF_EXC("tau_syn_ex", "tau_decay", 0.2),
    OF_EXC("E_ex", "E_rev", 0.0),
    OF_EXC("g_ex", "g", 0.0),
    OF_INH("tau_syn_in", "tau_decay", 2.0),
    OF_INH("E_in", "E_rev", -85.0),
    OF_INH("g_in", "g", 0.0),
};

static const rw_sonata_parameter aeif_parameters[] = {
    OF_CELL("C_m", "C_m", 281.0),
    OF_CELL("g_L", "g_L", 30.0),
    OF_CELL("E_L", "E_L", -70.6),
    OF_CELL("V_th", "V_T", -50.4),
    OF_CELL("Delta_T", "Delta_T", 2.0),
    OF_CELL("tau_w", "tau_w", 144.0),
    OF_CELL("a", "a", 4.0),
    OF_CELL("b", "b", 80.5),
    OF_CELL("V_reset", "V_reset", -60.0),
    OF_CELL("V_peak", "V_peak", 0.0),
    OF_CELL("t_ref", "t_ref", 0.0),
    OF_CELL("I_e", "I_e", 0.0),
    OF_CELL("V_m", "V_m", -70.6),
    OF_CELL("w", "w", 0.0),
    OF_EXC("tau_syn_ex", "tau_decay", 0.2),
    OF_EXC("E_ex", "E_rev", 0.0),
    OF_EXC("g_ex", "g", 0.0),
    OF_INH("tau_syn_in", "tau_decay", 2.0),
    OF_INH("E_in", "E_rev", -85.0),
    OF_INH("g_in", "g", 0.0),
};

/* Lists have an entry for each place. What is NAN is absent unless a file sets it. */
static const rw_sonata_parameter glif_parameters[] = {
    OF_CELL("g", "g", 9.43),
    OF_CELL("C_m", "C_m", 58.72),
    OF_CELL("E_L", "E_L", -78.85),
    OF_CELL("V_th", "V_th", -51.68),
    OF_CELL("V_reset", "V_reset", -78.85),
    OF_CELL("t_ref", "t_ref", 3.75),
    OF_CELL("V_m", "V_m", -78.85),
    HIDDEN("I_e", 0.0), /* of the iaf_psc_alpha beside it; NEST's GLIF has none */
    OF_CELL("th_spike_add", "th_spike_add", 0.37),
    OF_CELL("th_spike_decay", "th_spike_decay", 0.009),
    OF_CELL("voltage_reset_fraction", "voltage_reset_fraction", 0.2),
    OF_CELL("voltage_reset_add", "voltage_reset_add", 18.51),
    OF_CELL("th_voltage_index", "th_voltage_index", 0.005),
    OF_CELL("th_voltage_decay", "th_voltage_decay", 0.09),
    PLACE(1, "asc_init", "asc_init_1", 0.0),
    PLACE(2, "asc_init", "asc_init_2", 0.0),
    PLACE(1, "asc_decay", "asc_decay_1", 0.003),
    PLACE(2, "asc_decay", "asc_decay_2", 0.1),
    PLACE(1, "asc_amps", "asc_amps_1", -9.18),
    PLACE(2, "asc_amps", "asc_amps_2", -198.94),
    PLACE(1, "asc_r", "asc_r_1", 1.0),
    PLACE(2, "asc_r", "asc_r_2", 1.0),
    PLACE(1, "tau_syn", "tau_syn_1", 2.0),
    PLACE(2, "tau_syn", "tau_syn_2", NAN),
    PLACE(3, "tau_syn", "tau_syn_3", NAN),
    PLACE(4, "tau_syn", "tau_syn_4", NAN),
    SWITCH("spike_dependent_threshold"),
    SWITCH("after_spike_currents"),
    SWITCH("adapting_threshold"),
};

/* BMTK multiplies both by 1000 when it creates the cell: they are in seconds. */
static const rw_sonata_parameter intfire1_parameters[] = {
    SECONDS("tau", 0.01),
    SECONDS("refrac", 0.005),
};

static const char excitatory[] = "ampa", inhibitory[] = "gaba_a"; /* receptors of cells with conductances */
#define PSC(NAME, MODEL, EXC, INH, N)                                                                                  \
    {                                                                                                                  \
        .name = NAME, .simulator = "nest", .model = MODEL, .exc = EXC, .inh = INH, .parameters = psc_parameters,       \
        .n_parameters = N                                                                                              \
    }
#define CONDUCTANCE(NAME, MODEL, PARAMETERS)                                                                           \
    {                                                                                                                  \
        .name = NAME, .simulator = "nest", .model = MODEL, .conductance = true, .exc = excitatory, .inh = inhibitory,  \
        .parameters = PARAMETERS, .n_parameters = RW_COUNT(PARAMETERS)                                                 \
    }
#define GLIF(NAME, ...)                                                                                                \
    {                                                                                                                  \
        .name = NAME, .simulator = "nest", .model = "glif_psc", .exc = "syn_1", .inh = "syn_2", .by_receptor = true,   \
        .parameters = glif_parameters, .n_parameters = RW_COUNT(glif_parameters), .switches = {                        \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }

/* The same equations. Those of conductances, NEST solves by an adaptive Runge-Kutta method; the others are solved
 * exactly on the same grid, and of GLIF models/neurons/glif_psc.c says what differs in NEST. */
static const rw_sonata_nest models[] = {
    PSC("iaf_psc_alpha", "lif_psc_alpha", "exc", "inh", RW_COUNT(psc_parameters)),
    PSC("iaf_psc_exp", "lif_psc_exp", "exc", "inh", RW_COUNT(psc_parameters)),
    PSC("iaf_psc_delta", "lif_psc_delta", "delta", "delta", RW_COUNT(psc_parameters) - 2),
    CONDUCTANCE("iaf_cond_exp", "lif_cond", iaf_cond_parameters),
    CONDUCTANCE("aeif_cond_exp", "adex", aeif_parameters),
    GLIF("glif_psc", 0),
    /* BMTK's names for the parameter files of the Allen Cell Types Database */
    GLIF("glif_lif_psc", 0),
    GLIF("glif_lif_r_psc", "spike_dependent_threshold"),
    GLIF("glif_lif_asc_psc", "after_spike_currents"),
    GLIF("glif_lif_r_asc_psc", "spike_dependent_threshold", "after_spike_currents"),
    GLIF("glif_lif_r_asc_a_psc", "spike_dependent_threshold", "after_spike_currents", "adapting_threshold"),
    {.name = "IntFire1",
     .simulator = "nrn",
     .model = "intfire1",
     .exc = "w",
     .inh = "w",
     .parameters = intfire1_parameters,
     .n_parameters = RW_COUNT(intfire1_parameters)},
};

const char *rw_sonata_nest_list(void) {
    return "nest:iaf_psc_alpha, nest:iaf_psc_exp, nest:iaf_psc_delta, nest:iaf_cond_exp, nest:aeif_cond_exp, "
           "nest:glif_psc (also as nest:glif_lif_psc, ..._r_, ..._asc_, ..._r_asc_, ..._r_asc_a_psc), nrn:IntFire1";
}

const rw_sonata_nest *rw_sonata_nest_find(const char *template) {
    const char *colon = strchr(template, ':'), *name = colon != NULL ? colon + 1 : template;
    size_t length = colon != NULL ? (size_t)(colon - template) : 0;
    for (size_t k = 0; k < RW_COUNT(models); k++) {
        bool of_it = colon != NULL
                         ? strlen(models[k].simulator) == length && strncmp(models[k].simulator, template, length) == 0
                         : strcmp(models[k].simulator, "nest") == 0;
        if (of_it && strcmp(models[k].name, name) == 0)
            return &models[k];
    }
    return NULL;
}

/* GLIF model 1 with two synapses is the same as iaf_psc_alpha. */
static bool fits_glif(const rw_sonata_nest *nest) {
    return nest->by_receptor || strcmp(nest->name, "iaf_psc_alpha") == 0;
}

const rw_sonata_nest *rw_sonata_nest_common(const rw_sonata_nest *a, const rw_sonata_nest *b) {
    if (a == b)
        return a;
    return fits_glif(a) && fits_glif(b) ? rw_sonata_nest_find("nest:glif_psc") : NULL;
}

size_t rw_sonata_parameter_find(const rw_sonata_nest *nest, const char *name) {
    for (size_t k = 0; k < nest->n_parameters; k++) {
        if (strcmp(nest->parameters[k].name, name) == 0 && !nest->parameters[k].hidden)
            return k;
    }
    return SIZE_MAX;
}
