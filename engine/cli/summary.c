#include "cli/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/json.h"
#include "cli/format.h"
#include "sim/exchange.h"

/* The facts that both forms of output contain. */
typedef struct {
    rw_profile profile;
    uint64_t neurons, synapses;
    double biological_s, network_s, real_time_factor, mean_rate_hz;
    double first_s; /* where the run began; 0 unless it continues from a state */
} run_facts;

/* From all ranks. */
static rw_err gather(const rw_summary *summary, run_facts *out) {
    const rw_network *network = rw_simulation_network(summary->sim);
    run_facts facts = {.synapses = 0};
    RW_TRY(rw_simulation_total_profile(summary->sim, &facts.profile));
    for (size_t i = 0; i < network->n_populations; i++)
        facts.neurons += network->populations[i].spec->model != NULL ? network->populations[i].count : 0;
    for (size_t i = 0; i < network->n_projections; i++)
        facts.synapses += rw_projection_count(&network->partition, &network->projections[i]);
    RW_TRY(rw_comm_reduce(network->partition.comm, &facts.synapses, 1, RW_U64, RW_SUM));
    facts.biological_s = 1e-3 * network->scenario->step_ms * (double)rw_simulation_time(summary->sim);
    facts.network_s = 1e-3 * network->scenario->step_ms * (double)rw_simulation_step(summary->sim);
    facts.first_s = 1e-3 * network->scenario->step_ms * (double)rw_simulation_first_time(summary->sim);
    const double simulated_s = 1e-3 * network->scenario->step_ms *
                               (double)(rw_simulation_step(summary->sim) - rw_simulation_first_step(summary->sim));
    if (simulated_s > 0.0)
        facts.real_time_factor = summary->wall_s / simulated_s;
    if (facts.network_s > 0 && facts.neurons > 0)
        facts.mean_rate_hz = (double)facts.profile.spikes / ((double)facts.neurons * facts.network_s);
    *out = facts;
    return RW_OK;
}

/* Rank 0 prints, or the process that acts as one of many ranks. */
static bool prints(const rw_summary *summary) {
    const rw_comm *comm = rw_simulation_network(summary->sim)->partition.comm;
    return rw_comm_rank(comm) == 0 || rw_comm_is_pretended(comm);
}

/* Peak of this program's memory. Where the system does not report it, the peak of the process, which can include the
 * program that started this one. */
static double peak_bytes(void) {
    struct rusage usage;
    char line[128];
    double kB = 0.0;
    FILE *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kB = strtod(line + 6, NULL);
    if (status != NULL)
        (void)fclose(status); /* it was only read */
    if (kB > 0.0)
        return 1024.0 * kB;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024.0 * (double)usage.ru_maxrss : 0.0;
}

/* What one rank of many needs and does; its numbers have no meaning. */
static void print_pretended(const rw_summary *summary, const run_facts *facts) {
    const rw_network *network = rw_simulation_network(summary->sim);
    uint64_t cells = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice own = rw_partition_own_slice(&network->partition, network->populations[p].count);
        cells += own.end - own.begin;
    }
    const rw_traffic *traffic = &facts->profile.traffic;
    double exchanges = traffic->exchanges > 0 ? (double)traffic->exchanges : 1.0;
    (void)printf("  rank %d has %s cells and %s synapses, memory %s at most, built in %s\n",
                 rw_comm_rank(network->partition.comm), rw_format_count(cells).text,
                 rw_format_count(facts->synapses).text, rw_format_bytes(peak_bytes()).text,
                 rw_format_duration(summary->build_s).text);
    (void)printf("  it sends %.4g and receives %.4g bytes at each of %llu exchanges\n",
                 (double)traffic->sent_bytes / exchanges, (double)traffic->received_bytes / exchanges,
                 (unsigned long long)traffic->exchanges);
    if (rw_simulation_is_structural(summary->sim))
        (void)printf("  its axons found dendrites of its own, as those of other ranks would have\n");
    (void)printf("  the other ranks were pretended, their cells at %g Hz; nothing was written\n", RW_PRETENDED_RATE_HZ);
}

/* "on 2 threads", "on 4 ranks of 2 threads each" */
static rw_text team_of(const rw_summary *summary) {
    int n_ranks = rw_comm_size(rw_simulation_network(summary->sim)->partition.comm), n_threads = summary->n_threads;
    rw_text text;
    if (n_ranks == 1)
        (void)snprintf(text.text, sizeof text.text, "%d thread%s", n_threads, n_threads == 1 ? "" : "s");
    else
        (void)snprintf(text.text, sizeof text.text, "%d ranks x %d thread%s", n_ranks, n_threads,
                       n_threads == 1 ? "" : "s");
    return text;
}

