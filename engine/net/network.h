/* Who exists and who is connected.
 *
 * Neurons are numbered by gid, population after population, and divided between the threads of all ranks (partition.h).
 * A rank has the synapses onto its own cells only. Columns of cells are as long as the population, so that an id is an
 * index everywhere, but only those of the rank's own cells take memory and are valid; rank 0, which writes the files,
 * has all, and what changes in a run is valid there after rw_partition_gather. */
#ifndef RW_NET_NETWORK_H
#define RW_NET_NETWORK_H

#include "config/scenario.h"
#include "model/block.h"
#include "net/adjacency/adjacency.h"
#include "net/partition.h"
#include "net/plasticity.h"

/* One receptor on the cells of a population. Projections under a blockade of their own act on an instance of their own,
 * and so does each GluN2 subunit, which gets its share of the weight. */
typedef struct {
    rw_block block;      /* one instance per cell */
    size_t spec;         /* index in the population's receptor specs */
    rw_glun2 subunit;    /* RW_GLUN2_COUNT: not told apart */
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

#define RW_NO_PORT UINT32_MAX

typedef struct {
    const rw_projection_spec *spec;
    uint32_t index;
    uint32_t source, target;       /* populations */
    uint64_t n_sources, n_targets; /* their cells */
    uint32_t port;                 /* of the target: gets weights (RW_NO_PORT: none) */
    uint32_t graded_port;          /* of the target: gets weight x presynaptic jump (RW_NO_PORT: none) */
    uint32_t min_delay, max_delay; /* steps, >= 1 */
    rw_packing packing;            /* how a packed target splits into delay class and target */
    rw_adjacency *adjacency;       /* [n_threads] */
    bool numbered; /* synapses carry serial numbers: they come, go or are cut, or their plasticity draws numbers */
    uint32_t *next_serial; /* [source count] serial number of the source's next synapse; NULL unless numbered */
    rw_plasticity plasticity;
} rw_projection;

typedef struct rw_network {
    const rw_scenario *scenario;
    rw_partition partition;
    uint64_t n_neurons;
    rw_population *populations;
    size_t n_populations;
    rw_projection *projections;
    size_t n_projections;
    uint32_t min_delay, max_delay; /* steps, over all projections; both >= 1 */
    uint32_t *input_ports;         /* [scenario->n_inputs] of the target population; RW_NO_PORT: not a Poisson input */
} rw_network;

/* Builds this rank's part of the network: the cells, their places, and the synapses onto the slices of its n_threads >=
 * 1 workers. The result is the same network for any number of ranks and threads; n_threads is the same on all ranks.
 * Spike and edge tables of the scenario must have been loaded. `scenario` must outlive the network.
 * Errors: RW_ERR_INPUT (a rule that cannot be met, more synapses than a slice can name or memory can hold),
 * RW_ERR_SYSTEM (memory). Collective. */
RW_MUST_CHECK rw_err rw_network_create_part(rw_network **network, const rw_scenario *scenario, const rw_comm *comm,
                                            int n_threads);

/* The same for a process that is alone. */
RW_MUST_CHECK rw_err rw_network_create(rw_network **network, const rw_scenario *scenario, int n_threads);

/* One typical instance of a receptor of a population: constants as set, distributions at their mean, and what the
 * subunit (RW_GLUN2_COUNT: none) changes. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_receptor_typical(rw_block *block, const rw_scenario *scenario,
                                         const rw_population_spec *population, size_t receptor, rw_glun2 subunit);

/* Synapses that a projection will have at the start; a mean where the rule draws their number. */
double rw_projection_expected(const rw_scenario *scenario, const rw_projection_spec *spec);

/* Memory of the network on each of n_ranks with n_threads, bytes, predicted from the scenario alone. */
double rw_network_predicted_bytes(const rw_scenario *scenario, int n_ranks, int n_threads);

/* What rank 0 needs beyond that, because it keeps the columns of all cells, bytes. */
double rw_network_predicted_extra_bytes(const rw_scenario *scenario, int n_ranks);

/* Frees the network; *network may be NULL and becomes NULL. */
void rw_network_destroy(rw_network **network);

/* Makes a block for the cells of a population, with memory for those that this rank keeps. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_network_create_block(const rw_network *network, uint32_t population, const rw_model *model,
                                             rw_block *block);

/* The ids [selection->count] that a selection means in population `population`; `what` tells selections apart that draw
 * at random. Free with rw_free. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_network_select(const rw_network *network, uint32_t population, const rw_selection *selection,
                                       uint32_t what, uint64_t **ids);

/* Distance in um between two places [dimensions]; periodic if the space is. 0 without space. */
double rw_space_distance(const rw_scenario *scenario, const double *a_um, const double *b_um);

/* The distances of n pairs of places, in um: from_um and to_um [dimensions][n]. The bits are those of
 * rw_space_distance. */
void rw_space_distances(const rw_scenario *scenario, const double *const *from_um, const double *const *to_um, size_t n,
                        double *distance_um);

/* Where a cell is: at_um [3], 0 in dimensions the space does not have. */
void rw_population_position(const rw_population *population, uint64_t id, double *at_um);

/* Distance in um between two cells; periodic if the space is. 0 without space. */
double rw_network_distance(const rw_network *network, uint32_t population_a, uint64_t a, uint32_t population_b,
                           uint64_t b);

/* Live synapses of a projection onto the cells of this rank. */
uint64_t rw_projection_count(const rw_network *network, const rw_projection *projection);

/* Memory of a projection on this rank, bytes: synapses, rows, slack and serial numbers. */
double rw_projection_bytes(const rw_network *network, const rw_projection *projection);

/* Live synapses of a projection on all ranks. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_total(const rw_network *network, const rw_projection *projection, uint64_t *total);

/* One synapse, as it is written to files. */
typedef struct {
    uint64_t uid;            /* source gid << 32 | serial: unique in its projection for the whole run, never reused */
    uint64_t source, target; /* ids inside their populations */
    float weight;            /* with which it acts */
    uint32_t delay_steps;
    uint64_t slot; /* in the pool of its worker */
} rw_edge;

/* The live synapses of a projection onto the cells of this rank, ascending by (target, source, uid): edges
 * [rw_projection_count]. Those of the ranks, one after the other, are those of the network. Free with rw_free. Many at
 * a time are listed by edge_slabs.h. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_edges(const rw_network *network, const rw_projection *projection, rw_edge **edges);

/* Replaces the synapses of a structural projection by edges [n], ascending by (source, target, uid), without
 * what plasticity keeps of them; next_serial stays.
 * Errors: RW_ERR_SYSTEM; RW_ERR_INPUT (a cell that does not exist, edges out of order). The rows are then undefined. */
RW_MUST_CHECK rw_err rw_projection_replace(rw_network *network, rw_projection *projection, const rw_edge *edges,
                                           uint64_t n);

/* A number that is equal, all but surely, only for equal synapses: of source, target, weight and delay of each, on any
 * ranks and threads. Weights do not count without `weights`. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_projection_digest(const rw_network *network, const rw_projection *projection, bool weights,
                                          uint64_t *digest);

/* The same for the places of the cells of population `index`. */
uint64_t rw_population_digest(const rw_network *network, uint32_t index);

/* Weight with which a synapse acts, in a slot of a thread's pool: its own times the factor of its target. */
float rw_synapse_weight(const rw_network *network, const rw_projection *projection, int thread, uint64_t slot);

/* Value of `kernel` at distance_um, 0 .. 1. */
double rw_kernel_value(const rw_kernel *kernel, double distance_um);

/* Values [n] of a kernel each at a distance each; n <= RW_CHUNK. The bits are those of rw_kernel_value. */
void rw_kernel_values(const rw_kernel *const *kernels, const double *distance_um, size_t n, double *values);

/* Draw number `who` of a value: the same whoever asks. `when` (below 2^32) tells repeated draws of the same thing
 * apart. A value whose range is never met in 65536 draws is its nearest bound. */
double rw_value_draw(const rw_value *value, rw_stream stream, uint64_t who, uint64_t when);

/* A delay as whole steps, 1 .. 2^31. */
uint32_t rw_delay_steps(double delay_ms, double step_ms);

#endif
