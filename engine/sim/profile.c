#include "sim/profile.h"

#include <math.h>
#include <string.h>

#include "sim/simulation_state.h"

/* Times and counts since the start. */
static rw_profile total(const rw_simulation *sim) {
    int n_threads = sim->network->partition.n_threads;
    rw_profile profile = {.spikes = sim->total_spikes, .steps = sim->step};
    for (int phase = 0; phase < RW_PHASE_COUNT; phase++) {
        double sum = 0.0, least = INFINITY, most = 0.0;
        for (int t = 0; t < n_threads; t++) {
            double wall_s = sim->workers[t].timer.wall_s[phase];
            sum += wall_s;
            least = fmin(least, wall_s);
            most = fmax(most, wall_s);
        }
        double alone_s = sim->timer.wall_s[phase];
        profile.wall_s[phase] = sum / n_threads + alone_s;
        profile.least_s[phase] = least + alone_s;
        profile.most_s[phase] = most + alone_s;
    }
    for (int t = 0; t < n_threads; t++) {
        profile.synaptic_events += sim->workers[t].events;
        profile.delivered_bytes += sim->workers[t].delivered_bytes;
    }
    if (sim->exchange != NULL)
        profile.traffic = rw_spike_exchange_traffic(sim->exchange);
    if (sim->structural != NULL) {
        profile.created = sim->structural->created;
        profile.deleted = sim->structural->deleted;
    }
    return profile;
}

rw_profile rw_simulation_profile(const rw_simulation *sim) {
    rw_profile profile = total(sim);
    const rw_profile *before = &sim->profile_before;
    profile.spikes -= before->spikes;
    profile.synaptic_events -= before->synaptic_events;
    profile.delivered_bytes -= before->delivered_bytes;
    profile.created -= before->created;
    profile.deleted -= before->deleted;
    profile.steps -= before->steps;
    return profile;
}

rw_err rw_simulation_total_profile(const rw_simulation *sim, rw_profile *profile) {
    const rw_comm *comm = sim->network->partition.comm;
    *profile = rw_simulation_profile(sim);
    uint64_t counts[] = {profile->spikes, profile->synaptic_events, profile->delivered_bytes,
                         profile->traffic.sent_bytes, profile->traffic.received_bytes};
    RW_TRY(rw_comm_reduce(comm, counts, 5, RW_U64, RW_SUM));
    RW_TRY(rw_comm_reduce(comm, profile->wall_s, RW_PHASE_COUNT, RW_F64, RW_SUM));
    RW_TRY(rw_comm_reduce(comm, profile->least_s, RW_PHASE_COUNT, RW_F64, RW_MIN));
    RW_TRY(rw_comm_reduce(comm, profile->most_s, RW_PHASE_COUNT, RW_F64, RW_MAX));
    profile->spikes = counts[0];
    profile->synaptic_events = counts[1];
    profile->delivered_bytes = counts[2];
    profile->traffic.sent_bytes = counts[3];
    profile->traffic.received_bytes = counts[4];
    for (int phase = 0; phase < RW_PHASE_COUNT && !rw_comm_is_pretended(comm); phase++)
        profile->wall_s[phase] /= rw_comm_size(comm);
    return RW_OK;
}

void rw_simulation_restart_profile(rw_simulation *sim) {
    sim->profile_before = total(sim);
    memset(sim->timer.wall_s, 0, sizeof sim->timer.wall_s);
    for (int t = 0; t < sim->network->partition.n_threads; t++)
        memset(sim->workers[t].timer.wall_s, 0, sizeof sim->workers[t].timer.wall_s);
}

static const rw_timer *timer_of(const rw_simulation *sim, int thread) {
    return thread < sim->network->partition.n_threads ? &sim->workers[thread].timer : &sim->timer;
}

rw_err rw_simulation_keep_trace(rw_simulation *sim, size_t n_spans) {
    for (int thread = 0; thread <= sim->network->partition.n_threads; thread++) {
        rw_timer *timer = thread < sim->network->partition.n_threads ? &sim->workers[thread].timer : &sim->timer;
        RW_TRY(RW_NEW(timer->spans, n_spans, "trace"));
        timer->n_spans = n_spans;
    }
    return RW_OK;
}

rw_err rw_simulation_keep_counters(rw_simulation *sim) {
    for (int thread = 0; thread < sim->network->partition.n_threads; thread++)
        RW_TRY(RW_NEW(sim->workers[thread].timer.counters, 1, "counters"));
    return RW_OK;
}

const char *rw_simulation_counters(const rw_simulation *sim, rw_phase phase, rw_processor_counts *counts) {
    *counts = (rw_processor_counts){0};
    for (int thread = 0; thread < sim->network->partition.n_threads; thread++) {
        const rw_counters *counters = sim->workers[thread].timer.counters;
        if (counters == NULL || !counters->started)
            return "nothing was counted";
        if (!counters->counting)
            return counters->why;
        for (int i = 0; i < RW_COUNTERS; i++)
            counts->count[i] += counters->by_phase[phase].count[i];
    }
    return NULL;
}

void rw_simulation_trace(const rw_simulation *sim, int thread, const rw_span *spans[2], size_t n[2]) {
    const rw_timer *timer = timer_of(sim, thread);
    size_t next = timer->n_spans > 0 ? timer->n_written % timer->n_spans : 0;
    bool wrapped = timer->n_written > timer->n_spans;
    spans[0] = timer->spans + next;
    n[0] = wrapped ? timer->n_spans - next : 0;
    spans[1] = timer->spans;
    n[1] = wrapped ? next : (size_t)timer->n_written;
}
