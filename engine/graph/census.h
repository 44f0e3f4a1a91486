/* The parts of the measures, for measures.c. Each takes the synapses of a sample portion by portion, between a begin,
 * which forgets the last sample, and its results. */
#ifndef RW_GRAPH_CENSUS_H
#define RW_GRAPH_CENSUS_H

#include "config/series_catalogue.h"
#include "graph/graph.h"
#include "graph/measures.h"
#include "net/edges/edge.h"
#include "sim/run_state/archive.h"

/* ---- values.c: the numbers, given in the order of their declaration ---- */

typedef struct {
    rw_measured *list; /* [n] */
    size_t n, next;    /* next: where the next one goes */
} rw_values;

/* Adds a number of the catalogue that is not known yet. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_values_declare(rw_values *values, rw_series series);

/* The same of groups of cells: `parts` replace the braces in the name of the series; unit NULL: the catalogue's. */
RW_MUST_CHECK rw_err rw_values_declare_of(rw_values *values, rw_series series, const char *const *parts, size_t n_parts,
                                          const char *unit);

/* Tells the next number. */
void rw_values_give(rw_values *values, double value);

/* ---- changes.c: which synapses are new, which are gone, and which came back ---- */

/* Serial numbers of a source only rise. So what a source had at an earlier time are its synapses below a mark. */
typedef struct {
    uint64_t n_sources;
    uint32_t *seen;     /* [n_sources] marks at the last sample */
    uint32_t *seeing;   /* [n_sources] marks of the sample being taken */
    uint64_t last;      /* synapses at the last sample */
    uint64_t sampled;   /* 1: there was one */
    uint64_t n, n_new;  /* of the sample being taken: all, and those above the last marks */
    uint64_t remembers; /* 1: there is a reference, of which losses are told */
    uint32_t *before;   /* [n_sources] marks at the reference */
    uint64_t *lost;     /* [n_lost] target << 32 | source of the synapses of the reference that are gone */
    uint64_t n_lost, lost_room;
    uint64_t next, n_since,
        n_returned; /* the place in `lost` so far; new since the reference; of these, at lost pairs */
} rw_changes;

/* Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_changes_create(rw_changes *changes, uint64_t n_sources);

/* Frees what is there; zeroed ones are fine. */
void rw_changes_destroy(rw_changes *changes);

/* Begins a sample. */
void rw_changes_begin(rw_changes *changes);

/* Takes synapses of the sample. */
void rw_changes_take(rw_changes *changes, const rw_edge *edges, uint64_t n);

/* Ends a sample, which is then the last one; `refer`: it becomes the reference, if there is none yet. */
void rw_changes_end(rw_changes *changes, bool refer);

/* Takes a synapse that appeared or vanished. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_changes_note(rw_changes *changes, const rw_edge_event *event);

/* Saves or restores what is known of earlier samples, under a path. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_changes_archive(rw_changes *changes, const rw_archive *archive, const char *path);

/* ---- groups.c: synapses within and between groups of cells ---- */

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

/* ---- wiring.c: the graph of some projections ---- */

/* Its cells are those of all populations that the projections join, one population after the other. */
typedef struct {
    const rw_network *network;
    bool which[RW_MEASURE_KINDS];
    bool *joins;     /* [n_populations] */
    uint64_t *first; /* [n_populations] number of the first cell of each population */
    uint64_t n_cells;
    uint64_t *cells; /* from which the graph is measured */
    rw_graph_sample sample;
    rw_pair *pairs; /* [n] of the sample being taken */
    uint64_t n, room;
} rw_wiring;

/* Prepares the graph of projections of [n_projections]; `what` keys the cells that are drawn. Errors: RW_ERR_INPUT (too
 * many cells), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_create(rw_wiring *wiring, const rw_network *network, const bool *of, uint32_t what);

/* Frees what is there; a zeroed one is fine. */
void rw_wiring_destroy(rw_wiring *wiring);

/* Declares the numbers that the scenario asks for. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_declare(const rw_wiring *wiring, rw_values *values);

/* Begins a sample. */
void rw_wiring_begin(rw_wiring *wiring);

/* Takes synapses of a projection. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_take(rw_wiring *wiring, const rw_projection *projection, const rw_edge *edges,
                                    uint64_t n);

/* Ends a sample and tells its numbers. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_wiring_give(rw_wiring *wiring, rw_values *values);

#endif
