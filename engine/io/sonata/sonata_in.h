/* The parts of the SONATA reader. Nothing here trusts a file.
 *
 * sonata_in.c          reads the configuration and puts the scenario together
 * sonata_in_config.c   JSON files: manifest variables, paths, values
 * sonata_in_table.c    node and edge types (CSV)
 * sonata_in_nodes.c    populations and their parameters
 * sonata_in_nest.c     which NEST model is which model here
 * sonata_in_edges.c    the columns of an edge population
 * sonata_in_projections.c  edge types and projections
 * sonata_in_spikes.c   spike trains
 * sonata_in_sets.c     node sets
 * sonata_in_reports.c  reports */
#ifndef RW_IO_SONATA_IN_H
#define RW_IO_SONATA_IN_H

#include "config/document.h"
#include "config/scenario.h"
#include "io/hdf5/h5_read.h"

/* The format that messages name: rw_h5_location.format of every file that is read here. */
#define RW_SONATA "SONATA"

/* ---- types ---- */

/* A table of text: fields separated by blanks, "quoted" if they hold some, the first line names the columns. */
typedef struct {
    const char *file;
    size_t n_columns, n_rows;
    const char *const *columns; /* [n_columns] */
    const char *const *cells;   /* [n_rows x n_columns] */
    const uint32_t *lines;      /* [n_rows] in the file, from 1 */
    const uint64_t *ids;        /* [n_rows] the column of type ids, unique */
    const uint32_t *by_id;      /* [n_rows] rows in the order of their ids */
} rw_sonata_table;

/* Reads a table of types whose ids stand in the column `id_column`; strings go to the arena.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_table_read(rw_sonata_table *table, rw_arena *arena, const char *file,
                                          const char *id_column);

/* The same from text in memory, which must be zero-terminated. */
RW_MUST_CHECK rw_err rw_sonata_table_parse(rw_sonata_table *table, rw_arena *arena, const char *file, const char *text,
                                           size_t length, const char *id_column);

/* A cell, or NULL if the table has no such column or the cell says NULL or NONE. */
const char *rw_sonata_table_cell(const rw_sonata_table *table, size_t row, const char *column);

/* A cell that holds a finite number; *value is untouched if there is none. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_table_number(const rw_sonata_table *table, size_t row, const char *column,
                                            double *value);

/* Row of a type id, or SIZE_MAX. */
size_t rw_sonata_table_find(const rw_sonata_table *table, uint64_t id);

/* Rows of the types of `count` instances [count], in `rows` [count]; `dataset` is the source of type_id.
 * Errors: RW_ERR_INPUT (a type the table does not have). */
RW_MUST_CHECK rw_err rw_sonata_table_rows(const rw_sonata_table *table, const rw_h5_location *group,
                                          const char *dataset, uint64_t count, const uint64_t *type_id, uint32_t *rows);

/* ---- configuration ---- */

/* One JSON file. */
typedef struct {
    const char *directory; /* where its relative paths begin; "" is the working directory, otherwise ends in / */
    const rw_node *root;
} rw_sonata_json;

/* A population while it is being read. */
typedef struct {
    rw_sonata_table types;
    const uint32_t *type_row;          /* [count] row of each node in types */
    const struct rw_sonata_nest *nest; /* NULL: virtual cells */
} rw_sonata_population;

/* Everything the parts share while a circuit is being read. */
typedef struct {
    rw_scenario *scenario;
    rw_arena *arena; /* the scenario's */
    rw_diagnostics *diagnostics;
    const rw_override *overrides;
    size_t n_overrides;
    rw_sonata_json main, circuit, simulation, node_sets;
    rw_sonata_population *populations; /* beside scenario->populations */
} rw_sonata_reader;

/* Reads a JSON file into a tree. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_json_read(rw_sonata_reader *reader, rw_sonata_json *json, const char *path);

/* Fails with RW_ERR_INPUT at a place in a JSON file. */
RW_MUST_CHECK rw_err rw_sonata_json_wrong(rw_sonata_reader *reader, const rw_node *node, const char *format, ...)
    RW_PRINTF(3, 4);

