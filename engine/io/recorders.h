/* Recorders: observers that write one file of the result each. result.c creates them and closes them. */
#ifndef RW_IO_RECORDERS_H
#define RW_IO_RECORDERS_H

#include "io/directory.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

typedef struct {
    rw_observer observer;        /* observer.self is what the functions below take */
    rw_err (*flush)(void *self); /* makes what was recorded until now readable in NAME.part; may be NULL */
    /* Gives the files their final names. `sim` is the state in which the run ended, completely or early; NULL: it
     * failed. */
    rw_err (*commit)(void *self, const rw_simulation *sim);
    void (*destroy)(void *self); /* frees it; files without commit stay as NAME.part */
    /* Saves its state and the lengths of its files, or restores both. */
    rw_err (*archive)(void *self, const rw_archive *archive);
} rw_recorder;

/* Spikes of the populations that the scenario names: spikes.h5. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_spike_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim);

/* Every synapse that forms or vanishes: edge_events.h5. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_event_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim);

/* All live synapses now and then: edges/edges.t<step>.h5 and edges/series.json. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_snapshot_recorder_create(rw_recorder *recorder, rw_directory *directory,
                                                 const rw_simulation *sim);

/* One variable of some neurons: reports/<name>.h5, for report number `index`. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_report_recorder_create(rw_recorder *recorder, rw_directory *directory, const rw_simulation *sim,
                                               size_t index);

/* Rates, growth, synapses and blockade over time: series.h5. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_series_recorder_create(rw_recorder *recorder, rw_directory *directory,
                                               const rw_simulation *sim);

/* The observer for the measures in series.h5, which have times of their own; false if there is none. */
bool rw_series_recorder_measures(const rw_recorder *recorder, rw_observer *observer);

/* Writes the cells as they are now: nodes.h5 and node_types.csv. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_nodes_write(rw_directory *directory, const rw_simulation *sim);

/* Writes circuit_config.json, simulation_config.json and node_sets.json. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_config_write(rw_directory *directory, const rw_network *network);

/* "axon", "dendrite_exc", "dendrite_inh". */
const char *rw_element_name(rw_element element);

/* Name of the snapshot of a step, relative to edges/. */
rw_path rw_snapshot_name(uint64_t step);

#endif
