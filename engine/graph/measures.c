#include "graph/measures.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "config/render.h"
#include "graph/census.h"
#include "graph/graph.h"

/* A graph of at most WHOLE cells is measured from all of them, a larger one from SAMPLED drawn cells. */
enum { WHOLE = 1000, SAMPLED = 200, SAMPLE_SELECTION = 1 << 22 };

struct rw_measures {
    const rw_network *network;
    const rw_projection *projection;
    bool which[RW_MEASURE_KINDS];
    bool graph; /* one of which is of the graph */
    rw_measured *values;
    size_t n_values, next; /* of the values: where the next one goes */
    rw_changes changes;
    rw_blocks blocks;
    uint32_t *in, *out; /* [cells] degrees */
    double bins[RW_DISTANCE_BINS], bin_um, sum_um, sum_um2;
    uint64_t n; /* synapses of the sample */
    rw_pair *pairs;
    uint64_t n_pairs, pairs_room;
    uint64_t *cells; /* from which the graph is measured */
    rw_graph_sample sample;
};

/* ---- the values ---- */

RW_PRINTF(4, 5)
static rw_err declare(rw_measures *m, const char *unit, const char *description, const char *name, ...) {
    va_list arguments;
    RW_TRY(RW_GROW(m->values, m->n_values, m->n_values + 1, "measures"));
    rw_measured *added = &m->values[m->n_values++];
    *added = (rw_measured){.unit = unit, .description = description, .value = NAN};
    va_start(arguments, name);
    (void)vsnprintf(added->name, sizeof added->name, name, arguments);
    va_end(arguments);
    return RW_OK;
}

static rw_err declare_blocks(rw_measures *m) {
    const rw_blocks *blocks = &m->blocks;
    const rw_projection_spec *spec = m->projection->spec;
    const char *unit = rw_shares_unit(&m->network->scenario->populations[spec->target], spec->shares, spec->n_shares);
    for (size_t a = 0; a < blocks->from.n; a++)
        for (size_t b = 0; b < blocks->to.n; b++) {
            RW_TRY(declare(m, "1", "synapses per pair of cells, from the first group to the second",
                           "groups/%s/%s/density", blocks->from.names[a], blocks->to.names[b]));
            RW_TRY(declare(m, unit, "summed weight per pair of cells, from the first group to the second",
                           "groups/%s/%s/weight", blocks->from.names[a], blocks->to.names[b]));
        }
    for (size_t g = 1; g < blocks->to.n && spec->source == spec->target; g++) {
        RW_TRY(declare(m, "1",
                       "assembly: synapses per pair of its cells / synapses per pair of which one cell is in it",
                       "assemblies/%s/cohesion", blocks->to.names[g]));
        RW_TRY(declare(m, "1", "assembly: weight per pair of its cells / weight per pair of which one cell is in it",
                       "assemblies/%s/strength", blocks->to.names[g]));
    }
    return RW_OK;
}

static rw_err declare_graph(rw_measures *m) {
    if (m->which[RW_MEASURE_RECIPROCITY])
        RW_TRY(declare(m, "1", "share of the connections whose reverse is there, too", "reciprocity"));
    if (m->which[RW_MEASURE_CLUSTERING] || m->which[RW_MEASURE_SMALL_WORLD])
        RW_TRY(declare(m, "1", "share of the pairs of a cell's neighbours that are neighbours, mean of the cells",
                       "clustering"));
    if (m->which[RW_MEASURE_MODULARITY]) {
        RW_TRY(declare(m, "1", "modularity of the communities that the method of Louvain finds", "modularity"));
        RW_TRY(declare(m, "1", "number of these communities", "communities"));
    }
    if (!m->which[RW_MEASURE_SMALL_WORLD])
        return RW_OK;
    RW_TRY(declare(m, "1", "connections on the shortest way between cells, mean of the pairs that are joined",
                   "path_length"));
    RW_TRY(declare(m, "1", "share of the pairs of cells that are joined by a way", "joined"));
    RW_TRY(declare(m, "1", "clustering of a random graph with as many cells and connections", "clustering_random"));
    RW_TRY(declare(m, "1", "path length of that random graph", "path_length_random"));
    return declare(m, "1", "(clustering / clustering_random) / (path_length / path_length_random)", "small_world");
}

