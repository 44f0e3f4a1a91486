#include "io/permission.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/count.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/remedy.h"
#include "config/document.h"

static const char variable[] = "REWIRE_ALLOW_READ";

rw_err rw_permission_allow(const char *path) {
    char whole[PATH_MAX], *list = NULL;
    const char *before = getenv(variable);
    RW_CHECK(realpath(path, whole) != NULL, RW_ERR_INPUT, "--allow-read %s: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
    RW_CHECK(strchr(whole, ':') == NULL, RW_ERR_INPUT,
             "--allow-read %s: a path with a colon cannot be allowed; rename it", path);
    size_t size = strlen(whole) + (before != NULL ? strlen(before) + 1 : 0) + 1;
    RW_TRY(RW_NEW(list, size, "what may be read"));
    (void)snprintf(list, size, "%s%s%s", before != NULL ? before : "", before != NULL ? ":" : "", whole);
    bool kept = setenv(variable, list, 1) == 0;
    rw_free(list);
    RW_CHECK(kept, RW_ERR_SYSTEM, "no memory is left for --allow-read; close other programs");
    return RW_OK;
}

/* Whether a file is the other path or lies below it. Both are resolved. */
static bool lies_in(const char *file, const char *folder) {
    size_t length = strlen(folder);
    if (length > 0 && folder[length - 1] == '/')
        length--; /* the root */
    return strncmp(file, folder, length) == 0 && (file[length] == '/' || file[length] == '\0');
}

static bool is_allowed(const char *file) {
    const char *list = getenv(variable);
    for (const char *at = list; at != NULL && *at != '\0'; at += at[0] == ':') {
        char whole[PATH_MAX];
        int length = (int)strcspn(at, ":");
        if (length > 0 && length < PATH_MAX && realpath(rw_path_of("%.*s", length, at).text, whole) != NULL &&
            lies_in(file, whole))
            return true;
        at += length;
    }
    return false;
}

bool rw_permission_lies_in(const char *path, const char *directory) {
    return lies_in(path, directory) || is_allowed(path);
}

/* The folder of a file, and `below` after it, resolved. */
static bool folder_of(const char *path, const char *below, char whole[PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    int length = slash != NULL ? (int)(slash - path) + 1 : 0;
    return realpath(rw_path_of("%.*s./%s", length, path, below).text, whole) != NULL;
}

/* What a run.json or plan.json says about a file. */
typedef struct {
    const char *file, *sha256; /* that is asked about; the file's path is resolved */
    bool has_sum;              /* a file of this sum was read */
    const char *other_sum;     /* of the file of this path; NULL: none is listed */
} record;

static const char *text_in(const rw_node *map, const char *key) {
    const rw_node *node = map->kind == RW_NODE_MAP ? rw_node_get(map, key) : NULL;
    return node != NULL && node->kind == RW_NODE_SCALAR ? node->text : "";
}

static void look_up(record *about, const rw_node *root) {
    const rw_node *list = rw_node_get(root, "input_files");
    for (const rw_node *item = list != NULL && list->kind == RW_NODE_LIST ? list->first : NULL; item != NULL;
         item = item->next) {
        char whole[PATH_MAX];
        const char *sum = text_in(item, "sha256");
        about->has_sum = about->has_sum || strcmp(sum, about->sha256) == 0;
        if (realpath(text_in(item, "file"), whole) != NULL && strcmp(whole, about->file) == 0)
            about->other_sum = sum;
    }
}

/* Whether a run or a plan in this folder read a file of this sum; fails if it read this file with another one. */
static rw_err find_record(rw_arena *arena, const char *folder, record *about) {
    static const char *const names[] = {"run.json", "plan.json"};
    for (size_t i = 0; i < RW_COUNT(names) && !about->has_sum; i++) {
        const rw_node *root = NULL;
        rw_path path = rw_path_of("%s/%s", folder, names[i]);
        if (access(path.text, R_OK) != 0 || rw_document_read(&root, arena, path.text) != RW_OK)
            continue; /* what is not there, or damaged, lists nothing */
        look_up(about, root);
        RW_CHECK(
            about->has_sum || about->other_sum == NULL, RW_ERR_INPUT,
            "%s: has changed since %s was written\n  sha256 then: %s\n  sha256 now:  %s\nPut back the file that was "
            "read then, or add --allow-read %s",
            about->file, path.text, about->other_sum, about->sha256, about->file);
    }
    return RW_OK;
}

static rw_err is_recorded(const char *folder, const char *file, const char *sha256, bool *recorded) {
    rw_arena *arena = NULL;
    record about = {.file = file, .sha256 = sha256};
    RW_TRY(rw_arena_create(&arena));
    rw_err err = find_record(arena, folder, &about);
    *recorded = about.has_sum;
    rw_arena_destroy(&arena);
    return err;
}

static bool ends_in(const char *text, const char *const *endings) {
    size_t length = strlen(text);
    for (; *endings != NULL; endings++)
        if (length > strlen(*endings) && strcmp(text + length - strlen(*endings), *endings) == 0)
            return true;
    return false;
}

/* Whether a file lies in the folder above that of `from`, or below, under a name with one of these endings, and not in
 * what is hidden there: ~/.config is below the folder above ~/Downloads. */
static bool lies_above(const char *file, const char *from, const char *const *endings) {
    char above[PATH_MAX];
    return folder_of(from, "..", above) && lies_in(file, above) && strstr(file + strlen(above), "/.") == NULL &&
           ends_in(file, endings);
}

static const char *const configuration_endings[] = {".json", NULL};
static const char *const circuit_endings[] = {".json", ".csv", ".h5", ".hdf5", NULL};
static const char *const scenario_endings[] = {".yaml", ".yml", ".json", NULL};

rw_err rw_permission_check(const char *scenario, const char *path, const char *sha256) {
    char file[PATH_MAX], folder[PATH_MAX];
    bool recorded = false;
    if (realpath(path, file) == NULL || !folder_of(scenario, "", folder))
        return RW_OK;
    if (rw_permission_lies_in(file, folder) ||
        (ends_in(scenario, configuration_endings) && lies_above(file, scenario, circuit_endings)))
        return RW_OK;
    RW_TRY(is_recorded(folder, file, sha256, &recorded));
    RW_CHECK(
        recorded, RW_ERR_INPUT,
        "%s: lies outside of the folder of %s, %s, and is not read without your consent; if you trust who wrote that "
        "file, add --allow-read %.*s",
        strcmp(path, file) == 0 ? path : rw_path_of("%s (which is %s)", path, file).text, scenario, folder,
        (int)(strrchr(file, '/') == file ? 1 : strrchr(file, '/') - file), file);
    return RW_OK;
}

rw_err rw_permission_check_base(const char *sweep, const char *path) {
    char file[PATH_MAX];
    if (realpath(path, file) == NULL || is_allowed(file) || lies_above(file, sweep, scenario_endings))
        return RW_OK;
    return rw_fail(RW_ERR_INPUT,
                   "%s: is no *.yaml, *.yml or *.json in the folder above that of the sweep, or below, and is not read "
                   "without your "
                   "consent; if you trust who wrote %s, add --allow-read %s",
                   path, sweep, file);
}
