/* Applies rules of synapses, event by event, and the plasticity of source and target. */
#include "sim/plasticity/plastic.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "model/registry.h"

/* Histories of targets begin with capacity for FEW spikes of a cell; where cells fire more in a second, they grow to
 * MANY. */
enum { FEW = 8, MANY = 256 };

/* The spikes on one side of a synapse: those before `next` have been processed, those from `end` on are still to come.
 */
typedef struct {
    const rw_history *history;
    const rw_past_spike *spikes;
    uint32_t next, end;
    uint64_t delay; /* steps from spike to synapse */
} side;

RW_KERNEL_BODY uint64_t arrival(const side *s) {
    return s->next < s->end ? s->spikes[s->next].stamp + s->delay : UINT64_MAX;
}

RW_KERNEL_BODY void read_traces(const side *s, uint64_t stamp, double *traces) {
    const rw_past_spike *last = &s->spikes[s->next - 1];
    for (int k = 0; k < RW_TRACES; k++) {
        bool exists = s->next > 0 && s->history->rate[k] > 0.0;
        traces[k] = exists ? rw_history_trace(s->history, last, k, stamp - last->stamp - s->delay) : 0.0;
    }
}

/* What a rule is applied to, and when. */
typedef struct {
    const rw_plastic *plastic;
    const rw_synapse_rule *rule;
    const double *p;
    uint64_t from, to; /* stamps */
    double unit;       /* weight that the rule calls 1 */
    uint32_t n_states;
    uint32_t source_gid, serial;
} passage;

/* The stored state of a synapse: rounded after each encounter, so that the result does not depend on how many
 * encounters are processed at a time. */
RW_KERNEL_BODY void keep(const passage *way, rw_plastic_synapse *s) {
    double weight = s->weight > 0.0 ? s->weight : 0.0;
    s->weight = (double)(float)(weight * way->unit) / way->unit;
    for (uint32_t k = 0; k < way->n_states; k++)
        s->state[k] = (double)(float)s->state[k];
}

/* Time passes between two encounters. */
RW_KERNEL_BODY void pass_time(const passage *way, const side *pre, const side *post, uint64_t last, uint64_t stamp,
                              rw_plastic_synapse *s) {
    rw_encounter at = {.admitted = 1.0};
    read_traces(pre, last, at.pre);
    read_traces(post, last, at.post);
    /* beyond 2^32 steps the random bits repeat, for other traces */
    rw_bits bits = rw_draw3(way->plastic->stream, way->source_gid, way->serial, (uint32_t)stamp);
    way->rule->between(way->p, &at, (double)(stamp - last) * way->plastic->step_ms, bits, s);
    keep(way, s);
}

/* Traces at `stamp`: for a spike at that time, the traces that it found. */
RW_KERNEL_BODY void find_traces(const side *s, bool spikes, uint64_t stamp, double *traces) {
    if (spikes)
        memcpy(traces, s->spikes[s->next].before, RW_TRACES * sizeof *traces);
    else
        read_traces(s, stamp, traces);
}

/* The spikes of either or both sides that reach the synapse at `stamp`. */
RW_KERNEL_BODY void meet(const passage *way, side *pre, side *post, uint64_t stamp, rw_plastic_synapse *s) {
    rw_encounter e;
    bool pre_spikes = arrival(pre) == stamp, post_spikes = arrival(post) == stamp;
    if (way->rule->on_pre != NULL) {
        find_traces(pre, pre_spikes, stamp, e.pre);
        find_traces(post, post_spikes, stamp, e.post);
    }
    if (post_spikes && way->rule->on_post != NULL) {
        e.admitted = post->spikes[post->next].admitted;
        way->rule->on_post(way->p, &e, s);
        keep(way, s);
    }
    for (; arrival(pre) == stamp; pre->next++) { /* a virtual cell may spike several times in a step */
        if (way->rule->on_pre == NULL)
            continue;
        memcpy(e.pre, pre->spikes[pre->next].before, sizeof e.pre);
        e.admitted = pre->spikes[pre->next].admitted;
        way->rule->on_pre(way->p, &e, s);
        keep(way, s);
    }
    post->next += post_spikes;
}

