#include "net/positions.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "net/space.h"

static void place_randomly(const rw_scenario *scenario, rw_population *population, uint32_t index) {
    rw_stream stream = rw_stream_of(scenario->seed, RW_PURPOSE_POSITION, index);
    for (uint64_t id = 0; id < population->count; id++) {
        for (int d = 0; d < scenario->dimensions; d++) {
            rw_bits bits = rw_draw(stream, id, (uint64_t)d);
            population->position_um[d][id] = scenario->size_um[d] * rw_uniform64(bits.word[0], bits.word[1]);
        }
    }
}

/* The coarsest regular lattice with a point for every cell: the side with the widest spacing is divided further until
 * it has. */
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

rw_err rw_positions_create(rw_population *population, const rw_scenario *scenario, uint32_t index) {
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

void rw_population_position(const rw_population *population, uint64_t id, double *at_um) {
    for (int d = 0; d < 3; d++)
        at_um[d] = population->position_um[d] != NULL ? population->position_um[d][id] : 0.0;
}

double rw_population_distance(const rw_scenario *scenario, const rw_population *population_a, uint64_t a,
                              const rw_population *population_b, uint64_t b) {
    double a_um[3], b_um[3];
    rw_population_position(population_a, a, a_um);
    rw_population_position(population_b, b, b_um);
    return rw_space_distance(scenario, a_um, b_um);
}
