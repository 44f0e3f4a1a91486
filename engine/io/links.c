#define _GNU_SOURCE /* nftw that leaves out directories */
#include "io/links.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/remedy.h"
#include "io/permission.h"

/* Arguments and findings of the callback, because nftw passes none. */
static _Thread_local struct {
    const char *top; /* resolved; NULL: links are refused wherever they lead */
    int depth;
    rw_path found; /* what is refused */
} search;

static bool leads_outside(const char *path) {
    char target[PATH_MAX];
    return search.top == NULL || realpath(path, target) == NULL || !rw_permission_lies_in(target, search.top);
}

static int examine(const char *path, const struct stat *info, int kind, struct FTW *place) {
    const bool is_link = kind == FTW_SL || kind == FTW_SLN;
    const bool is_plain = S_ISREG(info->st_mode) || S_ISDIR(info->st_mode) || kind == FTW_NS;
    if (is_link ? leads_outside(path) : !is_plain) {
        search.found = rw_path_of("%s", path);
        return FTW_STOP;
    }
    return kind == FTW_D && place->level >= search.depth ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
}

/* Looks through the tree; *found is empty if there is nothing to refuse. */
static rw_err look(const char *directory, const char *top, int depth, rw_path *found) {
    search.top = top;
    search.depth = depth;
    search.found = rw_path_of("%s", "");
    int outcome = nftw(rw_path_of("%s/.", directory).text, examine, 16, FTW_PHYS | FTW_ACTIONRETVAL);
    *found = search.found;
    RW_CHECK(outcome != -1, RW_ERR_SYSTEM, "%s: cannot be looked through: %s; %s", directory, strerror(errno),
             rw_reading_remedy(errno));
    return RW_OK;
}

rw_err rw_links_refuse(const char *directory, int depth) {
    rw_path found;
    RW_TRY(look(directory, NULL, depth, &found));
    RW_CHECK(
        found.text[0] == '\0', RW_ERR_INPUT,
        "%s: is a symbolic link, a device or a pipe, through which nothing is written; remove it, or choose another "
        "directory with -o",
        found.text);
    return RW_OK;
}

rw_err rw_links_check(const char *directory) {
    char top[PATH_MAX];
    rw_path found;
    if (realpath(directory, top) == NULL)
        return RW_OK; /* opening it says what is wrong */
    RW_TRY(look(directory, top, RW_LINKS_ANY_DEPTH, &found));
    RW_CHECK(found.text[0] == '\0', RW_ERR_INPUT,
             "%s: is a device, a pipe, or a symbolic link to what lies outside of %s, and is not read without your "
             "consent; put "
             "a copy there, or set REWIRE_ALLOW_READ to the directory that it leads to",
             found.text, directory);
    return RW_OK;
}
