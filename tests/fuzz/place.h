/* A directory for the files of a fuzz target: in shared memory if the system has it. */
#ifndef RW_FUZZ_PLACE_H
#define RW_FUZZ_PLACE_H

#include <stddef.h>

/* Makes an empty directory, removed with everything in it when the program ends; aborts if that fails. */
const char *place_make(const char *name);

/* Writes a whole file; aborts if that fails. */
void place_put(const char *path, const void *bytes, size_t size);

#endif
