/* Numbers that change in time, and lists of times. */
#ifndef RW_CONFIG_SCHEDULE_H
#define RW_CONFIG_SCHEDULE_H

#include "config/reader.h"

/* 1 at all times. */
extern const rw_schedule rw_constant_one;

/* A number, {steps: [[time, number], ...]} or {table: [[time, number], ...]}, whose first time is 0. `neutral` is the
 * value without effect as a scenario writes it, an example in messages; NULL: 0. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_schedule(rw_reader *r, const rw_node *node, rw_quantity quantity, const char *neutral,
                                      rw_schedule *schedule);

/* A list of times, ascending, each a multiple of the step. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_times(rw_reader *r, const rw_node *node, const uint64_t **steps, size_t *count);

#endif
