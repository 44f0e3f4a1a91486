#include "sim/partner.h"

#include <math.h>
#include <string.h>

/* Choices after which a seeker gives up for this update: only where no dendrite is within reach of the kernel. */
enum { MOST_TRIES = 4096 };

static const rw_proposal no_partner = {.projection = UINT32_MAX, .population = UINT32_MAX};

static bool takes_part(const rw_projection *projection, bool inhibitory) {
    return projection->spec->structural && projection->spec->inhibitory == inhibitory;
}

rw_grid rw_grid_create(const rw_network *network, bool inhibitory, uint64_t n) {
    const rw_scenario *scenario = network->scenario;
    rw_grid grid = {.n = {1, 1, 1}, .periodic = scenario->periodic, .n_cells = 1};
    double sigma = INFINITY;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_kernel *kernel = &network->projections[p].spec->search;
        if (takes_part(&network->projections[p], inhibitory) && kernel->kind != RW_KERNEL_NONE)
            sigma = fmin(sigma, kernel->sigma_um);
    }
    if (scenario->dimensions == 0 || isinf(sigma))
        return grid;
    /* Each source cell lists each target cell, so cells grow with the root of the seekers to keep that list's cost
     * linear. */
    grid.dimensions = scenario->dimensions;
    double per_side = floor(pow(2.0 * sqrt((double)n) + 1.0, 1.0 / grid.dimensions));
    grid.n_cells = 1;
    for (int d = 0; d < grid.dimensions; d++) {
        double wanted = ceil(2.0 * scenario->size_um[d] / sigma);
        grid.n[d] = (uint32_t)fmax(1.0, fmin(per_side, wanted));
        grid.side_um[d] = scenario->size_um[d] / grid.n[d];
        grid.n_cells *= grid.n[d];
    }
    return grid;
}

uint32_t rw_grid_cell(const rw_grid *grid, const rw_population *population, uint64_t id) {
    uint32_t cell = 0;
    for (int d = 0; d < grid->dimensions; d++) {
        double place = floor(population->position_um[d][id] / grid->side_um[d]);
        uint32_t k = place <= 0.0 ? 0 : (uint32_t)fmin(place, grid->n[d] - 1.0);
        cell = cell * grid->n[d] + k;
    }
    return cell;
}

/* Shortest distance (um) between points of two cells. */
static double cell_distance(const rw_grid *grid, uint32_t a, uint32_t b) {
    double square = 0.0;
    for (int d = grid->dimensions - 1; d >= 0; d--) {
        uint32_t ka = a % grid->n[d], kb = b % grid->n[d];
        a /= grid->n[d];
        b /= grid->n[d];
        uint32_t apart = ka > kb ? ka - kb : kb - ka;
        if (grid->periodic && grid->n[d] - apart < apart)
            apart = grid->n[d] - apart;
        double gap = apart > 1 ? (apart - 1.0) * grid->side_um[d] : 0.0;
        square += gap * gap;
    }
    return sqrt(square);
}

void rw_vacancies_destroy(rw_vacancies *vacancies) {
    rw_free(vacancies->ids);
    rw_free(vacancies->cumulative);
    rw_free(vacancies->cell_start);
    rw_free(vacancies->vacant);
    *vacancies = (rw_vacancies){0};
}

