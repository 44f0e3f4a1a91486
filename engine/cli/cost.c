#include "cli/cost.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "cli/progress.h"
#include "model/block.h"
#include "model/registry.h"
#include "net/edges/edge.h"
#include "net/network.h"
#include "net/prediction.h"

/* Measured with `rewire run --json` on the scenarios of configs/ and bench/network/. */
#define BASE_BYTES 21e6           /* program and libraries, before any network */
#define SPIKE_LIST_BYTES 16.0     /* of a cell that fires rarely */
#define INPUT_BYTES 16.0          /* of a cell that a Poisson input drives */
#define SNAPSHOT_BUFFER_BYTES 3e6 /* while a snapshot is written, before any edge */
#define SNAPSHOT_THREAD_BYTES 3e6 /* chunks that a thread compresses */
#define SNAPSHOT_BYTES 40e3       /* per projection and snapshot, before any edge */
#define SNAPSHOT_EDGE_BYTES 10.0  /* a compressed edge */
#define POPULATION_BYTES 55e3     /* of a population in nodes.h5 and spikes.h5, before any cell */
#define SERIES_BYTES 4.2e3        /* of one variable in series.h5, before any sample */
#define SPIKE_BYTES 8.0           /* compressed */
#define SPIKE_ROW_BYTES 16.0      /* in a journal */
#define CELL_STATE_BYTES 100.0    /* of a saved state */
#define SYNAPSE_STATE_BYTES 16.0  /* that can form and vanish */
#define START_S 0.05              /* opening and closing the files */
#define BUILD_NS 30.0             /* per synapse */
#define SNAPSHOT_EDGE_NS 40.0     /* per edge written by one thread of rank 0; the disk's own speed comes on top */
#define SNAPSHOT_PACK_NS 130.0    /* per edge listed and compressed by all of its threads */
#define POISSON_NS 2.0            /* per target cell and step */
#define EVENT_NS 2.5              /* per spike delivered over one synapse */

#define SPIKE_WORDS_BYTES 8.0 /* a spike that is sent */
#define COUNT_BYTES 8.0       /* what a rank sends another beforehand */
#define LONGEST_BLOCK 32      /* steps between exchanges, at most */

enum { CALIBRATION_STEPS = 400, CHUNK = 16384 /* rows of a result file that are compressed together */ };

/* Nanoseconds per instance and step, measured now on a chunk of instances at their defaults. */
static rw_err time_model(const rw_model *model, double step_ms, double *ns) {
    static double scratch[5][RW_CHUNK]; /* inputs and ports, fired, and what receptors see and fill */
    static float none[RW_CHUNK];
    const float *ports[64];
    double *x[64] = {0};
    rw_block block = {0};
    *ns = 0;
    RW_TRY(rw_block_create(&block, model, RW_CHUNK, step_ms));
    rw_err err = model->n_fields <= RW_COUNT(x) ? rw_block_finish(&block, NULL) : RW_OK;
    if (err != RW_OK || model->n_fields > RW_COUNT(x)) {
        rw_block_destroy(&block);
        return err;
    }
    rw_block_chunk(&block, 0, x);
    for (size_t i = 0; i < RW_COUNT(ports); i++)
        ports[i] = none;
    for (size_t i = 0; i < model->n_fields; i++)
        if (model->fields[i].role == RW_INPUT || model->fields[i].role == RW_PORT)
            x[i] = scratch[0];
    memset(scratch, 0, sizeof scratch);
    const rw_chunk chunk = {.n = RW_CHUNK, .step_ms = step_ms, .x = x, .homogeneous = true, .ports = ports};
    const rw_receptor_io io = {.V_m = scratch[0],
                               .arrivals = none,
                               .pore_shape = none,
                               .conductance_factor = 1.0,
                               .g_syn = scratch[2],
                               .gE_syn = scratch[3],
                               .last = true};
    double began_s = rw_progress_clock();
    for (int step = 0; step < CALIBRATION_STEPS; step++)
        if (model->kind == RW_NEURON)
            model->neuron.update(&chunk, scratch[4]);
        else
            model->receptor.update(&chunk, &io);
    *ns = 1e9 * (rw_progress_clock() - began_s) / ((double)CALIBRATION_STEPS * RW_CHUNK);
    rw_block_destroy(&block);
    return RW_OK;
}

static rw_err add_cells(rw_cost *cost, const rw_scenario *scenario, int n_ranks, double *ns_per_step) {
    for (size_t i = 0; i < scenario->n_populations; i++) {
        const rw_population_spec *population = &scenario->populations[i];
        double count = (double)population->count, ns = 0;
        if (population->model == NULL) {
            cost->memory_bytes += 16.0 * (double)population->spikes.count;
            continue;
        }
        RW_TRY(time_model(population->model, scenario->step_ms, &ns));
        *ns_per_step += count * ns;
        for (size_t r = 0; r < population->n_receptors; r++) {
            const rw_model_spec *receptor = &population->receptors[r];
            RW_TRY(time_model(receptor->model, scenario->step_ms, &ns));
            *ns_per_step += count * ns;
        }
        cost->neurons += population->count;
        cost->memory_bytes += SPIKE_LIST_BYTES * count / n_ranks;
    }
    return RW_OK;
}

