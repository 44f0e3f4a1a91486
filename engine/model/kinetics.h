/* From doses to concentrations: one solver for every compartment model.
 *
 * Between two events (a dose, the end of an infusion) the system is linear and autonomous, so its state at any time
 * follows from the state at the last event by a matrix exponential: concentrations depend on the doses and the time
 * alone, never on a step. Nothing in here changes during a run, so nothing is saved in checkpoints. */
#ifndef RW_MODEL_KINETICS_H
#define RW_MODEL_KINETICS_H

#include "base/memory.h"
#include "model/model.h"

#define RW_SPECIES_MAX 4

/* An amount that goes into a compartment: at once (over_h = 0) or evenly. */
typedef struct {
    double at_h, over_h, amount_umol;
    size_t into; /* compartment of the model, n_compartments + depot, or RW_NOWHERE: not absorbed */
} rw_intake;

/* A depot: drug that was swallowed or injected into tissue and moves to compartment 0 at a rate. */
typedef struct {
    double ka_per_h;
} rw_depot;

typedef struct {
    const char *compound; /* NULL: the one that is given */
    size_t compartment;
    double volume_l;
    size_t effect; /* state that is the effect-site concentration */
} rw_species;

typedef struct {
    size_t n;         /* states: compartments, depots, effect sites, a constant 1, what has left the body */
    size_t n_amounts; /* states [0, n_amounts) and n - 1 are amounts */
    size_t n_species;
    rw_species species[RW_SPECIES_MAX];
    rw_flows flows;
    size_t n_events;  /* the first is at time 0 */
    double *event_h;  /* [n_events] ascending */
    double *state;    /* [n_events x n] just after the event */
    double *input;    /* [n_events x n] umol/h from this event to the next */
    double segment_h; /* longest segment of a polynomial */
} rw_kinetics;

/* The state at any time from 0. */
typedef struct {
    double amount[RW_STATES_MAX];
} rw_kinetics_state;

/* A concentration over a short time as a polynomial, exact to rounding. */
#define RW_SEGMENT_ORDER 14
typedef struct {
    double from_h, to_h; /* half-open; empty at the start */
    double coefficient[RW_SEGMENT_ORDER];
} rw_segment;

/* Solves a compartment model with parameters x [n_fields] for intakes in any order. ke0_per_h: rate between plasma and
 * effect site; infinity: none. All memory comes from the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_kinetics_create(rw_kinetics **kinetics, rw_arena *arena, const rw_model *model, const double *x,
                                        const rw_depot *depots, size_t n_depots, double ke0_per_h,
                                        const rw_intake *intakes, size_t n_intakes);

/* The state at hour t >= 0. */
rw_kinetics_state rw_kinetics_at(const rw_kinetics *kinetics, double t_h);

/* Total concentration of a species in plasma, umol/l. */
double rw_kinetics_plasma(const rw_kinetics *kinetics, const rw_kinetics_state *state, size_t species);

/* The same at the effect site: what plasma was, delayed by ke0. */
double rw_kinetics_effect(const rw_kinetics *kinetics, const rw_kinetics_state *state, size_t species);

/* Amount in the body, umol. */
double rw_kinetics_in_body(const rw_kinetics *kinetics, const rw_kinetics_state *state);

/* Amount that has left the body or was not absorbed, umol. */
double rw_kinetics_left(const rw_kinetics *kinetics, const rw_kinetics_state *state);

/* The segment around hour t of the sum over species of weight[species] times its effect-site concentration. */
rw_segment rw_kinetics_segment(const rw_kinetics *kinetics, const double *weight, double t_h);

/* Its value. */
static inline double rw_segment_at(const rw_segment *segment, double t_h) {
    double dt = t_h - segment->from_h, sum = segment->coefficient[RW_SEGMENT_ORDER - 1];
    for (int k = RW_SEGMENT_ORDER - 2; k >= 0; k--)
        sum = sum * dt + segment->coefficient[k];
    return sum;
}

#endif
