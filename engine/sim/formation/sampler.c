#include "sim/formation/sampler.h"

#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/reverse_adjacency.h"
#include "sim/formation/sampling_batch.h"

rw_err rw_sampler_begin(rw_sampler *sampler, const rw_partner_search *search, const double *bounds) {
    sampler->search = search;
    RW_TRY(rw_sampling_tables_begin(&sampler->tables, search, bounds));
    return rw_dendrite_list_reserve(&sampler->list, search);
}

void rw_sampler_destroy(rw_sampler *sampler) {
    rw_sampling_tables_destroy(&sampler->tables);
    rw_free(sampler->list.sums);
    *sampler = (rw_sampler){0};
}

/* What a sampler works on. */
typedef struct {
    rw_sampler *sampler;
    const rw_axonal_element *elements; /* [n] */
    size_t n, next;                    /* the first that has not been in the batch yet */
    uint32_t *attempt;                 /* [n] */
    rw_candidate *candidates;          /* [n] */
} task;

/* Members of a batch that the kernel accepted, and where to look up whether they are connected already. */
typedef struct {
    uint32_t n;
    uint32_t member[RW_SAMPLING_BATCH];
    uint32_t packed[RW_SAMPLING_BATCH];               /* target */
    const rw_adjacency *adjacency[RW_SAMPLING_BATCH]; /* NULL: that does not matter, or another rank has to check it */
} accepted_members;

/* Lists the accepted members, and prefetches what their targets have. */
static void list_accepted(accepted_members *accepted, const rw_sampling_batch *batch, const task *work) {
    const rw_network *network = work->sampler->search->network;
    accepted->n = 0;
    for (uint32_t k = 0; k < batch->n; k++) { /* branchless */
        accepted->member[accepted->n] = k;
        accepted->n += batch->accepted[k];
    }
    for (uint32_t a = 0; a < accepted->n; a++) {
        uint32_t k = accepted->member[a];
        accepted->adjacency[a] =
            rw_adjacency_to_check(network, &network->projections[batch->projection[k]],
                                  batch->dendrites[k]->items[batch->dendrite[k]].id, &accepted->packed[a]);
        if (accepted->adjacency[a] != NULL)
            rw_reverse_adjacency_prefetch_list(&accepted->adjacency[a]->reverse, accepted->packed[a]);
    }
    for (uint32_t a = 0; a < accepted->n; a++)
        if (accepted->adjacency[a] != NULL)
            rw_reverse_adjacency_prefetch_source(&accepted->adjacency[a]->reverse, accepted->packed[a],
                                                 work->elements[batch->element[accepted->member[a]]].id);
}

static void resolve(rw_sampling_table *table, uint32_t *attempt) {
    *attempt = RW_RESOLVED;
    table->users--;
}

/* Makes candidates of the accepted members; those that are connected already are rejected after all. */
static void store_candidates(const accepted_members *accepted, rw_sampling_batch *batch, const task *work) {
    for (uint32_t a = 0; a < accepted->n; a++) {
        uint32_t k = accepted->member[a], e = batch->element[k];
        if (accepted->adjacency[a] != NULL &&
            rw_adjacency_connects(accepted->adjacency[a], work->elements[e].id, accepted->packed[a])) {
            batch->accepted[k] = false;
            continue;
        }
        work->candidates[e] = (rw_candidate){.projection = batch->projection[k],
                                             .target = batch->dendrites[k]->items[batch->dendrite[k]].id,
                                             .dendrite = batch->dendrite[k],
                                             .key = batch->random[3][k] & RW_KEY_MASK,
                                             .attempt = batch->attempt[k]};
        resolve(batch->table[k], &work->attempt[e]);
    }
}

static bool is_listed(const rw_sampling_table *table, uint32_t attempt) {
    return table->n_dendrites <= RW_DENDRITES_PER_ATTEMPT * ((uint64_t)attempt + 1);
}

/* Whether an element makes no more attempts with rejection. */
static bool is_late(const rw_sampling_table *table, uint32_t attempt) {
    return is_listed(table, attempt) | (attempt >= RW_MOST_ATTEMPTS);
}

/* Samples from all dendrites for a late element e, if they can be listed; otherwise it gives up. */
static void resolve_late(const task *work, rw_sampling_table *table, uint32_t e, uint32_t attempt) {
    if (is_listed(table, attempt))
        rw_sample_exhaustively(&work->sampler->list, work->sampler->search, &work->elements[e], attempt,
                               &work->candidates[e]);
    resolve(table, &work->attempt[e]);
}

/* Member k becomes number `to`. */
static void move_member(rw_sampling_batch *batch, uint32_t k, uint32_t to) {
    batch->element[to] = batch->element[k];
    batch->name[to] = batch->name[k];
    batch->table[to] = batch->table[k];
    batch->attempt[to] = batch->attempt[k];
}

static void drop_late(rw_sampling_batch *batch, const task *work) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < batch->n; k++) {
        if (is_late(batch->table[k], batch->attempt[k]))
            resolve_late(work, batch->table[k], batch->element[k], batch->attempt[k]);
        else
            move_member(batch, k, left++);
    }
    batch->n = left;
}

/* Members with a candidate leave, the others go on with their next attempt. */
static void next_attempt(rw_sampling_batch *batch, const task *work) {
    uint32_t left = 0, n_late = 0;
    for (uint32_t k = 0; k < batch->n; k++) { /* branchless */
        move_member(batch, k, left);
        n_late += is_late(batch->table[left], ++batch->attempt[left]);
        left += !batch->accepted[k];
    }
    batch->n = left;
    if (n_late > 0)
        drop_late(batch, work);
}

static void add_member(rw_sampling_batch *batch, const task *work, rw_sampling_table *table, uint32_t e) {
    batch->element[batch->n] = e;
    batch->name[batch->n] = rw_axonal_element_name(work->sampler->search->network, &work->elements[e]);
    batch->table[batch->n] = table;
    batch->attempt[batch->n++] = work->attempt[e];
}

/* Fills the batch; elements without anything to sample from are resolved at once. */
static void fill(rw_sampling_batch *batch, task *work) {
    for (; batch->n < RW_SAMPLING_BATCH && work->next < work->n; work->next++) {
        uint32_t e = (uint32_t)work->next;
        if (work->attempt[e] == RW_RESOLVED)
            continue;
        rw_sampling_table *table = rw_sampling_tables_find(&work->sampler->tables, &work->elements[e]);
        if (table == NULL)
            return;
        work->candidates[e] = (rw_candidate){.projection = RW_NO_PARTNER};
        table->users++;
        if (is_late(table, work->attempt[e]) || table->n == 0)
            resolve_late(work, table, e, work->attempt[e]);
        else
            add_member(batch, work, table, e);
    }
}

void rw_sampler_sample(rw_sampler *sampler, const rw_axonal_element *elements, size_t n, uint32_t *attempt,
                       rw_candidate *candidates) {
    task work = {.sampler = sampler, .elements = elements, .n = n, .candidates = candidates};
    rw_sampling_batch batch = {0};
    accepted_members accepted;
    work.attempt = attempt;
    fill(&batch, &work);
    while (batch.n > 0) {
        rw_sampling_batch_attempt(&batch, sampler->search, elements);
        list_accepted(&accepted, &batch, &work);
        store_candidates(&accepted, &batch, &work);
        next_attempt(&batch, &work);
        fill(&batch, &work);
    }
}
