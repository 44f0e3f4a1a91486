/* Vacant axonal and dendritic elements become synapses.
 *
 * In each round every axonal element that is still vacant proposes to a dendrite; a dendrite takes as many as it has
 * vacancies, those with the smallest keys; the others try again in the next round with what is left. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/partner.h"

/* Rounds after which the rest waits for the next update; the number of seekers falls by more than a third in each. */
enum { MOST_ROUNDS = 64 };

typedef struct {
    rw_structure *structure;
    uint64_t step;
    bool inhibitory;
    rw_element side;         /* dendritic element of this class */
    rw_vacancies *vacancies; /* [n_populations] */
    rw_seeker *seekers;
    size_t n_seekers;
    rw_proposal *proposals;
} pairing;

static bool takes_part(const pairing *work, const rw_projection *projection) {
    return projection->spec->structural && projection->spec->inhibitory == work->inhibitory;
}

static bool is_partner(const pairing *work, uint32_t population, bool as_source) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (takes_part(work, projection) && (as_source ? projection->source : projection->target) == population)
            return true;
    }
    return false;
}

/* Counts the vacant dendritic elements of every population that takes part; returns their sum. */
static rw_err count_vacancies(pairing *work, uint64_t *total) {
    const rw_network *network = work->structure->network;
    *total = 0;
    RW_TRY(RW_NEW(work->vacancies, network->n_populations, "partner search"));
    for (uint32_t p = 0; p < network->n_populations; p++) {
        uint64_t count = network->populations[p].count;
        RW_TRY(RW_NEW(work->vacancies[p].vacant, count, "partner search"));
        if (!is_partner(work, p, false))
            continue;
        for (uint64_t i = 0; i < count; i++) {
            work->vacancies[p].vacant[i] = rw_structure_vacant(work->structure, p, work->side, i);
            *total += work->vacancies[p].vacant[i];
        }
    }
    return RW_OK;
}

static int by_place(const void *left, const void *right) {
    const rw_seeker *a = left, *b = right;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->element < b->element ? -1 : a->element > b->element;
}

static rw_err list_seekers(pairing *work) {
    const rw_network *network = work->structure->network;
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        for (uint32_t p = 0; p < network->n_populations; p++) {
            if (!is_partner(work, p, true))
                continue;
            for (uint64_t i = 0; i < network->populations[p].count; i++) {
                uint32_t vacant = rw_structure_vacant(work->structure, p, RW_AXON, i);
                for (uint32_t e = 0; pass == 1 && e < vacant; e++)
                    work->seekers[n + e] = (rw_seeker){.population = p, .id = i, .element = e};
                n += vacant;
            }
        }
        work->n_seekers = n;
        if (pass == 0) {
            RW_TRY(RW_NEW(work->seekers, n, "partner search"));
            RW_TRY(RW_NEW(work->proposals, n, "partner search"));
        }
    }
    return RW_OK;
}

static int by_target_and_key(const void *left, const void *right) {
    const rw_proposal *a = left, *b = right;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->seeker < b->seeker ? -1 : a->seeker > b->seeker;
}

static rw_err make_synapse(pairing *work, const rw_seeker *seeker, rw_projection *projection, uint64_t target) {
    rw_structure *structure = work->structure;
    rw_network *network = structure->network;
    const rw_population *source = &network->populations[projection->source];
    uint64_t count = network->populations[projection->target].count;
    int owner = rw_network_owner(count, target, network->n_threads);
    uint64_t place = target - rw_network_slice(count, owner, network->n_threads).begin;
    uint32_t serial = projection->next_serial[seeker->id];
    RW_CHECK(serial < UINT32_MAX, RW_ERR_SYSTEM,
             "projection '%s': a neuron has formed 2^32 synapses, no number is left for more", projection->spec->name);
    /* The high bit keeps these draws apart from those of the initial synapses. */
    rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_WEIGHT, projection->index | 1u << 23);
    float weight = (float)rw_value_draw(&projection->spec->weight, stream, source->first_gid + seeker->id, serial);
    RW_TRY(rw_rows_insert(&projection->rows[owner], seeker->id, (rw_synapse){.word = (uint32_t)place, .weight = weight},
                          serial));
    projection->next_serial[seeker->id]++;
    structure->cells[projection->source].elements[RW_AXON].connected[seeker->id]++;
    structure->cells[projection->target].elements[work->side].connected[target]++;
    return rw_structure_log(structure, (rw_edge_event){.step = work->step,
                                                       .projection = projection->index,
                                                       .created = true,
                                                       .cause = RW_CAUSE_GROWTH,
                                                       .uid = (source->first_gid + seeker->id) << 32 | serial,
                                                       .source = seeker->id,
                                                       .target = target,
                                                       .weight = weight,
                                                       .delay_steps = projection->min_delay});
}

