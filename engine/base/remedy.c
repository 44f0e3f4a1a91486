#include "base/remedy.h"

#include <errno.h>

const char *rw_reading_remedy(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return "check the path";
    case EACCES:
    case EPERM:
        return "ask its owner for the right to read it";
    case EISDIR:
        return "name a file instead of a directory";
    case EMFILE:
    case ENFILE:
        return "close other programs, or raise the limit on open files (ulimit -n)";
    case ENOMEM:
        return "close other programs, or use a machine with more memory";
    default:
        return "check the disk, or bring it back from a copy";
    }
}
