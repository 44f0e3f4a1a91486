/* Command lines: one table of options per command, from which both reading and `--help` come. */
#ifndef RW_CLI_OPTIONS_H
#define RW_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef enum {
    RW_OPTION_FLAG,  /* bool: given or not */
    RW_OPTION_TEXT,  /* const char *: the argument */
    RW_OPTION_COUNT, /* int: a whole number from 1 to 4096 */
    RW_OPTION_LIST   /* rw_text_list: the arguments of every time it was given */
} rw_option_kind;

/* Texts in the order given; free `items` with rw_free. */
typedef struct {
    const char **items;
    size_t count;
} rw_text_list;

typedef struct {
    const char *name;      /* "--threads" */
    const char *shorthand; /* "-o", or NULL */
    rw_option_kind kind;
    void *value;          /* where it goes, of the kind's type */
    const char *argument; /* "N"; NULL for flags */
    const char *doc;
} rw_option;

/* One command: its arguments and options. */
typedef struct {
    const char *name;
    const char *positional; /* "SCENARIO", "[NAME]", "DIR DIR2" */
    size_t min_positional, max_positional;
    const rw_option *options;
    size_t n_options;
    const char *doc; /* what it does, printed by --help */
} rw_usage;

/* Reads the words after the command's name. `positional` has capacity for max_positional words and is filled from the
 * front. *help is true if --help was given and the help was printed; nothing else is to be done then. Errors:
 * RW_ERR_INPUT (unknown option with the nearest one, missing or surplus words), RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_options_parse(const rw_usage *usage, int argc, char **argv, const char **positional,
                                      bool *help);

#endif
