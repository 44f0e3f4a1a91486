/* distance: each pair with probability p x kernel(d).
 *
 * Exact at any range, without looking at every pair: sources are sorted into cells of space. For a target no source of
 * a cell is nearer than the cell's near side, so p x kernel there bounds their probabilities; candidates are chosen
 * with that bound by an exponential clock that runs on from cell to cell, and kept with the ratio to the true value. */
#include <string.h>

#include "net/building/connect.h"
#include "net/building/skip.h"
#include "net/population.h"

enum { CELL_SOURCES = 8 }; /* of a cell, at least, on average */

/* Sources by cell: cell c = (z n_y + y) n_x + x has ids[first[c]] .. ids[first[c + 1] - 1]. */
struct rw_grid {
    uint64_t n[3];
    double width_um[3];
    uint64_t n_cells;
    uint64_t *first;
    uint32_t *ids;
};

/* A cell's width is half the kernel's, but a cell should have some sources. */
static void choose_cells(const rw_connection *c, struct rw_grid *grid) {
    const rw_scenario *scenario = c->network->scenario;
    const rw_kernel *kernel = &c->spec->kernel;
    double reach = kernel->kind == RW_KERNEL_NONE ? kernel->cutoff_um : fmin(kernel->sigma_um, kernel->cutoff_um);
    double width = 0.5 * reach;
    do {
        grid->n_cells = 1;
        for (int d = 0; d < 3; d++) {
            double cells = d < scenario->dimensions && isfinite(width) ? floor(scenario->size_um[d] / width) : 1.0;
            grid->n[d] = (uint64_t)fmin(fmax(cells, 1.0), 65536.0);
            grid->width_um[d] = d < scenario->dimensions ? scenario->size_um[d] / (double)grid->n[d] : 0.0;
            grid->n_cells *= grid->n[d];
        }
        width *= 1.25;
    } while (grid->n_cells > c->n_sources / CELL_SOURCES + 1);
}

static uint64_t cell_of(const rw_connection *c, const struct rw_grid *grid, uint64_t source) {
    const rw_population *population = &c->network->populations[c->projection->source];
    uint64_t cell = 0;
    for (int d = c->network->scenario->dimensions - 1; d >= 0; d--) {
        uint64_t at = (uint64_t)(population->position_um[d][source] / grid->width_um[d]);
        cell = cell * grid->n[d] + (at < grid->n[d] ? at : grid->n[d] - 1);
    }
    return cell;
}

static rw_err sort_sources(const rw_connection *c, struct rw_grid *grid) {
    RW_TRY(RW_NEW(grid->first, grid->n_cells + 2, "grid"));
    RW_TRY(RW_NEW(grid->ids, c->n_sources, "grid"));
    for (uint64_t source = 0; source < c->n_sources; source++)
        grid->first[cell_of(c, grid, source) + 2]++;
    for (uint64_t cell = 0; cell < grid->n_cells; cell++)
        grid->first[cell + 2] += grid->first[cell + 1];
    for (uint64_t source = 0; source < c->n_sources; source++) /* moves each entry up to the cell's end */
        grid->ids[grid->first[cell_of(c, grid, source) + 1]++] = (uint32_t)source;
    return RW_OK;
}

static rw_err check_inside(const rw_connection *c, uint32_t index) {
    const rw_scenario *scenario = c->network->scenario;
    const rw_population *population = &c->network->populations[index];
    for (int d = 0; d < scenario->dimensions; d++)
        for (uint64_t id = 0; id < population->count; id++)
            RW_CHECK(population->position_um[d][id] >= 0.0 && population->position_um[d][id] <= scenario->size_um[d],
                     RW_ERR_INPUT, "%s: cell %llu of population '%s' lies outside the space; enlarge its size",
                     RW_CONNECTION_PLACE(c), (unsigned long long)id, population->spec->name);
    return RW_OK;
}

static rw_err prepare_distance(rw_connection *c) {
    RW_CHECK(c->network->scenario->dimensions > 0, RW_ERR_INPUT,
             "%s: the rule 'distance' needs places; say `space: {size: [...]}`", RW_CONNECTION_PLACE(c));
    RW_TRY(check_inside(c, c->projection->source));
    RW_TRY(check_inside(c, c->projection->target));
    RW_TRY(RW_NEW(c->grid, 1, "grid"));
    choose_cells(c, c->grid);
    return sort_sources(c, c->grid);
}

void rw_grid_destroy(struct rw_grid **grid) {
    if (*grid == NULL)
        return;
    rw_free((*grid)->first);
    rw_free((*grid)->ids);
    rw_free(*grid);
    *grid = NULL;
}