static void print_phases(const run_facts *facts) {
    const char *separator = "  ";
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++) {
        (void)printf("%s%s %s", separator, rw_phase_name(phase), rw_format_duration(facts->profile.wall_s[phase]).text);
        separator = ", ";
    }
    (void)printf("\n");
}

rw_err rw_summary_print(const rw_summary *summary) {
    run_facts facts;
    RW_TRY(gather(summary, &facts));
    if (!prints(summary))
        return RW_OK;
    if (facts.first_s > 0.0)
        (void)printf("from %s on: ", rw_format_duration(facts.first_s).text);
    (void)printf("%s simulated in %s on %s: real-time factor %.3g\n",
                 rw_format_duration(facts.biological_s - facts.first_s).text, rw_format_duration(summary->wall_s).text,
                 team_of(summary).text, facts.real_time_factor);
    if (rw_simulation_network(summary->sim)->scenario->clock.slow)
        (void)printf("  %s of the network, to which the real-time factor refers\n",
                     rw_format_duration(facts.network_s).text);
    print_phases(&facts);
    if (rw_comm_is_pretended(rw_simulation_network(summary->sim)->partition.comm)) {
        print_pretended(summary, &facts);
        return RW_OK;
    }
    (void)printf("  %s cells, %s spikes (%.3g Hz)\n", rw_format_count(facts.neurons).text,
                 rw_format_count(facts.profile.spikes).text, facts.mean_rate_hz);
    (void)printf("  %s synapses", rw_format_count(facts.synapses).text);
    if (rw_simulation_is_structural(summary->sim))
        (void)printf(" at the end; %s formed, %s vanished", rw_format_count(facts.profile.created).text,
                     rw_format_count(facts.profile.deleted).text);
    if (summary->performance != NULL) {
        (void)printf("\n\n");
        rw_performance_print(summary->performance);
    }
    (void)printf("\n\nThe results are in %s. Look at them with\n", summary->directory);
    const char *file =
        rw_simulation_network(summary->sim)->scenario->record.series_steps > 0 ? "series.h5" : "nodes.h5";
    (void)printf("  rewire report %s\n  h5ls -r %s/%s\n", summary->directory, summary->directory, file);
    (void)printf("  python3 -c \"import h5py; h5py.File('%s/%s').visititems(print)\"\n", summary->directory, file);
    return RW_OK;
}

static const char *status(rw_err outcome) {
    return outcome == RW_OK ? "done" : outcome == RW_ERR_STOPPED ? "interrupted" : "failed";
}

rw_err rw_summary_json(const rw_summary *summary) {
    run_facts facts;
    RW_TRY(gather(summary, &facts));
    if (!prints(summary))
        return RW_OK;
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "directory", summary->directory);
    rw_json_text(&json, "status", status(summary->outcome));
    rw_json_text(&json, "message", summary->outcome == RW_OK ? NULL : rw_error_message());
    rw_json_integer(&json, "ranks", (uint64_t)rw_comm_size(rw_simulation_network(summary->sim)->partition.comm));
    rw_json_truth(&json, "pretended", rw_comm_is_pretended(rw_simulation_network(summary->sim)->partition.comm));
    rw_json_number(&json, "memory_bytes", peak_bytes());
    rw_json_number(&json, "build_s", summary->build_s);
    rw_json_integer(&json, "sent_bytes", facts.profile.traffic.sent_bytes);
    rw_json_integer(&json, "received_bytes", facts.profile.traffic.received_bytes);
    rw_json_integer(&json, "exchanges", facts.profile.traffic.exchanges);
    rw_json_integer(&json, "threads", (uint64_t)summary->n_threads);
    rw_json_number(&json, "wall_s", summary->wall_s);
    rw_json_number(&json, "biological_s", facts.biological_s);
    rw_json_number(&json, "network_s", facts.network_s);
    rw_json_number(&json, "real_time_factor", facts.real_time_factor);
    rw_json_integer(&json, "neurons", facts.neurons);
    rw_json_integer(&json, "spikes", facts.profile.spikes);
    rw_json_number(&json, "mean_rate_hz", facts.mean_rate_hz);
    rw_json_integer(&json, "synapses", facts.synapses);
    rw_json_integer(&json, "created", facts.profile.created);
    rw_json_integer(&json, "deleted", facts.profile.deleted);
    rw_json_integer(&json, "synaptic_events", facts.profile.synaptic_events);
    rw_json_open_object(&json, "phases_s");
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++)
        rw_json_number(&json, rw_phase_name(phase), facts.profile.wall_s[phase]);
    rw_json_close_object(&json);
    if (summary->performance != NULL && summary->outcome == RW_OK)
        rw_performance_json(&json, "profile", summary->performance);
    rw_json_close_object(&json);
    return RW_OK;
}
