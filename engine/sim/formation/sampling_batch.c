#include "sim/formation/sampling_batch.h"

#include "base/philox_batch.h"
#include "net/distance_kernel.h"
#include "net/space.h"

rw_stream rw_attempt_stream(const rw_partner_search *search, uint32_t attempt) {
    return rw_stream_of(search->network->scenario->seed, RW_PURPOSE_PARTNER,
                        (uint32_t)search->inhibitory | search->round << 1 | attempt << 8);
}

uint64_t rw_seeker_name(const rw_network *network, const rw_axonal_element *seeker) {
    return (network->populations[seeker->population].first_gid + seeker->id) | (uint64_t)(seeker->element & 0xFFFFu)
                                                                                   << 32;
}

/* rw_draw of all lanes, rounded up to whole vectors. */
static void draw(rw_lanes *it, const rw_partner_search *search) {
    enum { WHOLE = 16 };
    uint32_t n = (it->n + WHOLE - 1) / WHOLE * WHOLE;
    rw_stream first = rw_attempt_stream(search, 0);
    for (uint32_t k = 0; k < n; k++) {
        it->random[0][k] = first.domain | it->attempt[k] << 16; /* of rw_attempt_stream */
        it->random[1][k] = (uint32_t)it->who[k];
        it->random[2][k] = (uint32_t)search->step;
        it->random[3][k] = (uint32_t)(it->who[k] >> 32) << 16 | ((uint32_t)(search->step >> 32) & 0xFFFFu);
    }
    uint32_t *const words[] = {it->random[0], it->random[1], it->random[2], it->random[3]};
    rw_philox_for_each(first.key, n, words);
}

/* Chooses boxes by 40 bits, and vacancies in them by 32. */
static void choose_vacancies(rw_lanes *it, const rw_chooser *chooser) {
    const rw_partner_search *search = chooser->search;
    for (uint32_t k = 0; k < it->n; k++) {
        const rw_choice_table *table = it->table[k];
        const double *cumulative = table->cumulative;
        uint64_t bits = (uint64_t)it->random[0][k] << 8 | it->random[3][k] >> 24;
        double x = ((double)(int64_t)bits + 0.5) * 0x1p-40 * cumulative[table->n - 1];
        uint32_t n = table->guide[(uint64_t)it->random[0][k] * table->n >> 32];
        n += cumulative[n] <= x; /* most stop here, which no branch could foretell */
        n += cumulative[n] <= x;
        while (cumulative[n] <= x)
            n++;
        it->most[k] = table->most[n];
        const uint32_t *p = table->projections;
        for (; n >= search->grid.n_boxes; p++)
            n -= search->grid.n_boxes;
        const rw_projection *projection = &search->network->projections[*p];
        const rw_vacant_dendrites *vacancies = &search->vacancies[projection->target];
        const rw_vacant_box *box = &vacancies->boxes[n];
        it->projection[k] = *p;
        it->kernel[k] = &projection->spec->search;
        it->vacancies[k] = vacancies;
        it->vacancy[k] = box->first + (it->random[1][k] * box->vacant >> 32);
        __builtin_prefetch(&vacancies->guide[it->vacancy[k] >> vacancies->guide_shift]);
    }
}

static void begin_sites(rw_lanes *it) {
    for (uint32_t k = 0; k < it->n; k++) {
        const rw_vacant_dendrites *vacancies = it->vacancies[k];
        it->site[k] = vacancies->guide[it->vacancy[k] >> vacancies->guide_shift];
        __builtin_prefetch(&vacancies->sites[it->site[k]]);
        __builtin_prefetch(&vacancies->sites[it->site[k] + 1].before);
    }
}

static void find_sites(rw_lanes *it, const rw_chooser *chooser, const rw_axonal_element *seekers) {
    for (uint32_t k = 0; k < it->n; k++) {
        const rw_vacant_dendrite *sites = it->vacancies[k]->sites;
        const rw_axonal_element *seeker = &seekers[it->seeker[k]];
        uint32_t n = it->site[k];
        while (sites[n + 1].before <= it->vacancy[k])
            n++;
        it->site[k] = n;
        it->accepted[k] = rw_may_pair(&chooser->search->network->projections[it->projection[k]], seeker, &sites[n]);
        for (int d = 0; d < 3; d++) {
            it->from_um[d][k] = seeker->at_um[d];
            it->to_um[d][k] = sites[n].at_um[d];
        }
    }
}

/* Accepts a choice with the share that the kernel is of its bound. */
static void accept(rw_lanes *it, const rw_chooser *chooser) {
    const double *from_um[] = {it->from_um[0], it->from_um[1], it->from_um[2]};
    const double *to_um[] = {it->to_um[0], it->to_um[1], it->to_um[2]};
    double distance_um[RW_LANES], value[RW_LANES];
    rw_space_distances(chooser->search->network->scenario, from_um, to_um, it->n, distance_um);
    rw_kernel_values(it->kernel, distance_um, it->n, value);
    for (uint32_t k = 0; k < it->n; k++)
        it->accepted[k] &= rw_uniform32(it->random[2][k]) * it->most[k] < value[k];
}

void rw_lanes_attempt(rw_lanes *it, const rw_chooser *chooser, const rw_axonal_element *seekers) {
    draw(it, chooser->search);
    choose_vacancies(it, chooser);
    begin_sites(it);
    find_sites(it, chooser, seekers);
    accept(it, chooser);
}
