/* Space cut into boxes, and vacant elements sorted into them. */
#include "sim/formation/partner_search.h"
#include "net/adjacency/adjacency.h"
#include "net/positions.h"

#include <math.h>
#include <string.h>

/* Boxes: so many for the root of the seekers, and at least. */
enum { BOXES_PER_ROOT = 2, FEWEST_BOXES = 36 };

/* The shortest distance over which a kernel changes; infinity if none does. */
static double shortest_reach(const rw_network *network, bool inhibitory) {
    double shortest = INFINITY;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_kernel *kernel = &network->projections[p].spec->search;
        double reach = kernel->kind == RW_KERNEL_NONE ? kernel->cutoff_um : fmin(kernel->sigma_um, kernel->cutoff_um);
        if (rw_partner_concerns(&network->projections[p], inhibitory))
            shortest = fmin(shortest, reach);
    }
    return shortest;
}

rw_grid rw_grid_create(const rw_network *network, bool inhibitory, uint64_t n) {
    const rw_scenario *scenario = network->scenario;
    rw_grid grid = {.n = {1, 1, 1}, .periodic = scenario->periodic, .n_boxes = 1};
    double reach = shortest_reach(network, inhibitory);
    if (scenario->dimensions == 0 || isinf(reach))
        return grid;
    /* Each box of seekers lists each box of vacancies, so boxes grow with the root of the seekers to keep that list's
     * cost linear. Narrower than an eighth of the reach they would hardly make a choice more likely to be accepted. */
    double n_boxes = fmax(BOXES_PER_ROOT * sqrt((double)n), FEWEST_BOXES);
    double per_side = floor(pow(n_boxes + 1.0, 1.0 / scenario->dimensions));
    for (int d = 0; d < scenario->dimensions; d++) {
        double wanted = ceil(8.0 * scenario->size_um[d] / reach);
        grid.n[d] = (uint32_t)fmax(1.0, fmin(per_side, wanted));
        grid.side_um[d] = scenario->size_um[d] / grid.n[d];
        grid.n_boxes *= grid.n[d];
    }
    return grid;
}

static uint32_t box_of(const rw_grid *grid, const double *at_um) {
    uint32_t box = 0;
    for (int d = 0; d < 3; d++) {
        if (grid->n[d] == 1)
            continue;
        double place = at_um[d] / grid->side_um[d], last = grid->n[d] - 1;
        place = place > 0.0 ? place : 0.0;
        box = box * grid->n[d] + (uint32_t)(int32_t)(place < last ? place : last);
    }
    return box;
}

void rw_vacant_dendrites_destroy(rw_vacant_dendrites *vacancies) {
    rw_free(vacancies->sites);
    rw_free(vacancies->boxes);
    rw_free(vacancies->guide);
    rw_free(vacancies->spare);
    rw_free(vacancies->box_of);
    rw_free(vacancies->start);
    *vacancies = (rw_vacant_dendrites){0};
}

/* Makes room for more sites, and the one that ends them; keeps those there are. */
static rw_err grow_vacancies(rw_vacant_dendrites *vacancies) {
    uint64_t room = vacancies->room + (uint64_t)vacancies->room / 2 + 256;
    RW_CHECK(room <= UINT32_MAX, RW_ERR_SYSTEM, "more than 2^31 cells have vacant elements at once");
    RW_TRY(RW_GROW(vacancies->sites, vacancies->room, room, "partner search"));
    RW_TRY(RW_GROW(vacancies->spare, vacancies->room, room, "partner search"));
    RW_TRY(RW_GROW(vacancies->guide, vacancies->room, room, "partner search"));
    RW_TRY(RW_GROW(vacancies->box_of, vacancies->room, room, "partner search"));
    vacancies->room = (uint32_t)room;
    return RW_OK;
}

rw_err rw_vacant_dendrites_add(rw_vacant_dendrites *vacancies, const rw_network *network, uint32_t population,
                               rw_vacant vacant) {
    if (vacancies->n + 1 >= vacancies->room)
        RW_TRY(grow_vacancies(vacancies));
    if (vacant.vacant == 0)
        return RW_OK;
    rw_vacant_dendrite *site = &vacancies->sites[vacancies->n++];
    *site = (rw_vacant_dendrite){.id = vacant.id, .vacant = vacant.vacant};
    rw_population_position(&network->populations[population], vacant.id, site->at_um);
    return RW_OK;
}

/* Counting sort: counts stand two places late in start [n_boxes + 2], their sums one place late, and filling moves each
 * to its place. */
static void sort_sites(rw_vacant_dendrites *vacancies, const rw_grid *grid) {
    uint32_t *start = vacancies->start, *box = vacancies->box_of, n = vacancies->n;
    rw_vacant_dendrite *from = vacancies->sites, *to = vacancies->spare;
    memset(start, 0, ((size_t)grid->n_boxes + 2) * sizeof *start);
    for (uint32_t k = 0; k < n; k++) {
        box[k] = box_of(grid, from[k].at_um);
        start[box[k] + 2]++;
    }
    for (uint32_t b = 2; b <= grid->n_boxes + 1; b++)
        start[b] += start[b - 1];
    for (uint32_t k = 0; k < n; k++)
        to[start[box[k] + 1]++] = from[k];
    vacancies->spare = from;
    vacancies->sites = to;
}

/* Numbers the vacancies of sorted sites, and makes the guide: as many entries as sites, or fewer. */
static void number_vacancies(rw_vacant_dendrites *vacancies) {
    uint64_t total = 0;
    for (uint32_t k = 0; k < vacancies->n; k++) {
        vacancies->sites[k].before = total;
        total += vacancies->sites[k].vacant;
    }
    vacancies->sites[vacancies->n] = (rw_vacant_dendrite){.before = total};
    for (vacancies->guide_shift = 0; total >> vacancies->guide_shift > vacancies->n;)
        vacancies->guide_shift++;
    uint64_t entry = 0;
    for (uint32_t k = 0; k < vacancies->n; k++)
        for (; entry << vacancies->guide_shift < vacancies->sites[k + 1].before; entry++)
            vacancies->guide[entry] = k;
}

