/* One synapse, as it is written to files. */
#ifndef RW_NET_EDGE_H
#define RW_NET_EDGE_H

#include <stdint.h>

typedef struct {
    uint64_t uid;            /* source gid << 32 | serial: unique in its projection for the whole run, never reused */
    uint64_t source, target; /* ids inside their populations */
    float weight;            /* with which it acts */
    uint32_t delay_steps;
    uint64_t slot; /* in the pool of its worker */
} rw_edge;

#endif
