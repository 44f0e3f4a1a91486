#include "io/sonata/sonata_in_glif.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/count.h"
#include "io/sonata/sonata_in_config.h"

/* ---- files of the Cell Types Database ---- */

/* The member at a path like "coeffs.th_inf". */
static rw_err find(rw_sonata_reader *reader, const rw_node *root, const char *path, const rw_node **found) {
    const rw_node *at = root;
    for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
        char key[64];
        (void)snprintf(key, sizeof key, "%.*s", (int)(dot - path), path);
        RW_TRY(rw_sonata_json_need(reader, at, key, RW_NODE_MAP, &at));
    }
    *found = rw_node_get(at, path);
    return *found != NULL ? RW_OK : rw_sonata_json_wrong(reader, at, "'%s' is missing", path);
}

static rw_err number_at(rw_sonata_reader *reader, const rw_node *root, const char *path, double *value) {
    const rw_node *node;
    RW_TRY(find(reader, root, path, &node));
    return rw_sonata_json_number(reader, node, value);
}

/* Item `place` (from 1) of a list; NAN behind its end. */
static rw_err item_at(rw_sonata_reader *reader, const rw_node *root, const char *path, unsigned place, double *value) {
    const rw_node *node;
    RW_TRY(find(reader, root, path, &node));
    if (node->kind != RW_NODE_LIST)
        return rw_sonata_json_wrong(reader, node, "%s is a list", path);
    node = node->first;
    for (unsigned k = 1; k < place && node != NULL; k++)
        node = node->next;
    *value = NAN;
    return node != NULL ? rw_sonata_json_number(reader, node, value) : RW_OK;
}

/* value = scale x number x factor + 1000 x offset; factor and offset may be NULL. */
typedef struct {
    const char *parameter, *path;
    double scale;
    const char *factor, *offset;
    const char *needs; /* the switch without which it is not read; NULL: none */
} rule;

static const char by_spikes[] = "spike_dependent_threshold", adapts[] = "adapting_threshold";
static const rule rules[] = {
    {"V_th", "th_inf", 1e3, "coeffs.th_inf", "El_reference", NULL},
    {"E_L", "El", 1e3, NULL, "El_reference", NULL},
    {"V_m", "El", 1e3, NULL, "El_reference", NULL},
    {"V_reset", "El_reference", 1e3, NULL, NULL, NULL},
    {"C_m", "C", 1e12, "coeffs.C", NULL, NULL},
    {"t_ref", "spike_cut_length", 1e3, "dt", NULL, NULL},
    {"th_spike_add", "threshold_dynamics_method.params.a_spike", 1e3, NULL, NULL, by_spikes},
    {"th_spike_decay", "threshold_dynamics_method.params.b_spike", 1e-3, NULL, NULL, by_spikes},
    {"voltage_reset_fraction", "voltage_reset_method.params.a", 1.0, NULL, NULL, by_spikes},
    {"voltage_reset_add", "voltage_reset_method.params.b", 1e3, NULL, NULL, by_spikes},
    {"th_voltage_index", "threshold_dynamics_method.params.a_voltage", 1e-3, "coeffs.a", NULL, adapts},
    {"th_voltage_decay", "threshold_dynamics_method.params.b_voltage", 1e-3, "coeffs.b", NULL, adapts},
};

static bool is_on(const rw_sonata_nest *nest, const double *values, const char *name) {
    return values[rw_sonata_parameter_find(nest, name)] == 1.0;
}

static rw_err read_currents(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *root, double *values) {
    size_t init = rw_sonata_parameter_find(nest, "asc_init"), decay = rw_sonata_parameter_find(nest, "asc_decay");
    size_t amps = rw_sonata_parameter_find(nest, "asc_amps"), r = rw_sonata_parameter_find(nest, "asc_r");
    double more;
    for (unsigned k = 0; k < decay - init; k++) {
        double tau_s, amplitude, factor;
        RW_TRY(item_at(reader, root, "init_AScurrents", k + 1, &values[init + k]));
        RW_TRY(item_at(reader, root, "asc_tau_array", k + 1, &tau_s));
        RW_TRY(item_at(reader, root, "asc_amp_array", k + 1, &amplitude));
        RW_TRY(item_at(reader, root, "coeffs.asc_amp_array", k + 1, &factor));
        values[init + k] *= 1e12;
        values[decay + k] = 1e-3 / tau_s;
        values[amps + k] = amplitude * factor * 1e12;
        values[r + k] = isnan(amplitude) ? NAN : 1.0;
    }
    RW_TRY(item_at(reader, root, "asc_amp_array", (unsigned)(decay - init) + 1, &more));
    return isnan(more) ? RW_OK : rw_sonata_json_wrong(reader, root, "more than two after-spike currents");
}

