/* Some seekers go through their attempts side by side, stage by stage, so that what one stage has asked memory for
 * is there in the next: draw, box, vacancy, dendrite, kernel, whether they are connected. */
#include "sim/rewiring/choose.h"

#include <math.h>

#include "base/random.h"

/* Attempts after which a seeker gives up for this update: only where no dendrite is within reach of the kernel. */
enum { MOST_ATTEMPTS = 4096 };

/* Seekers that choose side by side. */
enum { LANES = 32 };

/* Bounds of the distance between points of two boxes that are `apart` boxes apart along each side, as one number. What
 * rounding may do to a place on the edge of a box is far less than `slack`. */
static rw_kernel_bounds bound_kernel(const rw_grid *grid, const rw_kernel *kernel, uint32_t apart) {
    const double slack = 1e-9;
    double nearest = 0.0, farthest = 0.0;
    for (int d = 2; d >= 0; d--) {
        double k = apart % grid->n[d];
        apart /= grid->n[d];
        double near_um = k > 1.0 ? (k - 1.0) * grid->side_um[d] : 0.0, far_um = (k + 1.0) * grid->side_um[d];
        nearest += near_um * near_um;
        farthest += far_um * far_um;
    }
    return (rw_kernel_bounds){.least = rw_kernel_value(kernel, sqrt(farthest) * (1.0 + slack)) * (1.0 - slack),
                              .most = rw_kernel_value(kernel, sqrt(nearest) * (1.0 - slack))};
}

rw_err rw_kernel_bounds_create(const rw_partner_search *search, rw_kernel_bounds **bounds) {
    const rw_network *network = search->network;
    uint32_t n_boxes = search->grid.n_boxes;
    RW_TRY(RW_NEW(*bounds, network->n_projections * n_boxes, "partner search"));
    for (size_t p = 0; p < network->n_projections; p++)
        for (uint32_t k = 0; rw_partner_concerns(&network->projections[p], search->inhibitory) && k < n_boxes; k++)
            (*bounds)[p * n_boxes + k] = bound_kernel(&search->grid, &network->projections[p].spec->search, k);
    return RW_OK;
}

static rw_err create_table(rw_choice_table *table, size_t n) {
    table->population = table->box = UINT32_MAX; /* of no seeker yet */
    RW_TRY(RW_NEW(table->choices, n, "partner search"));
    RW_TRY(RW_NEW(table->cumulative, n, "partner search"));
    return RW_NEW(table->guide, n, "partner search");
}

rw_err rw_chooser_create(rw_chooser *chooser, const rw_partner_search *search, const rw_kernel_bounds *bounds) {
    size_t n = search->network->n_projections * search->grid.n_boxes;
    chooser->search = search;
    chooser->bounds = bounds;
    for (int d = 0; d < 3; d++)
        RW_TRY(RW_NEW(chooser->apart[d], search->grid.n[d], "partner search"));
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++)
        RW_TRY(create_table(&chooser->tables[t], n));
    return RW_OK;
}

void rw_chooser_destroy(rw_chooser *chooser) {
    for (int d = 0; d < 3; d++)
        rw_free(chooser->apart[d]);
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++) {
        rw_free(chooser->tables[t].choices);
        rw_free(chooser->tables[t].cumulative);
        rw_free(chooser->tables[t].guide);
    }
    *chooser = (rw_chooser){0};
}

/* How far the boxes along each side are from `box`. */
static void measure_apart(rw_chooser *chooser, uint32_t box) {
    const rw_grid *grid = &chooser->search->grid;
    uint32_t stride = 1;
    for (int d = 2; d >= 0; d--) {
        uint32_t n = grid->n[d], at = box % n;
        box /= n;
        for (uint32_t k = 0; k < n; k++) {
            uint32_t apart = k > at ? k - at : at - k;
            chooser->apart[d][k] = stride * (grid->periodic && n - apart < apart ? n - apart : apart);
        }
        stride *= n;
    }
}

static void make_guide(rw_choice_table *table) {
    double share = table->n > 0 ? table->cumulative[table->n - 1] / (double)table->n : 0.0;
    uint32_t first = 0;
    for (uint32_t k = 0; k < table->n; k++) {
        while (table->cumulative[first] <= share * k)
            first++;
        table->guide[k] = first;
    }
}