RW_KERNEL_BODY uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* When a synapse whose state changes between encounters was last advanced: at a spike that reached it, or at a full
 * second. */
RW_KERNEL_BODY uint64_t last_moved(const passage *way, const side *pre, const side *post) {
    uint64_t second = way->plastic->second, last = way->from / second * second;
    const side *const sides[] = {pre, post};
    for (int k = 0; k < 2; k++) {
        if (sides[k]->next == 0)
            continue;
        uint64_t met = sides[k]->spikes[sides[k]->next - 1].stamp + sides[k]->delay;
        last = met > last ? met : last;
    }
    return last;
}

/* All that reaches a synapse in (from, to], in the order of time. */
RW_KERNEL_BODY void pass(const passage *way, side pre, side post, rw_plastic_synapse *s) {
    bool moves = way->rule->between != NULL;
    uint64_t last = moves ? last_moved(way, &pre, &post) : 0;
    for (;;) {
        uint64_t stamp = earlier(arrival(&pre), arrival(&post));
        if (moves)
            stamp = earlier(stamp, (last / way->plastic->second + 1) * way->plastic->second);
        if (stamp > way->to)
            return;
        if (moves)
            pass_time(way, &pre, &post, last, stamp, s);
        meet(way, &pre, &post, stamp, s);
        last = stamp;
    }
}

/* The side's spikes that reach a synapse in (from, to]. */
RW_KERNEL_BODY side side_of(const rw_history *history, size_t cell, uint64_t delay, uint64_t from, uint64_t to) {
    const rw_past_spike *spikes = rw_history_of(history, cell);
    uint32_t end = history->count[cell];
    while (end > 0 && spikes[end - 1].stamp + delay > to)
        end--;
    uint32_t next = end;
    while (next > 0 && spikes[next - 1].stamp + delay > from)
        next--;
    return (side){.history = history, .spikes = spikes, .next = next, .end = end, .delay = delay};
}

/* Brings the synapse in a slot of the pool up to date. */
RW_KERNEL_BODY void pass_synapse(passage *way, uint64_t slot, const side *pre) {
    const rw_plastic *plastic = way->plastic;
    rw_adjacency *adjacency = plastic->adjacency;
    rw_synapse *synapse = &adjacency->synapses[slot];
    float *states = adjacency->states + slot * adjacency->n_states;
    const rw_projection *projection = plastic->projection;
    uint32_t target = rw_packed_target(projection->packing, synapse->packed);
    uint64_t delay = projection->min_delay + rw_packed_delay_class(projection->packing, synapse->packed);
    side post = side_of(&plastic->post, target, delay, way->from, way->to);
    rw_plastic_synapse s = {.weight = synapse->weight / way->unit};
    for (uint32_t k = 0; k < way->n_states; k++)
        s.state[k] = states[k];
    way->serial = adjacency->serials != NULL ? adjacency->serials[slot] : 0;
    pass(way, *pre, post, &s);
    synapse->weight = (float)(s.weight * way->unit);
    for (uint32_t k = 0; k < way->n_states; k++)
        states[k] = (float)s.state[k];
}

RW_KERNEL static void pass_row(passage *way, uint64_t source, const side *pre) {
    const rw_adjacency *adjacency = way->plastic->adjacency;
    for (uint64_t slot = adjacency->start[source], end = rw_adjacency_end(adjacency, source); slot < end; slot++)
        if (rw_adjacency_is_live(adjacency, slot))
            pass_synapse(way, slot, pre);
}

void rw_plastic_update_row(rw_plastic *plastic, uint64_t source, uint64_t stamp) {
    const rw_mechanism *mechanism = &plastic->projection->plasticity.at[RW_AT_SYNAPSE];
    uint64_t from = plastic->done[source];
    if (mechanism->model == NULL || from >= stamp)
        return;
    passage way = {.plastic = plastic,
                   .rule = &mechanism->model->synapse.rule,
                   .p = mechanism->p,
                   .from = from,
                   .to = stamp,
                   .unit = plastic->projection->plasticity.unit_weight,
                   .n_states = (uint32_t)mechanism->n_states,
                   .source_gid = plastic->first_gid + (uint32_t)source};
    side pre = side_of(&plastic->pre, source, plastic->pre_delay, from, stamp);
    pass_row(&way, source, &pre);
    plastic->done[source] = stamp;
    if (stamp >= plastic->pre_delay)
        rw_history_forget(&plastic->pre, source, stamp - plastic->pre_delay);
}

