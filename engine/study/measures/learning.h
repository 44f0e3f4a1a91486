/* Outcome measures of what training does; what they mean: configs/README.md, "Learning". */
#ifndef RW_STUDY_MEASURES_LEARNING_H
#define RW_STUDY_MEASURES_LEARNING_H

#include "study/measure_table.h"

extern const rw_measure_group rw_learning_measures;

#endif
