/* Some seekers go through their attempts side by side, stage by stage, so that what one stage has asked memory for
 * is there in the next: draw, box, vacancy, dendrite, kernel, whether they are connected. */
#include "sim/rewiring/choose.h"

#include <math.h>

#include "base/random.h"

/* A seeker whose attempts have cost about as much as listing all sites would, goes over to that; where they are too
 * many to list, it gives up for this update. */
enum { SITES_PER_ATTEMPT = 8, MOST_ATTEMPTS = RW_MOST_LISTED / SITES_PER_ATTEMPT };

/* Bits of an attempt's last random word that are the key; the others are of the choice of a box. */
#define KEY_MASK 0xFFFFFFu

/* Seekers that choose side by side. */
enum { LANES = 32 };

/* Seekers on their way. */
typedef struct {
    uint32_t n;
    uint32_t seeker[LANES];
    uint64_t who[LANES];
    uint32_t attempt[LANES];
    uint32_t random[4][LANES]; /* the attempt's */
    rw_choice_table *table[LANES];
    uint32_t bound[LANES]; /* of the kernel for the box chosen */
    const rw_projection *projection[LANES];
    const rw_vacancies *vacancies[LANES];
    uint64_t vacancy[LANES];
    uint32_t site[LANES];       /* RW_NO_PARTNER: not accepted */
    const rw_rows *rows[LANES]; /* to look up whether the choice is connected; NULL: that need not, or cannot be */
    uint32_t word[LANES];       /* there */
} lanes;

/* The attempt's random numbers, of the seeker with this name. */
static rw_stream stream_of(const rw_partner_search *search, uint32_t attempt) {
    return rw_stream_of(search->network->scenario->seed, RW_PURPOSE_PARTNER,
                        (uint32_t)search->inhibitory | search->round << 1 | attempt << 8);
}

static uint64_t name_of(const rw_network *network, const rw_seeker *seeker) {
    return (network->populations[seeker->population].first_gid + seeker->id) | (uint64_t)(seeker->element & 0xFFFFu)
                                                                                   << 32;
}

/* The draws of the first n lanes, rounded up to whole vectors. */
RW_KERNEL static void draw(lanes *it, const rw_partner_search *search) {
    uint32_t n = (it->n + 7) / 8 * 8;
    rw_stream first = stream_of(search, 0);
    uint64_t when = search->step;
#pragma omp simd
    for (uint32_t k = 0; k < n; k++) {
        rw_stream attempt = {{first.key[0], first.key[1]}, first.domain | it->attempt[k] << 16}; /* stream_of */
        rw_bits bits = rw_draw(attempt, it->who[k], when);
        it->random[0][k] = bits.word[0];
        it->random[1][k] = bits.word[1];
        it->random[2][k] = bits.word[2];
        it->random[3][k] = bits.word[3];
    }
}

/* Chooses boxes by 40 bits, and vacancies in them by 32. */
static void choose_vacancies(const rw_chooser *chooser, lanes *it) {
    const rw_partner_search *search = chooser->search;
    for (uint32_t k = 0; k < it->n; k++) {
        const rw_choice_table *table = it->table[k];
        const double *cumulative = table->cumulative;
        uint64_t bits = (uint64_t)it->random[0][k] << 8 | it->random[3][k] >> 24;
        double x = ((double)(int64_t)bits + 0.5) * 0x1p-40 * cumulative[table->n - 1];
        uint32_t n = table->guide[(uint64_t)it->random[0][k] * table->n >> 32];
        while (cumulative[n] <= x)
            n++;
        const rw_box_choice *choice = &table->choices[n];
        it->bound[k] = choice->bound;
        it->projection[k] = &search->network->projections[choice->projection];
        const rw_vacancies *vacancies = it->vacancies[k] = &search->vacancies[it->projection[k]->target];
        const rw_vacant_box *box = &vacancies->boxes[choice->box];
        it->vacancy[k] = box->first + (it->random[1][k] * box->vacant >> 32);
        __builtin_prefetch(&vacancies->guide[it->vacancy[k] >> vacancies->guide_shift]);
    }
}

static void begin_sites(lanes *it) {
    for (uint32_t k = 0; k < it->n; k++) {
        const rw_vacancies *vacancies = it->vacancies[k];
        it->site[k] = vacancies->guide[it->vacancy[k] >> vacancies->guide_shift];
        __builtin_prefetch(&vacancies->sites[it->site[k]]);
        __builtin_prefetch(&vacancies->sites[it->site[k] + 1].before);
    }
}

