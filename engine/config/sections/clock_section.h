/* The key time.clock: how biological time passes while the network runs. */
#ifndef RW_CONFIG_SECTIONS_CLOCK_SECTION_H
#define RW_CONFIG_SECTIONS_CLOCK_SECTION_H

#include "config/key_table.h"

/* Steps of a group that must lie in one stretch of the clock. */
#define RW_CLOCK_ALIGNMENT 8

extern const rw_key_table rw_clock_table;

/* The steps that stand for a stretch of the clock are a multiple of this: whole growth ticks, and whole groups of
 * RW_CLOCK_ALIGNMENT steps where Poisson input is drawn in groups from a rate that changes. */
uint64_t rw_clock_unit(const rw_scenario *scenario);

/* The time between updates of connectivity if nothing is said, in steps. */
uint64_t rw_clock_default_interval(const rw_scenario *scenario);

/* The steps of the network that stand for `length` steps of biology at the factor nearest to `factor` (>= 1): a
 * multiple of the unit, at least one unit, at most `length`. */
uint64_t rw_clock_round(uint64_t length, uint64_t unit, double factor);

/* Checks the clock when all sections are read, and sets its interval. Errors: RW_ERR_SYSTEM; what is wrong is noted in
 * the diagnostics. */
RW_MUST_CHECK rw_err rw_check_clock(rw_reader *r);

#endif