static rw_err declare_all(rw_measures *m) {
    if (m->which[RW_MEASURE_TURNOVER]) {
        RW_TRY(declare(m, "1", "synapses that were not there at the last sample; NaN at the first", "gained"));
        RW_TRY(declare(m, "1", "synapses of the last sample that are gone; NaN at the first", "lost"));
        RW_TRY(declare(m, "1", "(gained + lost) / (2 x mean synapses) between samples; NaN at the first", "turnover"));
    }
    if (m->which[RW_MEASURE_RETURNED]) {
        RW_TRY(declare(m, "1", "synapses of the reference (lost_since) that are gone", "lost_since"));
        RW_TRY(declare(m, "1", "share of these at whose pair of cells a synapse formed since is there", "returned"));
        RW_TRY(declare(m, "1", "the same if the synapses formed since were at any pairs", "returned_by_chance"));
    }
    if (m->which[RW_MEASURE_DEGREES]) {
        RW_TRY(declare(m, "1", "synapses onto a cell, mean", "in_degree_mean"));
        RW_TRY(declare(m, "1", "synapses onto a cell, standard deviation between cells", "in_degree_sd"));
        RW_TRY(declare(m, "1", "synapses from a cell, mean", "out_degree_mean"));
        RW_TRY(declare(m, "1", "synapses from a cell, standard deviation between cells", "out_degree_sd"));
    }
    if (m->which[RW_MEASURE_DISTANCES]) {
        RW_TRY(declare(m, "um", "distance of the cells of a synapse, mean", "distance_mean"));
        RW_TRY(declare(m, "um", "distance of the cells of a synapse, standard deviation", "distance_sd"));
    }
    if (m->which[RW_MEASURE_GROUPS])
        RW_TRY(declare_blocks(m));
    return declare_graph(m);
}

static void give(rw_measures *m, double value) {
    RW_ASSERT(m->next < m->n_values);
    m->values[m->next++].value = value;
}

/* ---- preparing ---- */

/* What is measured of this projection: graphs only where they are within a population. */
static rw_err choose(rw_measures *m) {
    const rw_measures_spec *spec = &m->network->scenario->record.measures;
    memcpy(m->which, spec->which, sizeof m->which);
    for (size_t k = RW_MEASURE_RECIPROCITY; k < RW_MEASURE_KINDS; k++) {
        m->which[k] = m->which[k] && m->projection->source == m->projection->target;
        m->graph = m->graph || m->which[k];
        RW_CHECK(!m->which[k] || rw_graph_library() != NULL, RW_ERR_INPUT,
                 "record.measures.which: %s is not available: this rewire was built without igraph; install igraph "
                 "(Debian: libigraph-dev) and build again, or leave it out",
                 rw_measure_names[k]);
    }
    return RW_OK;
}

static rw_err prepare_graph(rw_measures *m) {
    const uint64_t count = m->network->populations[m->projection->source].count;
    rw_selection selection = {RW_SELECT_ALL, count, NULL};
    if (count > WHOLE)
        selection = (rw_selection){RW_SELECT_RANDOM, SAMPLED, NULL};
    RW_TRY(rw_network_select(m->network, m->projection->source, &selection,
                             (uint32_t)(SAMPLE_SELECTION + m->projection->index), &m->cells));
    m->sample = (rw_graph_sample){m->cells, selection.count};
    return RW_OK;
}

/* Half the diagonal of a periodic space, or the diagonal of another: no distance is larger. */
static double largest_distance_um(const rw_scenario *scenario) {
    double square = 0.0;
    for (int d = 0; d < scenario->dimensions; d++)
        square += scenario->size_um[d] * scenario->size_um[d];
    return sqrt(square) * (scenario->periodic ? 0.5 : 1.0);
}

static rw_err prepare(rw_measures *m) {
    const rw_network *network = m->network;
    const uint64_t n_sources = network->populations[m->projection->source].count;
    RW_TRY(choose(m));
    RW_TRY(rw_changes_create(&m->changes, n_sources));
    RW_TRY(RW_NEW(m->in, network->populations[m->projection->target].count, "degrees"));
    RW_TRY(RW_NEW(m->out, n_sources, "degrees"));
    m->bin_um = largest_distance_um(network->scenario) / RW_DISTANCE_BINS;
    if (m->which[RW_MEASURE_GROUPS])
        RW_TRY(rw_blocks_create(&m->blocks, network, m->projection));
    if (m->graph)
        RW_TRY(prepare_graph(m));
    return declare_all(m);
}

rw_err rw_measures_create(rw_measures **measures, const rw_network *network, size_t index) {
    RW_TRY(RW_NEW(*measures, 1, "measures"));
    (*measures)->network = network;
    (*measures)->projection = &network->projections[index];
    rw_err err = prepare(*measures);
    if (err != RW_OK)
        rw_measures_destroy(measures);
    return err;
}

void rw_measures_destroy(rw_measures **measures) {
    if (*measures == NULL)
        return;
    rw_changes_destroy(&(*measures)->changes);
    rw_blocks_destroy(&(*measures)->blocks);
    rw_free((*measures)->in);
    rw_free((*measures)->out);
    rw_free((*measures)->pairs);
    rw_free((*measures)->cells);
    rw_free((*measures)->values);
    rw_free(*measures);
    *measures = NULL;
}

