#include "base/workspace.h"

rw_err rw_workspace_reserve(size_t *capacity, size_t count, const char *what, const rw_workspace_array *arrays,
                            size_t n) {
    if (count <= *capacity)
        return RW_OK;
    for (size_t k = 0; k < n; k++)
        RW_TRY(rw_reallocate(arrays[k].pointer, *capacity, count + count / 2, arrays[k].size, what));
    *capacity = count + count / 2;
    return RW_OK;
}
