/* Synapses that were read from a file. */
#ifndef RW_NET_RULE_TABLE_H
#define RW_NET_RULE_TABLE_H

#include "net/building/pass.h"

extern const rw_rule rw_rule_table;

#endif
