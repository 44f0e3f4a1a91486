#include "net/fan_outs.h"

#include "base/memory.h"
#include "comm/team.h"

enum { PLACES_PER_LINE = 16 };

/* Whether nothing but its delays makes a projection more than a list of targets and weights. */
static bool is_static(const rw_partition *partition, const rw_projection *projection) {
    bool compact = false;
    for (int t = 0; t < partition->n_threads; t++)
        compact = compact || projection->adjacency[t].targets != NULL;
    return !compact && !projection->numbered && !projection->plasticity.any && projection->graded_port == RW_NO_PORT &&
           projection->port != RW_NO_PORT;
}

/* Decides for each port whether its projections are gathered; returns whether any are. */
static bool choose_ports(rw_network *network) {
    bool any = false;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->port != RW_NO_PORT && projection->max_delay > projection->min_delay)
            network->populations[projection->target].ports[projection->port].by_arrival = true;
    }
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        rw_port *ports = network->populations[projection->target].ports;
        if (is_static(&network->partition, projection))
            continue;
        if (projection->port != RW_NO_PORT)
            ports[projection->port].by_arrival = false;
        if (projection->graded_port != RW_NO_PORT)
            ports[projection->graded_port].by_arrival = false;
    }
    for (size_t p = 0; p < network->n_populations; p++)
        for (size_t port = 0; port < network->populations[p].n_ports; port++)
            any = any || network->populations[p].ports[port].by_arrival;
    return any;
}

static void choose_none(rw_network *network) {
    for (size_t p = 0; p < network->n_populations; p++)
        for (size_t port = 0; port < network->populations[p].n_ports; port++)
            network->populations[p].ports[port].by_arrival = false;
}

uint32_t rw_first_place(const rw_network *network, int thread, uint32_t population, uint32_t port) {
    uint64_t place = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice slice = rw_partition_thread_slice(&network->partition, network->populations[p].count, thread);
        uint64_t stride = (slice.end - slice.begin + PLACES_PER_LINE - 1) / PLACES_PER_LINE * PLACES_PER_LINE;
        for (uint32_t k = 0; k < network->populations[p].n_ports; k++) {
            if (p == population && k == port)
                return (uint32_t)place;
            place += network->populations[p].ports[k].by_arrival ? stride : 0;
        }
    }
    return place < UINT32_MAX ? (uint32_t)place : UINT32_MAX;
}

static bool is_gathered(const rw_network *network, const rw_projection *projection) {
    return projection->port != RW_NO_PORT &&
           network->populations[projection->target].ports[projection->port].by_arrival;
}

/* Whether a fan-out has a projection that feeds the same port as this one. */
static bool feeds(const rw_network *network, const rw_fan_out *fan_out, const rw_projection *projection) {
    for (size_t k = 0; k < fan_out->n_projections; k++) {
        const rw_projection *other = &network->projections[fan_out->projections[k]];
        if (other->target == projection->target && other->port == projection->port)
            return true;
    }
    return false;
}

/* Adds a projection to the first fan-out of its source that it fits in. */
static rw_err add_projection(rw_network *network, const rw_projection *projection) {
    size_t f = 0;
    while (f < network->n_fan_outs &&
           (network->fan_outs[f].source != projection->source || feeds(network, &network->fan_outs[f], projection)))
        f++;
    if (f == network->n_fan_outs) {
        RW_TRY(RW_GROW(network->fan_outs, f, f + 1, "fan-outs"));
        network->fan_outs[f] = (rw_fan_out){.source = projection->source, .min_delay = UINT32_MAX};
        network->n_fan_outs++;
    }
    rw_fan_out *fan_out = &network->fan_outs[f];
    RW_TRY(RW_GROW(fan_out->projections, fan_out->n_projections, fan_out->n_projections + 1, "fan-outs"));
    fan_out->projections[fan_out->n_projections++] = projection->index;
    if (projection->min_delay < fan_out->min_delay)
        fan_out->min_delay = projection->min_delay;
    if (projection->max_delay > fan_out->max_delay)
        fan_out->max_delay = projection->max_delay;
    return RW_OK;
}

static uint32_t bits_below(uint64_t end) {
    uint32_t bits = 0;
    while ((uint64_t)1 << bits < end)
        bits++;
    return bits;
}

