/* The fan-out of cells: the synapses of several projections from one population onto the cells of one thread, gathered
 * in one row for each source, by delay.
 *
 * Where delays differ, a spike acts on many later steps. What arrives in one step is then a segment of every row that
 * fired some steps before: its synapses of one delay class. In a row of one projection such a segment has a few
 * synapses, less than a cache line; in a row of all projections it has dozens, which are read in one go, and all of
 * them act on the same step, whose bins lie near. So delivery goes through segments when they are due, instead of
 * going through rows when cells fire (sim/arrivals.h).
 *
 * A place is the number of a bin among those of all ports of a thread: in a fan-out a synapse's packed target holds its
 * place. A row is ascending by delay class, then by projection, then by target. */
#ifndef RW_NET_FAN_OUT_H
#define RW_NET_FAN_OUT_H

#include "net/adjacency/adjacency.h"

/* The packed target of the synapse that ends every row. */
#define RW_FAN_OUT_END UINT32_MAX

/* The rows of one thread. */
typedef struct {
    uint64_t *start;      /* [n_sources + 1] first synapse of each row */
    rw_synapse *synapses; /* of all rows, each with an end */
    rw_packing packing;   /* how a packed target splits into delay class and place */
} rw_fan_out_rows;

/* What a projection gives to a fan-out, for one thread, and how to find it again. */
typedef struct rw_fan_out_part {
    const rw_fan_out_rows *rows;
    uint32_t first_place, end_place; /* of its port */
    uint32_t first_class;            /* delay class there of delay class 0 here */
    rw_packing packing;              /* of the projection */
} rw_fan_out_part;

/* Moves the synapses of n projections, given by their adjacencies for one thread, into rows; parts [n] say where they
 * go. Adjacency k keeps the numbers of its synapses and refers to parts[k], which must live as long. Rows are to be
 * ascending by packed target. Memory is given back as it is read, so that the synapses never take twice their memory.
 * Errors: RW_ERR_SYSTEM; nothing has then changed. */
RW_MUST_CHECK rw_err rw_fan_out_gather(rw_fan_out_rows *rows, rw_adjacency *const *adjacencies,
                                       const rw_fan_out_part *parts, size_t n);

/* Frees the rows; zeroed ones are fine. */
void rw_fan_out_destroy(rw_fan_out_rows *rows);

/* Reads what a projection has given to a row, in the order in which it was there: run by run, one for each delay. */
typedef struct {
    const rw_fan_out_part *part;
    const rw_synapse *next, *end;
    uint32_t run_end; /* packed targets of the run are below it */
    uint32_t offset;  /* what they have more than in the projection */
} rw_fan_out_reader;

/* Begins at the first synapse of a source. */
static inline void rw_fan_out_reader_begin(rw_fan_out_reader *reader, const rw_fan_out_part *part, uint64_t source) {
    const rw_fan_out_rows *rows = part->rows;
    *reader = (rw_fan_out_reader){.part = part,
                                  .next = rows->synapses + rows->start[source],
                                  .end = rows->synapses + rows->start[source + 1] - 1};
}

/* Moves to the next run of synapses of the projection; false if there is none. */
bool rw_fan_out_reader_find(rw_fan_out_reader *reader);

/* The next synapse, packed as in the projection; false if there is none left. */
static inline bool rw_fan_out_reader_next(rw_fan_out_reader *reader, rw_synapse *synapse) {
    if (reader->next->packed >= reader->run_end && !rw_fan_out_reader_find(reader))
        return false;
    *synapse = (rw_synapse){reader->next->packed - reader->offset, reader->next->weight};
    reader->next++;
    return true;
}

#endif
