/* How large the network of a scenario is. */
#ifndef RW_CONFIG_SCENARIO_SIZE_H
#define RW_CONFIG_SCENARIO_SIZE_H

#include "config/reader.h"

/* Refuses more neurons or synapses than can be counted or kept in memory, before anybody tries. */
void rw_check_size(rw_reader *r);

#endif
