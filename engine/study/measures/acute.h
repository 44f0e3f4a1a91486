/* Outcome measures of how the firing answers to each dose; what they mean: configs/README.md, "A course of treatment".
 */
#ifndef RW_STUDY_MEASURES_ACUTE_H
#define RW_STUDY_MEASURES_ACUTE_H

#include "study/measure_table.h"

extern const rw_measure_group rw_acute_measures;

#endif