/* Whether there may be a synapse between them at all. */
static bool may_pair(const rw_projection *projection, const rw_seeker *seeker, const rw_vacant_site *site) {
    return projection->spec->autapses || seeker->id != site->id || projection->source != projection->target;
}

/* The rows that tell whether a source is connected to a target already; NULL if that does not matter, or is for another
 * rank to say. */
static rw_rows *rows_to_ask(const rw_network *network, const rw_projection *projection, uint32_t target,
                            uint32_t *word) {
    return projection->spec->multapses ? NULL : rw_partner_rows(network, projection, target, word);
}

/* Whether a lane's choice is accepted; the kernel itself is asked only where its bounds do not tell. */
static bool accepts(const rw_chooser *chooser, const lanes *it, uint32_t k, const rw_seeker *seeker,
                    const rw_vacant_site *site) {
    const rw_projection_spec *spec = it->projection[k]->spec;
    const rw_kernel_bounds *bounds = &chooser->bounds[it->bound[k]];
    double level = rw_uniform32(it->random[2][k]) * bounds->most;
    if (level >= bounds->least &&
        level >= rw_kernel_value(&spec->search,
                                 rw_space_distance(chooser->search->network->scenario, seeker->at_um, site->at_um)))
        return false;
    return may_pair(it->projection[k], seeker, site);
}

static void find_sites(const rw_chooser *chooser, lanes *it, const rw_seeker *seekers) {
    for (uint32_t k = 0; k < it->n; k++) {
        const rw_vacant_site *sites = it->vacancies[k]->sites;
        const rw_seeker *seeker = &seekers[it->seeker[k]];
        uint32_t site = it->site[k];
        while (sites[site + 1].before <= it->vacancy[k])
            site++;
        bool accepted = accepts(chooser, it, k, seeker, &sites[site]);
        it->site[k] = accepted ? site : RW_NO_PARTNER;
        it->rows[k] = NULL;
        if (accepted && !it->projection[k]->spec->multapses)
            it->rows[k] = rw_partner_rows(chooser->search->network, it->projection[k], sites[site].id, &it->word[k]);
        if (it->rows[k] != NULL)
            rw_incoming_prefetch_list(&it->rows[k]->incoming, it->word[k]);
    }
}

static void prefetch_sources(const lanes *it, const rw_seeker *seekers) {
    for (uint32_t k = 0; k < it->n; k++)
        if (it->rows[k] != NULL)
            rw_incoming_prefetch_source(&it->rows[k]->incoming, it->word[k], seekers[it->seeker[k]].id);
}

static bool is_listed(const rw_choice_table *table, uint32_t attempt) {
    return table->n_sites <= SITES_PER_ATTEMPT * ((uint64_t)attempt + 1);
}

/* Lists kernel x vacancies of all sites, as sums; what a seeker must not choose has 0. Returns their number. */
static size_t list_sites(const rw_chooser *chooser, const rw_seeker *seeker) {
    const rw_network *network = chooser->search->network;
    double sum = 0.0;
    size_t n = 0;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        const rw_vacancies *vacancies = &chooser->search->vacancies[projection->target];
        if (projection->source != seeker->population || !rw_partner_concerns(projection, chooser->search->inhibitory))
            continue;
        for (uint32_t k = 0; k < vacancies->n; k++) {
            const rw_vacant_site *site = &vacancies->sites[k];
            double distance_um = rw_space_distance(network->scenario, seeker->at_um, site->at_um);
            if (may_pair(projection, seeker, site))
                sum += rw_kernel_value(&projection->spec->search, distance_um) * site->vacant;
            chooser->listed[n++] = sum;
        }
    }
    return n;
}

/* The proposal to number `chosen` of list_sites. */
static rw_proposal propose_listed(const rw_chooser *chooser, const rw_seeker *seeker, size_t chosen) {
    const rw_network *network = chooser->search->network;
    for (uint32_t p = 0;; p++) {
        const rw_projection *projection = &network->projections[p];
        const rw_vacancies *vacancies = &chooser->search->vacancies[projection->target];
        if (projection->source != seeker->population || !rw_partner_concerns(projection, chooser->search->inhibitory))
            continue;
        if (chosen < vacancies->n)
            return (rw_proposal){.projection = p, .site = (uint32_t)chosen, .target = vacancies->sites[chosen].id};
        chosen -= vacancies->n;
    }
}

