/* Outcome measures of lost synapses that are regained; what they mean: configs/README.md, "A course of treatment". */
#ifndef RW_STUDY_MEASURES_REGAINED_H
#define RW_STUDY_MEASURES_REGAINED_H

#include "study/measure_table.h"

extern const rw_measure_group rw_regained_measures;

#endif
