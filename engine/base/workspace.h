/* Arrays that a computation keeps from use to use: they only ever grow, so that nothing is allocated once they are
 * large enough. */
#ifndef RW_BASE_WORKSPACE_H
#define RW_BASE_WORKSPACE_H

#include "base/memory.h"

/* One of several arrays of equal length. */
typedef struct {
    void *pointer; /* to the array's pointer */
    size_t size;   /* of an element */
} rw_workspace_array;

#define RW_WORKSPACE_ARRAY(array)                                                                                      \
    { &(array), sizeof *(array) }

/* Makes each of the arrays [n] at least `count` elements long. If *capacity, their length, is less, they become half as
 * long again; what they hold is kept, and the rest is zero. Errors: RW_ERR_SYSTEM; they then hold what they held. */
RW_MUST_CHECK rw_err rw_workspace_reserve(size_t *capacity, size_t count, const char *what,
                                          const rw_workspace_array *arrays, size_t n);

/* The same for arrays given one by one, each as RW_WORKSPACE_ARRAY. */
#define RW_WORKSPACE_RESERVE(capacity, count, what, ...)                                                               \
    rw_workspace_reserve((capacity), (count), (what), (const rw_workspace_array[]){__VA_ARGS__},                       \
                         sizeof((const rw_workspace_array[]){__VA_ARGS__}) / sizeof(rw_workspace_array))

#endif
