/* The cells of a population: their models, receptors, ports and positions. */
#ifndef RW_NET_POPULATION_H
#define RW_NET_POPULATION_H

#include "config/scenario.h"
#include "model/block.h"
#include "net/partition.h"

/* One receptor on the cells of a population. Projections under a blockade of their own act on an instance of their own,
 * and so does each GluN2 subunit, which gets its share of the weight. */
typedef struct {
    rw_block block;      /* one instance per cell */
    size_t spec;         /* index in the population's receptor specs */
    rw_glun2 subunit;    /* RW_GLUN2_COUNT: the receptor is not split by subunit */
    const bool *factors; /* [scenario->n_factors] which factors multiply its conductance */
    const bool *drugs;   /* [scenario->n_drugs] which drugs act on it */
} rw_receptor_instance;

/* A port gathers the spikes of all projections and inputs that act on a cell in the same way: its value, the summed
 * weight of what arrives in a step, goes to each sink times that sink's share. */
typedef struct {
    bool is_field; /* true: `index` is a RW_PORT field of the neuron; false: a receptor instance */
    size_t index;
    double share;
    bool graded; /* the receptor's gate is presynaptic: the port carries weight x jump instead of weight */
} rw_sink;

typedef struct {
    rw_sink *sinks;
    size_t n_sinks;
    bool by_arrival; /* its projections are gathered in fan-outs (fan_outs.h) */
} rw_port;

typedef struct {
    const rw_population_spec *spec;
    uint64_t first_gid, count;
    rw_block neuron; /* empty for virtual cells */
    rw_receptor_instance *receptors;
    size_t n_receptors;
    rw_port *ports;
    size_t n_ports;
    double *position_um[3]; /* [count] each; NULL in dimensions the space does not have */
} rw_population;

/* Creates cells and positions of population `index`, whose spec and count are set; receptors and ports come later.
 * Errors: RW_ERR_INPUT with the population's name and mark, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_population_create(rw_population *population, const rw_scenario *scenario,
                                          const rw_partition *partition, uint32_t index);

/* Frees what a population owns; a zeroed one is fine. */
void rw_population_destroy(rw_population *population, int dimensions);

#endif
