#include "io/series/mean_weight.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "comm/team.h"
#include "net/adjacency/row_reader.h"
#include "net/fan_outs.h"

/* Sum of floats that is exact, so it does not depend on their order: mantissas are added per exponent. */
typedef struct {
    int64_t mantissa[256];
} exact_sum;

/* Adds n times the value. */
static void exact_add(exact_sum *sum, float value, int64_t n) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t exponent = bits >> 23 & 0xFF;
    int64_t mantissa = (int64_t)((bits & 0x7FFFFF) | (exponent > 0 ? 0x800000 : 0));
    sum->mantissa[exponent > 0 ? exponent : 1] += n * (bits >> 31 ? -mantissa : mantissa);
}

static double exact_value(const exact_sum *sum) {
    double value = 0.0;
    for (int exponent = 1; exponent < 256; exponent++)
        value += ldexp((double)sum->mantissa[exponent], exponent - 150);
    return value;
}

/* What the threads work on. */
typedef struct {
    const rw_network *network;
    const rw_mean_weight *weights; /* [n_projections] */
    exact_sum *sums;               /* [n_threads x n_projections] */
} weighing;

/* Adds up the weights of one thread's synapses of a projection, row by row. */
static void add_rows(const rw_network *network, const rw_projection *projection, int thread, exact_sum *sum) {
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    bool own = projection->plasticity.factor == NULL, equal = own && adjacency->targets != NULL;
    float weight = 0.0f; /* of the last n synapses: neighbours are often equal */
    int64_t n = 0;
    rw_row_reader row;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        if (equal)
            exact_add(sum, adjacency->weight, rw_adjacency_count(adjacency, source));
        rw_row_reader_begin(&row, adjacency, source);
        for (rw_synapse synapse; !equal && rw_row_reader_next(&row, &synapse);) {
            float next = own ? synapse.weight : rw_projection_weight(&network->partition, projection, thread, synapse);
            if (next != weight) {
                exact_add(sum, weight, n);
                weight = next;
                n = 0;
            }
            n++;
        }
    }
    exact_add(sum, weight, n);
}

/* The same for all projections of a fan-out in one pass, in the order of memory: the synapses of one projection lie in
 * runs of a few, which are slow to find. A run ends where the place leaves the places of its port. */
static void add_fan_out(const rw_network *network, const rw_fan_out *fan_out, int thread, exact_sum *sums) {
    const rw_fan_out_rows *rows = &fan_out->rows[thread];
    const rw_fan_out_part *parts = &fan_out->parts[(size_t)thread * fan_out->n_projections];
    const rw_fan_out_part *part = parts;
    const uint64_t n_sources = network->populations[fan_out->source].count;
    exact_sum *sum = &sums[fan_out->projections[0]];
    for (uint64_t source = 0; source < n_sources; source++)
        for (uint64_t k = rows->start[source]; k + 1 < rows->start[source + 1]; k++) { /* the last one is the end */
            const uint32_t place = rw_packed_target(rows->packing, rows->synapses[k].packed);
            if (place < part->first_place || place >= part->end_place) {
                for (part = parts; place < part->first_place || place >= part->end_place;)
                    part++;
                sum = &sums[fan_out->projections[part - parts]];
            }
            exact_add(sum, rows->synapses[k].weight, 1);
        }
}

static bool any_wanted(const rw_fan_out *fan_out, const rw_mean_weight *weights) {
    for (size_t k = 0; k < fan_out->n_projections; k++)
        if (weights[fan_out->projections[k]].wanted)
            return true;
    return false;
}

static rw_err add_weights(void *context, int thread) {
    const weighing *work = context;
    const rw_network *network = work->network;
    exact_sum *sums = &work->sums[(size_t)thread * network->n_projections];
    for (size_t i = 0; i < network->n_fan_outs; i++)
        if (any_wanted(&network->fan_outs[i], work->weights))
            add_fan_out(network, &network->fan_outs[i], thread, sums);
    for (size_t i = 0; i < network->n_projections; i++)
        if (work->weights[i].wanted && network->projections[i].adjacency[thread].gathered == NULL)
            add_rows(network, &network->projections[i], thread, &sums[i]);
    return RW_OK;
}

/* Leaves the sums of all threads in those of the first. */
static void add_threads(exact_sum *sums, size_t n_threads, size_t n_projections) {
    for (size_t t = 1; t < n_threads; t++)
        for (size_t i = 0; i < n_projections; i++)
            for (int exponent = 0; exponent < 256; exponent++)
                sums[i].mantissa[exponent] += sums[t * n_projections + i].mantissa[exponent];
}

rw_err rw_mean_weights(const rw_network *network, rw_mean_weight *weights) {
    const size_t n_threads = (size_t)network->partition.n_threads, n = network->n_projections;
    weighing work = {.network = network, .weights = weights};
    RW_TRY(rw_comm_agree(network->partition.comm, RW_NEW(work.sums, n_threads * n, "mean weights")));
    rw_err err = rw_team_run((int)n_threads, add_weights, &work);
    add_threads(work.sums, n_threads, n);
    for (size_t i = 0; err == RW_OK && i < n; i++)
        if (weights[i].wanted) {
            err = rw_comm_reduce(network->partition.comm, work.sums[i].mantissa, 256, RW_I64, RW_SUM);
            weights[i].mean = exact_value(&work.sums[i]) / (double)weights[i].count;
        }
    rw_free(work.sums);
    return err;
}