rw_err rw_vacancies_sort(rw_vacancies *vacancies, const rw_grid *grid, const rw_population *population) {
    rw_free(vacancies->ids);
    rw_free(vacancies->cumulative);
    rw_free(vacancies->cell_start);
    vacancies->ids = NULL;
    vacancies->cumulative = NULL;
    RW_TRY(RW_NEW(vacancies->cell_start, (size_t)grid->n_cells + 2, "partner search"));
    /* Counting sort: counts stand two places late, their sums one place late, and filling moves each to its place. */
    uint64_t *start = vacancies->cell_start;
    vacancies->n = 0;
    for (uint64_t i = 0; i < population->count; i++)
        if (vacancies->vacant[i] > 0) {
            start[rw_grid_cell(grid, population, i) + 2]++;
            vacancies->n++;
        }
    for (uint32_t c = 2; c <= grid->n_cells + 1; c++)
        start[c] += start[c - 1];
    RW_TRY(RW_NEW(vacancies->ids, vacancies->n, "partner search"));
    RW_TRY(RW_NEW(vacancies->cumulative, vacancies->n + 1, "partner search"));
    for (uint64_t i = 0; i < population->count; i++)
        if (vacancies->vacant[i] > 0)
            vacancies->ids[start[rw_grid_cell(grid, population, i) + 1]++] = i;
    for (uint64_t k = 0; k < vacancies->n; k++)
        vacancies->cumulative[k + 1] = vacancies->cumulative[k] + vacancies->vacant[vacancies->ids[k]];
    return RW_OK;
}

/* What the seekers of one population and cell choose from: projection and target cell, with upper bounds. */
typedef struct {
    double *cumulative; /* [n] sum of kernel bound x vacancies up to and with entry k */
    double *bound;      /* [n] upper bound of the kernel */
    uint32_t *projection;
    uint32_t *cell;
    size_t n;
} choice_table;

static void fill_table(choice_table *table, const rw_partner_search *search, uint32_t population,
                       uint32_t source_cell) {
    const rw_network *network = search->network;
    double sum = 0.0;
    table->n = 0;
    for (uint32_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        if (projection->source != population || !takes_part(projection, search->inhibitory))
            continue;
        const rw_vacancies *vacancies = &search->vacancies[projection->target];
        for (uint32_t c = 0; c < search->grid.n_cells; c++) {
            uint64_t vacant =
                vacancies->cumulative[vacancies->cell_start[c + 1]] - vacancies->cumulative[vacancies->cell_start[c]];
            double bound = rw_kernel_value(&projection->spec->search, cell_distance(&search->grid, source_cell, c));
            if (vacant == 0 || bound <= 0.0)
                continue;
            sum += bound * (double)vacant;
            table->cumulative[table->n] = sum;
            table->bound[table->n] = bound;
            table->projection[table->n] = p;
            table->cell[table->n] = c;
            table->n++;
        }
    }
}