void rw_plastic_update_rows(rw_plastic *plastic, uint64_t stamp) {
    if (plastic->projection->plasticity.at[RW_AT_SYNAPSE].model == NULL)
        return;
    for (uint64_t source = 0; source < plastic->adjacency->n_sources; source++)
        rw_plastic_update_row(plastic, source, stamp);
    uint64_t longest = plastic->projection->max_delay;
    for (size_t cell = 0; stamp >= longest && cell < plastic->post.n_cells; cell++)
        rw_history_forget(&plastic->post, cell, stamp - longest);
    plastic->rows_updated = stamp;
}

static double admitted(const rw_plastic *plastic, double conductance_factor) {
    return 1.0 - plastic->nmda + plastic->nmda * conductance_factor;
}

/* Makes sure that one more spike of a full cell fits: brings rows up to date, so that old spikes can be forgotten,
 * unless that was done within the last second; then the capacity grows. */
static rw_err reserve_spike(rw_plastic *plastic, size_t cell, uint64_t delivered) {
    bool recent = delivered - plastic->rows_updated < plastic->second;
    if (!recent || plastic->post.capacity >= MANY)
        rw_plastic_update_rows(plastic, delivered);
    return rw_history_is_full(&plastic->post, cell) ? rw_history_grow(&plastic->post) : RW_OK;
}

rw_err rw_plastic_post(rw_plastic *plastic, const uint32_t *ids, uint32_t n, uint64_t stamp, uint64_t delivered,
                       double conductance_factor) {
    if (plastic->projection->plasticity.at[RW_AT_SYNAPSE].model == NULL)
        return RW_OK;
    for (uint32_t s = 0; s < n; s++) {
        size_t cell = ids[s] - plastic->first_target;
        if (rw_history_is_full(&plastic->post, cell))
            RW_TRY(reserve_spike(plastic, cell, delivered));
        rw_history_add(&plastic->post, cell, stamp, admitted(plastic, conductance_factor));
    }
    return RW_OK;
}

rw_err rw_plastic_pre(rw_plastic *plastic, uint64_t source, uint32_t n, uint64_t stamp, double conductance_factor) {
    for (uint32_t s = 0; s < n; s++) {
        if (rw_history_is_full(&plastic->pre, source))
            RW_TRY(rw_history_grow(&plastic->pre));
        rw_history_add(&plastic->pre, source, stamp, admitted(plastic, conductance_factor));
    }
    rw_plastic_update_row(plastic, source, stamp);
    return RW_OK;
}

double rw_plastic_release(rw_plastic *plastic, uint64_t source, uint64_t stamp) {
    const rw_mechanism *mechanism = &plastic->projection->plasticity.at[RW_AT_SOURCE];
    uint64_t last = plastic->release_stamp[source];
    double elapsed_ms = last == 0 ? INFINITY : (double)(stamp - last) * plastic->step_ms;
    plastic->release_stamp[source] = stamp;
    return mechanism->model->synapse.release(mechanism->p, plastic->release_state + source * mechanism->n_states,
                                             elapsed_ms);
}

void rw_plastic_tick(rw_plastic *plastic, const uint32_t *ids, uint32_t n, uint64_t stamp) {
    const rw_mechanism *mechanism = &plastic->projection->plasticity.at[RW_AT_TARGET];
    if (mechanism->model == NULL)
        return;
    for (uint32_t s = 0; s < n; s++)
        plastic->spikes[ids[s] - plastic->first_target] += 1.0;
    if (stamp % plastic->tick_steps != 0)
        return;
    double tick_ms = (double)plastic->tick_steps * plastic->step_ms;
    double *factor = plastic->projection->plasticity.factor + plastic->first_target;
    for (size_t cell = 0; cell < plastic->n_targets; cell++) {
        double *state = plastic->target_state + cell * mechanism->n_states;
        mechanism->model->synapse.tick(mechanism->p, state, plastic->spikes[cell], tick_ms);
        plastic->spikes[cell] = 0.0;
        factor[cell] = state[0];
    }
}

