#include "sim/formation/sampler.h"

#include "base/philox_batch.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/reverse_adjacency.h"
#include "net/distance_kernel.h"
#include "net/space.h"

rw_err rw_sampler_begin(rw_sampler *sampler, const rw_partner_search *search, const double *bounds) {
    sampler->search = search;
    RW_TRY(rw_sampling_tables_begin(&sampler->tables, search, bounds));
    return rw_partner_list_reserve(&sampler->list, search);
}

void rw_sampler_destroy(rw_sampler *sampler) {
    rw_sampling_tables_destroy(&sampler->tables);
    rw_free(sampler->list.sums);
    *sampler = (rw_sampler){0};
}

/* Batches in flight: some elements make their attempts side by side, stage by stage, so that what one stage prefetches
 * is in the cache in the next, and arithmetic is vectorised. */
enum { BATCH = 64 };

typedef struct {
    uint32_t n;
    /* of an element that is not resolved */
    uint32_t element[BATCH];
    uint64_t name[BATCH]; /* in draws */
    uint32_t attempt[BATCH];
    rw_sampling_table *table[BATCH];
    /* of its attempt */
    uint32_t random[4][BATCH];
    double bound[BATCH]; /* of the kernel in the box drawn */
    uint32_t projection[BATCH];
    const rw_kernel *kernel[BATCH];
    const rw_vacant_partners *partners[BATCH];
    uint64_t vacancy[BATCH];
    uint32_t partner[BATCH];
    double from_um[3][BATCH], to_um[3][BATCH];
    bool accepted[BATCH];
} sampling_batch;

/* rw_draw for the whole batch, rounded up to whole vectors. */
static void draw(sampling_batch *batch, const rw_partner_search *search) {
    enum { WHOLE = 16 };
    uint32_t n = (batch->n + WHOLE - 1) / WHOLE * WHOLE;
    rw_stream first = rw_attempt_stream(search, 0);
    for (uint32_t k = 0; k < n; k++) {
        batch->random[0][k] = first.domain | batch->attempt[k] << 16; /* of rw_attempt_stream */
        batch->random[1][k] = (uint32_t)batch->name[k];
        batch->random[2][k] = (uint32_t)search->step;
        batch->random[3][k] = (uint32_t)(batch->name[k] >> 32) << 16 | ((uint32_t)(search->step >> 32) & 0xFFFFu);
    }
    uint32_t *const words[] = {batch->random[0], batch->random[1], batch->random[2], batch->random[3]};
    rw_philox_for_each(first.key, n, words);
}

/* Draws boxes with 40 bits, and vacancies in them with 32. */
static void draw_vacancies(sampling_batch *batch, const rw_partner_search *search) {
    for (uint32_t k = 0; k < batch->n; k++) {
        const rw_sampling_table *table = batch->table[k];
        const double *cumulative = table->cumulative;
        uint64_t bits = (uint64_t)batch->random[0][k] << 8 | batch->random[3][k] >> 24;
        double x = ((double)(int64_t)bits + 0.5) * 0x1p-40 * cumulative[table->n - 1];
        uint32_t n = table->guide[(uint64_t)batch->random[0][k] * table->n >> 32];
        n += cumulative[n] <= x; /* two branchless steps, where most draws stop */
        n += cumulative[n] <= x;
        while (cumulative[n] <= x)
            n++;
        batch->bound[k] = table->bound[n];
        const uint32_t *p = table->projections;
        for (; n >= search->grid.n_boxes; p++)
            n -= search->grid.n_boxes;
        const rw_projection *projection = &search->network->projections[*p];
        const rw_vacant_partners *partners =
            &search->partners[rw_searched_population(search->by_dendrites, projection)];
        const rw_vacant_box *box = &partners->boxes[n];
        batch->projection[k] = *p;
        batch->kernel[k] = &projection->spec->search;
        batch->partners[k] = partners;
        batch->vacancy[k] = box->first + (batch->random[1][k] * box->vacant >> 32);
        __builtin_prefetch(&partners->guide[batch->vacancy[k] >> partners->guide_shift]);
    }
}

