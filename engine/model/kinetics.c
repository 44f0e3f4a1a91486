#include "model/kinetics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/exponential.h"

static size_t constant_state(const rw_kinetics *kinetics) {
    return kinetics->n - 2;
}

/* Adds what is measured: compartments with a volume. */
static void find_species(rw_kinetics *kinetics, const rw_model *model, const double *x) {
    const rw_kinetics_model *drug = &model->drug;
    for (size_t c = 0; c < drug->n_compartments; c++) {
        if (drug->compartments[c].volume == RW_NOWHERE)
            continue;
        RW_ASSERT(kinetics->n_species < RW_SPECIES_MAX);
        kinetics->species[kinetics->n_species++] =
            (rw_species){drug->compartments[c].species, c, x[drug->compartments[c].volume], 0};
    }
}

static void fill_flows(rw_kinetics *kinetics, const rw_model *model, const double *x, const rw_depot *depots,
                       size_t n_depots, double ke0_per_h) {
    rw_flows *flows = &kinetics->flows;
    size_t depot = model->drug.n_compartments;
    flows->n = kinetics->n;
    model->drug.flows(x, flows);
    for (size_t d = 0; d < n_depots; d++)
        rw_flow(flows, depot + d, 0, depots[d].ka_per_h);
    for (size_t s = 0; s < kinetics->n_species; s++) {
        rw_species *species = &kinetics->species[s];
        species->effect = kinetics->n_amounts + s;
        if (isinf(ke0_per_h))
            continue;
        flows->rate[species->effect][species->compartment] = ke0_per_h / species->volume_l;
        flows->rate[species->effect][species->effect] = -ke0_per_h;
    }
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The times at which an intake begins or ends, each once; the first is 0. */
static rw_err list_events(rw_kinetics *kinetics, rw_arena *arena, const rw_intake *intakes, size_t n) {
    RW_TRY(RW_ARENA_NEW(arena, kinetics->event_h, 2 * n + 1));
    size_t count = 1;
    for (size_t i = 0; i < n; i++) {
        kinetics->event_h[count++] = intakes[i].at_h;
        kinetics->event_h[count++] = intakes[i].at_h + intakes[i].over_h;
    }
    qsort(kinetics->event_h, count, sizeof *kinetics->event_h, ascending);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || kinetics->event_h[i] > kinetics->event_h[kinetics->n_events - 1])
            kinetics->event_h[kinetics->n_events++] = kinetics->event_h[i];
    RW_TRY(RW_ARENA_NEW(arena, kinetics->state, kinetics->n_events * kinetics->n));
    return RW_ARENA_NEW(arena, kinetics->input, kinetics->n_events * kinetics->n);
}

/* The flows with the input of an event as what the constant state brings. */
static rw_flows flows_with_input(const rw_kinetics *kinetics, size_t event) {
    rw_flows flows = kinetics->flows;
    for (size_t i = 0; i < kinetics->n; i++)
        flows.rate[i][constant_state(kinetics)] = kinetics->input[event * kinetics->n + i];
    return flows;
}

/* The state `hours` after an event. */
static rw_kinetics_state advance(const rw_kinetics *kinetics, size_t event, double hours) {
    const double *from = kinetics->state + event * kinetics->n;
    rw_kinetics_state state = {{0}};
    double propagator[RW_STATES_MAX][RW_STATES_MAX];
    if (!(hours > 0.0)) {
        memcpy(state.amount, from, kinetics->n * sizeof *from);
        return state;
    }
    rw_flows flows = flows_with_input(kinetics, event);
    rw_flows_exponential(&flows, hours, propagator);
    for (size_t i = 0; i < kinetics->n; i++)
        for (size_t j = 0; j < kinetics->n; j++)
            state.amount[i] += propagator[i][j] * from[j];
    return state;
}

static void solve_events(rw_kinetics *kinetics, const rw_intake *intakes, size_t n_intakes) {
    size_t n = kinetics->n;
    for (size_t event = 0; event < kinetics->n_events; event++) {
        double now = kinetics->event_h[event], *state = kinetics->state + event * n;
        if (event > 0) {
            rw_kinetics_state before = advance(kinetics, event - 1, now - kinetics->event_h[event - 1]);
            memcpy(state, before.amount, n * sizeof *state);
        }
        state[constant_state(kinetics)] = 1.0;
        for (size_t i = 0; i < n_intakes; i++) {
            const rw_intake *intake = &intakes[i];
            size_t into = intake->into == RW_NOWHERE ? n - 1 : intake->into;
            if (intake->over_h == 0.0)
                state[into] += intake->at_h == now ? intake->amount_umol : 0.0;
            else if (intake->at_h <= now && now < intake->at_h + intake->over_h)
                kinetics->input[event * n + into] += intake->amount_umol / intake->over_h;
        }
    }
}