/* How packed targets split; false if places and delay classes do not fit. One delay class is left for the end. */
static bool choose_packing(const rw_network *network, rw_packing *packing) {
    uint64_t n_places = 0, n_classes = 0;
    for (int t = 0; t < network->partition.n_threads; t++) {
        uint64_t n = rw_first_place(network, t, (uint32_t)network->n_populations, 0);
        n_places = n > n_places ? n : n_places;
    }
    for (size_t f = 0; f < network->n_fan_outs; f++) {
        uint64_t n = (uint64_t)network->fan_outs[f].max_delay - network->fan_outs[f].min_delay + 2;
        n_classes = n > n_classes ? n : n_classes;
    }
    uint32_t delay_bits = bits_below(n_classes);
    if (bits_below(n_places) + delay_bits > 32)
        return false;
    packing->target_bits = 32 - delay_bits;
    packing->target_mask = ((uint32_t)1 << packing->target_bits) - 1;
    return true;
}

typedef struct {
    rw_network *network;
    rw_packing packing;
} gathering;

static rw_err gather_fan_out(const gathering *work, const rw_fan_out *fan_out, int thread) {
    rw_network *network = work->network;
    size_t n = fan_out->n_projections;
    rw_adjacency **adjacencies = NULL;
    rw_fan_out_rows *rows = &fan_out->rows[thread];
    RW_TRY(RW_NEW(adjacencies, n, "fan-outs"));
    rows->packing = work->packing;
    for (size_t k = 0; k < n; k++) {
        const rw_projection *projection = &network->projections[fan_out->projections[k]];
        rw_slice slice = rw_partition_thread_slice(&network->partition, projection->n_targets, thread);
        uint32_t first = rw_first_place(network, thread, projection->target, projection->port);
        adjacencies[k] = &projection->adjacency[thread];
        fan_out->parts[(size_t)thread * n + k] =
            (rw_fan_out_part){.rows = rows,
                              .first_place = first,
                              .end_place = first + (uint32_t)(slice.end - slice.begin),
                              .first_class = projection->min_delay - fan_out->min_delay,
                              .packing = projection->packing};
    }
    rw_err err = rw_fan_out_gather(rows, adjacencies, fan_out->parts + (size_t)thread * n, n);
    rw_free(adjacencies);
    return err;
}

static rw_err gather_thread(void *context, int thread) {
    const gathering *work = context;
    for (size_t f = 0; f < work->network->n_fan_outs; f++)
        RW_TRY(gather_fan_out(work, &work->network->fan_outs[f], thread));
    return RW_OK;
}

static rw_err create_fan_outs(rw_network *network) {
    for (size_t p = 0; p < network->n_projections; p++)
        if (is_gathered(network, &network->projections[p]))
            RW_TRY(add_projection(network, &network->projections[p]));
    for (size_t f = 0; f < network->n_fan_outs; f++) {
        rw_fan_out *fan_out = &network->fan_outs[f];
        size_t n_threads = (size_t)network->partition.n_threads;
        RW_TRY(RW_NEW(fan_out->rows, n_threads, "fan-outs"));
        RW_TRY(RW_NEW(fan_out->parts, n_threads * fan_out->n_projections, "fan-outs"));
    }
    return RW_OK;
}

rw_err rw_fan_outs_gather(rw_network *network) {
    gathering work = {.network = network};
    if (network->fan_outs != NULL || !choose_ports(network))
        return RW_OK;
    RW_TRY(create_fan_outs(network));
    if (choose_packing(network, &work.packing))
        return rw_team_run(network->partition.n_threads, gather_thread, &work);
    choose_none(network);
    rw_fan_outs_destroy(network);
    return RW_OK;
}

void rw_fan_outs_destroy(rw_network *network) {
    for (size_t f = 0; network->fan_outs != NULL && f < network->n_fan_outs; f++) {
        rw_fan_out *fan_out = &network->fan_outs[f];
        for (int t = 0; fan_out->rows != NULL && t < network->partition.n_threads; t++)
            rw_fan_out_destroy(&fan_out->rows[t]);
        rw_free(fan_out->rows);
        rw_free(fan_out->parts);
        rw_free(fan_out->projections);
    }
    rw_free(network->fan_outs);
    network->fan_outs = NULL;
    network->n_fan_outs = 0;
}
