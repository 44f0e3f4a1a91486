/* Scenarios for tests, written in C. Everything lives in the builder; what is not said is zero or the usual default. */
#ifndef RW_TESTS_NETWORK_BUILDER_H
#define RW_TESTS_NETWORK_BUILDER_H

#include <math.h>
#include <string.h>

#include "close.h"
#include "model/registry.h"
#include "net/network.h"

enum { BUILDER_MAX = 16 };

typedef struct {
    rw_scenario scenario;
    rw_population_spec populations[BUILDER_MAX];
    rw_projection_spec projections[BUILDER_MAX];
    rw_input_spec inputs[BUILDER_MAX];
    rw_factor_spec factors[BUILDER_MAX];
    rw_model_spec receptors[BUILDER_MAX][BUILDER_MAX]; /* of each population */
    rw_share shares[2 * BUILDER_MAX][BUILDER_MAX];     /* of each projection, then of each input */
    bool on_population[BUILDER_MAX][BUILDER_MAX], on_projection[BUILDER_MAX][BUILDER_MAX];
    char names[2 * BUILDER_MAX][16];
} network_builder;

static inline rw_value builder_value(rw_value_kind kind, double a, double b) {
    return (rw_value){.kind = kind, .a = a, .b = b, .min = -INFINITY, .max = INFINITY};
}

static inline rw_value builder_constant(double a) {
    return builder_value(RW_CONSTANT, a, 0.0);
}

/* An empty scenario with steps of 0.1 ms and seed 1. */
static inline void builder_start(network_builder *builder) {
    memset(builder, 0, sizeof *builder);
    builder->scenario = (rw_scenario){.path = "test",
                                      .seed = 1,
                                      .step_ms = 0.1,

                                      .max_rate_hz = 1000.0,
                                      .populations = builder->populations,
                                      .projections = builder->projections,
                                      .inputs = builder->inputs,
                                      .factors = builder->factors};
}

/* A space of dimensions 2 (size_z 0) or 3. */
static inline void builder_space(network_builder *builder, double size_x, double size_y, double size_z, bool periodic) {
    builder->scenario.dimensions = size_z > 0.0 ? 3 : 2;
    builder->scenario.size_um[0] = size_x;
    builder->scenario.size_um[1] = size_y;
    builder->scenario.size_um[2] = size_z;
    builder->scenario.periodic = periodic;
}

/* Adds a population of cells of a neuron model (NULL: virtual cells) and returns its index. */
static inline uint32_t builder_population(network_builder *builder, const char *model, uint64_t count) {
    uint32_t index = (uint32_t)builder->scenario.n_populations++;
    assert_in_range(index, 0, BUILDER_MAX - 1);
    char *name = builder->names[index];
    memcpy(name, "population ", 11);
    name[11] = (char)('A' + index);
    builder->populations[index] = (rw_population_spec){
        .name = name,
        .model = model != NULL ? rw_registry_find(RW_NEURON, model) : NULL,
        .count = count,
        .receptors = builder->receptors[index],
    };
    assert_true(model == NULL || builder->populations[index].model != NULL);
    return index;
}

/* Adds a receptor to a population and returns its index there. */
static inline size_t builder_receptor(network_builder *builder, uint32_t population, const char *model) {
    size_t index = builder->populations[population].n_receptors++;
    builder->receptors[population][index] = (rw_model_spec){.model = rw_registry_find(RW_RECEPTOR, model)};
    assert_non_null(builder->receptors[population][index].model);
    return index;
}

/* Adds a projection of weight 1 and delay 1 ms without shares. */
static inline rw_projection_spec *builder_projection(network_builder *builder, uint32_t source, uint32_t target,
                                                     rw_connect_rule rule) {
    size_t index = builder->scenario.n_projections++;
    assert_in_range(index, 0, BUILDER_MAX - 1);
    char *name = builder->names[BUILDER_MAX + index];
    memcpy(name, "projection ", 11);
    name[11] = (char)('a' + index);
    builder->projections[index] = (rw_projection_spec){.name = name,
                                                       .source = source,
                                                       .target = target,
                                                       .rule = rule,
                                                       .kernel = {.cutoff_um = INFINITY},
                                                       .search = {.cutoff_um = INFINITY},
                                                       .weight = builder_constant(1.0),
                                                       .delay_ms = builder_constant(1.0),
                                                       .shares = builder->shares[index]};
    return &builder->projections[index];
}

/* Lets a projection act on a port field (receptor false) or a receptor of its target. */
static inline void builder_share(network_builder *builder, rw_projection_spec *spec, bool receptor, size_t index,
                                 double share) {
    builder->shares[spec - builder->projections][spec->n_shares++] = (rw_share){!receptor, index, share};
}

/* Adds a Poisson input without shares. */
static inline rw_input_spec *builder_poisson(network_builder *builder, uint32_t target) {
    size_t index = builder->scenario.n_inputs++;
    builder->inputs[index] = (rw_input_spec){.kind = RW_INPUT_POISSON,
                                             .target = target,
                                             .targets = {.count = builder->populations[target].count},
                                             .scale = builder_constant(1.0),
                                             .weight = 1.0,
                                             .shares = builder->shares[BUILDER_MAX + index]};
    return &builder->inputs[index];
}

/* Lets an input act on a port field (receptor false) or a receptor of its target. */
static inline void builder_input_share(network_builder *builder, rw_input_spec *spec, bool receptor, size_t index,
                                       double share) {
    builder->shares[BUILDER_MAX + (spec - builder->inputs)][spec->n_shares++] = (rw_share){!receptor, index, share};
}

/* Adds a blockade of a receptor that acts on nothing yet: set on_population / on_projection in the builder. */
static inline size_t builder_blockade(network_builder *builder, const char *receptor) {
    size_t index = builder->scenario.n_factors++;
    builder->factors[index] = (rw_factor_spec){.receptor = rw_registry_find(RW_RECEPTOR, receptor),
                                               .on = {builder->on_population[index], builder->on_projection[index]}};
    assert_non_null(builder->factors[index].receptor);
    return index;
}

#endif
