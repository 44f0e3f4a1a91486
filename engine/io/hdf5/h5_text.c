#include "io/hdf5/h5_text.h"

#include <inttypes.h>
#include <string.h>

#include "io/hdf5/h5_failure.h"

/* A dataset may claim this many bytes; more only if a believable part of them is stored, since deflate, the strongest
 * filter in use, shrinks at most 1032-fold. */
enum { FREE_CLAIM_BYTES = 64 * 1024 * 1024, STRONGEST_COMPRESSION = 1100, LONGEST_TEXT = 4096 };

/* An open dataset, its type in the file and in memory, and its space. */
typedef struct {
    hid_t dataset, type, memory, space;
} opened;

static void close_all(opened *at) {
    if (at->space >= 0)
        (void)H5Sclose(at->space); /* these only read: nothing can be lost */
    if (at->memory >= 0)
        (void)H5Tclose(at->memory);
    if (at->type >= 0)
        (void)H5Tclose(at->type);
    if (at->dataset >= 0)
        (void)H5Dclose(at->dataset);
}

bool rw_h5_is_text(const rw_h5_location *location, const char *dataset) {
    if (!rw_h5_is(location, dataset, H5O_TYPE_DATASET))
        return false;
    hid_t id = H5Dopen2(location->id, dataset, H5P_DEFAULT);
    hid_t type = id >= 0 ? H5Dget_type(id) : H5I_INVALID_HID;
    bool is_text = type >= 0 && H5Tget_class(type) == H5T_STRING;
    close_all(&(opened){id, type, H5I_INVALID_HID, H5I_INVALID_HID});
    (void)H5Eclear2(H5E_DEFAULT);
    return is_text;
}

/* Opens a dataset and describes its texts in memory: `size` bytes each, or pointers. */
static bool open_all(opened *at, const rw_h5_location *location, const char *dataset, bool *variable, size_t *size) {
    *at = (opened){H5Dopen2(location->id, dataset, H5P_DEFAULT), H5I_INVALID_HID, H5Tcopy(H5T_C_S1), H5I_INVALID_HID};
    if (at->dataset < 0 || at->memory < 0)
        return false;
    at->type = H5Dget_type(at->dataset);
    at->space = H5Dget_space(at->dataset);
    if (at->type < 0 || at->space < 0 || H5Tset_cset(at->memory, H5Tget_cset(at->type)) < 0)
        return false;
    *variable = H5Tis_variable_str(at->type) > 0;
    *size = H5Tget_size(at->type) + 1; /* and a zero at the end */
    return H5Tset_size(at->memory, *variable ? H5T_VARIABLE : *size) >= 0;
}

static rw_err read_variable(const opened *at, uint64_t n, rw_arena *arena, const char **texts) {
    char **bytes = NULL;
    RW_TRY(RW_NEW(bytes, n, "texts"));
    rw_err err = H5Dread(at->dataset, at->memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0 ? RW_OK : RW_ERR_INPUT;
    for (uint64_t i = 0; i < n && err == RW_OK; i++) {
        const char *text = bytes[i] != NULL ? bytes[i] : "";
        err = strlen(text) < LONGEST_TEXT ? rw_arena_string(arena, &texts[i], text) : RW_ERR_INPUT;
    }
    for (uint64_t i = 0; i < n; i++)
        (void)H5free_memory(bytes[i]);
    rw_free(bytes);
    return err;
}

static rw_err read_fixed(const opened *at, uint64_t n, size_t size, rw_arena *arena, const char **texts) {
    char *bytes = NULL;
    RW_TRY(RW_ARENA_NEW(arena, bytes, n * size));
    for (uint64_t i = 0; i < n; i++)
        texts[i] = bytes + i * size;
    return H5Dread(at->dataset, at->memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0 ? RW_OK : RW_ERR_INPUT;
}

static rw_err read_texts(const opened *at, const rw_h5_location *location, const char *path, bool variable, size_t size,
                         rw_arena *arena, const char *const **texts, uint64_t *n) {
    const char **list = NULL;
    hsize_t rows = 0;
    RW_CHECK(H5Sget_simple_extent_ndims(at->space) == 1 && H5Sget_simple_extent_dims(at->space, &rows, NULL) == 1,
             RW_ERR_INPUT, "%s: dataset %s does not have one dimension", location->file, path);
    uint64_t stored = H5Dget_storage_size(at->dataset), claimed = FREE_CLAIM_BYTES;
    if (stored > FREE_CLAIM_BYTES / STRONGEST_COMPRESSION)
        claimed = stored > UINT64_MAX / STRONGEST_COMPRESSION ? UINT64_MAX : stored * STRONGEST_COMPRESSION;
    RW_CHECK(size < LONGEST_TEXT && rows <= claimed / size, RW_ERR_INPUT,
             "%s: dataset %s claims %" PRIu64 " texts but the file stores only %" PRIu64
             " bytes of it; the file is damaged",
             location->file, path, (uint64_t)rows, stored);
    RW_TRY(RW_ARENA_NEW(arena, list, rows));
    *texts = list;
    *n = rows;
    if (rows == 0)
        return RW_OK;
    rw_err err = variable ? read_variable(at, rows, arena, list) : read_fixed(at, rows, size, arena, list);
    RW_CHECK(err != RW_ERR_INPUT, RW_ERR_INPUT, "%s: dataset %s cannot be read as texts (%s); the file is damaged",
             location->file, path, rw_h5_last_failure().cause);
    return err;
}

rw_err rw_h5_read_texts(const rw_h5_location *location, const char *dataset, rw_arena *arena, const char *const **texts,
                        uint64_t *n) {
    const char *path = rw_h5_path_in(location, dataset);
    opened at;
    bool variable = false;
    size_t size = 1;
    RW_CHECK(rw_h5_is_text(location, dataset), RW_ERR_INPUT, "%s: %s is not a dataset of texts, as %s requires",
             location->file, path, location->format);
    rw_err err = RW_OK;
    if (!open_all(&at, location, dataset, &variable, &size))
        err = rw_fail(RW_ERR_INPUT, "%s: dataset %s cannot be opened (%s); the file is damaged", location->file, path,
                      rw_h5_last_failure().cause);
    if (err == RW_OK)
        err = read_texts(&at, location, path, variable, size, arena, texts, n);
    close_all(&at);
    return err;
}
