#include "io/hdf5/h5_failure.h"

#include <hdf5.h>
#include <stdio.h>
#include <string.h>

enum { CAUSE = sizeof((rw_h5_failure *)NULL)->cause };

/* HDF5 describes errors of the system in one long line; what failed and the part in quotes are what people need. */
static herr_t keep_innermost(unsigned depth, const H5E_error2_t *entry, void *target) {
    static const char mark[] = "error message = '";
    char *cause = target;
    const char *text = strstr(entry->desc, mark);
    if (text != NULL) {
        text += strlen(mark);
        (void)snprintf(cause, CAUSE, "%.*s: %.*s", (int)strcspn(entry->desc, ",:"), entry->desc,
                       (int)strcspn(text, "'"), text);
        return 1;
    }
    if (depth == 0)
        (void)snprintf(cause, CAUSE, "%s", entry->desc);
    return 0;
}

/* ("lock" alone would not do: a truncated file is reported with an "sblock".) */
static bool is_about_locks(const char *cause) {
    return strstr(cause, "unable to lock") != NULL || strstr(cause, "temporarily unavailable") != NULL ||
           strstr(cause, "No locks available") != NULL || strstr(cause, "not implemented") != NULL;
}

static const char *remedy_for(const rw_h5_failure *failure) {
    const char *cause = failure->cause;
    if (failure->is_about_locks)
        return "another program may have the file open, or the file system has no locks: then set "
               "HDF5_USE_FILE_LOCKING=FALSE";
    if (strstr(cause, "space") != NULL || strstr(cause, "quota") != NULL || strstr(cause, "large") != NULL)
        return "free space there, or choose another directory with -o";
    return "check the disk, or choose another directory with -o";
}

rw_err rw_h5_start(void) {
    /* A link of a file to another file is not followed: what a stranger's file may read is decided by its path. */
    if (H5Lis_registered(H5L_TYPE_EXTERNAL) > 0)
        (void)H5Lunregister(H5L_TYPE_EXTERNAL);
    RW_CHECK(H5Eset_auto2(H5E_DEFAULT, NULL, NULL) >= 0, RW_ERR_SYSTEM,
             "the HDF5 library does not start; close other programs");
    return RW_OK;
}

rw_h5_failure rw_h5_last_failure(void) {
    rw_h5_failure failure = {.cause = "HDF5 gives no reason"};
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, failure.cause);
    failure.is_about_locks = is_about_locks(failure.cause);
    failure.remedy = remedy_for(&failure);
    return failure;
}
