/* Vacant axonal and dendritic elements become synapses.
 *
 * In each round every axonal element that is still vacant proposes to a dendrite; a dendrite takes as many as it has
 * vacancies, those with the smallest keys; the others try again in the next round with what is left.
 *
 * Ranks tell each other their vacant dendrites once, and their proposals in each round; then all accept the same ones.
 */
#include "sim/formation/formation.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_change.h"
#include "net/adjacency/reverse_adjacency.h"
#include "net/value.h"

/* Rounds after which the rest waits for the next update; the number of seekers falls by more than a third in each. */
enum { MOST_ROUNDS = 64 };

/* Offers that become synapses together. */
enum { BATCH = 32 };

static bool is_partner(const rw_pairing *work, uint32_t population, bool as_source) {
    const rw_network *network = work->structure->network;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (rw_partner_concerns(projection, work->inhibitory) &&
            (as_source ? projection->source : projection->target) == population)
            return true;
    }
    return false;
}

/* The vacant dendritic elements of a population, of all ranks. */
static rw_err list_vacancies(rw_pairing *work, uint32_t population, uint64_t *total) {
    const rw_network *network = work->structure->network;
    rw_vacant *all = NULL;
    size_t n = 0;
    RW_TRY(rw_comm_agree(network->partition.comm,
                         rw_structure_list_vacant(work->structure, population, work->side, &work->vacant)));
    RW_TRY(rw_comm_share(network->partition.comm, work->vacant.items, work->vacant.n, sizeof *all, &all, &n));
    rw_err err = RW_OK;
    for (size_t k = 0; k < n && err == RW_OK; k++) {
        err = rw_vacant_dendrites_add(&work->vacancies[population], network, population, all[k]);
        *total += all[k].vacant;
    }
    rw_free(all);
    return rw_comm_agree(network->partition.comm, err);
}

/* Those of every population that takes part; *total is their sum. */
static rw_err count_vacancies(rw_pairing *work, uint64_t *total) {
    const rw_network *network = work->structure->network;
    *total = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        work->vacancies[p].n = 0;
        if (is_partner(work, p, false))
            RW_TRY(list_vacancies(work, p, total));
    }
    return RW_OK;
}

/* A seeker for each vacant axonal element of this rank. */
static rw_err list_seekers(rw_pairing *work) {
    const rw_network *network = work->structure->network;
    work->seekers.n = 0;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        if (!is_partner(work, p, true))
            continue;
        RW_TRY(rw_structure_list_vacant(work->structure, p, RW_AXON, &work->vacant));
        for (size_t k = 0; k < work->vacant.n; k++)
            RW_TRY(rw_axonal_elements_add(&work->seekers, network, p, work->vacant.items[k]));
    }
    return RW_OK;
}

/* Every rank knows of the synapse; that of the target has it. */
static rw_err make_synapse(rw_pairing *work, const rw_offer *accepted) {
    rw_structure *structure = work->structure;
    rw_network *network = structure->network;
    rw_projection *projection = &network->projections[accepted->projection];
    uint64_t id = accepted->source, target = work->vacancies[projection->target].sites[accepted->site].id;
    uint64_t source_gid = network->populations[projection->source].first_gid + id;
    uint32_t serial = projection->next_serial[id];
    RW_CHECK(serial < UINT32_MAX, RW_ERR_SYSTEM,
             "projection '%s': a neuron has formed 2^32 synapses, no number is left for more", projection->spec->name);
    /* The high bit keeps these draws apart from those of the initial synapses. */
    rw_stream stream = rw_substream_of(network->scenario->seed, RW_SUBSTREAM_FORMED_WEIGHT, projection->index);
    float weight = (float)rw_value_draw(&projection->spec->new_weight, stream, source_gid, serial);
    int thread = rw_partition_thread_of(&network->partition, projection->n_targets, target);
    float states[RW_SYNAPSE_STATES + 1];
    rw_plasticity_start(&projection->plasticity, &weight, states);
    uint64_t update = work->step / structure->spec->every_steps;
    if (projection->spec->dated)
        states[rw_plasticity_states(&projection->plasticity) - 1] = (float)update;
    if (thread >= 0) {
        rw_structure_settle(structure, projection, thread, id, work->step);
        uint64_t place = target - rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin;
        RW_TRY(rw_adjacency_insert(&projection->adjacency[thread], id,
                                   (rw_synapse){.packed = (uint32_t)place, .weight = weight}, serial, states));
    }
    projection->next_serial[id]++;
    structure->cells[projection->source].elements[RW_AXON].connected[id]++;
    structure->cells[projection->target].elements[work->side].connected[target]++;
    rw_edge_event *event = NULL;
    RW_TRY(rw_structure_log(structure, true, &event));
    event->step = event->born_step = work->step;
    event->projection = projection->index;
    event->created = true;
    event->cause = RW_CAUSE_GROWTH;
    event->uid = source_gid << 32 | serial;
    event->source = id;
    event->target = target;
    event->weight = weight;
    event->delay_steps = projection->min_delay;
    return RW_OK;
}