static void look_up_guide(sampling_batch *batch) {
    for (uint32_t k = 0; k < batch->n; k++) {
        const rw_vacant_partners *partners = batch->partners[k];
        batch->partner[k] = partners->guide[batch->vacancy[k] >> partners->guide_shift];
        __builtin_prefetch(&partners->items[batch->partner[k]]);
        __builtin_prefetch(&partners->items[batch->partner[k] + 1].before);
    }
}

static void find_partners(sampling_batch *batch, const rw_partner_search *search,
                          const rw_searching_element *elements) {
    for (uint32_t k = 0; k < batch->n; k++) {
        const rw_vacant_partner *partners = batch->partners[k]->items;
        const rw_searching_element *element = &elements[batch->element[k]];
        uint32_t n = batch->partner[k];
        while (partners[n + 1].before <= batch->vacancy[k])
            n++;
        batch->partner[k] = n;
        batch->accepted[k] = rw_may_form(&search->network->projections[batch->projection[k]], element, &partners[n]);
        for (int d = 0; d < 3; d++) {
            batch->from_um[d][k] = element->at_um[d];
            batch->to_um[d][k] = partners[n].at_um[d];
        }
    }
}

/* Accepts a draw with probability kernel / bound. */
static void accept(sampling_batch *batch, const rw_partner_search *search) {
    const double *from_um[] = {batch->from_um[0], batch->from_um[1], batch->from_um[2]};
    const double *to_um[] = {batch->to_um[0], batch->to_um[1], batch->to_um[2]};
    double distance_um[BATCH], value[BATCH];
    rw_space_distances(search->network->scenario, from_um, to_um, batch->n, distance_um);
    rw_kernel_values(batch->kernel, distance_um, batch->n, value);
    for (uint32_t k = 0; k < batch->n; k++)
        batch->accepted[k] &= rw_uniform32(batch->random[2][k]) * batch->bound[k] < value[k];
}

/* One attempt of each member of the batch: projection, partner, and whether the kernel accepts it. */
static void attempt_all(sampling_batch *batch, const rw_partner_search *search, const rw_searching_element *elements) {
    draw(batch, search);
    draw_vacancies(batch, search);
    look_up_guide(batch);
    find_partners(batch, search, elements);
    accept(batch, search);
}

/* What a sampler works on. */
typedef struct {
    rw_sampler *sampler;
    const rw_searching_element *elements; /* [n] */
    size_t n, next;                       /* the first that has not been in the batch yet */
    uint32_t *attempt;                    /* [n] */
    rw_candidate *candidates;             /* [n] */
} task;

/* Members of a batch that the kernel accepted, and where to look up whether they are connected already. */
typedef struct {
    uint32_t n;
    uint32_t member[BATCH];
    uint32_t source[BATCH], packed[BATCH]; /* packed: target */
    const rw_adjacency *adjacency[BATCH];  /* NULL: that does not matter, or another rank has to check it */
} accepted_members;

/* Lists the accepted members, and prefetches what their targets have. */
static void list_accepted(accepted_members *accepted, const sampling_batch *batch, const task *work) {
    const rw_network *network = work->sampler->search->network;
    accepted->n = 0;
    for (uint32_t k = 0; k < batch->n; k++) { /* branchless */
        accepted->member[accepted->n] = k;
        accepted->n += batch->accepted[k];
    }
    for (uint32_t a = 0; a < accepted->n; a++) {
        uint32_t k = accepted->member[a];
        rw_synapse_ends ends =
            rw_ends_of_pair(work->sampler->search->by_dendrites, work->elements[batch->element[k]].id,
                            batch->partners[k]->items[batch->partner[k]].id);
        accepted->source[a] = ends.source;
        accepted->adjacency[a] = rw_adjacency_to_check(network, &network->projections[batch->projection[k]],
                                                       ends.target, &accepted->packed[a]);
        if (accepted->adjacency[a] != NULL)
            rw_reverse_adjacency_prefetch_list(&accepted->adjacency[a]->reverse, accepted->packed[a]);
    }
    for (uint32_t a = 0; a < accepted->n; a++)
        if (accepted->adjacency[a] != NULL)
            rw_reverse_adjacency_prefetch_source(&accepted->adjacency[a]->reverse, accepted->packed[a],
                                                 accepted->source[a]);
}

