#include "sim/rewiring/partner.h"

#include <math.h>
#include <string.h>

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

void rw_vacancies_destroy(rw_vacancies *vacancies) {
    rw_free(vacancies->ids);
    rw_free(vacancies->cumulative);
    rw_free(vacancies->cell_start);
    rw_free(vacancies->vacant);
    rw_free(vacancies->cells);
    *vacancies = (rw_vacancies){0};
}

rw_err rw_vacancies_sort(rw_vacancies *vacancies, const rw_grid *grid, const rw_population *population) {
    rw_free(vacancies->ids);
    rw_free(vacancies->cumulative);
    rw_free(vacancies->cell_start);
    rw_free(vacancies->cells);
    vacancies->ids = NULL;
    vacancies->cumulative = NULL;
    vacancies->cells = NULL;
    RW_TRY(RW_NEW(vacancies->cells, grid->n_cells, "partner search"));
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
    rw_vacancies_narrow(vacancies, grid);
    return RW_OK;
}

static rw_vacant_cell vacant_cell(const rw_grid *grid, uint32_t cell, uint64_t vacant) {
    rw_vacant_cell it = {.cell = cell, .vacant = vacant};
    for (int d = grid->dimensions - 1; d >= 0; d--) {
        it.at[d] = cell % grid->n[d];
        cell /= grid->n[d];
    }
    return it;
}

void rw_vacancies_narrow(rw_vacancies *vacancies, const rw_grid *grid) {
    uint64_t left = 0, *cumulative = vacancies->cumulative;
    vacancies->n_cells = 0;
    for (uint32_t c = 0; c < grid->n_cells; c++) {
        uint64_t begin = vacancies->cell_start[c], end = vacancies->cell_start[c + 1], first = left;
        vacancies->cell_start[c] = left;
        for (uint64_t k = begin; k < end; k++) {
            uint64_t id = vacancies->ids[k];
            vacancies->ids[left] = id;
            cumulative[left + 1] = cumulative[left] + vacancies->vacant[id];
            left += vacancies->vacant[id] > 0;
        }
        if (left > first)
            vacancies->cells[vacancies->n_cells++] = vacant_cell(grid, c, cumulative[left] - cumulative[first]);
    }
    vacancies->cell_start[grid->n_cells] = left;
    vacancies->n = left;
}

rw_err rw_seekers_sort(rw_seeker *seekers, size_t n, uint32_t n_populations, const rw_grid *grid) {
    size_t *end = NULL; /* of the seekers of each population and cell */
    rw_seeker *sorted = NULL;
    RW_TRY(RW_NEW(end, (size_t)n_populations * grid->n_cells + 1, "partner search"));
    rw_err err = RW_NEW(sorted, n, "partner search");
    for (size_t s = 0; s < n && err == RW_OK; s++)
        end[(size_t)seekers[s].population * grid->n_cells + seekers[s].cell + 1]++;
    for (size_t k = 0; k < (size_t)n_populations * grid->n_cells; k++)
        end[k + 1] += end[k];
    for (size_t s = 0; s < n && err == RW_OK; s++)
        sorted[end[(size_t)seekers[s].population * grid->n_cells + seekers[s].cell]++] = seekers[s];
    if (n > 0 && err == RW_OK)
        memcpy(seekers, sorted, n * sizeof *seekers);
    rw_free(end);
    rw_free(sorted);
    return err;
}

void rw_partner_prefetch(const rw_network *network, const rw_projection *projection, uint64_t source, uint64_t target) {
    int thread = rw_network_thread_of(network, projection->target, target);
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    rw_rows_prefetch(&projection->rows[thread], source, (uint32_t)(target - first));
}

bool rw_partner_connected(const rw_network *network, const rw_projection *projection, uint64_t source,
                          uint64_t target) {
    int thread = rw_network_thread_of(network, projection->target, target);
    RW_ASSERT(thread >= 0);
    /* all delays are equal, so the word is the target */
    uint32_t word = (uint32_t)(target - rw_network_thread_slice(network, projection->target, thread).begin);
    const rw_rows *rows = &projection->rows[thread];
    uint64_t end = rw_rows_end(rows, source);
    for (uint64_t k = rw_rows_search(rows, source, word); k < end && rows->synapses[k].word == word; k++)
        if (rw_rows_holds(rows, k))
            return true;
    return false;
}
