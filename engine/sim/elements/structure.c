#include "sim/elements/structure.h"

#include <math.h>
#include <string.h>

#include "net/cell_block.h"
#include "net/population.h"
#include "net/value.h"

static const char *const element_names[RW_ELEMENT_KINDS] = {"axon", "dendrite_exc", "dendrite_inh"};

/* Growth curve, elements and counters of one kind of element of one population. */
static rw_err create_elements(rw_elements *elements, const rw_network *network, const rw_growth_spec *spec) {
    uint64_t count = network->populations[spec->population].count;
    elements->spec = spec;
    rw_err err = rw_cell_block_from_settings(&elements->curve, network->scenario, &network->partition, spec->population,
                                             spec->model, RW_PART_GROWTH + (uint32_t)spec->element, spec->settings,
                                             spec->n_settings);
    if (err != RW_OK)
        return rw_fail_context(err, "growth on %s.%s", network->populations[spec->population].spec->name,
                               element_names[spec->element]);
    RW_TRY(rw_reserve(&elements->z, count, sizeof elements->z[0], "synaptic elements"));
    return RW_NEW(elements->connected, count, "synaptic elements");
}

/* Counts the elements that a thread's part of a structural projection uses. */
static void count_rows(const rw_network *network, const rw_projection *projection, int thread, uint32_t *axon,
                       uint32_t *dendrite) {
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t first = rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        axon[source] += rw_adjacency_count(adjacency, source);
        for (uint64_t place = rw_adjacency_start(adjacency, source), end = rw_adjacency_end(adjacency, source);
             place < end; place++)
            dendrite[first + rw_packed_target(projection->packing, adjacency->synapses[place].packed)] +=
                rw_adjacency_is_live(adjacency, place);
    }
}

/* Counts the elements that the initial synapses of structural projections use. */
static void count_connected(rw_structure *structure) {
    const rw_network *network = structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (!projection->spec->structural)
            continue;
        uint32_t *axon = structure->cells[projection->source].elements[RW_AXON].connected;
        rw_element side = projection->spec->inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
        uint32_t *dendrite = structure->cells[projection->target].elements[side].connected;
        RW_ASSERT(axon != NULL && dendrite != NULL);
        for (int t = 0; t < network->partition.n_threads; t++)
            count_rows(network, projection, t, axon, dendrite);
    }
}

/* What every rank counted at its own cells' synapses, added up: every rank knows the connected elements of all cells.
 */
static rw_err add_up_connected(rw_structure *structure) {
    const rw_network *network = structure->network;
    for (size_t g = 0; g < network->scenario->n_growth; g++) {
        const rw_growth_spec *spec = &network->scenario->growth[g];
        RW_TRY(rw_comm_reduce(network->partition.comm,
                              structure->cells[spec->population].elements[spec->element].connected,
                              network->populations[spec->population].count, RW_U32, RW_SUM));
    }
    return RW_OK;
}

static rw_err create_cells(rw_structure *structure) {
    const rw_network *network = structure->network;
    const rw_scenario *scenario = network->scenario;
    for (size_t g = 0; g < scenario->n_growth; g++) {
        const rw_growth_spec *spec = &scenario->growth[g];
        rw_cells *cells = &structure->cells[spec->population];
        uint64_t count = network->populations[spec->population].count;
        if (cells->calcium == NULL) {
            RW_TRY(rw_reserve(&cells->calcium, count, sizeof cells->calcium[0], "calcium"));
            RW_TRY(rw_reserve(&cells->pending, count, sizeof cells->pending[0], "calcium"));
        }
        RW_TRY(create_elements(&cells->elements[spec->element], network, spec));
        if (spec->signal != NULL)
            cells->elements[spec->element].formation = &structure->signals[spec->signal - scenario->signals].formation;
    }
    count_connected(structure);
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
                                        (RW_PART_GROWTH + (uint32_t)spec->element) << 8 | UINT8_MAX);
        rw_slice kept = rw_partition_kept_slice(&network->partition, network->populations[spec->population].count);
        for (uint64_t i = kept.begin; i < kept.end; i++)
            elements->z[i] = rw_value_draw(&spec->initial, stream, i, spec->population) + elements->connected[i];
    }
}

static rw_err create_decays(rw_structure *structure) {
    const rw_structure_spec *spec = structure->spec;
    double step_ms = structure->network->scenario->step_ms;
    structure->tick_ms = (double)spec->growth_every_steps * step_ms * structure->network->scenario->time_scale;
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
    RW_TRY(RW_NEW(structure->cells, structure->network->n_populations, "structure"));
    RW_TRY(create_decays(structure));
    RW_TRY(create_signals(structure));
    return create_cells(structure);
}

rw_err rw_structure_create(rw_structure **structure_out, rw_network *network) {
    rw_structure *structure = NULL;
    *structure_out = NULL;
    if (network->scenario->n_growth == 0)
        return RW_OK;
    rw_err err = RW_NEW(structure, 1, "structure");
    if (err == RW_OK) {
        structure->network = network;
        structure->spec = &network->scenario->structure;
        err = create(structure);
    }
    err = rw_comm_agree(network->partition.comm, err);
    if (err == RW_OK)
        err = add_up_connected(structure);
    if (err == RW_OK)
        start_elements(structure);
    else
        rw_structure_destroy(&structure);
    *structure_out = structure;
    return err;
}

