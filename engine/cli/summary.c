#include "cli/summary.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/format.h"

/* The facts that both forms tell. */
typedef struct {
    rw_profile profile;
    uint64_t neurons, synapses;
    double biological_s, real_time_factor, mean_rate_hz;
} facts;

static facts gather(const rw_summary *summary) {
    const rw_network *network = rw_simulation_network(summary->sim);
    facts it = {.profile = rw_simulation_profile(summary->sim)};
    for (size_t i = 0; i < network->n_populations; i++)
        it.neurons += network->populations[i].spec->model != NULL ? network->populations[i].count : 0;
    for (size_t i = 0; i < network->n_projections; i++)
        it.synapses += rw_projection_count(network, &network->projections[i]);
    it.biological_s = 1e-3 * network->scenario->step_ms * (double)rw_simulation_step(summary->sim);
    double first_s = 1e-3 * network->scenario->step_ms * (double)rw_simulation_first_step(summary->sim);
    if (it.biological_s > first_s)
        it.real_time_factor = summary->wall_s / (it.biological_s - first_s);
    if (it.biological_s > 0 && it.neurons > 0)
        it.mean_rate_hz = (double)it.profile.spikes / ((double)it.neurons * it.biological_s);
    return it;
}

static void print_phases(const facts *it) {
    const char *separator = "  ";
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++) {
        (void)printf("%s%s %s", separator, rw_phase_name(phase), rw_format_duration(it->profile.wall_s[phase]).text);
        separator = ", ";
    }
    (void)printf("\n");
}

void rw_summary_print(const rw_summary *summary) {
    facts it = gather(summary);
    (void)printf("%s simulated in %s on %d thread%s: real-time factor %.3g\n", rw_format_duration(it.biological_s).text,
                 rw_format_duration(summary->wall_s).text, summary->n_threads, summary->n_threads == 1 ? "" : "s",
                 it.real_time_factor);
    print_phases(&it);
    (void)printf("  %s cells, %s spikes (%.3g Hz)\n", rw_format_count(it.neurons).text,
                 rw_format_count(it.profile.spikes).text, it.mean_rate_hz);
    (void)printf("  %s synapses", rw_format_count(it.synapses).text);
    if (rw_simulation_is_structural(summary->sim))
        (void)printf(" at the end; %s formed, %s vanished", rw_format_count(it.profile.created).text,
                     rw_format_count(it.profile.deleted).text);
    if (summary->performance != NULL) {
        (void)printf("\n\n");
        rw_performance_print(summary->performance);
    }
    (void)printf("\n\nThe results are in %s. Look at them with\n", summary->directory);
    const char *file =
        rw_simulation_network(summary->sim)->scenario->record.series_steps > 0 ? "series.h5" : "nodes.h5";
    (void)printf("  h5ls -r %s/%s\n", summary->directory, file);
    (void)printf("  python3 -c \"import h5py; h5py.File('%s/%s').visititems(print)\"\n", summary->directory, file);
}

static const char *status(rw_err outcome) {
    return outcome == RW_OK ? "done" : outcome == RW_ERR_STOPPED ? "interrupted" : "failed";
}

void rw_summary_json(const rw_summary *summary) {
    facts it = gather(summary);
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "directory", summary->directory);
    rw_json_text(&json, "status", status(summary->outcome));
    rw_json_text(&json, "message", summary->outcome == RW_OK ? NULL : rw_error_message());
    rw_json_integer(&json, "threads", (uint64_t)summary->n_threads);
    rw_json_number(&json, "wall_s", summary->wall_s);
    rw_json_number(&json, "biological_s", it.biological_s);
    rw_json_number(&json, "real_time_factor", it.real_time_factor);
    rw_json_integer(&json, "neurons", it.neurons);
    rw_json_integer(&json, "spikes", it.profile.spikes);
    rw_json_number(&json, "mean_rate_hz", it.mean_rate_hz);
    rw_json_integer(&json, "synapses", it.synapses);
    rw_json_integer(&json, "created", it.profile.created);
    rw_json_integer(&json, "deleted", it.profile.deleted);
    rw_json_integer(&json, "synaptic_events", it.profile.synaptic_events);
    rw_json_open_object(&json, "phases_s");
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++)
        rw_json_number(&json, rw_phase_name(phase), it.profile.wall_s[phase]);
    rw_json_close_object(&json);
    if (summary->performance != NULL && summary->outcome == RW_OK)
        rw_performance_json(&json, "profile", summary->performance);
    rw_json_close_object(&json);
}
