#include "cli/performance.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/count.h"
#include "cli/format.h"
#include "sim/counters.h"
#include "sim/phase.h"
#include "sim/profile.h"
#include "sim/timer.h"

/* Larger networks are measured as this many bytes per thread: no cache holds more anyway. */
#define MOST_BYTES 256e6

rw_effort rw_effort_now(void) {
    struct timespec cpu;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return (rw_effort){.wall_s = rw_clock_s(), .cpu_s = (double)cpu.tv_sec + 1e-9 * (double)cpu.tv_nsec};
}

static rw_err measure_size(rw_performance *performance) {
    const rw_network *network = rw_simulation_network(performance->sim);
    uint64_t synapses = 0, rows = 0, cells = 0;
    double bytes = 0.0;
    for (size_t p = 0; p < network->n_populations; p++)
        cells += network->populations[p].spec->model != NULL ? network->populations[p].count : 0;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        synapses += rw_projection_count(&network->partition, projection);
        rows += network->populations[projection->source].count * (uint64_t)network->partition.n_threads;
        bytes += rw_projection_bytes(&network->partition, projection);
    }
    RW_TRY(rw_comm_reduce(network->partition.comm, &synapses, 1, RW_U64, RW_SUM));
    RW_TRY(rw_comm_reduce(network->partition.comm, &rows, 1, RW_U64, RW_SUM));
    RW_TRY(rw_comm_reduce(network->partition.comm, &bytes, 1, RW_F64, RW_SUM));
    performance->size = (rw_extent){.cells = cells, .synapses = synapses, .rows = rows, .synapse_bytes = bytes};
    return RW_OK;
}

static int workers_of(const rw_performance *performance) {
    return rw_simulation_network(performance->sim)->partition.n_workers;
}

/* Every rank measures at the same time, with all its threads; the mean counts. */
static rw_err measure_limits(rw_performance *performance) {
    const rw_comm *comm = rw_simulation_network(performance->sim)->partition.comm;
    double n_workers = workers_of(performance);
    double n_cells = fmin(fmax(1.0, (double)performance->size.cells / n_workers), 65536.0);
    double row = performance->size.rows > 0 ? (double)performance->size.synapses / (double)performance->size.rows : 1.0;
    const rw_limits_setting setting = {.bytes = (size_t)fmin(performance->size.synapse_bytes / n_workers, MOST_BYTES),
                                       .row_length = (size_t)fmin(fmax(1.0, row), n_cells),
                                       .n_cells = (size_t)n_cells,
                                       .n_threads = performance->n_threads};
    RW_TRY(rw_comm_agree(comm, rw_limits_measure(&performance->limits, &setting)));
    double sums[] = {performance->limits.read_bytes_per_s, performance->limits.accumulate_ns,
                     performance->limits.accumulate_compact_ns};
    RW_TRY(rw_comm_reduce(comm, sums, RW_COUNT(sums), RW_F64, RW_SUM));
    double n_ranks = rw_comm_size(comm);
    performance->limits = (rw_limits){sums[0] / n_ranks, sums[1] / n_ranks, sums[2] / n_ranks};
    return RW_OK;
}

/* What all ranks did since `before`. */
static rw_err measure_profile(rw_performance *performance) {
    const rw_profile *before = &performance->before;
    uint64_t counts[] = {before->spikes, before->synaptic_events, before->delivered_bytes};
    RW_TRY(rw_simulation_total_profile(performance->sim, &performance->profile));
    RW_TRY(rw_comm_reduce(rw_simulation_network(performance->sim)->partition.comm, counts, RW_COUNT(counts), RW_U64,
                          RW_SUM));
    performance->profile.spikes -= counts[0];
    performance->profile.synaptic_events -= counts[1];
    performance->profile.delivered_bytes -= counts[2];
    performance->profile.created -= before->created;
    performance->profile.deleted -= before->deleted;
    performance->profile.steps -= before->steps;
    return RW_OK;
}

