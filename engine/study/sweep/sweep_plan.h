/* A sweep as sweep.yaml describes it: one base scenario, and what differs between its points.
 *
 * points = design rows x arms x subjects x replicates. Every arm and every row has the same subjects and the same seeds
 * (common random numbers), so that points differ only in what the sweep varies, and are compared in pairs. The
 * language: configs/README.md, "Sweeps". */
#ifndef RW_STUDY_SWEEP_SWEEP_PLAN_H
#define RW_STUDY_SWEEP_SWEEP_PLAN_H

#include "config/scenario.h"
#include "study/recovery_spec.h"
#include "study/sweep/design.h"

#define RW_SWEEP_MAX_POINTS ((size_t)1000000)

/* Keys of the scenario that get one value together. */
typedef struct {
    const char *const *names;
    size_t count;
    const char *origin; /* the line in the file, for messages */
} rw_keys;

/* What a sweep varies. It has either levels or a range. */
typedef struct {
    const char *name;
    rw_keys keys;
    const char *unit;          /* that its values have, or are converted to; "": pure numbers; NULL: texts */
    const char *const *labels; /* [n_levels] what tables show */
    const char *const *texts;  /* [n_levels] YAML for the scenario */
    const double *numbers;     /* [n_levels] in unit; NULL: its values are texts */
    size_t n_levels;           /* 0: a range */
    double low, high;          /* of a range, in unit */
    bool logarithmic;
} rw_sweep_parameter;

typedef struct {
    const char *name;
    const rw_override *set;
    size_t n_set;
} rw_arm;

/* A quantity of a virtual subject. */
typedef struct {
    const char *name;
    rw_keys keys;
    rw_keys remainder;  /* keys that get 1 minus the value: what is left of a whole */
    rw_value_kind kind; /* RW_UNIFORM, RW_NORMAL or RW_LOGNORMAL */
    double a, b, min, max;
    const char *unit;
} rw_subject_draw;

/* What stays of a finished point. */
typedef enum { RW_KEEP_ALL, RW_KEEP_SERIES, RW_KEEP_MEASURES } rw_keep;

typedef struct {
    rw_arena *arena; /* owns everything below */
    const char *title;
    const char *scenario; /* path of the base scenario, relative to the working directory */
    const rw_override *set;
    size_t n_set;
    rw_design_kind design;
    uint64_t design_points, design_seed; /* LHS, Sobol, Saltelli: number of samples, and their seed */
    const rw_sweep_parameter *parameters;
    size_t n_parameters;
    const size_t *rows; /* [n_rows x n_parameters] levels; RW_DESIGN_LIST only */
    size_t n_rows;
    const rw_arm *arms; /* at least one; a single one without a name by default */
    size_t n_arms;
    rw_keys numbered; /* keys that get the number of the subject, from 1 */
    const rw_subject_draw *draws;
    size_t n_draws;
    uint64_t n_subjects, subject_seed; /* n_subjects is 1 by default */
    uint64_t n_replicates;
    const rw_window *windows; /* none: the whole run */
    size_t n_windows;
    rw_recovery_spec recovery; /* series NULL: not asked for */
    int threads;               /* of one point; 0: not given */
    double time_limit_s;       /* of one point; 0: none */
    double memory_limit_byte;  /* of one point; 0: none */
    rw_keep keep;
    bool share; /* points with a common beginning simulate it once */
} rw_sweep_plan;

#endif
