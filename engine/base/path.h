/* A path, of a file or inside one, as a value: it needs no freeing and fits in an expression. */
#ifndef RW_BASE_PATH_H
#define RW_BASE_PATH_H

#include <limits.h>

#include "base/error.h"

typedef struct {
    char text[PATH_MAX];
} rw_path;

/* The path that the format gives; a bug if it is longer than PATH_MAX. */
rw_path rw_path_of(const char *format, ...) RW_PRINTF(1, 2);

#endif
