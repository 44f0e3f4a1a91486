/* Reads the synapses of a row in order, however they are stored. */
#ifndef RW_NET_ROW_READER_H
#define RW_NET_ROW_READER_H

#include "net/adjacency/fan_out.h"
#include "net/adjacency/row_iterator.h"

/* Reads the synapses of a row that are live, by packed target and serial. */
typedef struct {
    bool gathered; /* in a fan-out */
    rw_row_iterator row;
    rw_fan_out_reader fan_out;
} rw_row_reader;

/* Begins at the first synapse of a source. */
static inline void rw_row_reader_begin(rw_row_reader *reader, const rw_adjacency *adjacency, uint64_t source) {
    reader->gathered = adjacency->gathered != NULL;
    if (reader->gathered)
        rw_fan_out_reader_begin(&reader->fan_out, adjacency->gathered, source);
    else
        rw_row_iterator_begin(&reader->row, adjacency, source);
}

/* The next synapse; false if there is none left. */
static inline bool rw_row_reader_next(rw_row_reader *reader, rw_synapse *synapse) {
    if (reader->gathered)
        return rw_fan_out_reader_next(&reader->fan_out, synapse);
    uint64_t slot;
    if (!rw_row_iterator_next(&reader->row, &slot))
        return false;
    *synapse = rw_adjacency_synapse(reader->row.adjacency, slot);
    return true;
}

#endif
