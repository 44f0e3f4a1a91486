/* Whatever the bytes: a sweep is read, or refused with a message. */
#include <string.h>

#include "study/sweep/plan_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rw_units *units = NULL; /* reading the database takes longer than everything else */
    rw_arena *arena = NULL;
    rw_sweep_plan *plan = NULL;
    if (units == NULL)
        RW_ASSERT(rw_units_create(&units) == RW_OK);
    RW_ASSERT(rw_arena_create(&arena) == RW_OK);
    rw_err err = rw_sweep_plan_read_with(&plan, arena, units, "sweep.yaml", (const char *)data, size);
    RW_ASSERT(err == RW_OK || err == RW_ERR_INPUT);
    RW_ASSERT(err == RW_OK ? plan != NULL : strlen(rw_error_message()) > 0);
    rw_arena_destroy(&arena);
    return 0;
}
