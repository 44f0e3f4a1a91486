#include "net/edges/digest.h"

#include <string.h>

#include "base/mix.h"
#include "comm/team.h"
#include "net/adjacency/row_reader.h"

/* Each item is hashed with what names it and the hashes are added, so the order in which the threads visit them does
 * not matter. */
typedef struct {
    const rw_partition *partition;
    const rw_projection *projection;
    bool weights;
    uint64_t *sums; /* [n_threads] */
} summing;

static uint64_t digest_of(const rw_projection *projection, uint64_t source, uint64_t target, rw_synapse synapse,
                          bool weights) {
    uint32_t weight = 0;
    if (weights)
        memcpy(&weight, &synapse.weight, sizeof weight);
    uint64_t delay = projection->min_delay + rw_packed_delay_class(projection->packing, synapse.packed);
    return rw_mix(rw_mix(source << 32 | target) + (delay << 32 | weight));
}

static rw_err sum_thread(void *context, int thread) {
    const summing *work = context;
    const rw_projection *projection = work->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    uint64_t first = rw_partition_thread_slice(work->partition, projection->n_targets, thread).begin, sum = 0;
    rw_row_reader row;
    rw_synapse synapse;
    for (uint64_t source = 0; source < adjacency->n_sources; source++) {
        rw_row_reader_begin(&row, adjacency, source);
        while (rw_row_reader_next(&row, &synapse)) {
            uint64_t target = first + rw_packed_target(projection->packing, synapse.packed);
            sum += digest_of(projection, source, target, synapse, work->weights);
        }
    }
    work->sums[thread] = sum;
    return RW_OK;
}

rw_err rw_projection_digest(const rw_partition *partition, const rw_projection *projection, bool weights,
                            uint64_t *digest) {
    summing work = {.partition = partition, .projection = projection, .weights = weights};
    RW_TRY(RW_NEW(work.sums, (size_t)partition->n_threads, "digest"));
    rw_err err = rw_team_run(partition->n_threads, sum_thread, &work);
    *digest = 0;
    for (int t = 0; t < partition->n_threads; t++)
        *digest += work.sums[t];
    rw_free(work.sums);
    return err == RW_OK ? rw_comm_reduce(partition->comm, digest, 1, RW_U64, RW_SUM) : err;
}

uint64_t rw_population_digest(const rw_population *population) {
    uint64_t sum = population->count;
    for (int k = 0; k < 3 && population->position_um[k] != NULL; k++)
        for (uint64_t i = 0; i < population->count; i++)
            sum += rw_mix(rw_mix(i << 2 | (uint64_t)k) + rw_bits_of(population->position_um[k][i]));
    return sum;
}
