/* Reading the nodes of a document as numbers, words, values and so on, each with its checks.
 *
 * Every rw_read_... takes NULL for "not there" and then leaves its result as it is: results begin with their defaults.
 * What is wrong becomes a diagnostic and the function returns false; the result is then as it was. */
#ifndef RW_CONFIG_READER_H
#define RW_CONFIG_READER_H

#include "config/document.h"
#include "config/names.h"
#include "config/number.h"
#include "config/units.h"

/* What reading a scenario carries along. */
typedef struct {
    rw_arena *arena;
    rw_diagnostics *diagnostics;
    rw_units *units;
    rw_scenario *scenario;
    bool step_known;                     /* the scenario's step is a right one, so multiples of it can be asked for */
    rw_names *populations, *projections; /* name -> index */
    bool *model_known; /* [n_populations] false: the model is a diagnostic, so nothing more can be said */
} rw_reader;

/* A key that a map may have. */
typedef struct {
    const char *name;
    bool required;
} rw_key;

/* What a number must be. */
typedef struct {
    const char *unit;
    double min, max; /* ends included */
    double per_hz;   /* > 0: a rate in Hz is taken too, times this */
} rw_quantity;

/* Whether `node` is a map that has every required key and none but these; false for NULL. */
bool rw_read_map(rw_reader *r, const rw_node *node, const rw_key *keys, size_t n_keys);

/* Whether `node` is a list; false, without a diagnostic, for NULL. */
bool rw_read_list(rw_reader *r, const rw_node *node);

/* Whether `node` is text with a value; false, without a diagnostic, for NULL. */
bool rw_read_text(rw_reader *r, const rw_node *node);

/* A number with a unit. */
bool rw_read_number(rw_reader *r, const rw_node *node, rw_quantity quantity, double *number);

/* A whole number from min to max. */
bool rw_read_count(rw_reader *r, const rw_node *node, uint64_t min, uint64_t max, uint64_t *count);

/* true or false. */
bool rw_read_flag(rw_reader *r, const rw_node *node, bool *flag);

/* One of a few words; its place in `words`. */
bool rw_read_choice(rw_reader *r, const rw_node *node, const char *const *words, size_t n_words, size_t *choice);

/* A name that can be part of a path: a letter or _, then letters, digits, _ and -; at most 64. */
bool rw_read_name(rw_reader *r, const rw_node *node, const char **name);

/* Whether `name`, at `node`, can be part of a path. */
bool rw_check_name(rw_reader *r, const rw_node *node, const char *name);

/* The index of the population that `node` names. */
bool rw_read_population(rw_reader *r, const rw_node *node, uint32_t *population);

/* A time of at least min_steps that is a multiple of the step. */
bool rw_read_steps(rw_reader *r, const rw_node *node, uint64_t min_steps, uint64_t *steps);

/* A biological time of at least min_steps steps of the network; rounded to them if time.scale is not 1. */
bool rw_read_slow_steps(rw_reader *r, const rw_node *node, uint64_t min_steps, uint64_t *steps);

/* A number or a distribution: {uniform: [a, b]}, {normal: [mean, std]}, {lognormal: [mean, std]}, with min and max. */
bool rw_read_value(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_value *value);

/* Narrows the limits between which a distribution is drawn (a constant stays); false if hardly any draw is left. */
bool rw_narrow_value(rw_reader *r, const rw_node *node, rw_value *value, double min, double max);

/* Whether a node is a map that names a distribution. */
bool rw_is_distribution(const rw_node *node);

/* A number, {steps: [[time, number], ...]} or {table: [[time, number], ...]}. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_schedule(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_schedule *schedule);

/* A list of times, ascending, each a multiple of the step. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_times(rw_reader *r, const rw_node *node, const uint64_t **steps, size_t *count);

/* all, {first: n}, {fraction: f} or {ids: [...]} of a population of `count`. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_selection(rw_reader *r, const rw_node *node, uint64_t count, rw_selection *selection);

/* The names of distributions and kernels, in the order of their enumerations. */
extern const char *const rw_kernel_names[];
extern const char *const rw_connect_rule_names[];
extern const char *const rw_input_kind_names[];
extern const char *const rw_element_names[];
extern const char *const rw_position_names[];

#endif
