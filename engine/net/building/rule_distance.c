#include "net/building/rule_distance.h"

#include <math.h>

#include "base/memory.h"
#include "net/building/skip.h"
#include "net/distance_kernel.h"
#include "net/draw_batch.h"
#include "net/positions.h"
#include "net/spatial_grid.h"

enum { BOX_SOURCES = 8 }; /* of a box, at least, on average */

/* A box is half as wide as the kernel, but a box should have some sources. */
static rw_spatial_grid choose_boxes(const rw_connection *c) {
    const rw_scenario *scenario = c->scenario;
    const rw_kernel *kernel = &c->spec->kernel;
    double reach = kernel->kind == RW_KERNEL_NONE ? kernel->cutoff_um : fmin(kernel->sigma_um, kernel->cutoff_um);
    double width = 0.5 * reach;
    uint32_t n[3];
    uint64_t n_boxes;
    do {
        n_boxes = 1;
        for (int d = 0; d < 3; d++) {
            double boxes = d < scenario->dimensions && isfinite(width) ? floor(scenario->size_um[d] / width) : 1.0;
            n[d] = (uint32_t)fmin(fmax(boxes, 1.0), 65536.0);
            n_boxes *= n[d];
        }
        width *= 1.25;
    } while (n_boxes > c->n_sources / BOX_SOURCES + 1);
    return rw_spatial_grid_create(scenario, n, RW_GRID_X_FASTEST);
}

static rw_err sort_sources(rw_connection *c) {
    const rw_population *population = c->source;
    uint32_t *indices = NULL, n = (uint32_t)c->n_sources;
    RW_TRY(RW_NEW(c->box_first, (size_t)c->grid.n_boxes + 2, "grid"));
    RW_TRY(RW_NEW(c->box_sources, n, "grid"));
    RW_TRY(RW_NEW(indices, n, "grid"));
    for (uint32_t source = 0; source < n; source++) {
        double at_um[3];
        rw_population_position(population, source, at_um);
        indices[source] = rw_spatial_grid_box(&c->grid, at_um);
    }
    rw_counting_sort(indices, n, c->grid.n_boxes, c->box_first);
    for (uint32_t source = 0; source < n; source++)
        c->box_sources[indices[source]] = source;
    rw_free(indices);
    return RW_OK;
}

static rw_err check_inside(const rw_connection *c, const rw_population *population) {
    const rw_scenario *scenario = c->scenario;
    for (int d = 0; d < scenario->dimensions; d++)
        for (uint64_t id = 0; id < population->count; id++)
            RW_CHECK(population->position_um[d][id] >= 0.0 && population->position_um[d][id] <= scenario->size_um[d],
                     RW_ERR_INPUT, "%s: cell %llu of population '%s' lies outside the space; enlarge its size",
                     RW_CONNECTION_TEXT(c), (unsigned long long)id, population->spec->name);
    return RW_OK;
}

static rw_err prepare_distance(rw_connection *c) {
    RW_CHECK(c->scenario->dimensions > 0, RW_ERR_INPUT,
             "%s: the rule 'distance' needs places; say `space: {size: [...]}`", RW_CONNECTION_TEXT(c));
    RW_TRY(check_inside(c, c->source));
    RW_TRY(check_inside(c, c->target));
    c->grid = choose_boxes(c);
    return sort_sources(c);
}

/* The candidates of one target: exponential waiting times, and uniforms that decide. */
typedef struct {
    rw_stream stream;
    uint64_t target, when;
    uint32_t used;
    double waits[RW_DRAW_BATCH], decisions[RW_DRAW_BATCH];
} candidates;

static void refill(candidates *next) {
    rw_draw_batch batch;
    double waits[2 * RW_DRAW_BATCH];
    rw_draw_batch_fill(&batch, next->stream, next->target, next->when);
    rw_draw_batch_exponentials(&batch, waits);
    for (uint32_t k = 0; k < RW_DRAW_BATCH; k++) {
        next->waits[k] = waits[k];
        next->decisions[k] = rw_uniform64(batch.word[2][k], batch.word[3][k]);
    }
    next->when += RW_DRAW_BATCH;
    next->used = 0;
}