/* The candidates of one target: exponential waiting times, and uniforms that decide. */
typedef struct {
    rw_stream stream;
    uint64_t target, when;
    uint32_t used;
    double waits[RW_BATCH], decisions[RW_BATCH];
} candidates;

static void refill(candidates *next) {
    rw_batch batch;
    double waits[2 * RW_BATCH];
    rw_batch_draw(&batch, next->stream, next->target, next->when);
    rw_batch_exponentials(&batch, waits);
    for (uint32_t k = 0; k < RW_BATCH; k++) {
        next->waits[k] = waits[k];
        next->decisions[k] = rw_uniform64(batch.word[2][k], batch.word[3][k]);
    }
    next->when += RW_BATCH;
    next->used = 0;
}

/* Least distance along one dimension from x to the cells 0 .. n - 1, squared, a little less to be safe from rounding.
 */
static void near_sides(const rw_scenario *scenario, int d, const struct rw_grid *grid, double x, double *square) {
    double size = scenario->size_um[d];
    for (uint64_t i = 0; i < grid->n[d]; i++) {
        double low = (double)i * grid->width_um[d], high = low + grid->width_um[d];
        double along = fmax(fmax(low - x, x - high), 0.0);
        if (scenario->periodic && along > 0.0)
            along = fmin(along, fmin(size - fabs(low - x), size - fabs(high - x)));
        along = fmax(along - 1e-9 * size, 0.0);
        square[i] = along * along;
    }
}

/* Lists the sources of one cell; `bound` >= the probability of each of them. Returns the new number listed. */
static uint64_t list_cell(rw_pass *pass, candidates *next, uint64_t cell, uint64_t target, double bound, uint64_t n) {
    const rw_connection *c = pass->connection;
    const struct rw_grid *grid = c->grid;
    uint64_t member = grid->first[cell], end = grid->first[cell + 1];
    double hazard = rw_skip_rate(bound);
    while (member < end) {
        double *wait = &next->waits[next->used];
        if (*wait >= hazard * (double)(end - member)) {
            *wait -= hazard * (double)(end - member);
            break;
        }
        member += (uint64_t)(*wait / hazard);
        if (member >= end)
            break; /* rounding at the very end of the cell */
        uint64_t source = grid->ids[member++];
        double distance_um =
            rw_network_distance(c->network, c->projection->source, source, c->projection->target, target);
        double p = c->spec->p * rw_kernel_value(&c->spec->kernel, distance_um);
        pass->list[n] = (uint32_t)source;
        n += next->decisions[next->used] * bound < p && (source != target || !c->within || c->spec->autapses);
        if (++next->used == RW_BATCH)
            refill(next);
    }
    return n;
}

static uint64_t list_sources(rw_pass *pass, uint64_t target, double *const *square) {
    const rw_connection *c = pass->connection;
    const rw_scenario *scenario = c->network->scenario;
    const struct rw_grid *grid = c->grid;
    const rw_population *population = &c->network->populations[c->projection->target];
    for (int d = 0; d < scenario->dimensions; d++)
        near_sides(scenario, d, grid, population->position_um[d][target], square[d]);
    candidates next = {.stream = c->edge_stream, .target = target};
    refill(&next);
    uint64_t n = 0;
    for (uint64_t cell = 0; cell < grid->n_cells; cell++) {
        uint64_t x = cell % grid->n[0], y = cell / grid->n[0] % grid->n[1], z = cell / grid->n[0] / grid->n[1];
        double near_um = sqrt(square[0][x] + square[1][y] + square[2][z]);
        double bound = c->spec->p * rw_kernel_value(&c->spec->kernel, near_um);
        if (bound > 0.0)
            n = list_cell(pass, &next, cell, target, bound, n);
    }
    return n;
}

static rw_err list_distance(rw_pass *pass) {
    const struct rw_grid *grid = pass->connection->grid;
    double *squares = NULL;
    RW_TRY(rw_pass_reserve(pass, pass->connection->n_sources));
    RW_TRY(RW_NEW(squares, grid->n[0] + grid->n[1] + grid->n[2], "grid"));
    double *const square[3] = {squares, squares + grid->n[0], squares + grid->n[0] + grid->n[1]};
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        rw_pass_column(pass, target, pass->list, list_sources(pass, target, square));
    rw_free(squares);
    return RW_OK;
}

const rw_rule rw_rule_distance = {.prepare = prepare_distance, .list = list_distance};