/* Whether two elements of one axon have chosen the same dendrite: earlier [n_earlier] are the offers accepted there. */
static bool is_repeated(const rw_offer *next, const rw_offer *earlier, size_t n_earlier) {
    for (size_t k = 0; k < n_earlier; k++)
        if (earlier[k].projection == next->projection && earlier[k].source == next->source)
            return true;
    return false;
}

/* Dendrites accept: the offers they take move together at the front, *n_taken of them; their seekers of this rank are
 * marked. */
static void accept(rw_pairing *work, size_t *n_taken) {
    const rw_network *network = work->structure->network;
    const rw_vacant_dendrite *last = NULL;
    int rank = rw_comm_rank(network->partition.comm);
    size_t n = 0, first = 0; /* of this site */
    for (size_t k = 0; k < work->n_offers; k++) {
        const rw_offer *next = &work->offers[k];
        const rw_projection *projection = &network->projections[next->projection];
        rw_vacant_dendrite *site = &work->vacancies[projection->target].sites[next->site];
        first = site == last ? first : n;
        last = site;
        if (site->vacant == 0 || (!projection->spec->multapses && is_repeated(next, work->offers + first, n - first)))
            continue;
        site->vacant--;
        if (next->rank == rank)
            work->seekers.done[next->seeker] = true;
        work->offers[n++] = *next;
    }
    *n_taken = n;
}

/* Those who have found a partner, and the dendrites that are full, leave. */
static void forget_done(rw_pairing *work) {
    rw_axonal_elements_drop_done(&work->seekers);
    for (size_t p = 0; p < work->structure->network->n_populations; p++)
        rw_vacant_dendrites_drop_full(&work->vacancies[p]);
}

/* Asks memory for what the cells of an offer have, and where their row and list are. */
static void prefetch_cells(const rw_pairing *work, const rw_offer *it) {
    const rw_network *network = work->structure->network;
    const rw_projection *projection = &network->projections[it->projection];
    uint32_t word = 0, target = work->vacancies[projection->target].sites[it->site].id;
    const rw_adjacency *adjacency = rw_partner_rows(network, projection, target, &word);
    __builtin_prefetch(&projection->next_serial[it->source], 1);
    __builtin_prefetch(&work->structure->cells[projection->source].elements[RW_AXON].connected[it->source], 1);
    if (adjacency != NULL)
        rw_adjacency_prefetch_row(adjacency, it->source);
    if (adjacency != NULL && adjacency->reverse.n_targets > 0)
        rw_reverse_adjacency_prefetch_list(&adjacency->reverse, word);
}

/* Asks memory for where its synapse will be. */
static void prefetch_ends(const rw_pairing *work, const rw_offer *it) {
    const rw_network *network = work->structure->network;
    const rw_projection *projection = &network->projections[it->projection];
    uint32_t word = 0, target = work->vacancies[projection->target].sites[it->site].id;
    const rw_adjacency *adjacency = rw_partner_rows(network, projection, target, &word);
    if (adjacency != NULL)
        rw_adjacency_prefetch_end(adjacency, it->source);
    if (adjacency != NULL && adjacency->reverse.n_targets > 0)
        rw_reverse_adjacency_prefetch_end(&adjacency->reverse, word);
}

