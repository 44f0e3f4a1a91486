/* What the connectivity is like at a time, as numbers with names. Of a projection: how much of it changed, degrees,
 * distances, groups of cells, and its graph; of several projections together: their graph. Which of them, the scenario
 * says (record.measures).
 *
 * Rank 0 measures; it gets the synapses portion by portion in the order of files, by (target, source, uid), and sums in
 * that order. A graph it must hold as a whole. */
#ifndef RW_GRAPH_MEASURES_H
#define RW_GRAPH_MEASURES_H

#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Bins of the histogram of distances. */
#define RW_DISTANCE_BINS 20

/* One number, as of the last sample. */
typedef struct {
    char name[192]; /* a path: reciprocity, groups/engram/rest/density */
    const char *unit, *description;
    double value;
} rw_measured;

/* The measures of one projection, or of a graph of several. */
typedef struct rw_measures rw_measures;

/* Whether this build has the measures that a scenario requires. Errors: RW_ERR_INPUT (no igraph) with the place.
 */
RW_MUST_CHECK rw_err rw_measures_available(const rw_scenario *scenario);

/* Prepares the measures of projection `index`, one that record.measures names. Errors: RW_ERR_INPUT (a cell in two
 * groups), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measures_create(rw_measures **measures, const rw_network *network, size_t index);

/* Prepares the measures of graph `index` of record.measures.graphs. Errors: RW_ERR_INPUT (too many cells),
 * RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measures_create_graph(rw_measures **measures, const rw_network *network, size_t index);

/* Frees them; *measures may be NULL and becomes NULL. */
void rw_measures_destroy(rw_measures **measures);

/* Measures the synapses as they are at `step`. Weights must be settled. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measures_sample(rw_measures *measures, uint64_t step);

/* Tells them of a synapse that appeared or vanished, of any projection. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_measures_note(rw_measures *measures, const rw_edge_event *event);

/* What they are called in results: the name of the projection or of the graph. */
const char *rw_measures_name(const rw_measures *measures);

/* The numbers [*n], of which rank 0 knows the values. */
const rw_measured *rw_measures_values(const rw_measures *measures, size_t *n);

/* Synapses in equal bins [RW_DISTANCE_BINS] of the distance of their cells and the width of a bin in um, or NULL if
 * distances are not measured. */
const double *rw_measures_distances(const rw_measures *measures, double *bin_um);

/* Saves or restores what is known of earlier samples. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_measures_archive(rw_measures *measures, const rw_archive *archive);

#endif