/* ---- taking the synapses ---- */

static void begin(rw_measures *m) {
    const rw_population *populations = m->network->populations;
    m->n = m->n_pairs = 0;
    m->sum_um = m->sum_um2 = 0.0;
    memset(m->bins, 0, sizeof m->bins);
    memset(m->in, 0, populations[m->projection->target].count * sizeof *m->in);
    memset(m->out, 0, populations[m->projection->source].count * sizeof *m->out);
    rw_changes_begin(&m->changes);
    if (m->which[RW_MEASURE_GROUPS])
        rw_blocks_begin(&m->blocks);
}

static void take_distances(rw_measures *m, const rw_edge *edges, uint64_t n) {
    for (uint64_t i = 0; i < n; i++) {
        double um = rw_network_distance(m->network, m->projection->source, edges[i].source, m->projection->target,
                                        edges[i].target);
        size_t bin = (size_t)(um / m->bin_um);
        m->sum_um += um;
        m->sum_um2 += um * um;
        m->bins[bin < RW_DISTANCE_BINS ? bin : RW_DISTANCE_BINS - 1]++;
    }
}

/* Several synapses of a pair are neighbours in the order of files. */
static rw_err take_pairs(rw_measures *m, const rw_edge *edges, uint64_t n) {
    if (m->n_pairs + n > m->pairs_room) {
        uint64_t room = m->n_pairs + n + m->pairs_room / 2;
        RW_TRY(RW_GROW(m->pairs, m->pairs_room, room, "graph"));
        m->pairs_room = room;
    }
    for (uint64_t i = 0; i < n; i++) {
        const rw_pair pair = {(uint32_t)edges[i].source, (uint32_t)edges[i].target};
        const rw_pair *last = m->n_pairs > 0 ? &m->pairs[m->n_pairs - 1] : NULL;
        if (last == NULL || last->source != pair.source || last->target != pair.target)
            m->pairs[m->n_pairs++] = pair;
    }
    return RW_OK;
}

static rw_err take(void *self, const rw_edge *edges, uint64_t n) {
    rw_measures *m = self;
    m->n += n;
    rw_changes_take(&m->changes, edges, n);
    for (uint64_t i = 0; i < n; i++) {
        m->out[edges[i].source]++;
        m->in[edges[i].target]++;
    }
    if (m->which[RW_MEASURE_DISTANCES])
        take_distances(m, edges, n);
    if (m->which[RW_MEASURE_GROUPS])
        rw_blocks_take(&m->blocks, edges, n);
    return m->graph ? take_pairs(m, edges, n) : RW_OK;
}

/* ---- the results ---- */

static void give_turnover(rw_measures *m) {
    const rw_changes *changes = &m->changes;
    const bool interval = changes->sampled != 0;
    const double gained = interval ? (double)changes->n_new : NAN;
    const double lost = interval ? (double)(changes->last + changes->n_new - changes->n) : NAN;
    give(m, gained);
    give(m, lost);
    give(m, (gained + lost) / ((double)changes->last + (double)changes->n));
}

static void give_returned(rw_measures *m) {
    const rw_changes *changes = &m->changes;
    const uint64_t n_sources = m->network->populations[m->projection->source].count;
    const uint64_t n_targets = m->network->populations[m->projection->target].count;
    const bool itself = m->projection->source == m->projection->target && !m->projection->spec->autapses;
    const double pairs = (double)n_sources * (double)(n_targets - itself);
    const bool known = changes->remembers != 0 && changes->n_lost > 0;
    give(m, changes->remembers != 0 ? (double)changes->n_lost : NAN);
    give(m, known ? (double)changes->n_returned / (double)changes->n_lost : NAN);
    give(m, known ? -expm1(-(double)changes->n_since / pairs) : NAN);
}

static void give_degrees(rw_measures *m, const uint32_t *degrees, uint64_t cells) {
    uint64_t sum = 0;
    double squares = 0.0;
    for (uint64_t i = 0; i < cells; i++)
        sum += degrees[i];
    const double mean = (double)sum / (double)cells;
    for (uint64_t i = 0; i < cells; i++)
        squares += (degrees[i] - mean) * (degrees[i] - mean);
    give(m, mean);
    give(m, sqrt(squares / (double)cells));
}

static void give_distances(rw_measures *m) {
    const double mean = m->sum_um / (double)m->n;
    give(m, mean);
    give(m, sqrt(fmax(0.0, m->sum_um2 / (double)m->n - mean * mean)));
}

