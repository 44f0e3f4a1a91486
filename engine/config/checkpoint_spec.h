/* What a scenario says about saved states. */
#ifndef RW_CONFIG_CHECKPOINT_SPEC_H
#define RW_CONFIG_CHECKPOINT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When the state of a run is saved. */
typedef struct {
    bool none;            /* never: the run cannot be resumed */
    uint64_t every_steps; /* simulated time between checkpoints; 0: not by simulated time */
    double every_wall_s;  /* wall time between checkpoints; 0: not by wall time */
    const uint64_t *at;   /* [n_at] steps whose states are kept to branch from, ascending */
    size_t n_at;
} rw_checkpoint_spec;

/* Wall time between checkpoints if nothing is said, s. */
#define RW_CHECKPOINT_WALL_S 900.0

#endif
