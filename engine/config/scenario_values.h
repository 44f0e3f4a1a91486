/* What a key of the scenario may hold beyond a plain number: a distribution, a course over time, some cells. */
#ifndef RW_CONFIG_SCENARIO_VALUES_H
#define RW_CONFIG_SCENARIO_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number that may differ between instances. */
typedef enum {
    RW_CONSTANT,  /* a */
    RW_UNIFORM,   /* a .. b */
    RW_NORMAL,    /* mean a, standard deviation b */
    RW_LOGNORMAL, /* mean a, standard deviation b of the variable itself (not of its logarithm) */
    RW_TABLE      /* table[instance] */
} rw_value_kind;

typedef struct {
    rw_value_kind kind;
    double a, b;
    double min, max;     /* draws outside are drawn again; -inf, inf by default */
    const double *table; /* [instances]; RW_TABLE only */
} rw_value;

/* A number that changes in time: at step k it is the value of the last point at or before k (steps), or lies on the
 * straight line between points (linear). The first point is at step 0; after the last one its value stays. */
typedef struct {
    bool linear;
    size_t count; /* >= 1; a constant is one point at step 0 */
    const uint64_t *step;
    const double *value;
} rw_schedule;

/* A subset of a population. */
typedef enum { RW_SELECT_ALL, RW_SELECT_FIRST, RW_SELECT_RANDOM, RW_SELECT_IDS } rw_selection_kind;

typedef struct {
    rw_selection_kind kind;
    uint64_t count;      /* neurons selected */
    const uint64_t *ids; /* [count] ascending ids inside the population; RW_SELECT_IDS only */
} rw_selection;

#endif
