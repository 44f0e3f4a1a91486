#include "sim/lesions.h"

#include <math.h>

#include "base/mix.h"
#include "net/population.h"
#include "net/positions.h"
#include "net/selection.h"
#include "net/space.h"
#include "sim/deletion/lesion_synapses.h"
#include "sim/plasticity/plastic_worker.h"
#include "sim/simulation_state.h"

static rw_err find_cells(const rw_network *network, size_t index, bool **hit) {
    const rw_lesion_spec *spec = &network->scenario->lesions[index];
    const rw_population *population = &network->populations[spec->population];
    uint64_t *ids = NULL;
    RW_TRY(RW_NEW(*hit, population->count, "lesions"));
    RW_TRY(rw_selection_ids(network->scenario, spec->population, &spec->targets,
                            rw_substream_of(network->scenario->seed, RW_SUBSTREAM_LESION_CELLS, (uint32_t)index),
                            &ids));
    for (uint64_t k = 0; k < spec->targets.count; k++) {
        double at_um[3];
        rw_population_position(population, ids[k], at_um);
        (*hit)[ids[k]] =
            isinf(spec->within_um) || rw_space_distance(network->scenario, at_um, spec->center_um) <= spec->within_um;
    }
    rw_free(ids);
    return RW_OK;
}

/* Whether the cells of a lesion lose their drive. */
static bool takes_drive(const rw_lesion_spec *spec) {
    return spec->kind != RW_LESION_INCOMING;
}

/* The flags exist before the first step, because nothing is allocated during a run. */
static rw_err create_flags(rw_simulation *sim, const rw_lesion_spec *spec) {
    rw_population_plan *plan = &sim->plans[spec->population];
    uint64_t count = plan->population->count;
    rw_cells *cells = sim->structural != NULL ? &sim->structural->structure.cells[spec->population] : NULL;
    if (spec->kind == RW_LESION_CELLS && plan->silent == NULL)
        RW_TRY(RW_NEW(plan->silent, count, "lesions"));
    if (spec->kind == RW_LESION_CELLS && cells != NULL && cells->calcium != NULL && cells->dead == NULL)
        RW_TRY(RW_NEW(cells->dead, count, "lesions"));
    for (size_t i = 0; takes_drive(spec) && i < plan->n_inputs; i++)
        if (plan->inputs[i].cut == NULL)
            RW_TRY(RW_NEW(plan->inputs[i].cut, count, "lesions"));
    return RW_OK;
}

rw_err rw_lesions_create(rw_simulation *sim) {
    const rw_scenario *scenario = sim->scenario;
    RW_TRY(RW_NEW(sim->lesions.hit, scenario->n_lesions, "lesions"));
    sim->lesions.n = scenario->n_lesions;
    for (size_t k = 0; k < scenario->n_lesions; k++) {
        RW_TRY(find_cells(sim->network, k, &sim->lesions.hit[k]));
        RW_TRY(create_flags(sim, &scenario->lesions[k]));
    }
    return RW_OK;
}

void rw_lesions_destroy(rw_lesions *lesions) {
    for (size_t k = 0; k < lesions->n; k++)
        rw_free(lesions->hit[k]);
    rw_free(lesions->hit);
    rw_edge_event_log_destroy(&lesions->events);
    *lesions = (rw_lesions){0};
}

uint64_t rw_lesions_next(const rw_simulation *sim) {
    uint64_t next = UINT64_MAX;
    for (size_t k = 0; k < sim->lesions.n; k++) {
        uint64_t step = sim->scenario->lesions[k].step;
        next = step > sim->lesions.made_until && step < next ? step : next;
    }
    return next;
}

/* Stops the spikes, the drive and the growth of the cells that lesion `k` concerns. */
static void silence(rw_simulation *sim, size_t k) {
    const rw_lesion_spec *spec = &sim->scenario->lesions[k];
    rw_population_plan *plan = &sim->plans[spec->population];
    bool *dead = sim->structural != NULL ? sim->structural->structure.cells[spec->population].dead : NULL;
    bool dies = spec->kind == RW_LESION_CELLS;
    for (uint64_t id = 0; id < plan->population->count; id++) {
        if (!sim->lesions.hit[k][id])
            continue;
        if (dies)
            plan->silent[id] = true;
        if (dies && dead != NULL)
            dead[id] = true;
        for (size_t i = 0; takes_drive(spec) && i < plan->n_inputs; i++)
            plan->inputs[i].cut[id] = true;
    }
    for (size_t i = 0; takes_drive(spec) && i < plan->n_inputs; i++)
        rw_input_forget(&plan->inputs[i]);
}

