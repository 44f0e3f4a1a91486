/* How fast a run was, phase by phase, and how far from the limits of this machine. */
#ifndef RW_CLI_PERFORMANCE_H
#define RW_CLI_PERFORMANCE_H

#include "base/json.h"
#include "sim/limits.h"
#include "sim/profile.h"
#include "sim/simulation.h"

/* Clocks around a stretch of the simulation. */
typedef struct {
    double wall_s, cpu_s; /* of all threads together */
} rw_effort;

/* Time that the process has used so far. */
rw_effort rw_effort_now(void);

/* Sizes of the network that times are divided by. */
typedef struct {
    uint64_t cells, synapses, rows;
    double synapse_bytes;
} rw_extent;

typedef struct {
    const rw_simulation *sim;
    int n_threads;     /* of each rank */
    double build_s;    /* of the network */
    rw_profile before; /* this rank's counts that do not belong here: of the steps before a resumed one */
    rw_effort effort;  /* of the steps that the simulation's profile counts */
    rw_extent size;    /* this and what follows: from rw_performance_measure */
    rw_profile profile;
    rw_limits limits;
} rw_performance;

/* Adds up what all ranks did, and measures what the machine can do with rows as long, and memory as large, as the
 * network's. Errors: RW_ERR_SYSTEM (memory, MPI). Collective. */
RW_MUST_CHECK rw_err rw_performance_measure(rw_performance *performance);

/* Prints the table of phases, the rates, and delivery against its limit. */
void rw_performance_print(const rw_performance *performance);

/* Writes the same as the entry `key` of an open JSON object, or as an object of its own where key is NULL. */
void rw_performance_json(rw_json *json, const char *key, const rw_performance *performance);

#endif
