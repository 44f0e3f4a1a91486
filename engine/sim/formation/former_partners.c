#include "sim/formation/former_partners.h"

#include <stdlib.h>

#include "base/workspace.h"
#include "net/adjacency/adjacency_search.h"

static bool remembers(const rw_projection *projection) {
    return projection->spec->structural && projection->spec->former_partners.probability > 0.0;
}

bool rw_former_partners_any(const rw_former_partners *former, const rw_network *network, bool inhibitory) {
    for (size_t p = 0; p < former->n_projections; p++)
        if (former->of[p].n > 0 && network->projections[p].spec->inhibitory == inhibitory)
            return true;
    return false;
}

static rw_err reserve(rw_former_pairs *pairs, size_t n) {
    RW_CHECK(n < UINT32_MAX, RW_ERR_SYSTEM,
             "more than 2^32 lost synapses to remember; shorten former_partners.lifetime");
    return RW_WORKSPACE_RESERVE(&pairs->capacity, n, "former partners", RW_WORKSPACE_ARRAY(pairs->source),
                                RW_WORKSPACE_ARRAY(pairs->target), RW_WORKSPACE_ARRAY(pairs->time),
                                RW_WORKSPACE_ARRAY(pairs->joined), RW_WORKSPACE_ARRAY(pairs->position),
                                RW_WORKSPACE_ARRAY(pairs->by_target));
}

/* Keeps the pairs that have not joined again and were lost at `since` or later. */
static void keep(rw_former_pairs *pairs, uint64_t since) {
    size_t left = 0;
    for (size_t k = 0; k < pairs->n; k++) {
        bool stays = !pairs->joined[k] && pairs->time[k] >= since;
        pairs->source[left] = pairs->source[k];
        pairs->target[left] = pairs->target[k];
        pairs->time[left] = pairs->time[k];
        left += stays;
    }
    pairs->n = left;
    for (size_t k = 0; k < left; k++)
        pairs->joined[k] = false;
}

static rw_err append(rw_former_pairs *pairs, const rw_edge_event *deletions, size_t begin, size_t end) {
    RW_TRY(reserve(pairs, pairs->n + (end - begin)));
    for (size_t k = begin; k < end; k++, pairs->n++) {
        pairs->source[pairs->n] = (uint32_t)deletions[k].source;
        pairs->target[pairs->n] = (uint32_t)deletions[k].target;
        pairs->time[pairs->n] = deletions[k].time;
        pairs->joined[pairs->n] = false;
    }
    return RW_OK;
}

/* Lists the pairs by target, those of one in the order of their losses. */
static void sort_by_target(rw_former_pairs *pairs, uint64_t n_targets) {
    for (size_t k = 0; k < pairs->n; k++)
        pairs->position[k] = pairs->target[k];
    rw_counting_sort(pairs->position, (uint32_t)pairs->n, (uint32_t)n_targets, pairs->start);
    for (size_t k = 0; k < pairs->n; k++)
        pairs->by_target[pairs->position[k]] = (uint32_t)k;
}

/* How many of the events [n], which are by projection, come before those of projection p. */
static size_t events_before(const rw_edge_event *events, size_t n, uint32_t p) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (events[middle].projection < p)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

rw_err rw_former_partners_lose(rw_former_partners *former, const rw_network *network, const rw_edge_event *deletions,
                               size_t n, uint64_t time) {
    for (uint32_t p = 0; p < former->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        uint64_t lifetime = projection->spec->former_partners.lifetime_steps;
        if (!remembers(projection))
            continue;
        keep(&former->of[p], time >= lifetime ? time - lifetime + 1 : 0);
        RW_TRY(append(&former->of[p], deletions, events_before(deletions, n, p), events_before(deletions, n, p + 1)));
        sort_by_target(&former->of[p], projection->n_targets);
    }
    return RW_OK;
}

/* Marks the oldest loss of the pair of a synapse that has formed. */
static void mark_joined(rw_former_pairs *pairs, const rw_edge_event *creation) {
    for (uint32_t k = pairs->start[creation->target]; k < pairs->start[creation->target + 1]; k++) {
        uint32_t pair = pairs->by_target[k];
        if (pairs->source[pair] == creation->source && !pairs->joined[pair]) {
            pairs->joined[pair] = true;
            return;
        }
    }
}

void rw_former_partners_join(rw_former_partners *former, const rw_network *network, const rw_edge_event *events,
                             size_t begin, size_t end) {
    for (size_t e = begin; e < end; e++)
        if (remembers(&network->projections[events[e].projection]))
            mark_joined(&former->of[events[e].projection], &events[e]);
    for (size_t p = 0; p < former->n_projections && begin < end; p++)
        keep(&former->of[p], 0);
}