rw_err rw_kinetics_create(rw_kinetics **out, rw_arena *arena, const rw_model *model, const double *x,
                          const rw_depot *depots, size_t n_depots, double ke0_per_h, const rw_intake *intakes,
                          size_t n_intakes) {
    rw_kinetics *kinetics = NULL;
    RW_TRY(RW_ARENA_NEW(arena, kinetics, 1));
    find_species(kinetics, model, x);
    kinetics->n_amounts = model->drug.n_compartments + n_depots;
    kinetics->n = kinetics->n_amounts + kinetics->n_species + 2;
    RW_ASSERT(kinetics->n <= RW_STATES_MAX);
    fill_flows(kinetics, model, x, depots, n_depots, ke0_per_h);
    if (isinf(ke0_per_h))
        for (size_t s = 0; s < kinetics->n_species; s++)
            kinetics->species[s].effect = RW_NOWHERE;
    kinetics->segment_h = 0.5 / fmax(rw_flows_fastest(&kinetics->flows), 1e-3);
    RW_TRY(list_events(kinetics, arena, intakes, n_intakes));
    solve_events(kinetics, intakes, n_intakes);
    *out = kinetics;
    return RW_OK;
}

/* The last event at or before hour t. */
static size_t event_before(const rw_kinetics *kinetics, double t_h) {
    size_t low = 0, high = kinetics->n_events;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(kinetics->event_h[middle] <= t_h ? &low : &high) = middle;
    }
    return low;
}

rw_kinetics_state rw_kinetics_at(const rw_kinetics *kinetics, double t_h) {
    size_t event = event_before(kinetics, t_h);
    return advance(kinetics, event, t_h - kinetics->event_h[event]);
}

double rw_kinetics_plasma(const rw_kinetics *kinetics, const rw_kinetics_state *state, size_t species) {
    const rw_species *s = &kinetics->species[species];
    return state->amount[s->compartment] / s->volume_l;
}

double rw_kinetics_effect(const rw_kinetics *kinetics, const rw_kinetics_state *state, size_t species) {
    size_t effect = kinetics->species[species].effect;
    return effect == RW_NOWHERE ? rw_kinetics_plasma(kinetics, state, species) : state->amount[effect];
}

double rw_kinetics_in_body(const rw_kinetics *kinetics, const rw_kinetics_state *state) {
    double sum = 0.0;
    for (size_t i = 0; i < kinetics->n_amounts; i++)
        sum += state->amount[i];
    return sum;
}

double rw_kinetics_left(const rw_kinetics *kinetics, const rw_kinetics_state *state) {
    return state->amount[kinetics->n - 1];
}

/* Segments begin at multiples of segment_h and at events, so they do not depend on the caller. With the fastest rate
 * times segment_h at 1/2, what the Taylor series leaves out is below 1e-15. */
rw_segment rw_kinetics_segment(const rw_kinetics *kinetics, const double *weight, double t_h) {
    size_t event = event_before(kinetics, t_h), n = kinetics->n;
    double begin = floor(t_h / kinetics->segment_h) * kinetics->segment_h;
    rw_segment segment = {.from_h = fmax(fmin(begin, t_h), kinetics->event_h[event]),
                          .to_h = fmax(begin + kinetics->segment_h, nextafter(t_h, INFINITY))};
    if (event + 1 < kinetics->n_events)
        segment.to_h = fmin(segment.to_h, kinetics->event_h[event + 1]);
    rw_kinetics_state state = advance(kinetics, event, segment.from_h - kinetics->event_h[event]);
    rw_flows flows = flows_with_input(kinetics, event);
    for (int k = 0; k < RW_SEGMENT_ORDER; k++) {
        for (size_t s = 0; s < kinetics->n_species; s++)
            segment.coefficient[k] += weight[s] * rw_kinetics_effect(kinetics, &state, s);
        rw_kinetics_state derivative = {{0}};
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                derivative.amount[i] += flows.rate[i][j] * state.amount[j] / (k + 1);
        state = derivative;
    }
    return segment;
}