/* Makes the synapses of the first n offers, some at a time: memory answers many questions at once sooner than the same
 * ones between writes. */
static rw_err make_synapses(rw_pairing *work, size_t n) {
    const rw_offer *offers = work->offers;
    for (size_t first = 0; first < n; first += BATCH) {
        size_t end = first + BATCH < n ? first + BATCH : n;
        for (size_t k = first; k < end; k++)
            prefetch_cells(work, &offers[k]);
        for (size_t k = first; k < end; k++)
            prefetch_ends(work, &offers[k]);
        for (size_t k = first; k < end; k++)
            RW_TRY(make_synapse(work, &offers[k]));
    }
    return RW_OK;
}

/* Sorts seekers and vacancies into boxes. */
static rw_err sort_places(rw_pairing *work, const rw_grid *grid) {
    const rw_network *network = work->structure->network;
    for (uint32_t p = 0; p < network->n_populations; p++)
        if (is_partner(work, p, false))
            RW_TRY(rw_vacant_dendrites_sort(&work->vacancies[p], grid));
    return rw_axonal_elements_sort(&work->seekers, network->n_populations, grid);
}

/* One round among n elements; *accepted = 0 when nobody found a partner. */
static rw_err run_round(rw_pairing *work, uint32_t round, uint64_t n, size_t *accepted) {
    const rw_network *network = work->structure->network;
    rw_partner_search search = {.network = network,
                                .step = work->step,
                                .inhibitory = work->inhibitory,
                                .round = round,
                                .grid = rw_grid_create(network, work->inhibitory, n),
                                .vacancies = work->vacancies};
    RW_TRY(rw_comm_agree(network->partition.comm, sort_places(work, &search.grid)));
    RW_TRY(rw_sample_partners(&search, &work->seekers, &work->proposing));
    RW_TRY(rw_pairing_share_offers(work));
    accept(work, accepted);
    RW_TRY(make_synapses(work, *accepted));
    forget_done(work);
    return RW_OK;
}

static rw_err pair(rw_pairing *work) {
    const rw_network *network = work->structure->network;
    uint64_t total = 0;
    RW_TRY(count_vacancies(work, &total));
    if (total == 0)
        return RW_OK;
    RW_TRY(rw_comm_agree(network->partition.comm, list_seekers(work)));
    uint64_t n_seekers = work->seekers.n;
    RW_TRY(rw_comm_reduce(network->partition.comm, &n_seekers, 1, RW_U64, RW_SUM));
    size_t accepted = 1;
    for (uint32_t round = 0; round < MOST_ROUNDS && n_seekers > 0 && accepted > 0 && total > 0; round++) {
        RW_TRY(run_round(work, round, n_seekers < total ? n_seekers : total, &accepted));
        total -= accepted;
        n_seekers -= accepted;
    }
    return RW_OK;
}

static rw_err create(rw_structure *structure) {
    RW_TRY(RW_NEW(structure->pairing, 1, "partner search"));
    structure->pairing->structure = structure;
    return RW_NEW(structure->pairing->vacancies, structure->network->n_populations, "partner search");
}

rw_err rw_structure_form(rw_structure *structure, uint64_t step, bool inhibitory) {
    if (structure->pairing == NULL)
        RW_TRY(rw_comm_agree(structure->network->partition.comm, create(structure)));
    structure->pairing->step = step;
    structure->pairing->inhibitory = inhibitory;
    structure->pairing->side = inhibitory ? RW_DENDRITE_INH : RW_DENDRITE_EXC;
    return pair(structure->pairing);
}

void rw_pairing_destroy(rw_structure *structure) {
    rw_pairing *work = structure->pairing;
    if (work == NULL)
        return;
    for (size_t p = 0; work->vacancies != NULL && p < structure->network->n_populations; p++)
        rw_vacant_dendrites_destroy(&work->vacancies[p]);
    rw_free(work->vacancies);
    rw_free(work->vacant.items);
    rw_axonal_elements_destroy(&work->seekers);
    rw_sampling_destroy(&work->proposing);
    rw_free(work->offers);
    rw_free(work->spare);
    rw_free(work->offers_end);
    rw_free(work);
    structure->pairing = NULL;
}
