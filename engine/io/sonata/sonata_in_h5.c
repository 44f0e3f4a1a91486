#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/hdf5/h5.h"
#include "io/sonata/sonata_in.h"

/* A dataset that claims more than this many bytes must have a believable part of them stored: deflate, the strongest
 * filter in use, shrinks at most 1032-fold. */
enum { FREE_CLAIM_BYTES = 64 * 1024 * 1024, STRONGEST_COMPRESSION = 1100, LONGEST_TEXT = 65536 };

/* ---- files and groups ---- */

rw_err rw_sonata_open_file(rw_sonata_place *place, const char *file) {
    *place = (rw_sonata_place){.id = H5I_INVALID_HID, .file = file};
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    struct stat status;
    RW_CHECK(stat(file, &status) == 0, RW_ERR_SYSTEM, "%s: cannot be read: %s", file, strerror(errno));
    RW_CHECK(S_ISREG(status.st_mode), RW_ERR_INPUT, "%s: is not a regular file", file);
    FILE *stream = fopen(file, "rb");
    RW_CHECK(stream != NULL, RW_ERR_SYSTEM, "%s: cannot be read: %s", file, strerror(errno));
    (void)fclose(stream);
    hid_t id = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
    if (id >= 0) {
        place->id = id;
        return RW_OK;
    }
    rw_h5_failure failure = rw_h5_last_failure();
    RW_CHECK(!failure.is_about_locks, RW_ERR_SYSTEM, "%s: cannot be locked for reading (%s); %s", file, failure.cause,
             failure.remedy);
    return rw_fail(
        RW_ERR_INPUT,
        "%s: is not a readable HDF5 file (%s); it may be truncated or of another format: bring it back from a copy, "
        "or make it again",
        file, failure.cause);
}

bool rw_sonata_has(const rw_sonata_place *place, const char *name) {
    bool found = H5Lexists(place->id, name, H5P_DEFAULT) > 0 && H5Oexists_by_name(place->id, name, H5P_DEFAULT) > 0;
    (void)H5Eclear2(H5E_DEFAULT);
    return found;
}

