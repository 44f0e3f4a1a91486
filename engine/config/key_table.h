/* The scenario language as tables. A table describes a map of the language, an entry of it one key: its name, what may
 * stand there, where the value is stored, its default, and a sentence that explains it.
 *
 * From the tables come reading and checking (key_table_reader.h), the resolved scenario (key_table_writer.h), the
 * reference (reference.h) and the JSON Schema (schema.h). To add a key, add a member to the struct in scenario.h and
 * one entry to the table of its section in config/sections:
 *
 *     {"tau_Ca", RW_QUANTITY(rw_scenario, structure.tau_Ca_ms, "ms", 1e-3, 1e12), .default_text = "10 s",
 *      .help = "Time constant with which a cell's calcium decays."},
 *
 * The struct is the one that the other entries of the table name. Items of lists and of maps by name have structs of
 * their own (rw_projection_spec, rw_drug_spec); a map inside a map stores into the same struct as the outer one. A
 * default is a text that is read as if it stood there (`default_text`), or is described in words (`default_words`)
 * where it is no constant. Where all that is not enough, an entry names a function that stands beside the table:
 * `check` for a value that must fit to others, `read` and `write` for what no kind describes. */
#ifndef RW_CONFIG_KEY_TABLE_H
#define RW_CONFIG_KEY_TABLE_H

#include <stdio.h>

#include "config/reader.h"

typedef struct rw_key_table rw_key_table;
typedef struct rw_entry rw_entry;

/* What may stand under a key. The macros below fill in the kind and where the value is stored. */
typedef enum {
    RW_KIND_QUANTITY,     /* a number with a unit */
    RW_KIND_INTEGER,      /* a whole number */
    RW_KIND_FLAG,         /* true or false */
    RW_KIND_TEXT,         /* any text */
    RW_KIND_NAME,         /* text that can be part of a path */
    RW_KIND_CHOICE,       /* one of a few words */
    RW_KIND_TIME,         /* a time that is a multiple of the step */
    RW_KIND_TIMES,        /* a list of times that rise */
    RW_KIND_DISTRIBUTION, /* a number with a unit, or a distribution of it over instances */
    RW_KIND_COURSE,       /* a number with a unit, or its course over time */
    RW_KIND_LENGTHS,      /* a list of lengths, one for each side of the space; read and written by functions */
    RW_KIND_SELECTION,    /* some cells of a population */
    RW_KIND_POPULATION,   /* the name of a population */
    RW_KIND_PROJECTIONS,  /* the name of a projection, or a list of names */
    RW_KIND_PLACES,       /* the name of a population or projection, or a list of names */
    RW_KIND_SIGNAL,       /* the name of a signal, or none */
    RW_KIND_SHARES,       /* a map of receptors and ports and their shares of a weight */
    RW_KIND_MODEL,        /* the name of a model */
    RW_KIND_SETTINGS,     /* parameters and initial states of a model: a map, or (no name) keys of the map itself */
    RW_KIND_MODELS,       /* a map of models, each with its parameters */
    RW_KIND_MAP,          /* a map that another table describes */
    RW_KIND_LIST,         /* a list of such maps */
    RW_KIND_NAMED,        /* a map of such maps by name */
    RW_KIND_INLINE,       /* no name: the keys of another table, which the map may have too */
    RW_KIND_OTHER         /* as its functions and its `form` say */
} rw_entry_kind;

