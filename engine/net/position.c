/* Where cells are, and how far apart. */
#include <string.h>

#include "net/population.h"

static void place_randomly(const rw_scenario *scenario, rw_population *population, uint32_t index) {
    rw_stream stream = rw_stream_of(scenario->seed, RW_PURPOSE_POSITION, index);
    for (uint64_t id = 0; id < population->count; id++) {
        for (int d = 0; d < scenario->dimensions; d++) {
            rw_bits bits = rw_draw(stream, id, (uint64_t)d);
            population->position_um[d][id] = scenario->size_um[d] * rw_uniform64(bits.word[0], bits.word[1]);
        }
    }
}

/* The coarsest regular lattice with a place for every cell: the widest gap is halved, thirded, ... until it has. */
static void lattice(const rw_scenario *scenario, uint64_t count, uint64_t *n) {
    int dimensions = scenario->dimensions;
    for (int d = 0; d < 3; d++)
        n[d] = 1;
    while (n[0] * n[1] * n[2] < count) {
        int widest = 0;
        for (int d = 1; d < dimensions; d++)
            if (scenario->size_um[d] / (double)n[d] > scenario->size_um[widest] / (double)n[widest])
                widest = d;
        n[widest]++;
    }
}

static void place_on_grid(const rw_scenario *scenario, rw_population *population) {
    uint64_t n[3];
    lattice(scenario, population->count, n);
    for (uint64_t id = 0; id < population->count; id++) {
        uint64_t rest = id;
        for (int d = 0; d < scenario->dimensions; d++) {
            population->position_um[d][id] = ((double)(rest % n[d]) + 0.5) * scenario->size_um[d] / (double)n[d];
            rest /= n[d];
        }
    }
}

rw_err rw_population_place(rw_network *network, uint32_t index) {
    const rw_scenario *scenario = network->scenario;
    rw_population *population = &network->populations[index];
    for (int d = 0; d < scenario->dimensions; d++)
        RW_TRY(RW_NEW(population->position_um[d], population->count, "positions"));
    switch (population->spec->position) {
    case RW_POSITION_RANDOM:
        place_randomly(scenario, population, index);
        break;
    case RW_POSITION_GRID:
        place_on_grid(scenario, population);
        break;
    case RW_POSITION_TABLE:
        for (int d = 0; d < scenario->dimensions; d++)
            if (population->count > 0)
                memcpy(population->position_um[d], population->spec->position_um[d],
                       population->count * sizeof(double));
        break;
    }
    return RW_OK;
}

/* Adds the squares of the distances of n pairs of places along one side, `period_um` long or infinite. */
RW_KERNEL_BODY void add_squares(const double *from_um, const double *to_um, size_t n, double period_um,
                                double *square) {
#pragma omp simd
    for (size_t k = 0; k < n; k++) {
        double along = fabs(from_um[k] - to_um[k]);
        along = along > 0.5 * period_um ? period_um - along : along;
        square[k] += along * along;
    }
}

RW_KERNEL void rw_space_distances(const rw_scenario *scenario, const double *const *from_um, const double *const *to_um,
                                  size_t n, double *distance_um) {
    memset(distance_um, 0, n * sizeof *distance_um);
    for (int d = 0; d < scenario->dimensions; d++)
        add_squares(from_um[d], to_um[d], n, scenario->periodic ? scenario->size_um[d] : INFINITY, distance_um);
#pragma omp simd
    for (size_t k = 0; k < n; k++)
        distance_um[k] = sqrt(distance_um[k]);
}

double rw_space_distance(const rw_scenario *scenario, const double *a_um, const double *b_um) {
    double square = 0.0;
    for (int d = 0; d < scenario->dimensions; d++)
        add_squares(&a_um[d], &b_um[d], 1, scenario->periodic ? scenario->size_um[d] : INFINITY, &square);
    return sqrt(square);
}

void rw_population_position(const rw_population *population, uint64_t id, double *at_um) {
    for (int d = 0; d < 3; d++)
        at_um[d] = population->position_um[d] != NULL ? population->position_um[d][id] : 0.0;
}

double rw_network_distance(const rw_network *network, uint32_t population_a, uint64_t a, uint32_t population_b,
                           uint64_t b) {
    double a_um[3], b_um[3];
    rw_population_position(&network->populations[population_a], a, a_um);
    rw_population_position(&network->populations[population_b], b, b_um);
    return rw_space_distance(network->scenario, a_um, b_um);
}
