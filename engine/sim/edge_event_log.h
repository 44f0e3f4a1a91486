/* The synapses that an update of connectivity, or lesions, have created and deleted: of all ranks, on each rank. */
#ifndef RW_SIM_EDGE_EVENT_LOG_H
#define RW_SIM_EDGE_EVENT_LOG_H

#include "sim/observer.h"

/* Zeroed at first; n = 0 empties the log and keeps its memory. */
typedef struct {
    rw_edge_event *items; /* [n] */
    size_t n, capacity;
} rw_edge_event_log;

/* Makes sure that n more events can be appended. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_edge_event_log_reserve(rw_edge_event_log *log, size_t n);

/* The next event, reserved before. The caller assigns its fields at once: an event that is copied as a whole from where
 * it has just been written field by field would have to wait for these writes. */
static inline rw_edge_event *rw_edge_event_log_append(rw_edge_event_log *log) {
    return &log->items[log->n++];
}

/* Sorts events by (projection, uid). Errors: RW_ERR_SYSTEM; they are then as they were. */
RW_MUST_CHECK rw_err rw_edge_event_log_sort(rw_edge_event_log *log);

/* Frees the events. */
void rw_edge_event_log_destroy(rw_edge_event_log *log);

#endif
