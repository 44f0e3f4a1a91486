#include "sim/health.h"

#include <math.h>
#include <string.h>

#include "sim/simulation_state.h"

/* The first cell of a slice whose membrane potential is not a number, or its end. */
static uint64_t first_broken(const rw_population *population, size_t V_m, rw_slice slice) {
    const double *V = population->neuron.columns[V_m].values;
    double sum = 0.0;
    for (uint64_t i = slice.begin; i < slice.end; i++)
        sum += V[i] - V[i]; /* 0 for every finite number */
    if (sum == 0.0)
        return slice.end;
    for (uint64_t i = slice.begin; i < slice.end; i++)
        if (!isfinite(V[i]))
            return i;
    return slice.end;
}

static double time_ms(const rw_simulation *sim) {
    return (double)rw_simulation_now(sim) * sim->scenario->step_ms;
}

/* Adds the spikes of all threads and ranks since the last check to the counts of thread 0. */
static rw_err count_spikes(rw_simulation *sim) {
    const rw_network *network = sim->network;
    uint64_t *sums = sim->workers[0].health_spikes;
    for (int t = 1; t < network->partition.n_threads; t++)
        for (size_t p = 0; p < network->n_populations; p++) {
            sums[p] += sim->workers[t].health_spikes[p];
            sim->workers[t].health_spikes[p] = 0;
        }
    return rw_comm_reduce(network->partition.comm, sums, network->n_populations, RW_U64, RW_SUM);
}

static rw_err check_populations(rw_simulation *sim) {
    const rw_network *network = sim->network;
    double window_s = (double)sim->health_steps * sim->scenario->step_ms * 1e-3;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        const rw_population *population = &network->populations[p];
        uint64_t spikes = sim->workers[0].health_spikes[p];
        sim->workers[0].health_spikes[p] = 0;
        if (population->spec->model == NULL)
            continue;
        rw_slice own = rw_partition_own_slice(&network->partition, network->populations[p].count);
        uint64_t broken = first_broken(population, sim->plans[p].V_m, own);
        RW_CHECK(broken == own.end, RW_ERR_DIVERGED,
                 "population '%s', neuron %llu: the membrane potential is no longer a number at %.6g ms; use a smaller "
                 "time.step, "
                 "or look for extreme weights and parameters",
                 population->spec->name, (unsigned long long)broken, time_ms(sim));
        double rate_hz = (double)spikes / ((double)population->count * window_s);
        RW_CHECK(rate_hz <= sim->scenario->max_rate_hz, RW_ERR_DIVERGED,
                 "population '%s' runs away: its mean rate reached %.4g Hz over the %.4g ms before %.6g ms, above "
                 "stop.rate_above = "
                 "%.4g Hz; weaken excitation, strengthen inhibition, or raise the limit if this is meant",
                 population->spec->name, rate_hz, window_s * 1e3, time_ms(sim), sim->scenario->max_rate_hz);
    }
    return RW_OK;
}

rw_err rw_simulation_check_health(rw_simulation *sim) {
    RW_TRY(count_spikes(sim));
    return rw_comm_agree(sim->network->partition.comm, check_populations(sim));
}