/* Lets a seeker choose among all sites, listed, from an attempt on: none is rejected but for being connected. */
static void choose_listed(const rw_chooser *chooser, const rw_seeker *seeker, uint32_t attempt, rw_proposal *proposal) {
    const rw_partner_search *search = chooser->search;
    const rw_network *network = search->network;
    size_t n = list_sites(chooser, seeker), chosen = 0;
    double total = n > 0 ? chooser->listed[n - 1] : 0.0;
    for (; total > 0.0 && attempt < MOST_ATTEMPTS; attempt++) {
        rw_bits bits = rw_draw(stream_of(search, attempt), name_of(network, seeker), search->step);
        double x = rw_uniform64(bits.word[0], bits.word[1]) * total;
        for (chosen = 0; chooser->listed[chosen] <= x;)
            chosen++;
        rw_proposal it = propose_listed(chooser, seeker, chosen);
        it.key = bits.word[3] & KEY_MASK;
        it.attempt = attempt;
        uint32_t word = 0;
        const rw_rows *rows = rows_to_ask(network, &network->projections[it.projection], it.target, &word);
        if (rows != NULL && rw_rows_connect(rows, seeker->id, word))
            continue;
        *proposal = it;
        return;
    }
}

/* Lanes whose choice stands become proposals; the others go on with their next attempt. A choice that is connected
 * already does not stand; of a target elsewhere its own rank will be asked. */
static void settle(const rw_chooser *chooser, lanes *it, const rw_seeker *seekers, uint32_t *attempt,
                   rw_proposal *proposals) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < it->n; k++) {
        uint32_t s = it->seeker[k], site = it->site[k];
        bool stands =
            site != RW_NO_PARTNER && (it->rows[k] == NULL || !rw_rows_connect(it->rows[k], seekers[s].id, it->word[k]));
        if (stands)
            proposals[s] = (rw_proposal){.projection = it->projection[k]->index,
                                         .target = it->vacancies[k]->sites[site].id,
                                         .site = site,
                                         .key = it->random[3][k] & KEY_MASK,
                                         .attempt = it->attempt[k]};
        bool listed = !stands && is_listed(it->table[k], it->attempt[k] + 1);
        if (listed)
            choose_listed(chooser, &seekers[s], it->attempt[k] + 1, &proposals[s]);
        if (stands || listed || it->attempt[k] + 1 >= MOST_ATTEMPTS) {
            attempt[s] = RW_SETTLED;
            it->table[k]->users--;
            continue;
        }
        it->seeker[left] = s;
        it->who[left] = it->who[k];
        it->table[left] = it->table[k];
        it->attempt[left++] = it->attempt[k] + 1;
    }
    it->n = left;
}

static void add_lane(const rw_chooser *chooser, lanes *it, rw_choice_table *table, const rw_seeker *seeker, uint32_t s,
                     uint32_t attempt) {
    it->seeker[it->n] = s;
    it->who[it->n] = name_of(chooser->search->network, seeker);
    it->table[it->n] = table;
    it->attempt[it->n++] = attempt;
    table->users++;
}

/* Adds seekers from *next on while there is room; those without anything to choose from are settled at once. */
static void fill_lanes(rw_chooser *chooser, lanes *it, const rw_seeker *seekers, size_t n, size_t *next,
                       uint32_t *attempt, rw_proposal *proposals) {
    for (; it->n < LANES && *next < n; ++*next) {
        size_t s = *next;
        if (attempt[s] == RW_SETTLED)
            continue;
        rw_choice_table *table = rw_chooser_table(chooser, &seekers[s]);
        if (table == NULL)
            return;
        proposals[s] = (rw_proposal){.projection = RW_NO_PARTNER};
        bool listed = is_listed(table, attempt[s]);
        if (table->n > 0 && !listed) {
            add_lane(chooser, it, table, &seekers[s], (uint32_t)s, attempt[s]);
            continue;
        }
        if (listed)
            choose_listed(chooser, &seekers[s], attempt[s], &proposals[s]);
        attempt[s] = RW_SETTLED;
    }
}

void rw_chooser_choose(rw_chooser *chooser, const rw_seeker *seekers, size_t n, uint32_t *attempt,
                       rw_proposal *proposals) {
    lanes it = {0};
    size_t next = 0;
    fill_lanes(chooser, &it, seekers, n, &next, attempt, proposals);
    while (it.n > 0) {
        draw(&it, chooser->search);
        choose_vacancies(chooser, &it);
        begin_sites(&it);
        find_sites(chooser, &it, seekers);
        prefetch_sources(&it, seekers);
        settle(chooser, &it, seekers, attempt, proposals);
        fill_lanes(chooser, &it, seekers, n, &next, attempt, proposals);
    }
}