/* Whether a dendrite with a vacancy takes the proposal: two elements of one axon may have chosen the same dendrite. */
static bool is_acceptable(const pairing *work, const rw_seeker *seeker, const rw_projection *projection,
                          uint64_t target) {
    if (work->vacancies[projection->target].vacant[target] == 0)
        return false;
    return projection->spec->multapses ||
           !rw_partner_connected(work->structure->network, projection, seeker->id, target);
}

/* Dendrites accept; accepted seekers leave the list. Returns how many by *accepted. */
static rw_err accept(pairing *work, size_t *accepted) {
    rw_network *network = work->structure->network;
    qsort(work->proposals, work->n_seekers, sizeof work->proposals[0], by_target_and_key);
    *accepted = 0;
    for (size_t k = 0; k < work->n_seekers; k++) {
        const rw_proposal *proposal = &work->proposals[k];
        if (proposal->population == UINT32_MAX)
            break; /* found none; they sort last */
        rw_seeker *seeker = &work->seekers[proposal->seeker];
        rw_projection *projection = &network->projections[proposal->projection];
        if (!is_acceptable(work, seeker, projection, proposal->target))
            continue;
        RW_TRY(make_synapse(work, seeker, projection, proposal->target));
        work->vacancies[projection->target].vacant[proposal->target]--;
        seeker->population = UINT32_MAX; /* done */
        (*accepted)++;
    }
    size_t left = 0;
    for (size_t k = 0; k < work->n_seekers; k++)
        if (work->seekers[k].population != UINT32_MAX)
            work->seekers[left++] = work->seekers[k];
    work->n_seekers = left;
    return RW_OK;
}

/* One round; *accepted = 0 when nobody found a partner. */
static rw_err run_round(pairing *work, const rw_grid *grid, uint32_t round, size_t *accepted) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_populations; p++)
        RW_TRY(rw_vacancies_sort(&work->vacancies[p], grid, &network->populations[p]));
    rw_partner_search search = {.network = network,
                                .step = work->step,
                                .inhibitory = work->inhibitory,
                                .round = round,
                                .grid = *grid,
                                .vacancies = work->vacancies};
    RW_TRY(rw_partner_propose(&search, work->seekers, work->n_seekers, work->proposals));
    return accept(work, accepted);
}

static rw_err pair(pairing *work) {
    const rw_network *network = work->structure->network;
    uint64_t total = 0;
    RW_TRY(count_vacancies(work, &total));
    if (total > 0)
        RW_TRY(list_seekers(work));
    if (work->n_seekers == 0)
        return RW_OK;
    rw_grid grid = rw_grid_create(network, work->inhibitory, work->n_seekers < total ? work->n_seekers : total);
    for (size_t s = 0; s < work->n_seekers; s++)
        work->seekers[s].cell =
            rw_grid_cell(&grid, &network->populations[work->seekers[s].population], work->seekers[s].id);
    qsort(work->seekers, work->n_seekers, sizeof work->seekers[0], by_place);
    size_t accepted = 1;
    for (uint32_t round = 0; round < MOST_ROUNDS && work->n_seekers > 0 && accepted > 0 && total > 0; round++) {
        RW_TRY(run_round(work, &grid, round, &accepted));
        total -= accepted;
    }
    return RW_OK;
}

rw_err rw_structure_pair(rw_structure *structure, uint64_t step, bool inhibitory) {
    pairing work = {.structure = structure,
                    .step = step,
                    .inhibitory = inhibitory,
                    .side = inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC};
    rw_err err = pair(&work);
    for (size_t p = 0; work.vacancies != NULL && p < structure->network->n_populations; p++)
        rw_vacancies_destroy(&work.vacancies[p]);
    rw_free(work.vacancies);
    rw_free(work.seekers);
    rw_free(work.proposals);
    return err;
}
