#include "graph/measures.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "config/sections/measures_section.h"
#include "config/shares.h"
#include "graph/changes.h"
#include "graph/groups.h"
#include "graph/measured_values.h"
#include "graph/wiring.h"
#include "net/edges/edge.h"
#include "net/edges/edge_slabs.h"
#include "net/positions.h"

struct rw_measures {
    const rw_network *network;
    const char *name;
    const rw_projection *projection; /* NULL: several, of which only the graph is measured */
    bool *of;                        /* [n_projections] what is measured */
    bool which[RW_MEASURE_KINDS];    /* of the projection, but for its graph */
    bool graph;
    rw_values values;
    rw_changes changes;
    rw_blocks blocks;
    rw_wiring wiring;
    uint32_t *in, *out; /* [cells] degrees */
    double bins[RW_DISTANCE_BINS], bin_um, sum_um, sum_um2;
    uint64_t n; /* synapses of the sample */
};

/* ---- the values ---- */

static rw_err declare_blocks(rw_measures *m) {
    const rw_blocks *blocks = &m->blocks;
    const rw_projection_spec *spec = m->projection->spec;
    const char *unit = rw_shares_unit(&m->network->scenario->populations[spec->target], spec->shares, spec->n_shares);
    for (size_t a = 0; a < blocks->from.n; a++)
        for (size_t b = 0; b < blocks->to.n; b++) {
            const char *const pair[] = {blocks->from.names[a], blocks->to.names[b]};
            RW_TRY(rw_values_declare_of(&m->values, RW_SERIES_GROUP_DENSITY, pair, 2, NULL));
            RW_TRY(rw_values_declare_of(&m->values, RW_SERIES_GROUP_WEIGHT, pair, 2, unit));
        }
    for (size_t g = 1; g < blocks->to.n && spec->source == spec->target; g++) {
        RW_TRY(rw_values_declare_of(&m->values, RW_SERIES_COHESION, &blocks->to.names[g], 1, NULL));
        RW_TRY(rw_values_declare_of(&m->values, RW_SERIES_STRENGTH, &blocks->to.names[g], 1, NULL));
    }
    return RW_OK;
}

static rw_err declare_projection(rw_measures *m) {
    static const struct {
        rw_measure_kind kind;
        rw_series series;
    } declared[] = {
        {RW_MEASURE_TURNOVER, RW_SERIES_GAINED},          {RW_MEASURE_TURNOVER, RW_SERIES_LOST},
        {RW_MEASURE_TURNOVER, RW_SERIES_SAMPLE_TURNOVER}, {RW_MEASURE_RETURNED, RW_SERIES_LOST_SINCE},
        {RW_MEASURE_RETURNED, RW_SERIES_RETURNED},        {RW_MEASURE_RETURNED, RW_SERIES_RETURNED_BY_CHANCE},
        {RW_MEASURE_DEGREES, RW_SERIES_IN_DEGREE_MEAN},   {RW_MEASURE_DEGREES, RW_SERIES_IN_DEGREE_SD},
        {RW_MEASURE_DEGREES, RW_SERIES_OUT_DEGREE_MEAN},  {RW_MEASURE_DEGREES, RW_SERIES_OUT_DEGREE_SD},
        {RW_MEASURE_DISTANCES, RW_SERIES_DISTANCE_MEAN},  {RW_MEASURE_DISTANCES, RW_SERIES_DISTANCE_SD}};
    for (size_t i = 0; i < RW_COUNT(declared); i++)
        if (m->which[declared[i].kind])
            RW_TRY(rw_values_declare(&m->values, declared[i].series));
    return m->which[RW_MEASURE_GROUPS] ? declare_blocks(m) : RW_OK;
}

/* ---- preparing ---- */

rw_err rw_measures_available(const rw_scenario *scenario) {
    const rw_measures_spec *spec = &scenario->record.measures;
    for (size_t k = RW_MEASURE_RECIPROCITY; k < RW_MEASURE_KINDS; k++)
        RW_CHECK(!spec->which[k] || rw_graph_library() != NULL, RW_ERR_INPUT,
                 "%s:%u:%u: record.measures.which: %s is not available: this rewire was built without igraph; install "
                 "igraph (Debian: libigraph-dev) and build again, or leave it out",
                 spec->which_mark.file, spec->which_mark.line, spec->which_mark.column, rw_measure_names[k]);
    return RW_OK;
}

static bool asks_for_graphs(const rw_measures_spec *spec) {
    for (size_t k = RW_MEASURE_RECIPROCITY; k < RW_MEASURE_KINDS; k++)
        if (spec->which[k])
            return true;
    return false;
}