static bool is_a(const rw_sonata_place *place, const char *name, H5O_type_t type) {
    H5O_info_t info;
    bool right = H5Oget_info_by_name2(place->id, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 && info.type == type;
    (void)H5Eclear2(H5E_DEFAULT);
    return right;
}

rw_err rw_sonata_open_group(rw_sonata_place *group, const rw_sonata_place *parent, const char *name) {
    *group = (rw_sonata_place){.id = H5I_INVALID_HID, .file = parent->file};
    (void)snprintf(group->group, sizeof group->group, "%.120s/%.120s", parent->group, name);
    RW_CHECK(rw_sonata_has(parent, name), RW_ERR_INPUT, "%s: group %s is missing; SONATA requires it", parent->file,
             group->group);
    RW_CHECK(is_a(parent, name, H5O_TYPE_GROUP), RW_ERR_INPUT, "%s: %s is not a group, as SONATA requires",
             parent->file, group->group);
    group->id = H5Gopen2(parent->id, name, H5P_DEFAULT);
    RW_CHECK(group->id >= 0, RW_ERR_INPUT, "%s: group %s cannot be opened (%s); the file is damaged", parent->file,
             group->group, rw_h5_last_failure().cause);
    return RW_OK;
}

void rw_sonata_close(rw_sonata_place *place) {
    if (place->id > 0) {
        if (H5Iget_type(place->id) == H5I_FILE)
            (void)H5Fclose(place->id); /* read only: nothing can be lost */
        else
            (void)H5Gclose(place->id);
    }
    place->id = H5I_INVALID_HID;
}

/* Name of link `index` in the arena. */
static rw_err link_name(const rw_sonata_place *place, hsize_t index, rw_arena *arena, char **name) {
    ssize_t length = H5Lget_name_by_idx(place->id, ".", H5_INDEX_NAME, H5_ITER_INC, index, NULL, 0, H5P_DEFAULT);
    RW_CHECK(length >= 0 && length < LONGEST_TEXT, RW_ERR_INPUT, "%s: group %s/ has an entry without a readable name",
             place->file, place->group);
    RW_TRY(RW_ARENA_NEW(arena, *name, (size_t)length + 1));
    length =
        H5Lget_name_by_idx(place->id, ".", H5_INDEX_NAME, H5_ITER_INC, index, *name, (size_t)length + 1, H5P_DEFAULT);
    RW_CHECK(length >= 0, RW_ERR_INPUT, "%s: group %s/ has an entry without a readable name", place->file,
             place->group);
    return RW_OK;
}

rw_err rw_sonata_subgroups(const rw_sonata_place *place, rw_arena *arena, const char *const **names, size_t *n_names) {
    H5G_info_t info;
    *n_names = 0;
    RW_CHECK(H5Gget_info(place->id, &info) >= 0, RW_ERR_INPUT, "%s: group %s/ cannot be listed (%s)", place->file,
             place->group, rw_h5_last_failure().cause);
    RW_CHECK(info.nlinks <= UINT16_MAX, RW_ERR_INPUT, "%s: group %s/ holds %llu entries, more than any circuit has",
             place->file, place->group, (unsigned long long)info.nlinks);
    const char **list = NULL;
    RW_TRY(RW_ARENA_NEW(arena, list, (size_t)info.nlinks));
    for (hsize_t i = 0; i < info.nlinks; i++) {
        char *name = NULL;
        RW_TRY(link_name(place, i, arena, &name));
        if (is_a(place, name, H5O_TYPE_GROUP))
            list[(*n_names)++] = name;
    }
    *names = list;
    return RW_OK;
}

/* ---- attributes ---- */

static rw_err read_text(hid_t attribute, hid_t type, rw_arena *arena, const char **text) {
    hid_t memory = H5Tcopy(H5T_C_S1);
    rw_err err = RW_ERR_INPUT;
    size_t size = H5Tget_size(type);
    if (memory < 0 || H5Tset_cset(memory, H5Tget_cset(type)) < 0)
        goto close;
    if (H5Tis_variable_str(type) > 0) {
        char *bytes = NULL;
        if (H5Tset_size(memory, H5T_VARIABLE) >= 0 && H5Aread(attribute, memory, &bytes) >= 0 && bytes != NULL)
            err = strlen(bytes) < LONGEST_TEXT ? rw_arena_string(arena, text, bytes) : RW_ERR_INPUT;
        (void)H5free_memory(bytes);
    } else if (size < LONGEST_TEXT && H5Tset_size(memory, size + 1) >= 0) {
        char *bytes = NULL;
        err = RW_ARENA_NEW(arena, bytes, size + 2);
        if (err == RW_OK)
            err = H5Aread(attribute, memory, bytes) >= 0 ? RW_OK : RW_ERR_INPUT;
        *text = bytes;
    }
close:
    if (memory >= 0)
        (void)H5Tclose(memory);
    return err;
}

bool rw_sonata_has_attribute(const rw_sonata_place *place, const char *dataset, const char *attribute) {
    bool there = H5Aexists_by_name(place->id, dataset, attribute, H5P_DEFAULT) > 0;
    (void)H5Eclear2(H5E_DEFAULT);
    return there;
}

rw_err rw_sonata_text_attribute(const rw_sonata_place *place, const char *dataset, const char *attribute,
                                rw_arena *arena, const char **text) {
    RW_CHECK(rw_sonata_has(place, dataset), RW_ERR_INPUT, "%s: dataset %s/%s is missing; SONATA requires it",
             place->file, place->group, dataset);
    RW_CHECK(rw_sonata_has_attribute(place, dataset, attribute), RW_ERR_INPUT,
             "%s: dataset %s/%s has no attribute '%s'; SONATA requires it", place->file, place->group, dataset,
             attribute);
    hid_t id = H5Aopen_by_name(place->id, dataset, attribute, H5P_DEFAULT, H5P_DEFAULT);
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
    RW_CHECK(err != RW_ERR_INPUT, RW_ERR_INPUT, "%s: attribute '%s' of dataset %s/%s is not one readable text",
             place->file, attribute, place->group, dataset);
    return err;
}

/* ---- columns ---- */

typedef struct {
    hid_t id;
    H5T_class_t class;
    size_t size; /* bytes of an element in the file */
    bool is_signed;
    uint64_t length;
} column_info;

static void close_column(column_info *column) {
    if (column->id >= 0)
        (void)H5Dclose(column->id);
    column->id = H5I_INVALID_HID;
}

/* Type and shape of an open dataset; false if HDF5 cannot tell. */
static bool describe(column_info *column, int *rank) {
    hid_t type = H5Dget_type(column->id);
    hid_t space = H5Dget_space(column->id);
    hsize_t length = 0;
    bool known = type >= 0 && space >= 0;
    if (known) {
        column->class = H5Tget_class(type);
        column->size = H5Tget_size(type);
        column->is_signed = column->class == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2;
        *rank = H5Sget_simple_extent_ndims(space);
        known = *rank != 1 || H5Sget_simple_extent_dims(space, &length, NULL) == 1;
    }
    column->length = length;
    if (space >= 0)
        (void)H5Sclose(space);
    if (type >= 0)
        (void)H5Tclose(type);
    return known;
}

static rw_err check_column(const rw_sonata_place *place, const char *name, const column_info *column, int rank) {
    RW_CHECK((column->class == H5T_INTEGER || column->class == H5T_FLOAT) && column->size >= 1 && column->size <= 8,
             RW_ERR_INPUT, "%s: dataset %s/%s does not hold numbers of at most 8 bytes", place->file, place->group,
             name);
    RW_CHECK(rank == 1, RW_ERR_INPUT, "%s: dataset %s/%s has %d dimensions where SONATA has one", place->file,
             place->group, name, rank);
    uint64_t stored = H5Dget_storage_size(column->id);
    uint64_t believable = FREE_CLAIM_BYTES;
    if (stored > FREE_CLAIM_BYTES / STRONGEST_COMPRESSION)
        believable = stored > UINT64_MAX / STRONGEST_COMPRESSION ? UINT64_MAX : stored * STRONGEST_COMPRESSION;
    RW_CHECK(column->length <= believable / column->size, RW_ERR_INPUT,
             "%s: dataset %s/%s claims %llu rows but the file stores only %llu bytes of it; the file is damaged",
             place->file, place->group, name, (unsigned long long)column->length, (unsigned long long)stored);
    return RW_OK;
}

static rw_err open_column(const rw_sonata_place *place, const char *name, column_info *column) {
    *column = (column_info){.id = H5I_INVALID_HID};
    RW_CHECK(rw_sonata_has(place, name), RW_ERR_INPUT, "%s: dataset %s/%s is missing; SONATA requires it", place->file,
             place->group, name);
    RW_CHECK(is_a(place, name, H5O_TYPE_DATASET), RW_ERR_INPUT, "%s: %s/%s is not a dataset, as SONATA requires",
             place->file, place->group, name);
    column->id = H5Dopen2(place->id, name, H5P_DEFAULT);
    int rank = 0;
    if (column->id < 0 || !describe(column, &rank)) {
        close_column(column);
        return rw_fail(RW_ERR_INPUT, "%s: dataset %s/%s cannot be opened (%s); the file is damaged", place->file,
                       place->group, name, rw_h5_last_failure().cause);
    }
    rw_err err = check_column(place, name, column, rank);
    if (err != RW_OK)
        close_column(column);
    return err;
}

rw_err rw_sonata_length(const rw_sonata_place *place, const char *dataset, uint64_t *length) {
    column_info column;
    RW_TRY(open_column(place, dataset, &column));
    *length = column.length;
    close_column(&column);
    return RW_OK;
}

/* Reads a column that must have `length` rows as `memory_type`. */
static rw_err read_column(const rw_sonata_place *place, const char *name, column_info *column, uint64_t length,
                          hid_t memory_type, void *values) {
    RW_CHECK(column->length == length, RW_ERR_INPUT, "%s: dataset %s/%s has %llu rows where the others have %llu",
             place->file, place->group, name, (unsigned long long)column->length, (unsigned long long)length);
    RW_CHECK(
        length == 0 || H5Dread(column->id, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0, RW_ERR_INPUT,
        "%s: dataset %s/%s cannot be read (%s); the file is damaged, or needs an HDF5 filter that is not installed",
        place->file, place->group, name, rw_h5_last_failure().cause);
    return RW_OK;
}

rw_err rw_sonata_read_ids(const rw_sonata_place *place, const char *dataset, uint64_t length, uint64_t *values) {
    column_info column;
    RW_TRY(open_column(place, dataset, &column));
    rw_err err = RW_OK;
    if (column.class != H5T_INTEGER)
        err = rw_fail(RW_ERR_INPUT, "%s: dataset %s/%s must hold whole numbers, not floating-point ones", place->file,
                      place->group, dataset);
    else
        err = read_column(place, dataset, &column, length, column.is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64,
                          values);
    bool is_signed = column.is_signed;
    close_column(&column);
    RW_TRY(err);
    for (uint64_t i = 0; is_signed && i < length; i++)
        RW_CHECK(values[i] <= INT64_MAX, RW_ERR_INPUT, "%s: dataset %s/%s, row %llu: %lld is negative", place->file,
                 place->group, dataset, (unsigned long long)i, (long long)values[i]);
    return RW_OK;
}

rw_err rw_sonata_read_numbers(const rw_sonata_place *place, const char *dataset, uint64_t length, double *values) {
    column_info column;
    RW_TRY(open_column(place, dataset, &column));
    rw_err err = read_column(place, dataset, &column, length, H5T_NATIVE_DOUBLE, values);
    close_column(&column);
    RW_TRY(err);
    for (uint64_t i = 0; i < length; i++)
        RW_CHECK(isfinite(values[i]), RW_ERR_INPUT, "%s: dataset %s/%s, row %llu: %g is not a finite number",
                 place->file, place->group, dataset, (unsigned long long)i, values[i]);
    return RW_OK;
}