void rw_structure_destroy(rw_structure **structure_in) {
    rw_structure *structure = *structure_in;
    if (structure == NULL)
        return;
    for (size_t p = 0; structure->cells != NULL && p < structure->network->n_populations; p++) {
        rw_cells *cells = &structure->cells[p];
        rw_free(cells->calcium);
        rw_free(cells->pending);
        rw_free(cells->dead);
        for (int e = 0; e < RW_ELEMENT_KINDS; e++) {
            rw_block_destroy(&cells->elements[e].curve);
            rw_free(cells->elements[e].z);
            rw_free(cells->elements[e].connected);
        }
    }
    for (size_t s = 0; structure->signals != NULL && s < structure->network->scenario->n_signals; s++)
        rw_signal_destroy(&structure->signals[s]);
    rw_free(structure->signals);
    rw_pairing_destroy(structure);
    rw_free(structure->cells);
    rw_free(structure->spike_calcium);
    rw_free(structure->events);
    rw_free(structure);
    *structure_in = NULL;
}

/* z += dz/dt x tick for one chunk of cells, where a signal changes how fast they form, not how fast they go; elements
 * never become fewer than none. The curve's levels of calcium times target_factor are met where it is read at
 * calcium / target_factor. */
static void grow_chunk(rw_elements *elements, const double *calcium, uint64_t first, size_t n, double tick_ms,
                       double target_factor, double **x) {
    double dz_dt[RW_CHUNK], seen[RW_CHUNK];
    rw_block_chunk(&elements->curve, first, x);
    rw_chunk chunk = {.n = n, .step_ms = elements->curve.step_ms, .x = x};
    double formation = elements->formation != NULL ? *elements->formation : 1.0;
    for (size_t i = 0; i < n; i++)
        seen[i] = calcium[first + i] / target_factor;
    elements->spec->model->growth.rate(&chunk, seen, dz_dt);
    for (size_t i = 0; i < n; i++) {
        double z = elements->z[first + i] + tick_ms * (dz_dt[i] > 0.0 ? formation * dz_dt[i] : dz_dt[i]);
        elements->z[first + i] = z > 0.0 ? z : 0.0;
    }
}

/* Most fields of any growth curve; a larger one is a bug that the assertion shows. */
enum { MOST_FIELDS = 32 };

static void grow_cells(rw_structure *structure, rw_cells *cells, uint64_t begin, uint64_t end, uint64_t step) {
    for (uint64_t i = begin; i < end; i++) {
        cells->calcium[i] = cells->calcium[i] * structure->tick_decay + cells->pending[i];
        cells->pending[i] = 0.0;
    }
    uint64_t slow_step = (uint64_t)((double)step * structure->network->scenario->time_scale);
    for (int e = 0; e < RW_ELEMENT_KINDS; e++) {
        rw_elements *elements = &cells->elements[e];
        if (elements->spec == NULL)
            continue;
        double *x[MOST_FIELDS];
        RW_ASSERT(elements->spec->model->n_fields <= MOST_FIELDS);
        for (uint64_t first = begin; first < end; first += RW_CHUNK) {
            size_t n = end - first < RW_CHUNK ? (size_t)(end - first) : RW_CHUNK;
            grow_chunk(elements, cells->calcium, first, n, structure->tick_ms,
                       rw_schedule_at(&elements->spec->target_factor, slow_step), x);
        }
        for (uint64_t i = begin; cells->dead != NULL && i < end; i++)
            elements->z[i] = cells->dead[i] ? 0.0 : elements->z[i];
    }
}

void rw_structure_grow(rw_structure *structure, int thread, uint64_t step) {
    const rw_network *network = structure->network;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice slice = rw_partition_thread_slice(&network->partition, network->populations[p].count, thread);
        if (structure->cells[p].calcium != NULL)
            grow_cells(structure, &structure->cells[p], slice.begin, slice.end, step);
    }
}

uint64_t rw_structure_birth(const rw_structure *structure, const rw_projection *projection, int thread,
                            uint64_t place) {
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    if (!projection->spec->dated)
        return 0;
    return (uint64_t)adjacency->states[(place + 1) * adjacency->n_states - 1] * structure->spec->every_steps;
}

rw_err rw_structure_log(rw_structure *structure, bool created, rw_edge_event **event) {
    if (structure->n_events == structure->events_size) {
        size_t size = structure->events_size == 0 ? 1024 : 2 * structure->events_size;
        RW_TRY(RW_GROW(structure->events, structure->events_size, size, "events"));
        structure->events_size = size;
    }
    *event = &structure->events[structure->n_events++];
    if (created)
        structure->created++;
    else
        structure->deleted++;
    return RW_OK;
}

rw_err rw_structure_rewire(rw_structure *structure, uint64_t step) {
    structure->n_events = 0;
    RW_TRY(rw_structure_lose(structure, step));
    RW_TRY(rw_structure_retract(structure, step));
    RW_TRY(rw_structure_form(structure, step, false));
    RW_TRY(rw_structure_form(structure, step, true));
    rw_structure_decay_vacant(structure);
    return RW_OK;
}