/* The member of a map that must be there and of that kind. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_need(rw_sonata_reader *reader, const rw_node *map, const char *key,
                                         rw_node_kind kind, const rw_node **member);

/* A path with its manifest variables replaced, relative to the working directory. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_path(rw_sonata_reader *reader, const rw_sonata_json *json, const rw_node *node,
                                         const char **path);

/* The path of a parameter file inside a directory of the circuit's components. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_component(rw_sonata_reader *reader, const char *directory_key, const char *file,
                                         const char **path);

/* A finite number. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_number(rw_sonata_reader *reader, const rw_node *node, double *value);

/* A whole number from 0 to 2^53. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_integer(rw_sonata_reader *reader, const rw_node *node, uint64_t *value);

/* Whether a member `enabled` says false. */
bool rw_sonata_json_disabled(const rw_node *map);

/* A finite decimal number that is the whole text. */
bool rw_sonata_number(const char *text, double *value);

/* The directory of a file: "" or a path with its slash at the end. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_directory(rw_arena *arena, const char *path, const char **directory);

/* Joins and simplifies "directory/" and a path: an absolute path stays as it is. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_join(rw_arena *arena, const char *directory, const char *path, const char **joined);

/* ---- NEST's models ---- */

/* Where a parameter of a NEST model is found here. */
typedef enum { RW_SONATA_OF_CELL, RW_SONATA_OF_EXC, RW_SONATA_OF_INH } rw_sonata_owner;

typedef struct {
    const char *name; /* in NEST */
    rw_sonata_owner owner;
    const char *field; /* of our model */
    double value;      /* NEST's default */
} rw_sonata_parameter;

/* A NEST model and its equivalent. */
typedef struct rw_sonata_nest {
    const char *name;
    const char *model; /* our neuron */
    bool conductance;  /* exc and inh are receptors whose weights are positive; otherwise ports with signed weights */
    const char *exc, *inh; /* what weights >= 0 and weights < 0 act on; may be the same port */
    const rw_sonata_parameter *parameters;
    size_t n_parameters;
} rw_sonata_nest;

/* The equivalent of `template` ("nest:iaf_psc_alpha", or without the prefix), or NULL. */
const rw_sonata_nest *rw_sonata_nest_find(const char *template);

/* "iaf_psc_alpha, iaf_psc_exp, ...", for messages. */
const char *rw_sonata_nest_list(void);

/* Fills the neuron model, receptors and settings of a population from its types' parameter files.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_nest_settings(rw_sonata_reader *reader, size_t population);

/* ---- network, inputs, reports ---- */

/* Reads every population of every nodes file. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_nodes(rw_sonata_reader *reader);

/* Type ids of a population group: fills *count and *type_id (rw_free it). Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_nodes_load(const rw_h5_location *group, uint64_t *count, uint64_t **type_id);

/* Index of a population by name, or SIZE_MAX. */
size_t rw_sonata_population_find(const rw_scenario *scenario, const char *name);

/* Edges of one population as the file has them. Columns that are not there are NULL. */
typedef struct {
    uint64_t count;
    uint64_t *source, *target, *type_id;
    double *weight, *delay_ms, *n_synapses;
} rw_sonata_edges;

/* Reads an edge population group and checks ids against the populations' sizes. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_edges_load(rw_sonata_edges *edges, const rw_h5_location *group, uint64_t n_sources,
                                          uint64_t n_targets);

/* Frees the columns. */
void rw_sonata_edges_free(rw_sonata_edges *edges);

/* Reads every edge population of every edges file into projections. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_edges(rw_sonata_reader *reader);

/* Finds the spike files of virtual populations among the inputs. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_inputs(rw_sonata_reader *reader);

/* Spikes of one population (NULL: the only one) of an open spikes file, up to stamp n_steps.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_spikes_load(rw_spike_table *spikes, rw_arena *arena, const rw_h5_location *file,
                                           const char *population, uint64_t n_cells, double step_ms, uint64_t n_steps);

/* The cells that a node set stands for: `node` is its name, a population's name, or a rule; *population is where they
 * are. Errors: RW_ERR_INPUT (unknown, of several populations, empty), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_node_set(rw_sonata_reader *reader, const rw_node *node, size_t *population,
                                        rw_selection *selection);

/* Reads what the configuration wants recorded. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_reports(rw_sonata_reader *reader);

#endif