/* Half the diagonal of a periodic space, or the diagonal of another: no distance is larger. */
static double largest_distance_um(const rw_scenario *scenario) {
    double square = 0.0;
    for (int d = 0; d < scenario->dimensions; d++)
        square += scenario->size_um[d] * scenario->size_um[d];
    return sqrt(square) * (scenario->periodic ? 0.5 : 1.0);
}

/* The graph of what is measured, after all else. */
static rw_err prepare_graph(rw_measures *m, uint32_t what) {
    m->graph = true;
    RW_TRY(rw_wiring_create(&m->wiring, m->network, m->of, what));
    return rw_wiring_declare(&m->wiring, &m->values);
}

/* A graph only of what is within a population. */
static rw_err prepare_projection(rw_measures *m) {
    const rw_network *network = m->network;
    const rw_measures_spec *spec = &network->scenario->record.measures;
    const uint64_t n_sources = network->populations[m->projection->source].count;
    memcpy(m->which, spec->which, RW_MEASURE_RECIPROCITY * sizeof *m->which);
    RW_TRY(RW_NEW(m->of, network->n_projections, "measures"));
    m->of[m->projection->index] = true;
    RW_TRY(rw_changes_create(&m->changes, n_sources));
    RW_TRY(RW_NEW(m->in, network->populations[m->projection->target].count, "degrees"));
    RW_TRY(RW_NEW(m->out, n_sources, "degrees"));
    m->bin_um = largest_distance_um(network->scenario) / RW_DISTANCE_BINS;
    if (m->which[RW_MEASURE_GROUPS])
        RW_TRY(rw_blocks_create(&m->blocks, network, m->projection));
    RW_TRY(declare_projection(m));
    const bool within = m->projection->source == m->projection->target;
    return within && asks_for_graphs(spec) ? prepare_graph(m, (uint32_t)m->projection->index) : RW_OK;
}

static rw_err prepare_several(rw_measures *m, size_t index) {
    const rw_network *network = m->network;
    RW_TRY(RW_NEW(m->of, network->n_projections, "measures"));
    memcpy(m->of, network->scenario->record.measures.graphs[index].of, network->n_projections * sizeof *m->of);
    return prepare_graph(m, (uint32_t)(network->n_projections + index));
}

rw_err rw_measures_create(rw_measures **measures, const rw_network *network, size_t index) {
    RW_TRY(RW_NEW(*measures, 1, "measures"));
    (*measures)->network = network;
    (*measures)->projection = &network->projections[index];
    (*measures)->name = (*measures)->projection->spec->name;
    rw_err err = prepare_projection(*measures);
    if (err != RW_OK)
        rw_measures_destroy(measures);
    return err;
}

rw_err rw_measures_create_graph(rw_measures **measures, const rw_network *network, size_t index) {
    RW_TRY(RW_NEW(*measures, 1, "measures"));
    (*measures)->network = network;
    (*measures)->name = network->scenario->record.measures.graphs[index].name;
    rw_err err = prepare_several(*measures, index);
    if (err != RW_OK)
        rw_measures_destroy(measures);
    return err;
}

void rw_measures_destroy(rw_measures **measures) {
    if (*measures == NULL)
        return;
    rw_changes_destroy(&(*measures)->changes);
    rw_blocks_destroy(&(*measures)->blocks);
    rw_wiring_destroy(&(*measures)->wiring);
    rw_free((*measures)->in);
    rw_free((*measures)->out);
    rw_free((*measures)->of);
    rw_free((*measures)->values.list);
    rw_free(*measures);
    *measures = NULL;
}

/* ---- taking the synapses ---- */

static void begin_projection(rw_measures *m) {
    const rw_population *populations = m->network->populations;
    m->n = 0;
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
        double um =
            rw_population_distance(m->network->scenario, &m->network->populations[m->projection->source],
                                   edges[i].source, &m->network->populations[m->projection->target], edges[i].target);
        size_t bin = (size_t)(um / m->bin_um);
        m->sum_um += um;
        m->sum_um2 += um * um;
        m->bins[bin < RW_DISTANCE_BINS ? bin : RW_DISTANCE_BINS - 1]++;
    }
}

static void take_projection(rw_measures *m, const rw_edge *edges, uint64_t n) {
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
}

/* Whom a portion of synapses goes to. */
typedef struct {
    rw_measures *measures;
    const rw_projection *projection;
} taker;

static rw_err take(void *self, const rw_edge *edges, uint64_t n) {
    const taker *to = self;
    if (to->measures->projection != NULL)
        take_projection(to->measures, edges, n);
    return to->measures->graph ? rw_wiring_take(&to->measures->wiring, to->projection, edges, n) : RW_OK;
}

/* ---- the results ---- */

