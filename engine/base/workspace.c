#include "base/workspace.h"

#include <string.h>

rw_err rw_workspace_reserve(size_t *capacity, size_t count, const char *what, const rw_workspace_array *arrays,
                            size_t n) {
    if (count <= *capacity)
        return RW_OK;
    *capacity = 0;
    for (size_t k = 0; k < n; k++) {
        void *old = NULL;
        memcpy(&old, arrays[k].pointer, sizeof old);
        rw_free(old);
        memset(arrays[k].pointer, 0, sizeof old);
    }
    for (size_t k = 0; k < n; k++)
        RW_TRY(rw_allocate(arrays[k].pointer, count + count / 2, arrays[k].size, what));
    *capacity = count + count / 2;
    return RW_OK;
}
