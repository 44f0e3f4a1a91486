/* What a drug model is: how a dose becomes a concentration (pharmacokinetics), and how a concentration acts on a
 * receptor (action). What a substance is (its masses, affinities, binding) is a compound: a table of numbers only.
 *
 * Times are hours, amounts umol, volumes litres, concentrations umol/l of total drug in plasma. */
#ifndef RW_MODEL_DRUG_H
#define RW_MODEL_DRUG_H

#include <stddef.h>
#include <stdint.h>

struct rw_chunk;

/* Most compartments of a model, with depots, effect sites and what has left the body. */
#define RW_STATES_MAX 32
#define RW_PATHS_MAX 4
#define RW_NOWHERE SIZE_MAX

/* A compartment of the body. Its species is what is measured there. */
typedef struct {
    const char *name;
    const char *species; /* compound; NULL: the one that is given */
    size_t volume;       /* field (l) that makes its amount a plasma concentration; RW_NOWHERE: it is not observed */
} rw_compartment;

/* Rates of a linear system, d amount[to]/dt = sum of rate[to][from] amount[from], filled by rw_flow. */
typedef struct {
    size_t n; /* the last one, n - 1, is what has left the body */
    double rate[RW_STATES_MAX][RW_STATES_MAX];
} rw_flows;

/* Lets a share `per_h` of the amount in `from` go to `to` (RW_NOWHERE: out of the body) each hour. */
static inline void rw_flow(rw_flows *flows, size_t from, size_t to, double per_h) {
    flows->rate[to == RW_NOWHERE ? flows->n - 1 : to][from] += per_h;
    flows->rate[from][from] -= per_h;
}

/* Lets two compartments of these volumes (l) exchange Q litres an hour. */
static inline void rw_exchange(rw_flows *flows, size_t a, double volume_a, size_t b, double volume_b, double Q) {
    rw_flow(flows, a, b, Q / volume_a);
    rw_flow(flows, b, a, Q / volume_b);
}

/* Where a share of a dose goes: at once, or evenly over over_h. */
typedef struct {
    size_t into;
    double share, over_h;
} rw_intake_path;

/* A route that the model itself describes. */
typedef struct {
    const char *name;                                                                     /* nasal, oral, ... */
    size_t (*paths)(const double *x, double dose_mg, rw_intake_path paths[RW_PATHS_MAX]); /* returns their number */
} rw_dose_route;

/* Between-subject variance: a parameter of a person is the typical one times exp(eta), or its logit is shifted by eta;
 * eta is normal with these variances and covariances (a == b: a variance). */
typedef struct {
    size_t a, b;
    double value;
    int logit;
} rw_variance;

/* Pharmacokinetics: linear compartments. */
typedef struct {
    const char *compound; /* what its numbers were measured for; NULL: any */
    const rw_compartment *compartments;
    size_t n_compartments;                           /* [0] is where an intravenous dose goes */
    void (*flows)(const double *x, rw_flows *flows); /* x[field]; NULL: no kinetics, the level is a table */
    const rw_dose_route *routes;                     /* beside iv_bolus, iv_infusion and those of the compound */
    size_t n_routes;
    double reference_kg;     /* body mass that the numbers are for */
    const double *allometry; /* [n_fields] exponent of body mass / reference_kg */
    const rw_variance *variances;
    size_t n_variances;
} rw_kinetics_model;

/* Which constants of a compound an action needs: IC50_2A ... measured in 1 mM magnesium, or K_2A ... without; of the
 * latter, whether magnesium matters for them. */
typedef enum { RW_IN_MG, RW_MG_FREE, RW_MG_NO_MATTER } rw_assay;

/* Input and output of an action with a state of its own. */
typedef struct {
    double conc_uM;
    double speed;       /* of the drug's clock relative to the network's */
    double share;       /* share of the cell's receptors that have this subunit */
    const double *gate; /* [n] nS, open gates, blocked or not */
    const float *shape; /* [n] exp(-slope V) */
    double *g;          /* [n] nS, conductance without the drug; what the drug leaves of it */
    double *gE;         /* [n] pA, the same times the reversal potential */
} rw_action_io;

/* Action on a receptor: one of three forms; the others are NULL. `x` are columns of one instance, conc_uM what is
 * unbound at the receptor, in units of the drug given (active metabolites count by their relative affinity). */
typedef struct {
    rw_assay assay;
    size_t affinity; /* field (umol/l) that the compound gives per subunit; RW_NOWHERE: none */
    size_t relative; /* kinetic: field (1) that is the compound's K of the subunit over that of 2A */
    double (*left)(double *const *x, double conc_uM); /* on the conductance: the share that is left */
    double (*pore)(double *const *x, double conc_uM); /* in the pore, beside magnesium: C / K at 0 mV */
    size_t slope; /* field (1/mV): what falls as exp(-slope V), C / K or a rate; RW_NOWHERE: nothing */
    void (*update)(const struct rw_chunk *chunk, const rw_action_io *io); /* kinetic: blocks, then advances */
    size_t blocked; /* kinetic: the state that is the blocked share */
    /* kinetic: what it comes to */
    double (*equilibrium)(double *const *x, double conc_uM, double V_m, double magnesium);
} rw_action;

#endif
