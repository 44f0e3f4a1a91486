#include "sim/accuracy/settling.h"

#include <math.h>
#include <string.h>

#include "sim/simulation_state.h"

static bool is_time_constant(const rw_field *field) {
    return field->role == RW_PARAMETER && strcmp(field->unit, "ms") == 0 && strncmp(field->name, "tau", 3) == 0;
}

/* A parameter of a block's cells. Where they differ it is the first number of its distribution, which all ranks know.
 */
static double parameter(const rw_block *block, size_t field, const rw_setting *settings, size_t n_settings) {
    if (block->columns[field].shared)
        return rw_block_value(block, field, 0);
    for (size_t k = 0; k < n_settings; k++)
        if (settings[k].field == field && settings[k].value.kind != RW_TABLE)
            return settings[k].value.a;
    return block->model->fields[field].value;
}

static double longest_of_block(const rw_block *block, const rw_setting *settings, size_t n_settings) {
    double longest = 0.0;
    for (size_t f = 0; f < block->model->n_fields; f++)
        if (is_time_constant(&block->model->fields[f]))
            longest = fmax(longest, parameter(block, f, settings, n_settings));
    return longest;
}

static double longest_of_mechanism(const rw_mechanism *mechanism) {
    double longest = 0.0;
    for (size_t f = 0; mechanism->model != NULL && f < mechanism->model->n_fields; f++)
        if (is_time_constant(&mechanism->model->fields[f]))
            longest = fmax(longest, mechanism->p[f]);
    return longest;
}

double rw_settling_ms(const rw_network *network, uint32_t population) {
    const rw_population *cells = &network->populations[population];
    const rw_population_spec *spec = cells->spec;
    double longest = 0.0, delay_ms = 0.0;
    if (spec->model != NULL)
        longest = longest_of_block(&cells->neuron, spec->settings, spec->n_settings);
    for (size_t r = 0; r < cells->n_receptors; r++)
        longest = fmax(longest, longest_of_block(&cells->receptors[r].block, NULL, 0));
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->target != population)
            continue;
        longest = fmax(longest, longest_of_mechanism(&projection->plasticity.at[RW_AT_SOURCE]));
        delay_ms = fmax(delay_ms, projection->max_delay * network->scenario->step_ms);
    }
    return longest + delay_ms;
}

/* How much faster elements grow when calcium is a relative amount of 1 too small, per ms: the slope of the curve. */
static double slope_of_curve(const rw_elements *elements, double calcium) {
    enum { MOST_FIELDS = 32 };
    const rw_growth_spec *spec = elements->spec;
    double numbers[MOST_FIELDS], *x[MOST_FIELDS], dz_dt[2] = {0.0, 0.0};
    RW_ASSERT(spec->model->n_fields <= MOST_FIELDS);
    for (size_t f = 0; f < spec->model->n_fields; f++) {
        numbers[f] = parameter(&elements->curve, f, spec->settings, spec->n_settings);
        x[f] = &numbers[f];
    }
    for (int side = 0; side < 2; side++) {
        double seen = calcium * (side == 0 ? 0.95 : 1.05);
        rw_chunk chunk = {.n = 1, .step_ms = elements->curve.step_ms, .x = x};
        if (spec->model->derive != NULL)
            spec->model->derive(&chunk);
        spec->model->growth.rate(&chunk, &seen, &dz_dt[side]);
    }
    return fabs(dz_dt[0] - dz_dt[1]) / 0.1;
}

void rw_find_steering(const rw_simulation *sim, rw_synapse_evidence *synapses) {
    const rw_structure *structure = &sim->structural->structure;
    const rw_clock_evidence *evidence = &sim->observation.evidence;
    const uint64_t now = rw_simulation_now(sim);
    synapses->steered_per_ms = 0.0;
    for (uint32_t p = 0; p < sim->network->n_populations; p++) {
        const rw_rate_evidence *rate = &evidence->rates[p];
        double calcium = rate->mean_hz * 1e-3 * structure->spec->tau_Ca_ms * structure->spec->beta_Ca;
        double per_cell = fmax(synapses->number / fmax(rate->cells, 1.0), 1.0);
        for (int e = 0; e < RW_ELEMENT_KINDS && structure->cells[p].calcium != NULL; e++) {
            const rw_elements *elements = &structure->cells[p].elements[e];
            if (elements->spec == NULL)
                continue;
            double factor = rw_schedule_at(&elements->spec->target_factor, now);
            double steered = slope_of_curve(elements, calcium / factor) / per_cell;
            if (steered <= synapses->steered_per_ms)
                continue;
            synapses->steered_per_ms = steered;
            synapses->calcium_ms = structure->spec->tau_Ca_ms;
            synapses->steered_noise = rate->mean_hz > 0.0 ? 1e3 * rate->fano / (rate->mean_hz * rate->cells) : 0.0;
        }
    }
}
