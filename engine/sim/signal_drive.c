#include "sim/signal_drive.h"

#include <math.h>

#include "sim/drugs/drug_effects.h"
#include "sim/simulation_state.h"

/* What is blocked of the conductance of a receptor: factors and drugs that meet multiply. */
static rw_err left_of_receptor(const rw_simulation *sim, uint32_t p, size_t receptor, double *left) {
    const rw_receptor_instance *instance = &sim->network->populations[p].receptors[receptor];
    const rw_dosing *dosing = rw_simulation_dosing(sim, p);
    for (size_t f = 0; f < sim->scenario->n_factors; f++)
        if (instance->factors[f])
            *left *= rw_simulation_factor(sim, f);
    for (size_t u = 0; u < dosing->n_uses; u++) {
        double occupancy = 0.0;
        if (dosing->uses[u].receptor != receptor)
            continue;
        RW_TRY(rw_simulation_occupancy(sim, p, u, &occupancy));
        *left *= 1.0 - occupancy;
    }
    return RW_OK;
}

/* The blocked share of a population's NMDA receptors, mean of its receptors by their share of the subunits; rank 0
 * knows it and sends it to all. */
static rw_err find_blocked(const rw_simulation *sim, uint32_t p, double *blocked) {
    const rw_population *population = &sim->network->populations[p];
    double sum = 0.0, weights = 0.0;
    for (size_t r = 0; r < population->n_receptors; r++) {
        const rw_receptor_instance *instance = &population->receptors[r];
        double left = 1.0;
        if (instance->block.model->receptor.glun2 == NULL)
            continue;
        RW_TRY(left_of_receptor(sim, p, r, &left));
        double weight = instance->subunit < RW_GLUN2_COUNT ? population->spec->glun2[instance->subunit] : 1.0;
        sum += weight * (1.0 - left);
        weights += weight;
    }
    *blocked = weights > 0.0 ? fmin(fmax(sum / weights, 0.0), 1.0) : 0.0;
    return rw_comm_broadcast(sim->network->partition.comm, blocked, sizeof *blocked);
}

/* Steps of the network since the last update of connectivity. */
static uint64_t interval_steps(const rw_simulation *sim) {
    const rw_structure *structure = &sim->structural->structure;
    return sim->scenario->clock.slow ? sim->step - structure->interval_step : structure->spec->every_steps;
}

rw_err rw_simulation_advance_signals(rw_simulation *sim) {
    const rw_scenario *scenario = sim->scenario;
    const double step_ms = scenario->step_ms;
    const uint64_t now = rw_simulation_now(sim);
    for (size_t s = 0; s < scenario->n_signals; s++) {
        rw_signal *signal = &sim->structural->structure.signals[s];
        uint32_t p = signal->spec->population;
        double cells = (double)sim->network->populations[p].count;
        uint64_t spikes = signal->spikes;
        signal->spikes = 0;
        RW_TRY(rw_comm_reduce(sim->network->partition.comm, &spikes, 1, RW_U64, RW_SUM));
        double network_s = 1e-3 * (double)interval_steps(sim) * step_ms;
        rw_drive_view view = {.rate_hz = (double)spikes / (cells * network_s), .end_ms = (double)now * step_ms};
        if (signal->spec->drive->drive.needs_block)
            RW_TRY(find_blocked(sim, p, &view.blocked));
        double left = 1.0 - rw_schedule_at(&signal->spec->blocked, now), before = signal->formation;
        rw_signal_advance(signal, &view, left);
        if (scenario->clock.slow)
            rw_clock_observe_signal(sim, s, &view, left, before);
    }
    return RW_OK;
}
