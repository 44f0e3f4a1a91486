/* The keys of `outcomes` for what a network does: patterns that it learns, choices that it makes. */
#ifndef RW_CONFIG_SECTIONS_BEHAVIOUR_SECTION_H
#define RW_CONFIG_SECTIONS_BEHAVIOUR_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_learning_table;
extern const rw_key_table rw_decision_table;

/* The sessions that `outcomes.learning` names; NULL: there are none of that name. */
const rw_input_spec *rw_learning_training(const rw_scenario *scenario);

/* Whether the scenario has outcome measures of learning. */
bool rw_has_learning(const rw_scenario *scenario, const void *object);

/* Whether it has those of a decision. */
bool rw_has_decision(const rw_scenario *scenario, const void *object);

#endif
