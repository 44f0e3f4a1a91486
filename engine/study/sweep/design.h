/* Designs of experiments: the kinds there are, and those in the unit cube. */
#ifndef RW_STUDY_SWEEP_DESIGN_H
#define RW_STUDY_SWEEP_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef enum {
    RW_DESIGN_GRID,          /* every combination of the values */
    RW_DESIGN_LIST,          /* the rows that `rows` lists */
    RW_DESIGN_ZIP,           /* the first values together, then the second, ... */
    RW_DESIGN_ONE_AT_A_TIME, /* the first values, then each other value alone */
    RW_DESIGN_LHS,           /* Latin hypercube (McKay, Beckman & Conover 1979, Technometrics 21:239) */
    RW_DESIGN_SOBOL,         /* Sobol sequence with a random digital shift */
    RW_DESIGN_SALTELLI,      /* A, B and A with columns of B (Saltelli et al. 2010, Comput Phys Commun 181:259) */
    RW_DESIGN_KINDS
} rw_design_kind;

/* The words of `design.kind`, in the order of the enumeration. */
extern const char *const rw_design_names[RW_DESIGN_KINDS];

/* Whether a design combines given values (grid, zip, ...) rather than points of the unit cube. */
bool rw_design_has_levels(rw_design_kind kind);

/* Dimensions that GSL's Sobol sequence has; beyond them it would return zeros. */
#define RW_SOBOL_MAX_DIMENSIONS 40

/* A Latin hypercube: in each dimension every one of n equal strata holds one point. cube[n x dimensions] in (0, 1).
 * Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_design_lhs(size_t n, size_t dimensions, uint64_t seed, double *cube);

/* The first n points of a Sobol sequence after a random digital shift, which keeps its evenness and makes different
 * seeds independent. cube[n x dimensions] in (0, 1). Errors: RW_ERR_INPUT (more than RW_SOBOL_MAX_DIMENSIONS),
 * RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_design_sobol(size_t n, size_t dimensions, uint64_t seed, double *cube);

/* Saltelli's blocks for sensitivity indices: for each of n samples the rows A, B, and A with column k of B for every
 * dimension k. cube[n x (dimensions + 2) x dimensions]; A and B come from one Sobol sequence of twice the dimensions.
 * Errors: as rw_design_sobol. */
RW_MUST_CHECK rw_err rw_design_saltelli(size_t n, size_t dimensions, uint64_t seed, double *cube);

#endif
