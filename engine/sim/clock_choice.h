/* How many steps of the network stand for a stretch of biological time. A pure function of what it is given, so that it
 * is the same on all ranks and threads, and after a resume. */
#ifndef RW_SIM_CLOCK_CHOICE_H
#define RW_SIM_CLOCK_CHOICE_H

#include "sim/accuracy/clock_control.h"

/* A stretch of biological time, over which the factor stays. Times are counted in time.step. */
typedef struct {
    uint64_t begin, length; /* biological */
    uint64_t unit;          /* the steps of the network that stand for it are a multiple of this */
    bool real_time;         /* a window in which biology has the network's own speed */
} rw_clock_stretch;

/* The steps that make the factor nearest to `factor` (>= 1): a multiple of the unit, at least one unit, at most the
 * stretch's length. */
uint64_t rw_clock_steps(const rw_clock_stretch *stretch, double factor);

/* The steps of the network that stand for the stretch to come: of the scenario's factor, or of the largest that its
 * tolerance allows by the evidence of the run. evidence NULL: there is no run, and the factor is the largest of all. */
uint64_t rw_clock_choose(const rw_clock_spec *spec, const rw_clock_stretch *stretch, const rw_clock_evidence *evidence);

#endif
