#include "sim/deletion/lesion_synapses.h"

#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "sim/deletion/deletion_rule.h"
#include "sim/simulation_state.h"

/* What a lesion asks of the synapses of a projection. */
typedef struct {
    const rw_lesion_spec *spec;
    const bool *hit;
    const rw_projection *projection;
    rw_stream stream;
    uint64_t first_gid; /* of the sources */
} question;

static question question_of(const rw_simulation *sim, size_t k, const rw_projection *projection) {
    return (question){.spec = &sim->scenario->lesions[k],
                      .hit = sim->lesions.hit[k],
                      .projection = projection,
                      .stream = rw_stream_of(sim->scenario->seed, RW_PURPOSE_LESION, (uint32_t)k),
                      .first_gid = sim->network->populations[projection->source].first_gid};
}

static bool concerns(const rw_lesion_spec *spec, const rw_projection *projection) {
    if (spec->kind == RW_LESION_CELLS)
        return projection->source == spec->population || projection->target == spec->population;
    return spec->cut[projection->index];
}

static bool is_severed(const question *q, uint64_t source, uint64_t target, uint32_t serial) {
    const rw_lesion_spec *spec = q->spec;
    bool from = q->projection->source == spec->population && q->hit[source];
    bool onto = q->projection->target == spec->population && q->hit[target];
    if (spec->kind == RW_LESION_CELLS)
        return from || onto;
    if (!onto || spec->fraction >= 1.0)
        return onto;
    rw_bits bits = rw_draw3(q->stream, (uint32_t)(q->first_gid + source), serial, q->projection->index);
    return rw_uniform32(bits.word[0]) < spec->fraction;
}

static bool goes(const rw_taking *taking, const rw_taken *synapse) {
    return is_severed(taking->self, synapse->source, synapse->target, synapse->serial);
}

/* Of a projection that rewires: with elements. */
static rw_err take(rw_simulation *sim, const question *q) {
    rw_taking taking = {.projection = q->projection,
                        .step = sim->step,
                        .cause = RW_CAUSE_LESION,
                        .most = UINT64_MAX,
                        .chance = 1.0, /* its draw is another */
                        .takes_axon = q->spec->kind == RW_LESION_INCOMING,
                        .goes = goes,
                        .self = q};
    return rw_structure_take(sim->structure, &taking);
}

/* Which synapses of a row go: gone [its count]. */
static uint32_t mark_row(const question *q, int thread, uint64_t source, uint64_t first_target, bool *gone) {
    const rw_adjacency *adjacency = &q->projection->adjacency[thread];
    uint64_t start = rw_adjacency_start(adjacency, source);
    uint32_t n = 0;
    for (uint32_t k = 0; k < rw_adjacency_count(adjacency, source); k++) {
        uint64_t target =
            first_target + rw_packed_target(q->projection->packing, adjacency->synapses[start + k].packed);
        gone[k] = is_severed(q, source, target, adjacency->serials[start + k]);
        n += gone[k];
    }
    return n;
}

/* Notes the marked synapses of a row, with the weights they have by now. */
static rw_err note_row(rw_simulation *sim, const question *q, int thread, uint64_t source, uint64_t first_target,
                       const bool *gone, rw_event_list *noted) {
    const rw_projection *projection = q->projection;
    const rw_adjacency *adjacency = &projection->adjacency[thread];
    if (projection->plasticity.at[RW_AT_SYNAPSE].model != NULL)
        rw_plastic_settle(&sim->workers[thread].plastic[projection->index]->state, source, sim->step);
    for (uint32_t k = 0; k < rw_adjacency_count(adjacency, source); k++) {
        uint64_t place = rw_adjacency_start(adjacency, source) + k;
        rw_synapse synapse = adjacency->synapses[place];
        rw_edge_event event = {.step = sim->step,
                               .projection = projection->index,
                               .cause = RW_CAUSE_LESION,
                               .uid = (q->first_gid + source) << 32 | adjacency->serials[place],
                               .source = source,
                               .target = first_target + rw_packed_target(projection->packing, synapse.packed),
                               .weight = synapse.weight,
                               .delay_steps =
                                   projection->min_delay + rw_packed_delay_class(projection->packing, synapse.packed)};
        if (gone[k])
            RW_TRY(rw_event_list_add(noted, &event, 1));
    }
    return RW_OK;
}

static uint32_t longest_row(const rw_network *network, const rw_projection *projection) {
    uint32_t longest = 0;
    for (int t = 0; t < network->partition.n_threads; t++)
        for (uint64_t source = 0; source < projection->adjacency[t].n_sources; source++)
            longest = rw_adjacency_count(&projection->adjacency[t], source) > longest
                          ? rw_adjacency_count(&projection->adjacency[t], source)
                          : longest;
    return longest;
}

/* Of a projection that does not rewire: on this rank, noted unless `noted` is NULL. */
static rw_err cut(rw_simulation *sim, const question *q, rw_event_list *noted) {
    const rw_network *network = sim->network;
    bool *gone = NULL;
    RW_TRY(RW_NEW(gone, longest_row(network, q->projection), "lesions"));
    rw_err err = RW_OK;
    for (int t = 0; t < network->partition.n_threads; t++) {
        rw_adjacency *adjacency = &q->projection->adjacency[t];
        uint64_t first_target = rw_partition_thread_slice(&network->partition, q->projection->n_targets, t).begin;
        for (uint64_t source = 0; err == RW_OK && source < adjacency->n_sources; source++) {
            if (mark_row(q, t, source, first_target, gone) == 0)
                continue;
            if (noted != NULL)
                err = note_row(sim, q, t, source, first_target, gone, noted);
            if (err == RW_OK)
                rw_adjacency_delete_marked(adjacency, source, gone);
        }
    }
    rw_free(gone);
    return err;
}

/* The same on all ranks, which tell each other. */
static rw_err cut_everywhere(rw_simulation *sim, const question *q) {
    const rw_comm *comm = sim->network->partition.comm;
    rw_event_list mine = {0};
    rw_edge_event *all = NULL;
    size_t n = 0;
    rw_err err = rw_comm_agree(comm, cut(sim, q, &mine));
    if (err == RW_OK)
        err = rw_comm_share(comm, mine.items, mine.n, sizeof *all, &all, &n);
    if (err == RW_OK)
        err = rw_comm_agree(comm, rw_event_list_add(&sim->lesions.events, all, n));
    rw_free(mine.items);
    rw_free(all);
    return err;
}

rw_err rw_lesion_delete(rw_simulation *sim, size_t k) {
    const rw_lesion_spec *spec = &sim->scenario->lesions[k];
    for (size_t p = 0; p < sim->network->n_projections; p++) {
        const rw_projection *projection = &sim->network->projections[p];
        question q = question_of(sim, k, projection);
        if (!concerns(spec, projection))
            continue;
        if (projection->spec->structural)
            RW_TRY(take(sim, &q));
        else if (spec->kind == RW_LESION_INCOMING)
            RW_TRY(cut_everywhere(sim, &q));
    }
    return RW_OK;
}

rw_err rw_lesions_delete_again(rw_simulation *sim) {
    for (size_t k = 0; k < sim->lesions.n; k++) {
        const rw_lesion_spec *spec = &sim->scenario->lesions[k];
        for (size_t p = 0; p < sim->network->n_projections && spec->step <= sim->step; p++) {
            const rw_projection *projection = &sim->network->projections[p];
            question q = question_of(sim, k, projection);
            if (spec->kind == RW_LESION_INCOMING && concerns(spec, projection) && !projection->spec->structural)
                RW_TRY(cut(sim, &q, NULL));
        }
    }
    return RW_OK;
}