rw_err rw_sonata_glif_read(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *root, double *values) {
    static const double tau_syn_ms[] = {5.5, 8.5, 2.8, 5.8};
    double conductance, resistance;
    for (size_t k = 0; k < RW_COUNT(rules); k++) {
        double number, factor = 1.0, offset = 0.0;
        if (rules[k].needs != NULL && !is_on(nest, values, rules[k].needs))
            continue;
        RW_TRY(number_at(reader, root, rules[k].path, &number));
        if (rules[k].factor != NULL)
            RW_TRY(number_at(reader, root, rules[k].factor, &factor));
        if (rules[k].offset != NULL)
            RW_TRY(number_at(reader, root, rules[k].offset, &offset));
        values[rw_sonata_parameter_find(nest, rules[k].parameter)] = number * factor * rules[k].scale + 1e3 * offset;
    }
    RW_TRY(number_at(reader, root, "coeffs.G", &conductance));
    RW_TRY(number_at(reader, root, "R_input", &resistance));
    values[rw_sonata_parameter_find(nest, "g")] = conductance / resistance * 1e9;
    for (size_t s = 0; s < RW_COUNT(tau_syn_ms); s++)
        values[rw_sonata_parameter_find(nest, "tau_syn") + s] = tau_syn_ms[s];
    return is_on(nest, values, "after_spike_currents") ? read_currents(reader, nest, root, values) : RW_OK;
}

/* ---- from a type's own model ---- */

static double value_of(const rw_sonata_nest *nest, const double *values, const char *name) {
    return values[rw_sonata_parameter_find(nest, name)];
}

/* C_m, E_L, V_th, V_reset, t_ref, I_e and V_m are the same in both. */
static void from_iaf(const rw_sonata_nest *glif, const rw_sonata_nest *iaf, const double *own, double *values) {
    for (size_t k = 0; k < glif->n_parameters; k++) {
        size_t same = rw_sonata_parameter_find(iaf, glif->parameters[k].name);
        values[k] = same != SIZE_MAX ? own[same] : glif->parameters[k].value;
    }
    values[rw_sonata_parameter_find(glif, "g")] = value_of(iaf, own, "C_m") / value_of(iaf, own, "tau_m");
    values[rw_sonata_parameter_find(glif, "tau_syn")] = value_of(iaf, own, "tau_syn_ex");
    values[rw_sonata_parameter_find(glif, "tau_syn") + 1] = value_of(iaf, own, "tau_syn_in");
}

static unsigned length_of(const rw_sonata_nest *nest, const double *values, const char *name) {
    unsigned length = 0;
    for (size_t k = rw_sonata_parameter_find(nest, name);
         k < nest->n_parameters && strcmp(nest->parameters[k].name, name) == 0; k++)
        length += isnan(values[k]) ? 0 : 1;
    return length;
}

/* Values that change nothing stand where a list ends early. */
static double neutral(const char *name) {
    if (strcmp(name, "tau_syn") == 0)
        return 2.0;
    return strcmp(name, "asc_init") == 0 || strcmp(name, "asc_amps") == 0 ? 0.0 : 1.0;
}

rw_err rw_sonata_glif_finish(const rw_sonata_nest *glif, const rw_sonata_nest *of, const double *own, double *values,
                             unsigned *n_receptors) {
    if (of->by_receptor)
        memcpy(values, own, glif->n_parameters * sizeof *values);
    else
        from_iaf(glif, of, own, values);
    *n_receptors = of->by_receptor ? length_of(glif, values, "tau_syn") : 0;
    unsigned length = length_of(glif, values, "asc_amps");
    RW_CHECK(!is_on(glif, values, "after_spike_currents") ||
                 (length == length_of(glif, values, "asc_init") && length == length_of(glif, values, "asc_decay") &&
                  length == length_of(glif, values, "asc_r")),
             RW_ERR_INPUT, "asc_init, asc_decay, asc_amps and asc_r (default: two values each) differ in length");
    for (size_t k = 0; k < glif->n_parameters; k++)
        values[k] = isnan(values[k]) ? neutral(glif->parameters[k].name) : values[k];
    return RW_OK;
}
