#include "sim/elements/structure.h"

#include <math.h>

#include "config/sections/growth_section.h"
#include "net/cell_block.h"
#include "net/population.h"
#include "net/value.h"

/* Growth curve, elements and counters of one kind of element of one population. */
static rw_err create_elements(rw_elements *elements, const rw_network *network, const rw_growth_spec *spec) {
    uint64_t count = network->populations[spec->population].count;
    elements->spec = spec;
    rw_err err = rw_cell_block_from_settings(&elements->curve, network->scenario, &network->partition, spec->population,
                                             spec->model, RW_PART_GROWTH + (uint32_t)spec->element, spec->settings,
                                             spec->n_settings);
    if (err != RW_OK)
        return rw_fail_context(err, "growth on %s.%s", network->populations[spec->population].spec->name,
                               rw_element_names[spec->element]);
    RW_TRY(rw_reserve(&elements->z, count, sizeof elements->z[0], "synaptic elements"));
    return RW_NEW(elements->connected, count, "synaptic elements");
}

static const double *formation_of(const rw_structure *structure, const rw_signal_spec *signal) {
    return signal != NULL ? &structure->signals[signal - structure->network->scenario->signals].formation : NULL;
}

static rw_err create_cells(rw_structure *structure) {
    const rw_network *network = structure->network;
    const rw_scenario *scenario = network->scenario;
    RW_TRY(RW_NEW(structure->cells, network->n_populations, "structure"));
    for (size_t g = 0; g < scenario->n_growth; g++) {
        const rw_growth_spec *spec = &scenario->growth[g];
        rw_cells *cells = &structure->cells[spec->population];
        uint64_t count = network->populations[spec->population].count;
        if (cells->calcium == NULL) {
            RW_TRY(rw_reserve(&cells->calcium, count, sizeof cells->calcium[0], "calcium"));
            RW_TRY(rw_reserve(&cells->pending, count, sizeof cells->pending[0], "calcium"));
        }
        RW_TRY(create_elements(&cells->elements[spec->element], network, spec));
        cells->elements[spec->element].formation[0] = formation_of(structure, spec->signal);
        cells->elements[spec->element].formation[1] = formation_of(structure, spec->second_signal);
    }
    return RW_OK;
}

static rw_err create_decays(rw_structure *structure) {
    const rw_structure_spec *spec = structure->spec;
    double step_ms = structure->network->scenario->step_ms;
    structure->tick_ms = (double)spec->growth_every_steps * step_ms;
    structure->tick_decay = exp(-(double)spec->growth_every_steps * step_ms / spec->tau_Ca_ms);
    RW_TRY(RW_NEW(structure->spike_calcium, spec->growth_every_steps, "calcium"));
    for (uint64_t k = 0; k < spec->growth_every_steps; k++)
        structure->spike_calcium[k] = spec->beta_Ca * exp(-(double)k * step_ms / spec->tau_Ca_ms);
    return RW_OK;
}

static rw_err check_delays(const rw_network *network) {
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection_spec *spec = network->projections[p].spec;
        RW_CHECK(
            !spec->structural || network->projections[p].min_delay == network->projections[p].max_delay, RW_ERR_INPUT,
            "projection '%s': synapses that form need one delay for all; give `delay` as a single number", spec->name);
    }
    return RW_OK;
}

static rw_err create_signals(rw_structure *structure) {
    const rw_scenario *scenario = structure->network->scenario;
    RW_TRY(RW_NEW(structure->signals, scenario->n_signals, "signals"));
    for (size_t s = 0; s < scenario->n_signals; s++)
        RW_TRY(rw_signal_create(&structure->signals[s], &scenario->signals[s], rw_structure_interval_ms(structure)));
    return RW_OK;
}

static rw_err create(rw_structure *structure) {
    RW_TRY(check_delays(structure->network));
    RW_TRY(create_decays(structure));
    RW_TRY(create_signals(structure));
    return create_cells(structure);
}