/* Least distance along one dimension from x to the boxes 0 .. n - 1, squared, and a little less, to be safe from
 * rounding. */
static void near_sides(const rw_scenario *scenario, int d, const rw_spatial_grid *grid, double x, double *square) {
    double size = scenario->size_um[d];
    for (uint32_t i = 0; i < grid->n[d]; i++) {
        double low = (double)i * grid->side_um[d], high = low + grid->side_um[d];
        double along = fmax(fmax(low - x, x - high), 0.0);
        if (scenario->periodic && along > 0.0)
            along = fmin(along, fmin(size - fabs(low - x), size - fabs(high - x)));
        along = fmax(along - 1e-9 * size, 0.0);
        square[i] = along * along;
    }
}

/* Lists the sources of one box; `bound` >= the probability of each of them. Returns the new number listed. */
static uint64_t list_box(rw_pass *pass, candidates *next, uint32_t box, uint64_t target, double bound, uint64_t n) {
    const rw_connection *c = pass->connection;
    uint64_t member = c->box_first[box], end = c->box_first[box + 1];
    double hazard = rw_skip_rate(bound);
    while (member < end) {
        double *wait = &next->waits[next->used];
        if (*wait >= hazard * (double)(end - member)) {
            *wait -= hazard * (double)(end - member);
            break;
        }
        member += (uint64_t)(*wait / hazard);
        if (member >= end)
            break; /* rounding at the very end of the box */
        uint64_t source = c->box_sources[member++];
        double distance_um = rw_population_distance(c->scenario, c->source, source, c->target, target);
        double p = c->spec->p * rw_kernel_value(&c->spec->kernel, distance_um);
        pass->list[n] = (uint32_t)source;
        n += next->decisions[next->used] * bound < p && (source != target || !c->within || c->spec->autapses);
        if (++next->used == RW_DRAW_BATCH)
            refill(next);
    }
    return n;
}

static uint64_t list_sources(rw_pass *pass, uint64_t target, double *const *square) {
    const rw_connection *c = pass->connection;
    const rw_scenario *scenario = c->scenario;
    const rw_spatial_grid *grid = &c->grid;
    const rw_population *population = c->target;
    for (int d = 0; d < scenario->dimensions; d++)
        near_sides(scenario, d, grid, population->position_um[d][target], square[d]);
    candidates next = {.stream = c->edge_stream, .target = target};
    refill(&next);
    uint64_t n = 0;
    for (uint32_t box = 0; box < grid->n_boxes; box++) {
        uint32_t x = box % grid->n[0], y = box / grid->n[0] % grid->n[1], z = box / grid->n[0] / grid->n[1];
        double near_um = sqrt(square[0][x] + square[1][y] + square[2][z]);
        double bound = c->spec->p * rw_kernel_value(&c->spec->kernel, near_um);
        if (bound > 0.0)
            n = list_box(pass, &next, box, target, bound, n);
    }
    return n;
}

static rw_err list_distance(rw_pass *pass) {
    const rw_spatial_grid *grid = &pass->connection->grid;
    double *squares = NULL;
    RW_TRY(rw_pass_reserve(pass, pass->connection->n_sources));
    RW_TRY(RW_NEW(squares, (size_t)grid->n[0] + grid->n[1] + grid->n[2], "grid"));
    double *const square[3] = {squares, squares + grid->n[0], squares + grid->n[0] + grid->n[1]};
    for (uint64_t target = pass->slice.begin; target < pass->slice.end; target++)
        rw_pass_column(pass, target, pass->list, list_sources(pass, target, square));
    rw_free(squares);
    return RW_OK;
}

const rw_rule rw_rule_distance = {.prepare = prepare_distance, .list = list_distance};
