/* What of values in time lies behind the beginning of a branch. The nodes are those of resolved scenarios, whose times
 * are in ms and whose numbers have the unit of their key. */
#ifndef RW_CONFIG_BRANCH_TIMES_H
#define RW_CONFIG_BRANCH_TIMES_H

#include "config/document.h"

/* Where a branch begins. */
typedef struct {
    double at_ms, tolerance_ms;
} rw_branch_begin;

/* Whether the time at a node, which may be NULL, lies behind: then what happens at it does not happen in the branch. */
bool rw_time_is_behind(const rw_node *time, rw_branch_begin begin);

/* Whether two courses, or constants, are equal from the beginning of the branch on. */
bool rw_courses_agree(const rw_node *a, const rw_node *b, rw_branch_begin begin);

/* The first time of the list `times` that lies behind and is not in `others`; NULL: none. Either may be NULL. What
 * begins at a time lasts `lasts_ms`. */
const rw_node *rw_time_only_behind(const rw_node *times, const rw_node *others, rw_branch_begin begin, double lasts_ms);

/* The number at a node, without its unit; NaN if there is none, or `node` is NULL. */
double rw_node_number(const rw_node *node);

/* Whether two nodes, which may be NULL, have the same contents. */
bool rw_node_equal(const rw_node *a, const rw_node *b);

#endif
