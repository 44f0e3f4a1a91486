#include "net/projection.h"

#include "base/memory.h"

rw_err rw_projection_create(rw_projection *projection, const rw_scenario *scenario, const rw_partition *partition,
                            uint32_t index) {
    const rw_projection_spec *spec = &scenario->projections[index];
    projection->spec = spec;
    projection->index = index;
    projection->source = spec->source;
    projection->target = spec->target;
    projection->n_sources = scenario->populations[spec->source].count;
    projection->n_targets = scenario->populations[spec->target].count;
    projection->port = projection->graded_port = RW_NO_PORT;
    RW_TRY(RW_NEW(projection->adjacency, (size_t)partition->n_threads, "projections"));
    RW_TRY(rw_plasticity_create(&projection->plasticity, scenario, spec, projection->n_targets));
    const rw_model *rule = projection->plasticity.at[RW_AT_SYNAPSE].model;
    projection->numbered = spec->structural || spec->lesioned || (rule != NULL && rule->synapse.rule.between != NULL);
    return RW_OK;
}

void rw_projection_destroy(rw_projection *projection, const rw_partition *partition) {
    for (int t = 0; projection->adjacency != NULL && t < partition->n_threads; t++)
        rw_adjacency_destroy(&projection->adjacency[t]);
    rw_free(projection->adjacency);
    rw_free(projection->next_serial);
    rw_free(projection->first_formed);
    rw_plasticity_destroy(&projection->plasticity);
}

uint64_t rw_projection_count(const rw_partition *partition, const rw_projection *projection) {
    uint64_t count = 0;
    for (int t = 0; t < partition->n_threads; t++)
        for (uint64_t row = 0; row < projection->adjacency[t].n_rows; row++)
            count += projection->adjacency[t].count[row];
    return count;
}

double rw_projection_bytes(const rw_partition *partition, const rw_projection *projection) {
    double bytes = 4.0 * (double)projection->adjacency[0].n_sources *
                   ((projection->next_serial != NULL) + (projection->first_formed != NULL));
    for (int t = 0; t < partition->n_threads; t++) {
        const rw_adjacency *adjacency = &projection->adjacency[t];
        double row = 8.0 + 4.0 + (adjacency->slots != NULL ? sizeof adjacency->slots[0] : 0.0);
        double synapse = (adjacency->targets != NULL ? 2.0 : 8.0) + (adjacency->tombstones != NULL ? 0.125 : 0.0) +
                         (adjacency->serials != NULL ? 4.0 : 0.0) + 4.0 * adjacency->n_states;
        uint64_t groups = adjacency->present != NULL ? adjacency->n_sources / 64 + 1 : 0;
        bytes += row * (double)adjacency->n_rows + 12.0 * (double)groups + synapse * (double)adjacency->pool_size;
        bytes += (double)sizeof(rw_source_list) * (double)adjacency->reverse.n_targets +
                 2.0 * (double)adjacency->reverse.pool_size;
        bytes += rw_extents_bytes(adjacency->extents) + rw_extents_bytes(adjacency->reverse.extents);
    }
    return bytes;
}

rw_err rw_projection_total(const rw_partition *partition, const rw_projection *projection, uint64_t *total) {
    *total = rw_projection_count(partition, projection);
    return rw_comm_reduce(partition->comm, total, 1, RW_U64, RW_SUM);
}

float rw_projection_weight(const rw_partition *partition, const rw_projection *projection, int thread,
                           rw_synapse synapse) {
    if (projection->plasticity.factor == NULL)
        return synapse.weight;
    uint64_t first = rw_partition_thread_slice(partition, projection->n_targets, thread).begin;
    return synapse.weight *
           (float)projection->plasticity.factor[first + rw_packed_target(projection->packing, synapse.packed)];
}