/* Counts the elements that a thread's part of a structural projection uses. */
static void count_rows(const rw_network *network, const rw_projection *projection, int thread, uint32_t *axon,
                       uint32_t *dendrite) {
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        axon[source] += rw_adjacency_count(adjacency, source);
        for (uint64_t slot = rw_adjacency_start(adjacency, source), end = rw_adjacency_end(adjacency, source);
             slot < end; slot++)
            dendrite[first + rw_packed_target(projection->packing, adjacency->synapses[slot].packed)] +=
                rw_adjacency_is_live(adjacency, slot);
    }
}

/* Counts the elements that the initial synapses of structural projections use. */
static void count_own_connected(rw_structure *structure) {
    const rw_network *network = structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (!projection->spec->structural)
            continue;
        uint32_t *axon = rw_structure_axons(structure, projection)->connected;
        uint32_t *dendrite = rw_structure_dendrites(structure, projection)->connected;
        RW_ASSERT(axon != NULL && dendrite != NULL);
        for (int t = 0; t < network->partition.n_threads; t++)
            count_rows(network, projection, t, axon, dendrite);
    }
}

/* Every rank counts at its own cells' synapses; the sum over ranks gives the connected elements of all cells. */
static rw_err count_connected(rw_structure *structure) {
    const rw_network *network = structure->network;
    count_own_connected(structure);
    for (size_t g = 0; g < network->scenario->n_growth; g++) {
        const rw_growth_spec *spec = &network->scenario->growth[g];
        RW_TRY(rw_comm_reduce(network->partition.comm,
                              structure->cells[spec->population].elements[spec->element].connected,
                              network->populations[spec->population].count, RW_U32, RW_SUM));
    }
    return RW_OK;
}

/* Every cell starts with the elements that its synapses use, and the initial ones. Where these differ between cells
 * they are drawn like a field of the growth curve that comes after all it can have. */
static void start_elements(rw_structure *structure) {
    const rw_network *network = structure->network;
    const rw_scenario *scenario = network->scenario;
    for (size_t g = 0; g < scenario->n_growth; g++) {
        const rw_growth_spec *spec = &scenario->growth[g];
        rw_elements *elements = &structure->cells[spec->population].elements[spec->element];
        rw_stream stream = rw_stream_of(scenario->seed, RW_PURPOSE_PARAMETER,
                                        (RW_PART_GROWTH + (uint32_t)spec->element) << 8 | RW_PART_INITIAL);
        rw_slice kept = rw_partition_kept_slice(&network->partition, network->populations[spec->population].count);
        for (uint64_t i = kept.begin; i < kept.end; i++)
            elements->z[i] = rw_value_draw(&spec->initial, stream, i, spec->population) + elements->connected[i];
    }
}

rw_err rw_structure_create(rw_structure *structure, const rw_network *network) {
    structure->network = network;
    structure->spec = &network->scenario->structure;
    RW_TRY(rw_comm_agree(network->partition.comm, create(structure)));
    RW_TRY(count_connected(structure));
    start_elements(structure);
    return RW_OK;
}

static void destroy_cells(rw_cells *cells) {
    rw_free(cells->calcium);
    rw_free(cells->pending);
    rw_free(cells->dead);
    for (int e = 0; e < RW_ELEMENT_KINDS; e++) {
        rw_block_destroy(&cells->elements[e].curve);
        rw_free(cells->elements[e].z);
        rw_free(cells->elements[e].connected);
    }
}

void rw_structure_destroy(rw_structure *structure) {
    for (size_t p = 0; structure->cells != NULL && p < structure->network->n_populations; p++)
        destroy_cells(&structure->cells[p]);
    for (size_t s = 0; structure->signals != NULL && s < structure->network->scenario->n_signals; s++)
        rw_signal_destroy(&structure->signals[s]);
    rw_free(structure->signals);
    rw_free(structure->cells);
    rw_free(structure->spike_calcium);
    *structure = (rw_structure){0};
}