static void give_turnover(rw_measures *m) {
    const rw_changes *changes = &m->changes;
    const bool interval = changes->sampled != 0;
    const double gained = interval ? (double)changes->n_new : NAN;
    const double lost = interval ? (double)(changes->last + changes->n_new - changes->n) : NAN;
    rw_values_give(&m->values, gained);
    rw_values_give(&m->values, lost);
    rw_values_give(&m->values, (gained + lost) / ((double)changes->last + (double)changes->n));
}

static void give_returned(rw_measures *m) {
    const rw_changes *changes = &m->changes;
    const uint64_t n_sources = m->network->populations[m->projection->source].count;
    const uint64_t n_targets = m->network->populations[m->projection->target].count;
    const bool itself = m->projection->source == m->projection->target && !m->projection->spec->autapses;
    const double pairs = (double)n_sources * (double)(n_targets - itself);
    const bool known = changes->remembers != 0 && changes->n_lost > 0;
    rw_values_give(&m->values, changes->remembers != 0 ? (double)changes->n_lost : NAN);
    rw_values_give(&m->values, known ? (double)changes->n_returned / (double)changes->n_lost : NAN);
    rw_values_give(&m->values, known ? -expm1(-(double)changes->n_since / pairs) : NAN);
}

static void give_degrees(rw_measures *m, const uint32_t *degrees, uint64_t cells) {
    uint64_t sum = 0;
    double squares = 0.0;
    for (uint64_t i = 0; i < cells; i++)
        sum += degrees[i];
    const double mean = (double)sum / (double)cells;
    for (uint64_t i = 0; i < cells; i++)
        squares += (degrees[i] - mean) * (degrees[i] - mean);
    rw_values_give(&m->values, mean);
    rw_values_give(&m->values, sqrt(squares / (double)cells));
}

static void give_distances(rw_measures *m) {
    const double mean = m->sum_um / (double)m->n;
    rw_values_give(&m->values, mean);
    rw_values_give(&m->values, m->n > 0 ? sqrt(fmax(0.0, m->sum_um2 / (double)m->n - mean * mean)) : NAN);
}

static void give_blocks(rw_measures *m) {
    const rw_blocks *blocks = &m->blocks;
    for (size_t i = 0; i < blocks->from.n * blocks->to.n; i++) {
        rw_values_give(&m->values, (double)blocks->count[i] / blocks->pairs[i]);
        rw_values_give(&m->values, blocks->weight[i] / blocks->pairs[i]);
    }
    for (size_t g = 1; g < blocks->to.n && m->projection->source == m->projection->target; g++) {
        rw_values_give(&m->values, rw_blocks_cohesion(blocks, g, false));
        rw_values_give(&m->values, rw_blocks_cohesion(blocks, g, true));
    }
}

static void give_projection(rw_measures *m, uint64_t step) {
    const rw_population *populations = m->network->populations;
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
}

/* Rank 0 has all synapses. */
static rw_err finish(rw_measures *m, uint64_t step) {
    m->values.next = 0;
    if (m->projection != NULL)
        give_projection(m, step);
    return m->graph ? rw_wiring_give(&m->wiring, &m->values) : RW_OK;
}

rw_err rw_measures_sample(rw_measures *measures, uint64_t step) {
    const rw_network *network = measures->network;
    if (measures->projection != NULL)
        begin_projection(measures);
    rw_wiring_begin(&measures->wiring);
    for (size_t k = 0; k < network->n_projections; k++) {
        taker to = {measures, &network->projections[k]};
        if (measures->of[k])
            RW_TRY(rw_edges_to_first(network, to.projection, take, &to));
    }
    return rw_comm_agree(network->partition.comm,
                         rw_comm_rank(network->partition.comm) == 0 ? finish(measures, step) : RW_OK);
}

rw_err rw_measures_note(rw_measures *measures, const rw_edge_event *event) {
    const bool ours = measures->projection != NULL && measures->projection->index == event->projection;
    return ours && measures->which[RW_MEASURE_RETURNED] ? rw_changes_note(&measures->changes, event) : RW_OK;
}

const char *rw_measures_name(const rw_measures *measures) {
    return measures->name;
}

const rw_measured *rw_measures_values(const rw_measures *measures, size_t *n) {
    *n = measures->values.n;
    return measures->values.list;
}

const double *rw_measures_distances(const rw_measures *measures, double *bin_um) {
    *bin_um = measures->bin_um;
    return measures->which[RW_MEASURE_DISTANCES] ? measures->bins : NULL;
}

rw_err rw_measures_archive(rw_measures *measures, const rw_archive *archive) {
    if (measures->projection == NULL)
        return RW_OK;
    return rw_changes_archive(&measures->changes, archive, rw_path_of("recorders/measures/%s", measures->name).text);
}