/* A dead cell has no elements. */
static void delete_elements(rw_simulation *sim, size_t k) {
    rw_cells *cells = &sim->structural->structure.cells[sim->scenario->lesions[k].population];
    uint64_t count = sim->network->populations[sim->scenario->lesions[k].population].count;
    for (int e = 0; e < RW_ELEMENT_KINDS; e++)
        for (uint64_t id = 0; cells->elements[e].z != NULL && id < count; id++)
            if (sim->lesions.hit[k][id])
                cells->elements[e].z[id] = 0.0;
}

/* The deletion of synapses now, as an update of connectivity at the time for which it was due. */
static rw_connectivity_update update_at(rw_simulation *sim, uint64_t time) {
    return (rw_connectivity_update){.network = sim->network,
                                    .structure = sim->structural != NULL ? &sim->structural->structure : NULL,
                                    .log = &sim->lesions.events,
                                    .plastic_rows = rw_simulation_plastic_rows(sim),
                                    .time = time};
}

static rw_err make(rw_simulation *sim, size_t k, uint64_t *n_structural) {
    const rw_connectivity_update update = update_at(sim, sim->scenario->lesions[k].step);
    rw_lesion_kind kind = sim->scenario->lesions[k].kind;
    if (kind != RW_LESION_INCOMING)
        silence(sim, k);
    RW_TRY(rw_lesion_delete(&update, k, sim->lesions.hit[k], n_structural));
    if (kind == RW_LESION_CELLS && sim->structural != NULL)
        delete_elements(sim, k);
    return RW_OK;
}

rw_err rw_lesions_make(rw_simulation *sim) {
    const uint64_t now = rw_simulation_now(sim);
    uint64_t n_structural = 0;
    sim->lesions.events.n = 0;
    for (size_t k = 0; k < sim->lesions.n; k++)
        if (sim->scenario->lesions[k].step > sim->lesions.made_until && sim->scenario->lesions[k].step <= now)
            RW_TRY(make(sim, k, &n_structural));
    sim->lesions.made_until = now;
    if (sim->structural != NULL)
        sim->structural->deleted += n_structural;
    return rw_comm_agree(sim->network->partition.comm, rw_edge_event_log_sort(&sim->lesions.events));
}

void rw_lesions_resume(rw_simulation *sim) {
    const uint64_t now = rw_simulation_now(sim);
    sim->lesions.made_until = now;
    for (size_t k = 0; k < sim->lesions.n; k++)
        if (sim->scenario->lesions[k].step <= now && sim->scenario->lesions[k].kind != RW_LESION_INCOMING)
            silence(sim, k);
}

rw_err rw_lesions_delete_again(rw_simulation *sim) {
    const rw_connectivity_update update = update_at(sim, rw_simulation_now(sim));
    for (size_t k = 0; k < sim->lesions.n; k++)
        if (sim->scenario->lesions[k].step <= rw_simulation_now(sim))
            RW_TRY(rw_lesion_delete_again(&update, k, sim->lesions.hit[k]));
    return RW_OK;
}

rw_err rw_lesions_archive(const rw_simulation *sim, const rw_archive *archive) {
    uint64_t digest = 0;
    for (size_t k = 0; k < sim->lesions.n; k++) {
        const rw_lesion_spec *spec = &sim->scenario->lesions[k];
        if (spec->step > rw_simulation_now(sim))
            continue;
        uint64_t cells = 0;
        for (uint64_t id = 0; id < sim->network->populations[spec->population].count; id++)
            cells += sim->lesions.hit[k][id] ? rw_mix(id + 1) : 0;
        digest += rw_mix(spec->step + rw_mix((uint64_t)spec->kind << 32 | spec->population) + rw_mix(cells));
        digest += spec->fraction < 1.0 ? rw_mix(rw_bits_of(spec->fraction) + k) : 0;
    }
    /* A state saved by a run without lesions holds none; a branch from it has none behind it. */
    if (digest == 0 && !archive->saving && !archive->holds(archive->self, "lesions"))
        return RW_OK;
    if (digest == 0 && archive->saving)
        return RW_OK;
    return rw_archive_match(archive, "lesions", digest,
                            "other lesions were made before the saved state; those must stay as they were");
}