rw_err rw_performance_measure(rw_performance *performance) {
    const rw_comm *comm = rw_simulation_network(performance->sim)->partition.comm;
    RW_TRY(measure_size(performance));
    RW_TRY(measure_profile(performance));
    RW_TRY(rw_comm_reduce(comm, &performance->effort.wall_s, 1, RW_F64, RW_MAX));
    RW_TRY(rw_comm_reduce(comm, &performance->effort.cpu_s, 1, RW_F64, RW_SUM));
    RW_TRY(rw_comm_reduce(comm, &performance->build_s, 1, RW_F64, RW_MAX));
    return measure_limits(performance);
}

/* What both forms of output contain. */
typedef struct {
    rw_profile profile;
    rw_extent size;
    double biological_s, real_time_factor, rate_hz;
    double update_ns;      /* per cell and step, of one thread */
    double event_ns;       /* per synaptic event, of one thread */
    double event_bytes;    /* read per event */
    double limit_ns;       /* least time of an event: the later of reading and adding */
    double read_share;     /* of the read bandwidth that delivery used */
    double change_us;      /* per synapse created or deleted */
    double per_s;          /* 1 / wall time */
    bool bound_by_reading; /* what limit_ns is */
} performance_facts;

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

static performance_facts gather(const rw_performance *performance) {
    const rw_network *network = rw_simulation_network(performance->sim);
    performance_facts f = {.profile = performance->profile, .size = performance->size};
    const rw_profile *p = &f.profile;
    double cell_steps = (double)f.size.cells * (double)p->steps, events = (double)p->synaptic_events;
    f.biological_s = 1e-3 * network->scenario->step_ms * (double)p->steps;
    f.real_time_factor = ratio(performance->effort.wall_s, f.biological_s);
    f.rate_hz = ratio((double)p->spikes, (double)f.size.cells * f.biological_s);
    f.per_s = ratio(1.0, performance->effort.wall_s);
    f.update_ns = ratio(1e9 * workers_of(performance) * p->wall_s[RW_PHASE_UPDATE], cell_steps);
    f.event_ns = ratio(1e9 * workers_of(performance) * p->wall_s[RW_PHASE_SCATTER], events);
    f.event_bytes = ratio((double)p->delivered_bytes, events);
    f.change_us = ratio(1e6 * p->wall_s[RW_PHASE_REWIRE], (double)(p->created + p->deleted));
    double reading_ns = 1e9 * f.event_bytes / performance->limits.read_bytes_per_s;
    double compact = fmin(fmax((8.0 - f.event_bytes) / 6.0, 0.0), 1.0); /* events with 2 bytes; the others have 8 */
    double adding_ns =
        compact * performance->limits.accumulate_compact_ns + (1.0 - compact) * performance->limits.accumulate_ns;
    f.bound_by_reading = reading_ns > adding_ns;
    f.limit_ns = f.bound_by_reading ? reading_ns : adding_ns;
    f.read_share = ratio(reading_ns, f.event_ns);
    return f;
}

/* How much longer the slowest thread takes than the mean; 0 is balance. */
static double imbalance(const rw_profile *profile, rw_phase phase) {
    return profile->wall_s[phase] > 0 ? profile->most_s[phase] / profile->wall_s[phase] - 1.0 : 0.0;
}

static void print_phases(const rw_performance *performance, const performance_facts *f) {
    (void)printf("\n  %-10s%12s%12s%12s%12s%10s\n", "phase", "least", "mean", "most", "imbalance", "share");
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++)
        (void)printf("  %-10s%12s%12s%12s%11.1f%%%9.1f%%\n", rw_phase_name(phase),
                     rw_format_duration(f->profile.least_s[phase]).text,
                     rw_format_duration(f->profile.wall_s[phase]).text,
                     rw_format_duration(f->profile.most_s[phase]).text, 100 * imbalance(&f->profile, phase),
                     100 * f->profile.wall_s[phase] / performance->effort.wall_s);
    (void)printf("  of %d thread%s%s; collect, rewire and observe are done by one thread\n\n", workers_of(performance),
                 workers_of(performance) == 1 ? "" : "s",
                 workers_of(performance) > performance->n_threads ? " of all ranks" : "");
}