static void give_blocks(rw_measures *m) {
    const rw_blocks *blocks = &m->blocks;
    for (size_t i = 0; i < blocks->from.n * blocks->to.n; i++) {
        give(m, (double)blocks->count[i] / blocks->pairs[i]);
        give(m, blocks->weight[i] / blocks->pairs[i]);
    }
    for (size_t g = 1; g < blocks->to.n && m->projection->source == m->projection->target; g++) {
        give(m, rw_blocks_cohesion(blocks, g, false));
        give(m, rw_blocks_cohesion(blocks, g, true));
    }
}

/* Small-world index after Humphries & Gurney 2008. */
static rw_err give_small_world(rw_measures *m, const rw_graph *graph, double clustering) {
    rw_graph *random = NULL;
    double length = NAN, joined = NAN, random_clustering = NAN, random_length = NAN, random_joined = NAN;
    RW_TRY(rw_graph_path_length(graph, m->sample, &length, &joined));
    RW_TRY(rw_graph_create_random(&random, graph, m->network->scenario->seed));
    rw_err err = rw_graph_clustering(random, m->sample, &random_clustering);
    if (err == RW_OK)
        err = rw_graph_path_length(random, m->sample, &random_length, &random_joined);
    rw_graph_destroy(&random);
    give(m, length);
    give(m, joined);
    give(m, random_clustering);
    give(m, random_length);
    give(m, random_clustering > 0.0 ? clustering / random_clustering / (length / random_length) : NAN);
    return err;
}

static rw_err give_graph(rw_measures *m, const rw_graph *graph) {
    double value = NAN, communities = NAN;
    if (m->which[RW_MEASURE_RECIPROCITY]) {
        RW_TRY(rw_graph_reciprocity(graph, &value));
        give(m, value);
    }
    if (m->which[RW_MEASURE_CLUSTERING] || m->which[RW_MEASURE_SMALL_WORLD]) {
        RW_TRY(rw_graph_clustering(graph, m->sample, &value));
        give(m, value);
    }
    const double clustering = value;
    if (m->which[RW_MEASURE_MODULARITY]) {
        RW_TRY(rw_graph_modularity(graph, m->network->scenario->seed, &value, &communities));
        give(m, value);
        give(m, communities);
    }
    return m->which[RW_MEASURE_SMALL_WORLD] ? give_small_world(m, graph, clustering) : RW_OK;
}

static rw_err finish(rw_measures *m, uint64_t step) {
    const rw_population *populations = m->network->populations;
    m->next = 0;
    if (m->which[RW_MEASURE_TURNOVER])
        give_turnover(m);
    rw_changes_end(&m->changes, step >= m->network->scenario->record.measures.lost_since_steps);
    if (m->which[RW_MEASURE_RETURNED])
        give_returned(m);
    if (m->which[RW_MEASURE_DEGREES]) {
        give_degrees(m, m->in, populations[m->projection->target].count);
        give_degrees(m, m->out, populations[m->projection->source].count);
    }
    if (m->which[RW_MEASURE_DISTANCES])
        give_distances(m);
    if (m->which[RW_MEASURE_GROUPS])
        give_blocks(m);
    if (!m->graph)
        return RW_OK;
    rw_graph *graph = NULL;
    RW_TRY(rw_graph_create(&graph, m->pairs, m->n_pairs, populations[m->projection->source].count));
    rw_err err = give_graph(m, graph);
    rw_graph_destroy(&graph);
    return err;
}

rw_err rw_measures_sample(rw_measures *measures, uint64_t step) {
    const rw_network *network = measures->network;
    rw_edge *edges = NULL;
    RW_TRY(rw_projection_edges(network, measures->projection, &edges));
    begin(measures);
    rw_err err =
        rw_edges_to_first(network->comm, edges, rw_projection_count(network, measures->projection), take, measures);
    rw_free(edges);
    RW_TRY(err);
    return rw_comm_agree(network->comm, rw_comm_rank(network->comm) == 0 ? finish(measures, step) : RW_OK);
}

rw_err rw_measures_note(rw_measures *measures, const rw_edge_event *event) {
    return measures->which[RW_MEASURE_RETURNED] ? rw_changes_note(&measures->changes, event) : RW_OK;
}

const rw_measured *rw_measures_values(const rw_measures *measures, size_t *n) {
    *n = measures->n_values;
    return measures->values;
}

const double *rw_measures_distances(const rw_measures *measures, double *bin_um) {
    *bin_um = measures->bin_um;
    return measures->which[RW_MEASURE_DISTANCES] ? measures->bins : NULL;
}

rw_err rw_measures_archive(rw_measures *measures, const rw_archive *archive) {
    const char *name = measures->projection->spec->name;
    return rw_changes_archive(&measures->changes, archive, rw_archive_path_of("recorders/measures/%s", name).text);
}
