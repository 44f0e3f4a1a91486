/* Synapses within and between groups of cells. A sample is taken portion by portion, between a begin and its results.
 */
#ifndef RW_GRAPH_GROUPS_H
#define RW_GRAPH_GROUPS_H

#include "net/edges/edge.h"
#include "net/network.h"

/* Which group each cell of a population belongs to. Group 0 are the cells that no group names. */
typedef struct {
    const char **names; /* [n] the first is "rest", or the population's name if it has no groups */
    uint64_t *sizes;    /* [n] */
    size_t n;
    uint16_t *of; /* [count of the population] */
} rw_division;

/* Divides a population by the scenario's groups. Errors: RW_ERR_INPUT (a cell in two), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_division_create(rw_division *division, const rw_network *network, uint32_t population);

/* Frees what is there; a zeroed one is fine. */
void rw_division_destroy(rw_division *division);

/* Synapses from each group of sources to each of targets. */
typedef struct {
    rw_division from, to;
    double *pairs;   /* [from.n x to.n] pairs of cells that a synapse may connect */
    uint64_t *count; /* [from.n x to.n] synapses */
    double *weight;  /* [from.n x to.n] their weights, summed */
} rw_blocks;

/* Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_blocks_create(rw_blocks *blocks, const rw_network *network, const rw_projection *projection);

/* Frees what is there; zeroed ones are fine. */
void rw_blocks_destroy(rw_blocks *blocks);

/* Begins a sample. */
void rw_blocks_begin(rw_blocks *blocks);

/* Takes synapses of the sample. */
void rw_blocks_take(rw_blocks *blocks, const rw_edge *edges, uint64_t n);

/* How many times more synapses (or, by weight, how much more weight) a pair of cells of group g has than a pair of
 * which one cell is in g; for a projection within a population. */
double rw_blocks_cohesion(const rw_blocks *blocks, size_t g, bool by_weight);

#endif