/* First entry whose cumulative sum exceeds x. */
static size_t find_entry(const choice_table *table, double x) {
    size_t low = 0, high = table->n - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table->cumulative[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The dendrite of a cell that holds vacancy number `pick` (0 .. of the cell). */
static uint64_t find_dendrite(const rw_vacancies *vacancies, uint32_t cell, uint64_t pick) {
    uint64_t low = vacancies->cell_start[cell], high = vacancies->cell_start[cell + 1] - 1;
    pick += vacancies->cumulative[low];
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (vacancies->cumulative[middle + 1] > pick)
            high = middle;
        else
            low = middle + 1;
    }
    return vacancies->ids[low];
}

bool rw_partner_connected(const rw_network *network, const rw_projection *projection, uint64_t source,
                          uint64_t target) {
    uint64_t count = network->populations[projection->target].count;
    int owner = rw_network_owner(count, target, network->n_threads);
    uint64_t place = target - rw_network_slice(count, owner, network->n_threads).begin;
    const rw_rows *rows = &projection->rows[owner];
    const rw_synapse *row = rows->synapses + rows->start[source];
    for (uint32_t k = 0; k < rows->length[source]; k++)
        if (rw_word_target(projection->layout, row[k].word) == place)
            return true;
    return false;
}

static bool is_allowed(const rw_partner_search *search, const rw_projection *projection, const rw_seeker *seeker,
                       uint64_t target) {
    const rw_projection_spec *spec = projection->spec;
    if (!spec->autapses && projection->source == projection->target && seeker->id == target)
        return false;
    return spec->multapses || !rw_partner_connected(search->network, projection, seeker->id, target);
}

static rw_proposal choose(const rw_partner_search *search, const choice_table *table, const rw_seeker *seeker) {
    const rw_network *network = search->network;
    uint64_t who =
        (network->populations[seeker->population].first_gid + seeker->id) | (uint64_t)(seeker->element & 0xFFFFu) << 32;
    double total = table->cumulative[table->n - 1];
    for (uint32_t attempt = 0; attempt < MOST_TRIES; attempt++) {
        uint32_t object = (uint32_t)search->inhibitory | search->round << 1 | attempt << 8;
        rw_bits bits = rw_draw(rw_stream_of(network->scenario->seed, RW_PURPOSE_PARTNER, object), who, search->step);
        size_t entry = find_entry(table, rw_uniform32(bits.word[0]) * total);
        const rw_projection *projection = &network->projections[table->projection[entry]];
        const rw_vacancies *vacancies = &search->vacancies[projection->target];
        uint32_t cell = table->cell[entry];
        uint64_t in_cell =
            vacancies->cumulative[vacancies->cell_start[cell + 1]] - vacancies->cumulative[vacancies->cell_start[cell]];
        uint64_t target = find_dendrite(vacancies, cell, (uint64_t)bits.word[1] * in_cell >> 32);
        double distance = rw_network_distance(network, projection->source, seeker->id, projection->target, target);
        double kernel = rw_kernel_value(&projection->spec->search, distance);
        if (rw_uniform32(bits.word[2]) * table->bound[entry] < kernel && is_allowed(search, projection, seeker, target))
            return (rw_proposal){.projection = projection->index,
                                 .population = projection->target,
                                 .target = target,
                                 .key = bits.word[3]};
    }
    return no_partner;
}

static rw_err create_table(choice_table *table, size_t n) {
    RW_TRY(RW_NEW(table->cumulative, n, "partner search"));
    RW_TRY(RW_NEW(table->bound, n, "partner search"));
    RW_TRY(RW_NEW(table->projection, n, "partner search"));
    return RW_NEW(table->cell, n, "partner search");
}

static void destroy_table(choice_table *table) {
    rw_free(table->cumulative);
    rw_free(table->bound);
    rw_free(table->projection);
    rw_free(table->cell);
}

/* Lets the seekers [begin, end) choose; the table is made anew for each population and cell among them. */
static void propose_range(const rw_partner_search *search, choice_table *table, const rw_seeker *seekers, size_t begin,
                          size_t end, rw_proposal *proposals) {
    for (size_t s = begin; s < end; s++) {
        const rw_seeker *seeker = &seekers[s];
        if (s == begin || seeker->population != seekers[s - 1].population || seeker->cell != seekers[s - 1].cell)
            fill_table(table, search, seeker->population, seeker->cell);
        proposals[s] = table->n > 0 ? choose(search, table, seeker) : no_partner;
        proposals[s].seeker = (uint32_t)s;
    }
}

/* Below it, waking the other threads takes longer than the choices. */
enum { SEEKERS_WORTH_A_TEAM = 2048 };

rw_err rw_partner_propose(const rw_partner_search *search, const rw_seeker *seekers, size_t n, rw_proposal *proposals) {
    int n_threads = search->network->n_threads;
    choice_table *tables = NULL;
    RW_TRY(RW_NEW(tables, (size_t)n_threads, "partner search"));
    rw_err err = RW_OK;
    for (int t = 0; t < n_threads && err == RW_OK; t++)
        err = create_table(&tables[t], search->network->n_projections * search->grid.n_cells);
    if (err == RW_OK) {
#pragma omp parallel for num_threads(n_threads) schedule(static, 1) if (n >= SEEKERS_WORTH_A_TEAM)
        for (int t = 0; t < n_threads; t++)
            propose_range(search, &tables[t], seekers, n * (size_t)t / (size_t)n_threads,
                          n * ((size_t)t + 1) / (size_t)n_threads, proposals);
    }
    for (int t = 0; t < n_threads; t++)
        destroy_table(&tables[t]);
    rw_free(tables);
    return err;
}
