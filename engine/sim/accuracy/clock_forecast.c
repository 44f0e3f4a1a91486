#include "sim/accuracy/clock_forecast.h"

#include <math.h>

#include "net/network.h"
#include "net/prediction.h"
#include "sim/accuracy/settling.h"
#include "sim/signal_drive.h"
#include "sim/simulation_state.h"
#include "sim/stretch.h"

/* Synapses that can form and vanish, which calcium steers. */
static double growing_synapses(const rw_scenario *scenario) {
    double n = 0.0;
    for (size_t p = 0; p < scenario->n_projections; p++)
        if (scenario->projections[p].structural)
            n += rw_predicted_synapses(scenario, &scenario->projections[p]);
    return n;
}

/* All cells fire at the rate through the present stretch. */
static void fire(rw_simulation *sim, double rate_hz) {
    const double network_s = 1e-3 * (double)sim->clock.n_steps * sim->scenario->step_ms;
    for (uint32_t p = 0; p < sim->network->n_populations; p++)
        sim->counted_spikes[p] += (uint64_t)llround(rate_hz * network_s * (double)sim->network->populations[p].count);
    for (size_t s = 0; sim->structural != NULL && s < sim->scenario->n_signals; s++) {
        rw_signal *signal = &sim->structural->structure.signals[s];
        signal->spikes +=
            (uint64_t)llround(rate_hz * network_s * (double)sim->network->populations[signal->spec->population].count);
    }
}

/* What a run does at the end of an interval, without an update of connectivity. */
static rw_err end_interval(rw_simulation *sim, double synapses) {
    rw_clock_evidence *evidence = &sim->observation.evidence;
    RW_TRY(rw_clock_observe_rates(sim));
    if (sim->structural == NULL)
        return RW_OK;
    RW_TRY(rw_simulation_advance_signals(sim));
    rw_synapse_evidence_add(&evidence->synapses, synapses, 0.0, 0.0, 1.0, evidence->interval_ms);
    rw_find_steering(sim, &evidence->synapses);
    return RW_OK;
}

static rw_err follow(rw_simulation *sim, double rate_hz, double synapses, uint64_t *n_steps) {
    const rw_scenario *scenario = sim->scenario;
    do {
        rw_simulation_begin_stretch(sim);
        fire(sim, rate_hz);
        sim->step = rw_clock_end(&sim->clock);
        if (rw_simulation_now(sim) % scenario->clock.interval_steps == 0)
            RW_TRY(end_interval(sim, synapses));
    } while (rw_simulation_now(sim) < scenario->n_steps);
    *n_steps = rw_clock_step_at(&sim->clock, scenario->n_steps);
    return RW_OK;
}

static bool is_small(const rw_scenario *scenario) {
    uint64_t cells = 0;
    for (size_t p = 0; p < scenario->n_populations; p++)
        cells += scenario->populations[p].count;
    return cells <= RW_FORECAST_CELLS;
}

rw_err rw_clock_forecast(const rw_scenario *scenario, double rate_hz, uint64_t *n_steps) {
    rw_scenario bare = *scenario;
    rw_network *network = NULL;
    rw_simulation *sim = NULL;
    *n_steps = rw_clock_predict(scenario);
    if (!scenario->clock.slow || scenario->clock.tolerance == 0.0 || !is_small(scenario))
        return RW_OK;
    bare.n_projections = 0;
    bare.n_lesions = 0;
    rw_err err = rw_network_create(&network, &bare, 1);
    if (err == RW_OK)
        err = rw_simulation_create(&sim, network);
    if (err == RW_OK)
        err = follow(sim, rate_hz, growing_synapses(scenario), n_steps);
    rw_simulation_destroy(&sim);
    rw_network_destroy(&network);
    return err;
}