void rw_vacant_dendrites_drop_full(rw_vacant_dendrites *vacancies) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < vacancies->n; k++) { /* without a branch that nobody could foretell */
        vacancies->sites[left] = vacancies->sites[k];
        left += vacancies->sites[k].vacant > 0;
    }
    vacancies->n = left;
}

static rw_err make_boxes(rw_vacant_dendrites *vacancies, uint32_t n_boxes) {
    if (n_boxes <= vacancies->boxes_room)
        return RW_OK;
    rw_free(vacancies->boxes);
    rw_free(vacancies->start);
    vacancies->boxes_room = 0;
    vacancies->start = NULL;
    RW_TRY(RW_NEW(vacancies->boxes, n_boxes, "partner search"));
    RW_TRY(RW_NEW(vacancies->start, (size_t)n_boxes + 2, "partner search"));
    vacancies->boxes_room = n_boxes;
    return RW_OK;
}

rw_err rw_vacant_dendrites_sort(rw_vacant_dendrites *vacancies, const rw_grid *grid) {
    RW_TRY(make_boxes(vacancies, grid->n_boxes));
    if (vacancies->room == 0)
        RW_TRY(grow_vacancies(vacancies));
    sort_sites(vacancies, grid);
    number_vacancies(vacancies);
    for (uint32_t b = 0; b < grid->n_boxes; b++) {
        uint64_t first = vacancies->sites[vacancies->start[b]].before;
        uint64_t end = vacancies->sites[vacancies->start[b + 1]].before;
        vacancies->boxes[b] = (rw_vacant_box){.first = first, .vacant = end - first};
    }
    return RW_OK;
}

void rw_axonal_elements_destroy(rw_axonal_elements *seekers) {
    rw_free(seekers->items);
    rw_free(seekers->spare);
    rw_free(seekers->done);
    rw_free(seekers->end);
    *seekers = (rw_axonal_elements){0};
}

/* Makes room for n seekers and more; keeps those there are. */
static rw_err grow_seekers(rw_axonal_elements *seekers, size_t n) {
    size_t room = n + n / 2 + 256;
    RW_TRY(RW_GROW(seekers->items, seekers->room, room, "partner search"));
    RW_TRY(RW_GROW(seekers->spare, seekers->room, room, "partner search"));
    RW_TRY(RW_GROW(seekers->done, seekers->room, room, "partner search"));
    seekers->room = room;
    return RW_OK;
}

rw_err rw_axonal_elements_add(rw_axonal_elements *seekers, const rw_network *network, uint32_t population,
                              rw_vacant axon) {
    rw_axonal_element seeker = {.population = population, .id = axon.id};
    rw_population_position(&network->populations[population], axon.id, seeker.at_um);
    if (seekers->n + axon.vacant > seekers->room)
        RW_TRY(grow_seekers(seekers, seekers->n + axon.vacant));
    for (; seeker.element < axon.vacant; seeker.element++)
        seekers->items[seekers->n++] = seeker;
    return RW_OK;
}

rw_err rw_axonal_elements_sort(rw_axonal_elements *seekers, size_t n_populations, const rw_grid *grid) {
    size_t n_groups = n_populations * grid->n_boxes; /* population and box */
    if (n_groups + 1 > seekers->end_room) {
        rw_free(seekers->end);
        seekers->end_room = 0;
        RW_TRY(RW_NEW(seekers->end, n_groups + 1, "partner search"));
        seekers->end_room = n_groups + 1;
    }
    size_t *end = seekers->end;
    memset(end, 0, (n_groups + 1) * sizeof *end);
    for (size_t s = 0; s < seekers->n; s++) {
        rw_axonal_element *seeker = &seekers->items[s];
        seeker->box = box_of(grid, seeker->at_um);
        end[(size_t)seeker->population * grid->n_boxes + seeker->box + 1]++;
    }
    for (size_t k = 0; k < n_groups; k++)
        end[k + 1] += end[k];
    for (size_t s = 0; s < seekers->n; s++) {
        const rw_axonal_element *seeker = &seekers->items[s];
        seekers->spare[end[(size_t)seeker->population * grid->n_boxes + seeker->box]++] = *seeker;
    }
    rw_axonal_element *sorted = seekers->spare;
    seekers->spare = seekers->items;
    seekers->items = sorted;
    if (seekers->n > 0)
        memset(seekers->done, 0, seekers->n * sizeof *seekers->done);
    return RW_OK;
}

void rw_axonal_elements_drop_done(rw_axonal_elements *seekers) {
    size_t left = 0;
    for (size_t k = 0; k < seekers->n; k++) { /* without a branch that nobody could foretell */
        seekers->items[left] = seekers->items[k];
        left += !seekers->done[k];
    }
    seekers->n = left;
}

rw_adjacency *rw_partner_rows(const rw_network *network, const rw_projection *projection, uint64_t target,
                              uint32_t *word) {
    if (network->partition.n_workers == 1) { /* as most are, and then nothing has to be divided */
        *word = (uint32_t)target;
        return &projection->adjacency[0];
    }
    int thread = rw_partition_thread_of(&network->partition, projection->n_targets, target);
    if (thread < 0)
        return NULL;
    /* all delays are equal, so the word is the target */
    *word = (uint32_t)(target - rw_partition_thread_slice(&network->partition, projection->n_targets, thread).begin);
    return &projection->adjacency[thread];
}
