/* Symbolic links, devices and pipes in directories that may come from a stranger: a result, a sweep. */
#ifndef RW_IO_LINKS_H
#define RW_IO_LINKS_H

#include "base/error.h"

#define RW_LINKS_ANY_DEPTH 64

/* Refuses a directory that is going to be written into if it has anything but files and directories in it, down to
 * `depth` levels, because a write would go elsewhere. The directory itself may be named by a link. Errors: RW_ERR_INPUT
 * (with the path), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_links_refuse(const char *directory, int depth);

/* Refuses a directory that is going to be read if it has devices or pipes in it, or links to what lies outside of it
 * and is not allowed (io/permission.h). Errors: as above. */
RW_MUST_CHECK rw_err rw_links_check(const char *directory);

#endif