static int by_id(const void *left, const void *right) {
    const rw_vacant_partner *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

/* The partner that an element tries among its cell's former ones in a projection. */
static rw_candidate draw(const rw_former_pairs *pairs, const rw_partner_search *search, uint32_t p,
                         const rw_searching_element *element) {
    const rw_projection *projection = &search->network->projections[p];
    const rw_vacant_partners *partners = &search->partners[projection->source];
    const rw_candidate none = {.projection = RW_NO_PARTNER};
    uint32_t first = pairs->start[element->id], n = pairs->start[element->id + 1] - first, packed = 0;
    if (n == 0 || partners->n == 0)
        return none;
    rw_stream stream =
        rw_substream_of(search->network->scenario->seed, RW_SUBSTREAM_FORMER_PARTNER, (uint32_t)search->inhibitory);
    rw_bits bits =
        rw_draw(stream, rw_searching_element_name(search->network, element) | (uint64_t)p << 48, search->step);
    if (rw_uniform32(bits.word[0]) >= projection->spec->former_partners.probability)
        return none;
    uint32_t pair = pairs->by_target[first + (uint32_t)((uint64_t)bits.word[1] * n >> 32)];
    const rw_vacant_partner sought = {.id = pairs->source[pair]};
    const rw_vacant_partner *found = bsearch(&sought, partners->items, partners->n, sizeof sought, by_id);
    if (found == NULL)
        return none;
    const rw_adjacency *adjacency = rw_adjacency_to_check(search->network, projection, element->id, &packed);
    if (adjacency != NULL && rw_adjacency_connects(adjacency, found->id, packed))
        return none;
    return (rw_candidate){.projection = p,
                          .id = found->id,
                          .partner = (uint32_t)(found - partners->items),
                          .key = bits.word[2] & RW_KEY_MASK};
}

void rw_former_partners_find(const rw_former_partners *former, const rw_partner_search *search,
                             const rw_searching_elements *elements, rw_candidate *candidates) {
    for (size_t k = 0; k < elements->n; k++) {
        candidates[k].projection = RW_NO_PARTNER;
        for (uint32_t p = 0; p < former->n_projections && candidates[k].projection == RW_NO_PARTNER; p++) {
            const rw_projection *projection = &search->network->projections[p];
            if (remembers(projection) && projection->spec->inhibitory == search->inhibitory &&
                projection->target == elements->items[k].population)
                candidates[k] = draw(&former->of[p], search, p, &elements->items[k]);
        }
    }
}

static rw_err archive_pairs(rw_former_pairs *pairs, const rw_comm *comm, const rw_archive *archive, const char *group) {
    uint64_t n = pairs->n;
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/n", group).text, &n));
    RW_TRY(rw_comm_agree(comm, reserve(pairs, n)));
    pairs->n = n;
    if (n == 0)
        return RW_OK;
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/source", group).text, RW_ARCHIVE_U32, n, pairs->source));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/target", group).text, RW_ARCHIVE_U32, n, pairs->target));
    return rw_archive_column(archive, rw_path_of("%s/time", group).text, RW_ARCHIVE_U64, n, pairs->time);
}

rw_err rw_former_partners_archive(rw_former_partners *former, const rw_network *network, const rw_archive *archive) {
    for (uint32_t p = 0; p < former->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        rw_path group = rw_path_of("projections/%s/former_partners", projection->spec->name);
        if (!remembers(projection))
            continue;
        if (!archive->branching || archive->holds(archive->self, rw_path_of("%s/n", group.text).text))
            RW_TRY(archive_pairs(&former->of[p], network->partition.comm, archive, group.text));
    }
    return RW_OK;
}

rw_err rw_former_partners_create(rw_former_partners *former, const rw_network *network) {
    RW_TRY(RW_NEW(former->of, network->n_projections, "former partners"));
    former->n_projections = network->n_projections;
    for (size_t p = 0; p < network->n_projections; p++)
        if (remembers(&network->projections[p]))
            RW_TRY(RW_NEW(former->of[p].start, network->projections[p].n_targets + 2, "former partners"));
    return RW_OK;
}

void rw_former_partners_destroy(rw_former_partners *former) {
    for (size_t p = 0; former->of != NULL && p < former->n_projections; p++) {
        rw_former_pairs *pairs = &former->of[p];
        rw_free(pairs->source);
        rw_free(pairs->target);
        rw_free(pairs->time);
        rw_free(pairs->joined);
        rw_free(pairs->position);
        rw_free(pairs->by_target);
        rw_free(pairs->start);
    }
    rw_free(former->of);
    *former = (rw_former_partners){0};
}
