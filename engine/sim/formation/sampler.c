#include "sim/formation/sampler.h"

#include "base/random.h"
#include "net/adjacency/adjacency.h"
#include "net/adjacency/adjacency_search.h"
#include "net/adjacency/reverse_adjacency.h"
#include "sim/formation/sampling_batch.h"

/* Lanes that the kernel accepted, and where it is to be looked up whether they are connected already. */
typedef struct {
    uint32_t n;
    uint32_t lane[RW_LANES];
    uint32_t word[RW_LANES];                 /* of the target in the rows */
    const rw_adjacency *adjacency[RW_LANES]; /* NULL: that does not matter, or another rank will be asked */
} accepted_lanes;

static bool is_listed(const rw_choice_table *table, uint32_t attempt) {
    return table->n_sites <= RW_SITES_PER_ATTEMPT * ((uint64_t)attempt + 1);
}

/* Lists the accepted lanes, and asks memory for what their targets have. */
static void list_accepted(accepted_lanes *accepted, const rw_lanes *it, const rw_chooser *chooser,
                          const rw_axonal_element *seekers) {
    const rw_network *network = chooser->search->network;
    accepted->n = 0;
    for (uint32_t k = 0; k < it->n; k++) { /* without a branch that nobody could foretell */
        accepted->lane[accepted->n] = k;
        accepted->n += it->accepted[k];
    }
    for (uint32_t a = 0; a < accepted->n; a++) {
        uint32_t k = accepted->lane[a];
        accepted->adjacency[a] = rw_partner_rows_to_ask(network, &network->projections[it->projection[k]],
                                                        it->vacancies[k]->sites[it->site[k]].id, &accepted->word[a]);
        if (accepted->adjacency[a] != NULL)
            rw_reverse_adjacency_prefetch_list(&accepted->adjacency[a]->reverse, accepted->word[a]);
    }
    for (uint32_t a = 0; a < accepted->n; a++)
        if (accepted->adjacency[a] != NULL)
            rw_reverse_adjacency_prefetch_source(&accepted->adjacency[a]->reverse, accepted->word[a],
                                                 seekers[it->seeker[accepted->lane[a]]].id);
}

static void settle(rw_choice_table *table, uint32_t *attempt) {
    *attempt = RW_SETTLED;
    table->users--;
}

/* Makes proposals of the accepted lanes, but for those that are connected already: these are accepted no more. */
static void propose(const accepted_lanes *accepted, rw_lanes *it, const rw_axonal_element *seekers, uint32_t *attempt,
                    rw_candidate *proposals) {
    for (uint32_t a = 0; a < accepted->n; a++) {
        uint32_t k = accepted->lane[a], s = it->seeker[k];
        if (accepted->adjacency[a] != NULL &&
            rw_adjacency_connects(accepted->adjacency[a], seekers[s].id, accepted->word[a])) {
            it->accepted[k] = false;
            continue;
        }
        proposals[s] = (rw_candidate){.projection = it->projection[k],
                                      .target = it->vacancies[k]->sites[it->site[k]].id,
                                      .site = it->site[k],
                                      .key = it->random[3][k] & RW_KEY_MASK,
                                      .attempt = it->attempt[k]};
        settle(it->table[k], &attempt[s]);
    }
}

/* Whether a seeker makes no more attempts of this kind. */
static bool is_late(const rw_choice_table *table, uint32_t attempt) {
    return is_listed(table, attempt) | (attempt >= RW_MOST_ATTEMPTS);
}

/* Lets it choose among all sites, if they can be listed, or give up. */
static void end_late(const rw_chooser *chooser, rw_choice_table *table, const rw_axonal_element *seeker, uint32_t next,
                     uint32_t *attempt, rw_candidate *proposal) {
    if (is_listed(table, next))
        rw_chooser_choose_listed(chooser, seeker, next, proposal);
    settle(table, attempt);
}

/* A lane becomes number `to`. */
static void move_lane(rw_lanes *it, uint32_t k, uint32_t to) {
    it->seeker[to] = it->seeker[k];
    it->who[to] = it->who[k];
    it->table[to] = it->table[k];
    it->attempt[to] = it->attempt[k];
}

static void end_late_lanes(const rw_chooser *chooser, rw_lanes *it, const rw_axonal_element *seekers, uint32_t *attempt,
                           rw_candidate *proposals) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < it->n; k++) {
        uint32_t s = it->seeker[k];
        if (is_late(it->table[k], it->attempt[k]))
            end_late(chooser, it->table[k], &seekers[s], it->attempt[k], &attempt[s], &proposals[s]);
        else
            move_lane(it, k, left++);
    }
    it->n = left;
}

/* Lanes that have chosen leave, the others go on with their next attempt. */
static void go_on(const rw_chooser *chooser, rw_lanes *it, const rw_axonal_element *seekers, uint32_t *attempt,
                  rw_candidate *proposals) {
    uint32_t left = 0, n_late = 0;
    for (uint32_t k = 0; k < it->n; k++) { /* without a branch that nobody could foretell */
        move_lane(it, k, left);
        n_late += is_late(it->table[left], ++it->attempt[left]);
        left += !it->accepted[k];
    }
    it->n = left;
    if (n_late > 0)
        end_late_lanes(chooser, it, seekers, attempt, proposals);
}

static void add_lane(const rw_chooser *chooser, rw_lanes *it, rw_choice_table *table, const rw_axonal_element *seeker,
                     uint32_t s, uint32_t attempt) {
    it->seeker[it->n] = s;
    it->who[it->n] = rw_seeker_name(chooser->search->network, seeker);
    it->table[it->n] = table;
    it->attempt[it->n++] = attempt;
}

/* Adds seekers from *next on while there is room; those without anything to choose from are settled at once. */
static void fill_lanes(rw_chooser *chooser, rw_lanes *it, const rw_axonal_element *seekers, size_t n, size_t *next,
                       uint32_t *attempt, rw_candidate *proposals) {
    for (; it->n < RW_LANES && *next < n; ++*next) {
        size_t s = *next;
        if (attempt[s] == RW_SETTLED)
            continue;
        rw_choice_table *table = rw_chooser_table(chooser, &seekers[s]);
        if (table == NULL)
            return;
        proposals[s] = (rw_candidate){.projection = RW_NO_PARTNER};
        table->users++;
        if (is_late(table, attempt[s]) || table->n == 0)
            end_late(chooser, table, &seekers[s], attempt[s], &attempt[s], &proposals[s]);
        else
            add_lane(chooser, it, table, &seekers[s], (uint32_t)s, attempt[s]);
    }
}

void rw_chooser_choose(rw_chooser *chooser, const rw_axonal_element *seekers, size_t n, uint32_t *attempt,
                       rw_candidate *proposals) {
    rw_lanes it = {0};
    accepted_lanes accepted;
    size_t next = 0;
    fill_lanes(chooser, &it, seekers, n, &next, attempt, proposals);
    while (it.n > 0) {
        rw_lanes_attempt(&it, chooser, seekers);
        list_accepted(&accepted, &it, chooser, seekers);
        propose(&accepted, &it, seekers, attempt, proposals);
        go_on(chooser, &it, seekers, attempt, proposals);
        fill_lanes(chooser, &it, seekers, n, &next, attempt, proposals);
    }
}