/* Adds the synapses; *events_hz are the spikes delivered per second. */
static void add_synapses(rw_cost *cost, const rw_scenario *scenario, int n_ranks, double *events_hz) {
    double duration_s = 1e-3 * scenario->step_ms * (double)cost->network_steps;
    for (size_t i = 0; i < scenario->n_projections; i++) {
        const rw_projection_spec *projection = &scenario->projections[i];
        const rw_population_spec *source = &scenario->populations[projection->source];
        double synapses = rw_predicted_synapses(scenario, projection);
        double rate_hz = source->model != NULL ? RW_ASSUMED_RATE_HZ
                         : source->count > 0   ? (double)source->spikes.count / ((double)source->count * duration_s)
                                               : 0;
        double slots = fmax(1.0, ceil(projection->delay_ms.a / scenario->step_ms)) + 1;
        cost->synapses += synapses;
        cost->memory_bytes += 8.0 * slots * (double)scenario->populations[projection->target].count / n_ranks;
        *events_hz += synapses * rate_hz;
    }
}

/* While a snapshot is written: the synapses that are listed at a time, and chunks that are compressed. */
static double snapshot_memory(const rw_scenario *scenario, int n_ranks, int n_threads) {
    double largest = 0;
    for (size_t i = 0; i < scenario->n_projections; i++) {
        const rw_projection_spec *projection = &scenario->projections[i];
        double synapses = rw_predicted_synapses(scenario, projection) / n_ranks;
        double slab = fmax(1 << 18, 8.0 * (double)scenario->populations[projection->source].count);
        if (projection->delay_ms.kind != RW_CONSTANT)
            slab = fmax(slab, synapses / 16);
        largest = fmax(largest, fmin(slab, synapses));
    }
    if (!scenario->record.snapshots)
        return 0;
    return SNAPSHOT_BUFFER_BYTES + (double)sizeof(rw_edge) * largest +
           (largest > CHUNK ? SNAPSHOT_THREAD_BYTES * n_threads : 0);
}

/* Adds what random inputs keep for each cell, and returns their time, ns per step. */
static double add_inputs(rw_cost *cost, const rw_scenario *scenario, int n_ranks) {
    double ns_per_step = 0;
    for (size_t i = 0; i < scenario->n_inputs; i++) {
        const rw_input_spec *input = &scenario->inputs[i];
        if (!rw_input_is_spikes(input) && input->kind != RW_INPUT_NOISE)
            continue;
        ns_per_step += POISSON_NS * (double)input->targets.count;
        cost->memory_bytes += INPUT_BYTES * (double)scenario->populations[input->target].count / n_ranks;
    }
    return ns_per_step;
}

static double n_snapshots(const rw_scenario *scenario) {
    const rw_record_spec *record = &scenario->record;
    if (!record->snapshots)
        return 0;
    return record->snapshot_steps > 0 ? 1 + ceil((double)scenario->n_steps / (double)record->snapshot_steps) : 2;
}

/* While a run lasts: its two newest states and the one being written, and once more what is recorded. */
static double checkpoint_bytes(const rw_scenario *scenario, double steps, double spikes_hz) {
    const rw_record_spec *record = &scenario->record;
    double state = 0, kept = (double)scenario->checkpoint.n_at;
    double rows = SPIKE_ROW_BYTES * spikes_hz * 1e-3 * scenario->step_ms * steps;
    if (scenario->checkpoint.none)
        return 0;
    for (size_t i = 0; i < scenario->n_populations; i++)
        state += CELL_STATE_BYTES * (double)scenario->populations[i].count;
    for (size_t i = 0; i < scenario->n_projections; i++)
        if (scenario->projections[i].structural)
            state += SYNAPSE_STATE_BYTES * rw_predicted_synapses(scenario, &scenario->projections[i]);
    for (size_t i = 0; i < record->n_reports; i++)
        rows += 4.0 * (double)record->reports[i].targets.count * steps / (double)record->reports[i].every_steps;
    return (3 + kept) * state + rows;
}