/* The parameter of a name, or `otherwise`. */
static double number(const rw_mechanism *mechanism, const char *name, double otherwise) {
    size_t field = rw_model_field(mechanism->model, name);
    return field == RW_NO_FIELD ? otherwise : mechanism->p[field];
}

static void set_traces(rw_history *history, const rw_mechanism *mechanism, const char *const *tau, double step_ms) {
    history->nearest = number(mechanism, "nearest", 0.0) == 1.0;
    for (int k = 0; k < RW_TRACES; k++)
        if (tau[k] != NULL)
            history->rate[k] = step_ms / mechanism->p[rw_model_field(mechanism->model, tau[k])];
}

static rw_err create_rule(rw_plastic *plastic, const rw_mechanism *mechanism) {
    const rw_synapse_rule *rule = &mechanism->model->synapse.rule;
    RW_TRY(RW_NEW(plastic->done, plastic->adjacency->n_sources, "plasticity"));
    RW_TRY(rw_history_create(&plastic->pre, plastic->adjacency->n_sources, 2));
    RW_TRY(rw_history_create(&plastic->post, plastic->n_targets, FEW));
    set_traces(&plastic->pre, mechanism, rule->tau_pre, plastic->step_ms);
    set_traces(&plastic->post, mechanism, rule->tau_post, plastic->step_ms);
    plastic->pre.admitted_jump = rule->trace_admitted;
    plastic->pre_delay = (uint64_t)llround(number(mechanism, "delay_pre", 0.0) / plastic->step_ms);
    plastic->nmda = number(mechanism, "nmda", 0.0);
    return RW_OK;
}

static uint64_t whole_steps(double ms, double step_ms) {
    double steps = round(ms / step_ms);
    return steps < 1.0 ? 1 : (uint64_t)steps;
}

static rw_err create_states(double **states, const rw_mechanism *mechanism, size_t n) {
    RW_TRY(RW_NEW(*states, n * mechanism->n_states, "plasticity"));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < mechanism->n_states; k++)
            (*states)[i * mechanism->n_states + k] = mechanism->start[k];
    return RW_OK;
}

rw_err rw_plastic_create(rw_plastic *plastic, const rw_network *network, uint32_t index, int thread) {
    rw_projection *projection = &network->projections[index];
    rw_slice slice = rw_partition_thread_slice(&network->partition, projection->n_targets, thread);
    const rw_mechanism *at = projection->plasticity.at;
    *plastic = (rw_plastic){
        .projection = projection,
        .adjacency = &projection->adjacency[thread],
        .first_gid = (uint32_t)network->populations[projection->source].first_gid,
        .step_ms = network->scenario->step_ms,
        .stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_PLASTICITY, index),
        .second = whole_steps(1000.0, network->scenario->step_ms),
        .first_target = slice.begin,
        .n_targets = slice.end - slice.begin,
    };
    if (at[RW_AT_SOURCE].model != NULL) {
        RW_TRY(create_states(&plastic->release_state, &at[RW_AT_SOURCE], plastic->adjacency->n_sources));
        RW_TRY(RW_NEW(plastic->release_stamp, plastic->adjacency->n_sources, "plasticity"));
    }
    if (at[RW_AT_SYNAPSE].model != NULL)
        RW_TRY(create_rule(plastic, &at[RW_AT_SYNAPSE]));
    if (at[RW_AT_TARGET].model != NULL) {
        RW_TRY(create_states(&plastic->target_state, &at[RW_AT_TARGET], plastic->n_targets));
        RW_TRY(RW_NEW(plastic->spikes, plastic->n_targets, "plasticity"));
        plastic->tick_steps = whole_steps(number(&at[RW_AT_TARGET], "every", 100.0), plastic->step_ms);
    }
    return RW_OK;
}

void rw_plastic_destroy(rw_plastic *plastic) {
    rw_free(plastic->release_state);
    rw_free(plastic->release_stamp);
    rw_history_destroy(&plastic->pre);
    rw_history_destroy(&plastic->post);
    rw_free(plastic->done);
    rw_free(plastic->target_state);
    rw_free(plastic->spikes);
    *plastic = (rw_plastic){0};
}
