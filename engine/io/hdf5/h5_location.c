#include "io/hdf5/h5_location.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/remedy.h"
#include "io/directory.h"
#include "io/hdf5/h5_failure.h"

enum { LONGEST_TEXT = 65536 };

/* ---- files and groups ---- */

rw_err rw_h5_open(rw_h5_location *file, const char *path, const char *format) {
    *file = (rw_h5_location){.id = H5I_INVALID_HID, .file = path, .format = format};
    RW_TRY(rw_h5_start());
    struct stat status;
    RW_CHECK(stat(path, &status) == 0, RW_ERR_SYSTEM, "%s: cannot be read: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
    RW_CHECK(S_ISREG(status.st_mode), RW_ERR_INPUT, "%s: is not a regular file", path);
    FILE *stream = fopen(path, "rb");
    RW_CHECK(stream != NULL, RW_ERR_SYSTEM, "%s: cannot be read: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
    (void)fclose(stream);
    file->id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file->id >= 0)
        return RW_OK;
    rw_h5_failure failure = rw_h5_last_failure();
    RW_CHECK(!failure.is_about_locks, RW_ERR_SYSTEM, "%s: cannot be locked for reading (%s); %s", path, failure.cause,
             failure.remedy);
    return rw_fail(
        RW_ERR_INPUT,
        "%s: is not a readable HDF5 file (%s); it may be truncated or of another format: bring it back from a copy, "
        "or make it again",
        path, failure.cause);
}

bool rw_h5_has(const rw_h5_location *location, const char *path) {
    rw_path part = rw_path_of("%s", path);
    bool found = true;
    /* H5Lexists requires that all links but the last exist, so they are asked for one by one. */
    for (char *slash = part.text; found && *slash != '\0' && (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
        *slash = '\0';
        found = H5Lexists(location->id, part.text, H5P_DEFAULT) > 0;
    }
    found = found && H5Lexists(location->id, path, H5P_DEFAULT) > 0 &&
            H5Oexists_by_name(location->id, path, H5P_DEFAULT) > 0;
    (void)H5Eclear2(H5E_DEFAULT);
    return found;
}

bool rw_h5_is(const rw_h5_location *location, const char *path, H5O_type_t type) {
    H5O_info_t info;
    bool is = H5Oget_info_by_name2(location->id, path, &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 && info.type == type;
    (void)H5Eclear2(H5E_DEFAULT);
    return is;
}

bool rw_h5_lies_elsewhere(hid_t dataset) {
    hid_t properties = H5Dget_create_plist(dataset);
    bool elsewhere =
        properties < 0 || H5Pget_layout(properties) == H5D_VIRTUAL || H5Pget_external_count(properties) != 0;
    if (properties >= 0)
        (void)H5Pclose(properties);
    (void)H5Eclear2(H5E_DEFAULT);
    return elsewhere;
}

const char *rw_h5_path_in(const rw_h5_location *location, const char *path) {
    static _Thread_local char whole[512];
    (void)snprintf(whole, sizeof whole, "%.250s/%.250s", location->group, path + (path[0] == '/'));
    return whole;
}

rw_err rw_h5_open_group(rw_h5_location *group, const rw_h5_location *parent, const char *name) {
    *group = (rw_h5_location){.id = H5I_INVALID_HID, .file = parent->file, .format = parent->format};
    (void)snprintf(group->group, sizeof group->group, "%.120s/%.120s", parent->group, name + (name[0] == '/'));
    RW_CHECK(rw_h5_has(parent, name), RW_ERR_INPUT, "%s: group %s is missing; %s requires it", parent->file,
             group->group, parent->format);
    RW_CHECK(rw_h5_is(parent, name, H5O_TYPE_GROUP), RW_ERR_INPUT, "%s: %s is not a group, as %s requires",
             parent->file, group->group, parent->format);
    group->id = H5Gopen2(parent->id, name, H5P_DEFAULT);
    RW_CHECK(group->id >= 0, RW_ERR_INPUT, "%s: group %s cannot be opened (%s); the file is damaged", parent->file,
             group->group, rw_h5_last_failure().cause);
    return RW_OK;
}

void rw_h5_close(rw_h5_location *location) {
    if (location->id > 0) {
        if (H5Iget_type(location->id) == H5I_FILE)
            (void)H5Fclose(location->id); /* read only: nothing can be lost */
        else
            (void)H5Gclose(location->id);
    }
    location->id = H5I_INVALID_HID;
}

/* ---- lists ---- */

/* Name of link `index` in the arena. */
static rw_err link_name(const rw_h5_location *location, hsize_t index, rw_arena *arena, char **name) {
    ssize_t length = H5Lget_name_by_idx(location->id, ".", H5_INDEX_NAME, H5_ITER_INC, index, NULL, 0, H5P_DEFAULT);
    RW_CHECK(length >= 0 && length < LONGEST_TEXT, RW_ERR_INPUT, "%s: group %s/ has an entry without a readable name",
             location->file, location->group);
    RW_TRY(RW_ARENA_NEW(arena, *name, (size_t)length + 1));
    length = H5Lget_name_by_idx(location->id, ".", H5_INDEX_NAME, H5_ITER_INC, index, *name, (size_t)length + 1,
                                H5P_DEFAULT);
    RW_CHECK(length >= 0, RW_ERR_INPUT, "%s: group %s/ has an entry without a readable name", location->file,
             location->group);
    return RW_OK;
}

/* Names of the members of one type, ascending. */
static rw_err list_members(const rw_h5_location *location, H5O_type_t type, rw_arena *arena, const char *const **names,
                           size_t *n_names) {
    H5G_info_t info;
    *n_names = 0;
    RW_CHECK(H5Gget_info(location->id, &info) >= 0, RW_ERR_INPUT, "%s: group %s/ cannot be listed (%s)", location->file,
             location->group, rw_h5_last_failure().cause);
    RW_CHECK(info.nlinks <= UINT16_MAX, RW_ERR_INPUT, "%s: group %s/ holds %llu entries, more than any circuit has",
             location->file, location->group, (unsigned long long)info.nlinks);
    const char **list = NULL;
    RW_TRY(RW_ARENA_NEW(arena, list, (size_t)info.nlinks));
    for (hsize_t i = 0; i < info.nlinks; i++) {
        char *name = NULL;
        RW_TRY(link_name(location, i, arena, &name));
        if (rw_h5_is(location, name, type))
            list[(*n_names)++] = name;
    }
    *names = list;
    return RW_OK;
}

rw_err rw_h5_groups(const rw_h5_location *location, rw_arena *arena, const char *const **names, size_t *n_names) {
    return list_members(location, H5O_TYPE_GROUP, arena, names, n_names);
}

rw_err rw_h5_datasets(const rw_h5_location *location, rw_arena *arena, const char *const **names, size_t *n_names) {
    return list_members(location, H5O_TYPE_DATASET, arena, names, n_names);
}

rw_err rw_h5_variables(const rw_h5_location *location, rw_arena *arena, const char *const **names, size_t *n_names) {
    const char *const *all = NULL, **chosen = NULL;
    size_t n = 0;
    *n_names = 0;
    RW_TRY(rw_h5_datasets(location, arena, &all, &n));
    RW_TRY(RW_ARENA_NEW(arena, chosen, n));
    for (size_t i = 0; i < n; i++)
        if (!rw_h5_has_attribute(location, all[i], "CLASS"))
            chosen[(*n_names)++] = all[i];
    *names = chosen;
    return RW_OK;
}

/* ---- attributes ---- */

/* Reads a text, of fixed or variable length, through the memory type `memory`. */
static rw_err read_text_as(hid_t attribute, hid_t type, hid_t memory, rw_arena *arena, const char **text) {
    char *bytes = NULL;
    size_t size = H5Tget_size(type);
    if (H5Tset_cset(memory, H5Tget_cset(type)) < 0)
        return RW_ERR_INPUT;
    if (H5Tis_variable_str(type) > 0) {
        rw_err err = RW_ERR_INPUT;
        if (H5Tset_size(memory, H5T_VARIABLE) >= 0 && H5Aread(attribute, memory, &bytes) >= 0 && bytes != NULL)
            err = strlen(bytes) < LONGEST_TEXT ? rw_arena_string(arena, text, bytes) : RW_ERR_INPUT;
        (void)H5free_memory(bytes);
        return err;
    }
    if (size >= LONGEST_TEXT || H5Tset_size(memory, size + 1) < 0)
        return RW_ERR_INPUT;
    RW_TRY(RW_ARENA_NEW(arena, bytes, size + 2));
    *text = bytes;
    return H5Aread(attribute, memory, bytes) >= 0 ? RW_OK : RW_ERR_INPUT;
}

static rw_err read_text(hid_t attribute, hid_t type, rw_arena *arena, const char **text) {
    hid_t memory = H5Tcopy(H5T_C_S1);
    if (memory < 0)
        return RW_ERR_INPUT;
    rw_err err = read_text_as(attribute, type, memory, arena, text);
    (void)H5Tclose(memory);
    return err;
}

bool rw_h5_has_attribute(const rw_h5_location *location, const char *object, const char *attribute) {
    bool there = H5Aexists_by_name(location->id, object, attribute, H5P_DEFAULT) > 0;
    (void)H5Eclear2(H5E_DEFAULT);
    return there;
}

rw_err rw_h5_read_text(const rw_h5_location *location, const char *dataset, const char *attribute, rw_arena *arena,
                       const char **text) {
    RW_CHECK(rw_h5_has(location, dataset), RW_ERR_INPUT, "%s: dataset %s is missing; %s requires it", location->file,
             rw_h5_path_in(location, dataset), location->format);
    RW_CHECK(rw_h5_has_attribute(location, dataset, attribute), RW_ERR_INPUT,
             "%s: dataset %s has no attribute '%s'; %s requires it", location->file, rw_h5_path_in(location, dataset),
             attribute, location->format);
    hid_t id = H5Aopen_by_name(location->id, dataset, attribute, H5P_DEFAULT, H5P_DEFAULT);
    hid_t type = id >= 0 ? H5Aget_type(id) : H5I_INVALID_HID;
    hid_t space = id >= 0 ? H5Aget_space(id) : H5I_INVALID_HID;
    rw_err err = RW_ERR_INPUT;
    if (type >= 0 && space >= 0 && H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1)
        err = read_text(id, type, arena, text);
    if (space >= 0)
        (void)H5Sclose(space);
    if (type >= 0)
        (void)H5Tclose(type);
    if (id >= 0)
        (void)H5Aclose(id);
    (void)H5Eclear2(H5E_DEFAULT);
    RW_CHECK(err != RW_ERR_INPUT, RW_ERR_INPUT, "%s: attribute '%s' of dataset %s is not one readable text",
             location->file, attribute, rw_h5_path_in(location, dataset));
    return err;
}
