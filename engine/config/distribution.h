/* Numbers that may differ between instances. */
#ifndef RW_CONFIG_DISTRIBUTION_H
#define RW_CONFIG_DISTRIBUTION_H

#include "config/reader.h"

/* A number or a distribution: {uniform: [a, b]}, {normal: [mean, std]}, {lognormal: [mean, std]}, with min and max. */
bool rw_read_value(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_value *value);

/* Narrows the limits between which a distribution is drawn (a constant stays); false if hardly any draw is left. */
bool rw_narrow_value(rw_reader *r, const rw_node *node, rw_value *value, rw_quantity limits);

/* Whether a node is a map that names a distribution. */
bool rw_is_distribution(const rw_node *node);

#endif