static void print_delivery(const rw_performance *performance, const performance_facts *f) {
    (void)printf("  delivery   %.3g ns per event and thread, %.3g bytes read for each; this machine's limit is %.3g ns "
                 "(%s): %.0f %% of it\n",
                 f->event_ns, f->event_bytes, f->limit_ns, f->bound_by_reading ? "reading" : "adding",
                 100 * f->limit_ns / f->event_ns);
    if (rw_simulation_network(performance->sim)->n_fan_outs > 0)
        (void)printf("             delays differ: delivery by arrival is on\n");
    (void)printf("             reads %s of at best %s per second and thread\n",
                 rw_format_bytes(1e9 * f->event_bytes / f->event_ns).text,
                 rw_format_bytes(performance->limits.read_bytes_per_s).text);
}

/* Instructions per cycle of the phases that compute, or why they were not counted. */
static void print_counters(const rw_simulation *sim) {
    static const rw_phase phases[] = {RW_PHASE_UPDATE, RW_PHASE_SCATTER, RW_PHASE_GROWTH};
    rw_processor_counts counts;
    const char *why = rw_simulation_counters(sim, RW_PHASE_UPDATE, &counts);
    if (why != NULL)
        (void)printf("  counters   not available: %s\n", why);
    for (size_t i = 0; why == NULL && i < RW_COUNT(phases); i++) {
        (void)rw_simulation_counters(sim, phases[i], &counts);
        if (counts.count[RW_COUNTER_CYCLES] > 0)
            (void)printf("  %-10s %.3g instructions, %.2f per cycle, %.3g misses of the last cache\n",
                         rw_phase_name(phases[i]), (double)counts.count[RW_COUNTER_INSTRUCTIONS],
                         (double)counts.count[RW_COUNTER_INSTRUCTIONS] / (double)counts.count[RW_COUNTER_CYCLES],
                         (double)counts.count[RW_COUNTER_CACHE_MISSES]);
    }
    (void)printf("  likwid     %s%s\n", rw_counters_regions() != NULL ? "not available: " : "each phase is a region",
                 rw_counters_regions() != NULL ? rw_counters_regions() : "");
}

void rw_performance_print(const rw_performance *performance) {
    performance_facts f = gather(performance);
    const rw_profile *p = &f.profile;
    int n_ranks = rw_comm_size(rw_simulation_network(performance->sim)->partition.comm);
    (void)printf("%s simulated in %s on", rw_format_duration(f.biological_s).text,
                 rw_format_duration(performance->effort.wall_s).text);
    if (n_ranks > 1)
        (void)printf(" %d ranks x", n_ranks);
    (void)printf(" %d thread%s: real-time factor %.3g (processor time %s)\n", performance->n_threads,
                 performance->n_threads == 1 ? "" : "s", f.real_time_factor,
                 rw_format_duration(performance->effort.cpu_s).text);
    print_phases(performance, &f);
    (void)printf("  network    %s cells, %s synapses", rw_format_count(f.size.cells).text,
                 rw_format_count(f.size.synapses).text);
    if (f.size.synapses > 0)
        (void)printf(", %.3g bytes each", f.size.synapse_bytes / (double)f.size.synapses);
    (void)printf(", built in %s\n", rw_format_duration(performance->build_s).text);
    (void)printf("  activity   %.3g Hz: %.3g spikes and %.3g synaptic events per second of wall time\n", f.rate_hz,
                 f.per_s * (double)p->spikes, f.per_s * (double)p->synaptic_events);
    if (rw_simulation_is_structural(performance->sim))
        (void)printf("  structure  %s synapses formed, %s vanished: %.3g and %.3g per second of wall time\n",
                     rw_format_count(p->created).text, rw_format_count(p->deleted).text, f.per_s * (double)p->created,
                     f.per_s * (double)p->deleted);
    if (p->created + p->deleted > 0)
        (void)printf("             %.3g us for each\n", f.change_us);
    (void)printf("  update     %.3g ns per cell, step and thread\n", f.update_ns);
    if (p->synaptic_events > 0)
        print_delivery(performance, &f);
    print_counters(performance->sim);
}

/* null and the reason if they were not counted. */
static void write_counters(rw_json *json, const rw_simulation *sim, rw_phase phase) {
    static const char *const names[RW_COUNTERS] = {"instructions", "cycles", "cache_misses"};
    rw_processor_counts counts;
    bool counted = rw_simulation_counters(sim, phase, &counts) == NULL;
    for (int i = 0; i < RW_COUNTERS; i++)
        if (counted)
            rw_json_integer(json, names[i], (uint64_t)counts.count[i]);
        else
            rw_json_text(json, names[i], NULL);
}