static double disk_bytes(const rw_scenario *scenario, const rw_cost *cost) {
    double steps = (double)cost->network_steps, duration_s = 1e-3 * scenario->step_ms * steps;
    double spikes_hz = 0, bytes = POPULATION_BYTES * (double)scenario->n_populations;
    for (size_t i = 0; i < scenario->n_populations; i++)
        if (scenario->record.spikes[i])
            spikes_hz += RW_ASSUMED_RATE_HZ * (double)scenario->populations[i].count;
    bytes += SPIKE_BYTES * spikes_hz * duration_s;
    bytes += n_snapshots(scenario) *
             (SNAPSHOT_BYTES * (double)scenario->n_projections + SNAPSHOT_EDGE_BYTES * cost->synapses);
    if (scenario->record.series_steps > 0) {
        size_t per_population = scenario->structure.every_steps > 0 ? 8 : 1;
        double variables = (double)(per_population * scenario->n_populations + 5 * scenario->n_projections);
        bytes += variables * (SERIES_BYTES + 8.0 * (double)scenario->n_steps / (double)scenario->record.series_steps);
    }
    for (size_t i = 0; i < scenario->record.n_reports; i++)
        bytes += 4.0 * (double)scenario->record.reports[i].targets.count * steps /
                 (double)scenario->record.reports[i].every_steps;
    return bytes + checkpoint_bytes(scenario, steps, spikes_hz);
}

/* How many ranks the synapses of a cell of a population reach, its own included, if each synapse's rank is random. */
static double ranks_reached(const rw_scenario *scenario, size_t population, int n_ranks) {
    double missed = 1.0;
    for (size_t i = 0; i < scenario->n_projections; i++) {
        const rw_projection_spec *projection = &scenario->projections[i];
        if (projection->source == population && scenario->populations[population].count > 0)
            missed *= pow(1.0 - 1.0 / n_ranks, rw_predicted_synapses(scenario, projection) /
                                                   (double)scenario->populations[population].count);
    }
    return n_ranks * (1.0 - missed);
}

/* The exchange of spikes, estimated: the counts are sent by the algorithm of Bruck et al. (1997, IEEE TPDS 8:1143) in
 * log2 ranks rounds, the spikes as one message to each rank that any of them is for. */
static void add_exchange(rw_cost *cost, const rw_scenario *scenario, int n_ranks) {
    double delay_ms = (double)LONGEST_BLOCK * scenario->step_ms, words_hz = 0;
    if (n_ranks == 1)
        return;
    for (size_t i = 0; i < scenario->n_projections; i++)
        delay_ms = fmin(delay_ms, fmax(scenario->step_ms, scenario->projections[i].delay_ms.a));
    for (size_t i = 0; i < scenario->n_populations; i++) {
        double rate_hz = RW_ASSUMED_RATE_HZ * (double)scenario->populations[i].count / n_ranks;
        words_hz += rate_hz * (ranks_reached(scenario, i, n_ranks) - 1.0 / n_ranks);
    }
    cost->exchanges_hz = 1e3 / delay_ms;
    cost->sent_bytes_s = SPIKE_WORDS_BYTES * words_hz;
    double rounds = ceil(log2(n_ranks)), partners = fmin(n_ranks - 1.0, words_hz / cost->exchanges_hz);
    double once_s = rounds * (RW_LATENCY_S + COUNT_BYTES * n_ranks / 2.0 / RW_LINK_BYTES_S) + RW_LATENCY_S +
                    partners * RW_MESSAGE_S + cost->sent_bytes_s / cost->exchanges_hz / RW_LINK_BYTES_S;
    double duration_s = 1e-3 * scenario->step_ms * (double)cost->network_steps;
    cost->exchange_wall_s = once_s * cost->exchanges_hz * duration_s;
    cost->memory_bytes += 64.0 * n_ranks; /* tables of the ranks, and which of them need each cell */
    for (size_t i = 0; i < scenario->n_populations; i++)
        cost->memory_bytes += (double)scenario->populations[i].count / 8.0;
}

rw_err rw_cost_predict(rw_cost *cost, const rw_scenario *scenario, uint64_t network_steps, int n_ranks, int n_threads) {
    double ns_per_step = 0, events_hz = 0;
    *cost = (rw_cost){.network_steps = network_steps,
                      .memory_bytes = BASE_BYTES + rw_predicted_bytes(scenario, n_ranks, n_threads)};
    RW_TRY(add_cells(cost, scenario, n_ranks, &ns_per_step));
    add_synapses(cost, scenario, n_ranks, &events_hz);
    cost->memory_bytes += snapshot_memory(scenario, n_ranks, n_threads);
    add_exchange(cost, scenario, n_ranks);
    ns_per_step += add_inputs(cost, scenario, n_ranks);
    cost->extra_bytes = rw_predicted_extra_bytes(scenario, n_ranks);
    double duration_s = 1e-3 * scenario->step_ms * (double)cost->network_steps;
    double parallel_ns =
        BUILD_NS * cost->synapses + ns_per_step * (double)cost->network_steps + EVENT_NS * events_hz * duration_s;
    double written = n_snapshots(scenario) * cost->synapses;
    double snapshot_ns = (SNAPSHOT_EDGE_NS + SNAPSHOT_PACK_NS / n_threads) * written;
    double workers = (double)n_ranks * n_threads;
    cost->wall_s = START_S + 1e-9 * (parallel_ns / workers + snapshot_ns) + cost->exchange_wall_s;
    cost->disk_bytes = disk_bytes(scenario, cost);
    return RW_OK;
}