/* Reads the value at `node` (NULL: not there) into `object`. What is wrong becomes a diagnostic. */
typedef rw_err rw_entry_reader(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

struct rw_entry {
    const char *name; /* NULL: keys of the map itself, see RW_KIND_SETTINGS and RW_KIND_INLINE */

    /* What may stand there, and where it is stored; see the macros below. */
    rw_entry_kind kind;
    rw_kind model_kind;  /* of a model */
    size_t offset;       /* where the value is stored in the object */
    size_t count_offset; /* where the number of its items is stored; size_t */
    size_t of_offset;    /* where that is stored of which it is a part: the population, or the model */
    const char *unit;
    double min, max;      /* of quantities, ends included */
    uint64_t least, most; /* of integers, of times in steps, of the items of lists */
    const char *const *words;
    size_t n_words;
    const rw_key_table *table; /* of maps */

    /* What a branch may not change, because it would have no effect. */
    const char *beside; /* initial only beside this key of the map, or of the map that contains it; NULL: always */
    const char *lasts;  /* the key that says how long each of a list of times acts; NULL: no time */
    bool initial;       /* acts at the start of a run only; of a time: not once it lies behind */
    bool is_file;       /* the path of a file, from the folder of the scenario if it does not begin with / */
    bool moments;       /* a list of times of the run, at which something happens, rather than of ages */

    /* Of courses and of what can be left out. */
    bool none;     /* the word none may stand there: the value is then 0, or the map is not read */
    bool per_cell; /* a course that may also be a distribution, with one constant for each cell */

    /* Whether it must be there, and its default. */
    bool required;
    bool decides, depends; /* an entry that depends is read only if those before it that decide are right */
    uint32_t only;         /* RW_ONLY(choice): the key exists for these choices of the table's key `by`; 0: for all */
    const char *default_text;  /* read as if it stood there */
    const char *default_words; /* the default in words where it is no constant; the value is then left alone */
    const char *missing;       /* what could be there, for the message that says that it is missing */
    double default_number;     /* of a quantity without default_text: INFINITY for no limit */

    /* What it means. */
    const char *help;   /* one sentence or more */
    const char *form;   /* what may stand there, for the reference, where the kind does not say it */
    const char *schema; /* JSON Schema of the same, as text */

    /* Optional. */
    rw_entry_reader *read;
    void (*check)(rw_reader *r, const rw_node *node, void *object); /* of a right value; node NULL: not there */
    rw_quantity (*quantity)(const rw_scenario *scenario, const void *object, bool drawn); /* unit and range if they
                                                                 depend on others; unit NULL: not known, so not read */
    bool (*shown)(const rw_scenario *scenario, const void *object); /* whether a resolved scenario has the key */
    void (*write)(FILE *out, const rw_scenario *scenario, const void *object);
    void (*instead)(FILE *out, const rw_scenario *scenario, const void *object); /* a comment where it is not shown */
};

struct rw_key_table {
    const char *name; /* of its items in messages and headings: "populations" */
    const char *help; /* what the map is for */
    const rw_entry *entries;
    size_t n_entries;
    bool flow;             /* written on one line */
    size_t item_size;      /* of the struct of an item of a list or map by name; it begins with its rw_mark */
    size_t name_offset;    /* where an item of a map by name keeps its name */
    const char *by;        /* the key, a choice, that says which others there are */
    const char *ends;      /* the key of the time after which the map has no effect any more; NULL: there is none */
    const char *shorthand; /* the key that text alone stands for: {drive: direct} is {drive: {model: direct}} */
    /* Optional: says what to write instead of a key that an earlier version had; false: it had no such key. */
    bool (*replaced)(rw_reader *r, const rw_node *key);
    /* Optional: before the entries are read; and after, if all of them are right. */
    void (*begin)(rw_reader *r, const rw_node *node, void *object);
    rw_err (*finish)(rw_reader *r, const rw_node *node, void *object);
};

/* The entry of a key; NULL: there is none, or `key` is NULL. */
const rw_entry *rw_key_table_find(const rw_key_table *table, const char *key);

/* Whether the table, or one whose keys are taken in, has this key. */
bool rw_key_table_has(const rw_key_table *table, const char *key);

/* Whether a key exists where the table's choice is `choice` (RW_ONLY(...)). */
bool rw_entry_applies(const rw_entry *entry, uint32_t choice);

/* Where a member is stored, if it has the type that the kind of entry needs. */
#define RW_AT(T, member, type) (offsetof(T, member) + 0 * sizeof(char[_Generic(((T *)0)->member, type : 1)]))

#define RW_QUANTITY(T, member, unit_, min_, max_)                                                                      \
    .kind = RW_KIND_QUANTITY, .offset = RW_AT(T, member, double), .unit = (unit_), .min = (min_), .max = (max_)
#define RW_INTEGER(T, member, least_, most_)                                                                           \
    .kind = RW_KIND_INTEGER, .offset = RW_AT(T, member, uint64_t), .least = (least_), .most = (most_)
#define RW_FLAG(T, member) .kind = RW_KIND_FLAG, .offset = RW_AT(T, member, bool)
#define RW_TEXT(T, member) .kind = RW_KIND_TEXT, .offset = RW_AT(T, member, const char *)
#define RW_NAME(T, member) .kind = RW_KIND_NAME, .offset = RW_AT(T, member, const char *)
/* An enumeration, whose values are the places of the words. */
#define RW_CHOICE(T, member, words_, n_words_)                                                                         \
    .kind = RW_KIND_CHOICE,                                                                                            \
    .offset = offsetof(T, member) + 0 * sizeof(char[sizeof(((T *)0)->member) == sizeof(unsigned) ? 1 : -1]),           \
    .words = (words_), .n_words = (n_words_)
#define RW_TIME(T, member, least_) .kind = RW_KIND_TIME, .offset = RW_AT(T, member, uint64_t), .least = (least_)
#define RW_TIMES(T, member, count)                                                                                     \
    .kind = RW_KIND_TIMES, .offset = RW_AT(T, member, const uint64_t *), .count_offset = RW_AT(T, count, size_t)
#define RW_DISTRIBUTION(T, member, unit_, min_, max_)                                                                  \
    .kind = RW_KIND_DISTRIBUTION, .offset = RW_AT(T, member, rw_value), .unit = (unit_), .min = (min_), .max = (max_)
#define RW_COURSE(T, member, unit_, min_, max_)                                                                        \
    .kind = RW_KIND_COURSE, .offset = RW_AT(T, member, rw_schedule), .unit = (unit_), .min = (min_), .max = (max_)
#define RW_LENGTHS(min_, max_) .kind = RW_KIND_LENGTHS, .unit = "um", .min = (min_), .max = (max_)
#define RW_SELECTION(T, member, population)                                                                            \
    .kind = RW_KIND_SELECTION, .offset = RW_AT(T, member, rw_selection), .of_offset = RW_AT(T, population, uint32_t)
#define RW_POPULATION(T, member) .kind = RW_KIND_POPULATION, .offset = RW_AT(T, member, uint32_t)
#define RW_PROJECTIONS(T, member) .kind = RW_KIND_PROJECTIONS, .offset = RW_AT(T, member, const bool *)
#define RW_PLACES(T, member) .kind = RW_KIND_PLACES, .offset = RW_AT(T, member, rw_places)
#define RW_SIGNAL_OF(T, member) .kind = RW_KIND_SIGNAL, .offset = RW_AT(T, member, const rw_signal_spec *)
#define RW_SHARES(T, member, count, population)                                                                        \
    .kind = RW_KIND_SHARES, .offset = RW_AT(T, member, const rw_share *), .count_offset = RW_AT(T, count, size_t),     \
    .of_offset = RW_AT(T, population, uint32_t)
#define RW_MODEL_OF(T, member, kind_)                                                                                  \
    .kind = RW_KIND_MODEL, .offset = RW_AT(T, member, const rw_model *), .model_kind = (kind_)
#define RW_SETTINGS(T, member, count, model)                                                                           \
    .kind = RW_KIND_SETTINGS, .offset = RW_AT(T, member, const rw_setting *), .count_offset = RW_AT(T, count, size_t), \
    .of_offset = RW_AT(T, model, const rw_model *)
/* Parameters that are keys of the map itself, beside those of `table_`. */
#define RW_INLINE_SETTINGS(T, member, count, model, table_) RW_SETTINGS(T, member, count, model), .table = (table_)
#define RW_MODELS(T, member, count, kind_)                                                                             \
    .kind = RW_KIND_MODELS, .offset = RW_AT(T, member, const rw_model_spec *),                                         \
    .count_offset = RW_AT(T, count, size_t), .model_kind = (kind_)
/* A map whose values are stored in the same object; and one with a flag that says whether it is there. */
#define RW_MAP(table_) .kind = RW_KIND_MAP, .offset = SIZE_MAX, .table = (table_)
#define RW_MAP_IF(T, flag, table_) .kind = RW_KIND_MAP, .offset = RW_AT(T, flag, bool), .table = (table_)
#define RW_LIST(T, member, count, table_, most_)                                                                       \
    .kind = RW_KIND_LIST, .offset = offsetof(T, member), .count_offset = RW_AT(T, count, size_t), .table = (table_),   \
    .most = (most_)
#define RW_NAMED(T, member, count, table_, most_)                                                                      \
    .kind = RW_KIND_NAMED, .offset = offsetof(T, member), .count_offset = RW_AT(T, count, size_t), .table = (table_),  \
    .most = (most_)
#define RW_INLINE(table_) .kind = RW_KIND_INLINE, .table = (table_)
#define RW_OTHER .kind = RW_KIND_OTHER

/* Entries of a table, in the order in which they are read and written. */
#define RW_ENTRIES(array) .entries = (array), .n_entries = RW_COUNT(array)

/* Tables of the items of a list, and of a map by name. Their struct begins with `rw_mark mark`, where they were said.
 */
#define RW_ITEM(T) .item_size = sizeof(T)
#define RW_ITEM_BY_NAME(T) .item_size = sizeof(T), .name_offset = RW_AT(T, name, const char *)

/* The key exists for this value of the table's choice. */
#define RW_ONLY(choice) (UINT32_C(1) << (choice))

#endif
