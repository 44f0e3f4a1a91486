#include "sim/elements/growth_signal.h"

#include <math.h>

#include "base/memory.h"
#include "config/mark_text.h"
#include "net/population.h"
#include "sim/drugs/drug_effects.h"
#include "sim/simulation_state.h"

static rw_err copy_start(double **state, const rw_mechanism *mechanism) {
    RW_TRY(RW_NEW(*state, mechanism->n_states, "signals"));
    for (size_t k = 0; k < mechanism->n_states; k++)
        (*state)[k] = mechanism->start[k];
    return RW_OK;
}

static rw_err create(rw_signal *signal, double interval_ms) {
    const rw_signal_spec *spec = signal->spec;
    const double most = 1e6;
    RW_TRY(rw_mechanism_create(&signal->drive, interval_ms, spec->drive, spec->drive_settings, spec->n_drive_settings));
    RW_TRY(rw_mechanism_create(&signal->cascade, interval_ms, spec->model, spec->settings, spec->n_settings));
    RW_TRY(copy_start(&signal->drive_state, &signal->drive));
    RW_TRY(copy_start(&signal->state, &signal->cascade));
    double lag = round(signal->cascade.p[spec->model->signal.lag] / interval_ms);
    RW_CHECK(lag <= most, RW_ERR_INPUT, "its lag is %.3g updates long, and at most %.0g are kept; update less often",
             lag, most);
    signal->n_past = (size_t)lag;
    RW_TRY(RW_NEW(signal->past, signal->n_past, "signals"));
    signal->acting = signal->state[spec->model->signal.acting];
    for (size_t k = 0; k < signal->n_past; k++)
        signal->past[k] = signal->acting;
    signal->formation = spec->model->signal.formation(signal->cascade.p, signal->acting);
    return RW_OK;
}

rw_err rw_signal_create(rw_signal *signal, const rw_signal_spec *spec, double interval_ms) {
    *signal = (rw_signal){.spec = spec, .interval_ms = interval_ms};
    rw_err err = create(signal, interval_ms);
    return err == RW_OK ? err : rw_fail_context(err, "%s", rw_mark_text_of("signal", spec->name, spec->mark).text);
}

void rw_signal_destroy(rw_signal *signal) {
    rw_mechanism_destroy(&signal->drive);
    rw_mechanism_destroy(&signal->cascade);
    rw_free(signal->drive_state);
    rw_free(signal->state);
    rw_free(signal->past);
    *signal = (rw_signal){0};
}

void rw_signal_advance(rw_signal *signal, const rw_drive_view *view, double left) {
    const rw_signal_model *model = &signal->spec->model->signal;
    signal->u = signal->spec->drive->drive.level(signal->drive.p, signal->drive_state, view);
    model->advance(signal->cascade.p, signal->state, signal->u, left);
    double now = signal->state[model->acting];
    signal->acting = now;
    if (signal->n_past > 0) {
        signal->acting = signal->past[signal->next];
        signal->past[signal->next] = now;
        signal->next = (signal->next + 1) % signal->n_past;
    }
    signal->formation = model->formation(signal->cascade.p, signal->acting);
}

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
 * knows it and tells all. */
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

rw_err rw_simulation_signal(rw_simulation *sim) {
    const rw_scenario *scenario = sim->scenario;
    const double step_ms = scenario->step_ms, end = (double)sim->step * scenario->time_scale;
    for (size_t s = 0; s < scenario->n_signals; s++) {
        rw_signal *signal = &sim->structure->signals[s];
        uint32_t p = signal->spec->population;
        double cells = (double)sim->network->populations[p].count;
        uint64_t spikes = signal->spikes;
        signal->spikes = 0;
        RW_TRY(rw_comm_reduce(sim->network->partition.comm, &spikes, 1, RW_U64, RW_SUM));
        double network_s = 1e-3 * (double)sim->structure->spec->every_steps * step_ms;
        rw_drive_view view = {.rate_hz = (double)spikes / (cells * network_s), .end_ms = end * step_ms};
        if (signal->spec->drive->drive.asks_for_block)
            RW_TRY(find_blocked(sim, p, &view.blocked));
        rw_signal_advance(signal, &view, 1.0 - rw_schedule_at(&signal->spec->blocked, (uint64_t)end));
    }
    return RW_OK;
}
