/* The effect of a drug, predicted without a simulation: its course over a run, and the share of receptors that it
 * blocks in cells at rest. */
#ifndef RW_SIM_COURSE_H
#define RW_SIM_COURSE_H

#include "sim/drugs/drug_exposure.h"

/* The greatest value over the run, and when (drug's time). */
typedef struct {
    double value, at_h;
} rw_peak;

/* Receptors of one subunit on one population. */
typedef struct {
    uint32_t population;
    const rw_model *model;
    rw_glun2 subunit;
    double share;     /* of the subunit in the population's receptors */
    double V_m;       /* rest, mV */
    double magnesium; /* Mg / K_Mg at rest */
    rw_block action;
    double peak, mean; /* blocked share over the run */
} rw_course_receptor;

typedef struct {
    rw_drug drug;
    double end_h;
    rw_peak plasma[RW_SPECIES_MAX]; /* umol/l, total */
    rw_peak level;                  /* umol/l, unbound at the receptor */
    rw_course_receptor *receptors;
    size_t n_receptors;
} rw_course;

/* Follows drug `index` over the run. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_course_create(rw_course *course, const rw_scenario *scenario, size_t index);

/* Frees it; a zeroed one is fine. */
void rw_course_destroy(rw_course *course);

/* The highest level at the receptor from from_ms on until before until_ms, times of the network, umol/l. */
double rw_course_peak(const rw_course *course, double from_ms, double until_ms);

/* Share of receptors that is blocked at a level, at rest. */
double rw_course_blocked(const rw_course *course, size_t receptor, double level_uM);

/* Whether constants and action count magnesium twice, or not at all; NULL, or a sentence that says which. */
const char *rw_drug_warning(const rw_drug_spec *spec);

#endif