/* Adds the boxes that a projection's targets have vacancies in to a table. */
static void add_choices(const rw_chooser *chooser, rw_choice_table *table, uint32_t p) {
    uint32_t *const *apart = chooser->apart;
    const rw_vacancies *vacancies = &chooser->search->vacancies[chooser->search->network->projections[p].target];
    uint32_t n = table->n, first = p * chooser->search->grid.n_boxes;
    double sum = n > 0 ? table->cumulative[n - 1] : 0.0;
    for (uint32_t k = 0; k < vacancies->n_boxes; k++) {
        const rw_vacant_box *box = &vacancies->boxes[k];
        uint32_t bound = first + apart[0][box->at[0]] + apart[1][box->at[1]] + apart[2][box->at[2]];
        double most = chooser->bounds[bound].most;
        sum += most * (double)(int64_t)box->vacant;
        table->choices[n] = (rw_box_choice){.projection = p, .box = k, .bound = bound};
        table->cumulative[n] = sum;
        n += most > 0.0;
    }
    table->n = n;
}

/* Lists what seekers of the table's population and box choose from. */
static void fill_table(rw_chooser *chooser, rw_choice_table *table) {
    const rw_network *network = chooser->search->network;
    measure_apart(chooser, table->box);
    table->n = 0;
    for (uint32_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->source == table->population && rw_partner_concerns(projection, chooser->search->inhibitory))
            add_choices(chooser, table, p);
    }
    make_guide(table);
}

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

/* The draws of the first n lanes, rounded up to whole vectors. */
RW_KERNEL static void draw(lanes *it, const rw_partner_search *search) {
    uint32_t n = (it->n + 7) / 8 * 8;
    rw_stream stream = rw_stream_of(search->network->scenario->seed, RW_PURPOSE_PARTNER,
                                    (uint32_t)search->inhibitory | search->round << 1);
    uint64_t when = search->step;
#pragma omp simd
    for (uint32_t k = 0; k < n; k++) {
        rw_stream attempt = {{stream.key[0], stream.key[1]}, stream.domain | it->attempt[k] << 16};
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
    return spec->autapses || seeker->id != site->id || it->projection[k]->source != it->projection[k]->target;
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

/* Lanes whose choice stands become proposals; the others go on with their next attempt. A choice that is connected
 * already does not stand; of a target elsewhere its own rank will be asked. */
static void settle(lanes *it, const rw_seeker *seekers, uint32_t *attempt, rw_proposal *proposals) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < it->n; k++) {
        uint32_t s = it->seeker[k], site = it->site[k];
        bool stands =
            site != RW_NO_PARTNER && (it->rows[k] == NULL || !rw_rows_connect(it->rows[k], seekers[s].id, it->word[k]));
        if (stands)
            proposals[s] = (rw_proposal){.projection = it->projection[k]->index,
                                         .target = it->vacancies[k]->sites[site].id,
                                         .site = site,
                                         .key = it->random[3][k] & 0xFFFFFFu,
                                         .attempt = it->attempt[k]};
        if (stands || it->attempt[k] + 1 >= MOST_ATTEMPTS) {
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

/* The table of a seeker, made if there is none; NULL if all are in use. */
static rw_choice_table *find_table(rw_chooser *chooser, const rw_seeker *seeker) {
    rw_choice_table *free = NULL;
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++) {
        rw_choice_table *table = &chooser->tables[t];
        if (table->population == seeker->population && table->box == seeker->box)
            return table;
        if (table->users == 0)
            free = table;
    }
    if (free == NULL)
        return NULL;
    free->population = seeker->population;
    free->box = seeker->box;
    fill_table(chooser, free);
    return free;
}

static void add_lane(const rw_chooser *chooser, lanes *it, rw_choice_table *table, const rw_seeker *seeker, uint32_t s,
                     uint32_t attempt) {
    it->seeker[it->n] = s;
    it->who[it->n] = (chooser->search->network->populations[seeker->population].first_gid + seeker->id) |
                     (uint64_t)(seeker->element & 0xFFFFu) << 32;
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
        rw_choice_table *table = find_table(chooser, &seekers[s]);
        if (table == NULL)
            return;
        proposals[s] = (rw_proposal){.projection = RW_NO_PARTNER};
        if (table->n > 0)
            add_lane(chooser, it, table, &seekers[s], (uint32_t)s, attempt[s]);
        else
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
        settle(&it, seekers, attempt, proposals);
        fill_lanes(chooser, &it, seekers, n, &next, attempt, proposals);
    }
}
