/* Which synapses are new since the last sample, which are gone, and which came back. A sample is taken portion by
 * portion, between a begin and its results. */
#ifndef RW_GRAPH_CHANGES_H
#define RW_GRAPH_CHANGES_H

#include "net/edges/edge.h"
#include "sim/run_state/archive.h"
#include "sim/simulation.h"

/* Serial numbers of a source only rise. So what a source had at an earlier time are its synapses below a mark. */
typedef struct {
    uint64_t n_sources;
    uint32_t *seen;     /* [n_sources] marks at the last sample */
    uint32_t *seeing;   /* [n_sources] marks of the sample being taken */
    uint64_t last;      /* synapses at the last sample */
    uint64_t sampled;   /* 1: there was one */
    uint64_t n, n_new;  /* of the sample being taken: all, and those above the last marks */
    uint64_t remembers; /* 1: there is a reference, whose lost synapses are counted */
    uint32_t *before;   /* [n_sources] marks at the reference */
    uint64_t *lost;     /* [n_lost] target << 32 | source of the synapses of the reference that are gone */
    uint64_t n_lost, lost_capacity;
    uint64_t next, n_since,
        n_returned; /* the place in `lost` so far; new since the reference; of these, at lost pairs */
} rw_changes;

/* Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_changes_create(rw_changes *changes, uint64_t n_sources);

/* Frees what is there; zeroed ones are fine. */
void rw_changes_destroy(rw_changes *changes);

/* Begins a sample. */
void rw_changes_begin(rw_changes *changes);

/* Takes synapses of the sample. */
void rw_changes_take(rw_changes *changes, const rw_edge *edges, uint64_t n);

/* Ends a sample, which is then the last one; `refer`: it becomes the reference, if there is none yet. */
void rw_changes_end(rw_changes *changes, bool refer);

/* Takes a synapse that appeared or vanished. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_changes_note(rw_changes *changes, const rw_edge_event *event);

/* Saves or restores what is known of earlier samples, under a path. Errors: those of the archive. */
RW_MUST_CHECK rw_err rw_changes_archive(rw_changes *changes, const rw_archive *archive, const char *path);

#endif
