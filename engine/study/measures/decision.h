/* Outcome measures of which of two populations wins; what they mean: configs/README.md, "Decisions". */
#ifndef RW_STUDY_MEASURES_DECISION_H
#define RW_STUDY_MEASURES_DECISION_H

#include "study/measure_table.h"

extern const rw_measure_group rw_decision_measures;

#endif