static void resolve(rw_sampling_table *table, uint32_t *attempt) {
    *attempt = RW_RESOLVED;
    table->users--;
}

/* Makes candidates of the accepted members; those that are connected already are rejected after all. */
static void store_candidates(const accepted_members *accepted, sampling_batch *batch, const task *work) {
    for (uint32_t a = 0; a < accepted->n; a++) {
        uint32_t k = accepted->member[a], e = batch->element[k];
        if (accepted->adjacency[a] != NULL &&
            rw_adjacency_connects(accepted->adjacency[a], accepted->source[a], accepted->packed[a])) {
            batch->accepted[k] = false;
            continue;
        }
        work->candidates[e] = (rw_candidate){.projection = batch->projection[k],
                                             .id = batch->partners[k]->items[batch->partner[k]].id,
                                             .partner = batch->partner[k],
                                             .key = batch->random[3][k] & RW_KEY_MASK,
                                             .attempt = batch->attempt[k]};
        resolve(batch->table[k], &work->attempt[e]);
    }
}

static bool is_listed(const rw_sampling_table *table, uint32_t attempt) {
    return table->n_partners <= RW_PARTNERS_PER_ATTEMPT * ((uint64_t)attempt + 1);
}

/* Whether an element makes no more attempts with rejection. */
static bool is_late(const rw_sampling_table *table, uint32_t attempt) {
    return is_listed(table, attempt) | (attempt >= RW_MOST_ATTEMPTS);
}

/* Samples from all partners for a late element e, if they can be listed; otherwise it gives up. */
static void resolve_late(const task *work, rw_sampling_table *table, uint32_t e, uint32_t attempt) {
    if (is_listed(table, attempt))
        rw_sample_exhaustively(&work->sampler->list, work->sampler->search, &work->elements[e], attempt,
                               &work->candidates[e]);
    resolve(table, &work->attempt[e]);
}

/* Member k becomes number `to`. */
static void move_member(sampling_batch *batch, uint32_t k, uint32_t to) {
    batch->element[to] = batch->element[k];
    batch->name[to] = batch->name[k];
    batch->table[to] = batch->table[k];
    batch->attempt[to] = batch->attempt[k];
}

static void drop_late(sampling_batch *batch, const task *work) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < batch->n; k++) {
        if (is_late(batch->table[k], batch->attempt[k]))
            resolve_late(work, batch->table[k], batch->element[k], batch->attempt[k]);
        else
            move_member(batch, k, left++);
    }
    batch->n = left;
}

/* Members with a candidate leave, the others continue with their next attempt. */
static void next_attempt(sampling_batch *batch, const task *work) {
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

static void add_member(sampling_batch *batch, const task *work, rw_sampling_table *table, uint32_t e) {
    batch->element[batch->n] = e;
    batch->name[batch->n] = rw_searching_element_name(work->sampler->search->network, &work->elements[e]);
    batch->table[batch->n] = table;
    batch->attempt[batch->n++] = work->attempt[e];
}

/* Fills the batch; elements without anything to sample from are resolved at once. */
static void fill(sampling_batch *batch, task *work) {
    for (; batch->n < BATCH && work->next < work->n; work->next++) {
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

void rw_sampler_sample(rw_sampler *sampler, const rw_searching_element *elements, size_t n, uint32_t *attempt,
                       rw_candidate *candidates) {
    task work = {.sampler = sampler, .elements = elements, .n = n, .candidates = candidates};
    sampling_batch batch = {0};
    accepted_members accepted;
    work.attempt = attempt;
    fill(&batch, &work);
    while (batch.n > 0) {
        attempt_all(&batch, sampler->search, elements);
        list_accepted(&accepted, &batch, &work);
        store_candidates(&accepted, &batch, &work);
        next_attempt(&batch, &work);
        fill(&batch, &work);
    }
}
