/* The section outcomes: measures of a course of treatment, taken from the series of a run. */
#ifndef RW_CONFIG_SECTIONS_OUTCOMES_SECTION_H
#define RW_CONFIG_SECTIONS_OUTCOMES_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_outcomes_table;

/* Whether any outcome measure is told something. */
bool rw_has_outcomes(const rw_scenario *scenario);

#endif
