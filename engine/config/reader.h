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
    const rw_node *root, *map;           /* the scenario, and the map whose keys are being read */
    rw_err warned;                       /* an error of keeping a warning; the reading of the scenario ends with it */
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

/* A buffer for a limit with its unit. */
#define RW_LIMIT_SIZE (RW_NUMBER_SIZE + 40)

/* Prints a limit with its unit, "1" left out, and returns `text`. */
const char *rw_print_limit(char text[RW_LIMIT_SIZE], double limit, const char *unit);

/* Whether `node` is a map. */
bool rw_read_is_map(rw_reader *r, const rw_node *node);

/* Says that a map has no such key, and what it may have. */
void rw_report_unknown_key(rw_reader *r, const rw_node *child, const rw_key *keys, size_t n_keys);

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

/* A time of at least min_steps that is a multiple of the step. */
bool rw_read_steps(rw_reader *r, const rw_node *node, uint64_t min_steps, uint64_t *steps);

#endif
