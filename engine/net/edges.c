/* The synapses of a projection in the order of files: by target, then source, then uid. */
#include "net/network.h"
#include "net/order.h"
#include "net/team.h"

uint64_t rw_projection_count(const rw_network *network, const rw_projection *projection) {
    uint64_t count = 0;
    for (int t = 0; t < network->n_threads; t++)
        for (uint64_t row = 0; row < projection->rows[t].n_rows; row++)
            count += projection->rows[t].count[row];
    return count;
}

double rw_projection_bytes(const rw_network *network, const rw_projection *projection) {
    double bytes = projection->next_serial != NULL ? 4.0 * (double)projection->rows[0].n_sources : 0.0;
    for (int t = 0; t < network->n_threads; t++) {
        const rw_rows *rows = &projection->rows[t];
        double row = 8.0 + 4.0 + (rows->span != NULL ? 4.0 : 0.0);
        double synapse = (rows->targets != NULL ? 2.0 : 8.0) + (rows->live != NULL ? 0.125 : 0.0) +
                         (rows->serials != NULL ? 4.0 : 0.0) + 4.0 * rows->n_states;
        uint64_t groups = rows->present != NULL ? rows->n_sources / 64 + 1 : 0;
        bytes += row * (double)rows->n_rows + 12.0 * (double)groups + synapse * (double)rows->pool_size;
        bytes += (double)sizeof(rw_incoming_list) * (double)rows->incoming.n_targets +
                 2.0 * (double)rows->incoming.pool_size;
    }
    return bytes;
}

rw_err rw_projection_total(const rw_network *network, const rw_projection *projection, uint64_t *total) {
    *total = rw_projection_count(network, projection);
    return rw_comm_reduce(network->comm, total, 1, RW_U64, RW_SUM);
}

float rw_synapse_weight(const rw_network *network, const rw_projection *projection, int thread, uint64_t place) {
    rw_synapse synapse = rw_rows_synapse(&projection->rows[thread], place);
    if (projection->plasticity.factor == NULL)
        return synapse.weight;
    uint64_t first = rw_network_thread_slice(network, projection->target, thread).begin;
    return synapse.weight *
           (float)projection->plasticity.factor[first + rw_word_target(projection->layout, synapse.word)];
}

typedef struct {
    const rw_network *network;
    const rw_projection *projection;
    uint32_t *earlier; /* [n_sources] synapses on the ranks before; NULL where synapses have their serials */
    uint64_t *first;   /* [n_threads + 1] first edge of each thread's targets */
    rw_edge *edges;
} export;

/* Where each of the thread's targets has its first edge: next [slice]. */
static void find_places(const export *work, int thread, uint64_t n_targets, uint64_t *next) {
    const rw_rows *rows = &work->projection->rows[thread];
    rw_word_layout layout = work->projection->layout;
    for (uint64_t source = 0; source < rows->n_sources; source++)
        for (uint64_t from = rw_rows_start(rows, source), end = rw_rows_end(rows, source); from < end; from++)
            next[rw_word_target(layout, rw_rows_synapse(rows, from).word)] += rw_rows_holds(rows, from);
    uint64_t place = work->first[thread];
    for (uint64_t target = 0; target < n_targets; target++) {
        uint64_t count = next[target];
        next[target] = place;
        place += count;
    }
}

/* Edges of one source and target whose row is not in the order of serials: moves the last one to its place. */
static void settle(rw_edge *edge, uint64_t n_before) {
    rw_edge moved = *edge;
    for (;
         n_before > 0 && edge[-1].source == moved.source && edge[-1].target == moved.target && edge[-1].uid > moved.uid;
         n_before--, edge--)
        *edge = edge[-1];
    *edge = moved;
}

static void place_edges(const export *work, int thread, uint64_t first_target, uint64_t *next) {
    const rw_projection *projection = work->projection;
    const rw_rows *rows = &projection->rows[thread];
    rw_word_layout layout = projection->layout;
    uint64_t first_gid = work->network->populations[projection->source].first_gid;
    for (uint64_t source = 0; source < rows->n_sources; source++) {
        for (uint64_t from = rw_rows_start(rows, source), end = rw_rows_end(rows, source); from < end; from++) {
            if (!rw_rows_holds(rows, from))
                continue;
            rw_synapse synapse = rw_rows_synapse(rows, from);
            uint32_t local = rw_word_target(layout, synapse.word);
            uint64_t place = next[local]++;
            work->edges[place] = (rw_edge){
                .uid = (first_gid + source) << 32 | (rows->serials != NULL ? rows->serials[from] : 0),
                .source = source,
                .target = first_target + local,
                .weight = rw_synapse_weight(work->network, projection, thread, from),
                .delay_steps = projection->min_delay + rw_word_delay_class(layout, synapse.word),
                .place = from,
            };
            if (rows->serials != NULL)
                settle(&work->edges[place], place - work->first[thread]);
        }
    }
}

/* Rows that cannot grow imply the serial: the rank among the source's synapses, in the order of the edges. */
static rw_err number_edges(const export *work, int thread) {
    uint64_t n_sources = work->projection->rows[thread].n_sources;
    uint32_t *serial = NULL;
    RW_TRY(RW_NEW(serial, n_sources, "edges"));
    for (uint64_t source = 0; source < n_sources; source++)
        serial[source] = work->earlier[source];
    for (int before = 0; before < thread; before++)
        for (uint64_t source = 0; source < n_sources; source++)
            serial[source] += rw_rows_count(&work->projection->rows[before], source);
    for (uint64_t k = work->first[thread]; k < work->first[thread + 1]; k++)
        work->edges[k].uid |= serial[work->edges[k].source]++;
    rw_free(serial);
    return RW_OK;
}

static rw_err export_thread(void *context, int thread) {
    const export *work = context;
    rw_slice slice = rw_network_thread_slice(work->network, work->projection->target, thread);
    uint64_t *next = NULL;
    RW_TRY(RW_NEW(next, slice.end - slice.begin, "edges"));
    find_places(work, thread, slice.end - slice.begin, next);
    place_edges(work, thread, slice.begin, next);
    rw_free(next);
    return work->projection->numbered ? RW_OK : number_edges(work, thread);
}

static rw_err export_all(export *work) {
    const rw_network *network = work->network;
    const rw_projection *projection = work->projection;
    RW_TRY(RW_NEW(work->first, (size_t)network->n_threads + 1, "edges"));
    for (int t = 0; t < network->n_threads; t++) {
        work->first[t + 1] = work->first[t];
        for (uint64_t row = 0; row < projection->rows[t].n_rows; row++)
            work->first[t + 1] += projection->rows[t].count[row];
    }
    RW_TRY(RW_NEW(work->edges, work->first[network->n_threads], "edges"));
    return rw_team_run(network->n_threads, export_thread, work);
}

rw_err rw_projection_edges(const rw_network *network, const rw_projection *projection, rw_edge **edges) {
    *edges = NULL;
    export work = {.network = network, .projection = projection};
    if (!projection->numbered)
        RW_TRY(rw_projection_serials(network, projection, &work.earlier, NULL));
    rw_err err = export_all(&work);
    if (err != RW_OK)
        rw_free(work.edges);
    else
        *edges = work.edges;
    rw_free(work.first);
    rw_free(work.earlier);
    return err;
}