static void write_phases(rw_json *json, const rw_simulation *sim, const performance_facts *f) {
    rw_json_open_array(json, "phases");
    for (rw_phase phase = 0; phase < RW_PHASE_COUNT; phase++) {
        rw_json_open_object(json, NULL);
        rw_json_text(json, "phase", rw_phase_name(phase));
        rw_json_number(json, "least_s", f->profile.least_s[phase]);
        rw_json_number(json, "mean_s", f->profile.wall_s[phase]);
        rw_json_number(json, "most_s", f->profile.most_s[phase]);
        rw_json_number(json, "imbalance", imbalance(&f->profile, phase));
        write_counters(json, sim, phase);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
}

static void write_delivery(rw_json *json, const rw_limits *limits, const performance_facts *f) {
    rw_json_open_object(json, "delivery");
    rw_json_number(json, "ns_per_event", f->event_ns);
    rw_json_number(json, "bytes_per_event", f->event_bytes);
    rw_json_number(json, "limit_ns_per_event", f->limit_ns);
    rw_json_text(json, "limited_by", f->bound_by_reading ? "reading" : "adding");
    rw_json_number(json, "share_of_limit", ratio(f->limit_ns, f->event_ns));
    rw_json_number(json, "share_of_read_bandwidth", f->read_share);
    rw_json_close_object(json);
    rw_json_open_object(json, "limits");
    rw_json_number(json, "read_bytes_per_s_and_thread", limits->read_bytes_per_s);
    rw_json_number(json, "accumulate_ns", limits->accumulate_ns);
    rw_json_number(json, "accumulate_compact_ns", limits->accumulate_compact_ns);
    rw_json_close_object(json);
}

static void write_rates(rw_json *json, const performance_facts *f) {
    rw_json_open_object(json, "per_wall_second");
    rw_json_number(json, "spikes", f->per_s * (double)f->profile.spikes);
    rw_json_number(json, "synaptic_events", f->per_s * (double)f->profile.synaptic_events);
    rw_json_number(json, "created", f->per_s * (double)f->profile.created);
    rw_json_number(json, "deleted", f->per_s * (double)f->profile.deleted);
    rw_json_close_object(json);
}

void rw_performance_json(rw_json *json, const char *key, const rw_performance *performance) {
    performance_facts f = gather(performance);
    rw_json_open_object(json, key);
    rw_json_integer(json, "ranks", (uint64_t)rw_comm_size(rw_simulation_network(performance->sim)->partition.comm));
    rw_json_integer(json, "threads", (uint64_t)performance->n_threads);
    rw_json_number(json, "biological_s", f.biological_s);
    rw_json_number(json, "wall_s", performance->effort.wall_s);
    rw_json_number(json, "cpu_s", performance->effort.cpu_s);
    rw_json_number(json, "real_time_factor", f.real_time_factor);
    rw_json_number(json, "build_s", performance->build_s);
    rw_json_integer(json, "neurons", f.size.cells);
    rw_json_integer(json, "synapses", f.size.synapses);
    rw_json_number(json, "bytes_per_synapse", ratio(f.size.synapse_bytes, (double)f.size.synapses));
    rw_json_integer(json, "spikes", f.profile.spikes);
    rw_json_number(json, "mean_rate_hz", f.rate_hz);
    rw_json_integer(json, "synaptic_events", f.profile.synaptic_events);
    rw_json_integer(json, "created", f.profile.created);
    rw_json_integer(json, "deleted", f.profile.deleted);
    rw_json_number(json, "us_per_change", f.change_us);
    rw_json_number(json, "update_ns_per_cell_step", f.update_ns);
    write_rates(json, &f);
    write_phases(json, performance->sim, &f);
    rw_processor_counts counts;
    rw_json_text(json, "counters_not_available", rw_simulation_counters(performance->sim, RW_PHASE_UPDATE, &counts));
    rw_json_text(json, "likwid_not_available", rw_counters_regions());
    write_delivery(json, &performance->limits, &f);
    rw_json_close_object(json);
}
