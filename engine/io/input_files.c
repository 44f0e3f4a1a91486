#include "io/input_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/remedy.h"
#include "io/permission.h"
#include "io/sha256.h"

/* The path with its folder's links resolved, as the resolved scenario names it. The file itself may be a link: then the
 * link is what the scenario names. */
static rw_err full_path(rw_arena *arena, const char *path, const char **full) {
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    rw_path folder = slash == NULL   ? rw_path_of(".")
                     : slash == path ? rw_path_of("/")
                                     : rw_path_of("%.*s", (int)(slash - path), path);
    char *resolved = realpath(folder.text, NULL);
    if (resolved == NULL)
        return rw_arena_string(arena, full, path);
    const rw_path joined = rw_path_of("%s%s%s", resolved, strcmp(resolved, "/") == 0 ? "" : "/", name);
    free(resolved);
    return rw_arena_string(arena, full, joined.text);
}

static rw_err fail_errno(const char *path) {
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot be read: %s; %s", path, strerror(errno), rw_reading_remedy(errno));
}

static void keep_version(rw_input_file *file, const struct stat *info) {
    file->bytes = (uint64_t)info->st_size;
    file->inode = (uint64_t)info->st_ino;
    file->changed_ns = (uint64_t)info->st_ctim.tv_sec * 1000000000U + (uint64_t)info->st_ctim.tv_nsec;
}

static rw_err sum_file(const char *path, rw_input_file *file, char *digits) {
    struct stat info;
    if (stat(path, &info) != 0)
        return fail_errno(path);
    RW_CHECK(S_ISREG(info.st_mode), RW_ERR_INPUT, "%s: is not a regular file", path);
    int opened = open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0)
        return fail_errno(path);
    rw_err err = fstat(opened, &info) == 0 ? rw_sha256_file(opened, path, digits, NULL) : fail_errno(path);
    (void)close(opened); /* was only read */
    keep_version(file, &info);
    return err;
}

const rw_input_file *rw_input_files_find(const rw_input_files *list, const char *path) {
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->files[i].path, path) == 0)
            return &list->files[i];
    return NULL;
}

static rw_err append(rw_input_files *list, rw_arena *arena, const rw_input_file *file) {
    if ((list->n & (list->n - 1)) == 0) { /* capacity for 1, 2, 4, 8, ... files */
        rw_input_file *grown = NULL;
        RW_TRY(RW_ARENA_NEW(arena, grown, list->n == 0 ? 1 : 2 * list->n));
        if (list->n > 0)
            memcpy(grown, list->files, list->n * sizeof *grown);
        list->files = grown;
    }
    ((rw_input_file *)list->files)[list->n++] = *file;
    return RW_OK;
}

rw_err rw_input_files_add(rw_input_files *list, rw_arena *arena, const char *path) {
    rw_input_file file = {0};
    char digits[RW_SHA256_TEXT];
    RW_TRY(full_path(arena, path, &file.path));
    if (rw_input_files_find(list, file.path) != NULL)
        return RW_OK;
    RW_TRY(sum_file(path, &file, digits));
    if (list->reader != NULL)
        RW_TRY(rw_permission_check(list->reader, path, digits));
    RW_TRY(rw_arena_string(arena, &file.sha256, digits));
    return append(list, arena, &file);
}

rw_err rw_input_files_verify(const rw_input_files *list) {
    for (size_t i = 0; i < list->n; i++) {
        const rw_input_file *file = &list->files[i];
        rw_input_file now = {0};
        struct stat info;
        if (stat(file->path, &info) != 0)
            return fail_errno(file->path);
        keep_version(&now, &info);
        RW_CHECK(now.bytes == file->bytes && now.inode == file->inode && now.changed_ns == file->changed_ns,
                 RW_ERR_INPUT, "%s: was changed while it was read; wait until it is complete, and start again",
                 file->path);
    }
    return RW_OK;
}

rw_err rw_input_files_compare(const rw_input_files *recorded, const rw_input_files *now,
                              const rw_input_comparison *comparison) {
    for (size_t i = 0; i < recorded->n; i++) {
        const rw_input_file *then = &recorded->files[i], *file = rw_input_files_find(now, then->path);
        RW_CHECK(file != NULL || !comparison->all, RW_ERR_INPUT, "%s: is no longer read, as it was in %s; %s",
                 then->path, comparison->since, comparison->remedy);
        RW_CHECK(file == NULL || strcmp(file->sha256, then->sha256) == 0, RW_ERR_INPUT,
                 "%s: has changed since %s\n  sha256 then: %s\n  sha256 now:  %s\n%s", then->path, comparison->since,
                 then->sha256, file->sha256, comparison->remedy);
    }
    return RW_OK;
}

static rw_err check(const rw_input_files *recorded, rw_arena *arena, const rw_input_comparison *comparison) {
    rw_input_files now = {0};
    for (size_t i = 0; i < recorded->n; i++)
        RW_TRY(rw_input_files_add(&now, arena, recorded->files[i].path));
    return rw_input_files_compare(recorded, &now, comparison);
}

rw_err rw_input_files_check(const rw_input_files *recorded, const rw_input_comparison *comparison) {
    rw_arena *arena = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = check(recorded, arena, comparison);
    rw_arena_destroy(&arena);
    return err;
}

void rw_input_files_write(rw_json *json, const rw_input_files *list) {
    rw_json_open_array(json, "input_files");
    for (size_t i = 0; i < list->n; i++) {
        rw_json_open_object(json, NULL);
        rw_json_text(json, "file", list->files[i].path);
        rw_json_integer(json, "bytes", list->files[i].bytes);
        rw_json_text(json, "sha256", list->files[i].sha256);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
}
