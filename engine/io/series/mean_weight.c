#include "io/series/mean_weight.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "comm/team.h"
#include "net/adjacency/row_reader.h"

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
    const rw_projection *projection;
    exact_sum *sums; /* [n_threads] */
} weighing;

/* Adds up the weights of one thread's synapses. */
static rw_err add_weights(void *context, int thread) {
    const weighing *work = context;
    const rw_projection *projection = work->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    exact_sum *sum = &work->sums[thread];
    bool own = projection->plasticity.factor == NULL, equal = own && adjacency->targets != NULL;
    float weight = 0.0f; /* of the last n synapses: neighbours are often equal */
    int64_t n = 0;
    rw_row_reader row;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        if (equal)
            exact_add(sum, adjacency->weight, rw_adjacency_count(adjacency, source));
        rw_row_reader_begin(&row, adjacency, source);
        for (rw_synapse synapse; !equal && rw_row_reader_next(&row, &synapse);) {
            float next =
                own ? synapse.weight : rw_projection_weight(&work->network->partition, projection, thread, synapse);
            if (next != weight) {
                exact_add(sum, weight, n);
                weight = next;
                n = 0;
            }
            n++;
        }
    }
    exact_add(sum, weight, n);
    return RW_OK;
}

rw_err rw_mean_weight(const rw_network *network, const rw_projection *projection, uint64_t count, double *mean) {
    size_t n_threads = (size_t)network->partition.n_threads;
    weighing work = {.network = network, .projection = projection};
    RW_TRY(rw_comm_agree(network->partition.comm, RW_NEW(work.sums, n_threads, "mean weight")));
    rw_err err = rw_team_run(network->partition.n_threads, add_weights, &work);
    for (size_t t = 1; t < n_threads; t++)
        for (int exponent = 0; exponent < 256; exponent++)
            work.sums[0].mantissa[exponent] += work.sums[t].mantissa[exponent];
    if (err == RW_OK)
        err = rw_comm_reduce(network->partition.comm, work.sums[0].mantissa, 256, RW_I64, RW_SUM);
    *mean = exact_value(&work.sums[0]) / (double)count;
    rw_free(work.sums);
    return err;
}
