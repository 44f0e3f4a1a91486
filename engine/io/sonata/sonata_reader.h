/* What the parts of the SONATA reader share while a circuit is being read. Nothing here trusts a file.
 *
 * sonata_in.c          reads the configuration and puts the scenario together
 * sonata_in_config.c   JSON files: manifest variables, paths, values
 * sonata_in_table.c    node and edge types (CSV)
 * sonata_in_groups.c   attribute groups of nodes and edges
 * sonata_in_nodes.c    populations and their parameters
 * sonata_in_models.c   which model of NEST or NEURON is which model here
 * sonata_in_nest.c     parameters of these models
 * sonata_in_glif.c     what is special about GLIF cells
 * sonata_in_edges.c    the columns of an edge population
 * sonata_in_edge_files.c   edges of all files
 * sonata_in_edge_types.c   edge types
 * sonata_in_projections.c  projections of these edges
 * sonata_in_keys.c     which keys and columns are read, and what becomes of others
 * sonata_in_inputs.c   spike trains of virtual cells
 * sonata_in_clamps.c   current clamps
 * sonata_in_spikes.c   files of spikes
 * sonata_in_sets.c     node sets
 * sonata_in_reports.c  reports */
#ifndef RW_IO_SONATA_SONATA_READER_H
#define RW_IO_SONATA_SONATA_READER_H

#include "config/document.h"
#include "config/scenario.h"
#include "config/scenario_warn.h"
#include "io/sonata/sonata_in_groups.h"
#include "io/sonata/sonata_in_table.h"

/* The format that messages name: rw_h5_location.format of every file that is read here. */
#define RW_SONATA "SONATA"

/* One JSON file. */
typedef struct {
    const char *directory; /* where its relative paths begin; "" is the working directory, otherwise ends in / */
    const rw_node *root;
} rw_sonata_json;

/* A population while it is being read. */
typedef struct {
    const char *file; /* with its nodes */
    rw_sonata_table types;
    const uint32_t *type_row;              /* [count] row of each node in types */
    const rw_sonata_attribute *attributes; /* what its groups say of single nodes, by name ascending */
    size_t n_attributes;
    const rw_sonata_attribute *parameters; /* dynamics_params of single nodes: numbers, by name ascending */
    size_t n_parameters;
    const struct rw_sonata_nest *nest;       /* NULL: virtual cells */
    const struct rw_sonata_nest **type_nest; /* [types.n_rows] model of the cells of each type; NULL: it has none */
    unsigned *n_receptors; /* [types.n_rows] of cells whose synapses have a receptor_type: 1 .. n; 0: they have none */
} rw_sonata_population;

/* Everything the parts share while a circuit is being read. */
typedef struct {
    rw_scenario *scenario;
    rw_arena *arena; /* the scenario's */
    rw_diagnostics *diagnostics;
    const rw_override *overrides;
    size_t n_overrides;
    rw_sonata_json main, circuit, simulation, node_sets;
    const char *idle;                  /* paths of keys that have no effect here; NULL: none so far */
    rw_sonata_population *populations; /* beside scenario->populations */
} rw_sonata_reader;

#endif
