/* The first difference between two HDF5 files. Both are walked together, members by name. */
#include "io/diff_h5.h"

#include <hdf5.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "io/diff.h"
#include "io/directory.h"
#include "io/hdf5/h5_failure.h"
#include "io/hdf5/h5_location.h"

enum { BLOCK_BYTES = 1 << 20, MAX_DEPTH = 32, TEXT = 200 };

/* The two files, and the report. */
typedef struct {
    const char *paths[2], *name;
    char *report;
    size_t size;
} comparison;

/* The two things that are compared now. */
typedef struct {
    hid_t id[2];
} pair;

static rw_err unreadable(const comparison *of, const char *path) {
    rw_h5_failure failure = rw_h5_last_failure();
    return rw_fail(RW_ERR_INPUT,
                   "%s and %s: cannot read %s: %s; one of the files is damaged or not finished: bring it back from a "
                   "copy, or run it again",
                   of->paths[0], of->paths[1], path, failure.cause);
}

static rw_err different(const comparison *of, const char *path, const char *what, const char *a, const char *b) {
    (void)snprintf(of->report, of->size, "%s: %s%s: %s against %s", of->name, path, what, a, b);
    return RW_DIFFERENT;
}

/* One value as text. */
static void print_value(char *text, hid_t type, const void *value) {
    H5T_class_t class = H5Tget_class(type);
    size_t size = H5Tget_size(type);
    long long integer = 0;
    if (class == H5T_ENUM && H5Tenum_nameof(type, value, text, TEXT) >= 0)
        return;
    if (class == H5T_FLOAT && size == sizeof(double)) {
        double number;
        memcpy(&number, value, sizeof number);
        (void)snprintf(text, TEXT, "%.17g", number);
    } else if (class == H5T_FLOAT && size == sizeof(float)) {
        float number;
        memcpy(&number, value, sizeof number);
        (void)snprintf(text, TEXT, "%.9g", (double)number);
    } else if (class == H5T_INTEGER && size <= sizeof integer) {
        char wide[sizeof integer];
        memcpy(wide, value, size);
        (void)H5Tconvert(type, H5T_NATIVE_LLONG, 1, wide, NULL, H5P_DEFAULT); /* on failure it prints the bytes */
        memcpy(&integer, wide, sizeof integer);
        (void)snprintf(text, TEXT, H5Tget_sign(type) == H5T_SGN_NONE ? "%llu" : "%lld", integer);
    } else {
        (void)snprintf(text, TEXT, "other bytes");
    }
}

/* Equal bits, or both NaN. */
static bool same_value(hid_t type, const char *a, const char *b, size_t size) {
    if (memcmp(a, b, size) == 0)
        return true;
    if (H5Tget_class(type) != H5T_FLOAT)
        return false;
    double x = 0.0, y = 0.0;
    if (size == sizeof(float)) {
        float narrow[2];
        memcpy(&narrow[0], a, size);
        memcpy(&narrow[1], b, size);
        x = (double)narrow[0];
        y = (double)narrow[1];
    } else if (size == sizeof(double)) {
        memcpy(&x, a, size);
        memcpy(&y, b, size);
    }
    return isnan(x) && isnan(y);
}

/* Compares n values; `first` is the index of the first of them in the dataset, `width` the values in a row (0: 1-D). */
static rw_err compare_values(const comparison *of, const char *path, hid_t type, const char *a, const char *b,
                             uint64_t n, uint64_t first, uint64_t width) {
    size_t size = H5Tget_size(type);
    if (memcmp(a, b, n * size) == 0)
        return RW_OK;
    for (uint64_t i = 0; i < n; i++) {
        if (same_value(type, a + i * size, b + i * size, size))
            continue;
        char text[2][TEXT], index[64];
        print_value(text[0], type, a + i * size);
        print_value(text[1], type, b + i * size);
        unsigned long long at = first + i;
        if (width == 0)
            (void)snprintf(index, sizeof index, "[%llu]", at);
        else
            (void)snprintf(index, sizeof index, "[%llu, %llu]", at / (unsigned long long)width,
                           at % (unsigned long long)width);
        return different(of, path, index, text[0], text[1]);
    }
    return RW_OK;
}

/* The native type of both, if it is the same and of fixed size. */
static rw_err common_type(const comparison *of, const char *path, pair types, hid_t *native) {
    if (types.id[0] < 0 || types.id[1] < 0)
        return unreadable(of, path);
    if (H5Tequal(types.id[0], types.id[1]) <= 0)
        return different(of, path, "", "one type", "another type");
    H5T_class_t class = H5Tget_class(types.id[0]);
    RW_CHECK(class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM || class == H5T_STRING, RW_ERR_INPUT,
             "%s: %s has a type that results do not have", of->paths[0], path);
    *native = H5Tget_native_type(types.id[0], H5T_DIR_ASCEND);
    return *native >= 0 ? RW_OK : unreadable(of, path);
}

/* Rank 0, 1 or 2, and equal sizes. */
static rw_err common_shape(const comparison *of, const char *path, pair spaces, int *rank, hsize_t *size) {
    hsize_t other[2] = {1, 1};
    size[0] = size[1] = 1;
    if (spaces.id[0] < 0 || spaces.id[1] < 0)
        return unreadable(of, path);
    int ranks[2] = {H5Sget_simple_extent_ndims(spaces.id[0]), H5Sget_simple_extent_ndims(spaces.id[1])};
    if (ranks[0] != ranks[1])
        return different(of, path, "", "one number of dimensions", "another number of dimensions");
    RW_CHECK(ranks[0] >= 0 && ranks[0] <= 2, RW_ERR_INPUT, "%s: %s has more dimensions than results have", of->paths[0],
             path);
    if (H5Sget_simple_extent_dims(spaces.id[0], size, NULL) < 0 ||
        H5Sget_simple_extent_dims(spaces.id[1], other, NULL) < 0)
        return unreadable(of, path);
    char text[2][TEXT];
    (void)snprintf(text[0], TEXT, "%llu x %llu values", (unsigned long long)size[0], (unsigned long long)size[1]);
    (void)snprintf(text[1], TEXT, "%llu x %llu values", (unsigned long long)other[0], (unsigned long long)other[1]);
    *rank = ranks[0];
    return size[0] == other[0] && size[1] == other[1] ? RW_OK : different(of, path, "", text[0], text[1]);
}

static bool read_rows(hid_t dataset, hid_t type, int rank, const hsize_t *start, const hsize_t *count, void *values) {
    hid_t from = H5Dget_space(dataset), to = H5Screate_simple(rank, count, NULL);
    bool done = from >= 0 && to >= 0 && H5Sselect_hyperslab(from, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                !rw_h5_lies_elsewhere(dataset) && H5Dread(dataset, type, to, from, H5P_DEFAULT, values) >= 0;
    if (done) { /* after a failure the first cause is still to be reported */
        (void)H5Sclose(to);
        (void)H5Sclose(from);
    }
    return done;
}

/* Compares datasets of equal type and shape in blocks of rows. */
static rw_err compare_rows(const comparison *of, const char *path, pair datasets, hid_t type, int rank,
                           const hsize_t *size) {
    uint64_t row_values = rank == 2 ? size[1] : 1, row_bytes = row_values * H5Tget_size(type);
    uint64_t rows = rank == 0 ? 1 : size[0], step = row_bytes < BLOCK_BYTES ? BLOCK_BYTES / (row_bytes + 1) + 1 : 1;
    char *values;
    if (rows == 0 || row_values == 0)
        return RW_OK;
    step = step < rows ? step : rows;
    RW_TRY(RW_NEW(values, 2 * step * row_bytes, "values to compare"));
    char *blocks[2] = {values, values + step * row_bytes};
    rw_err err = RW_OK;
    for (uint64_t first = 0; err == RW_OK && first < rows; first += step) {
        uint64_t n = rows - first < step ? rows - first : step;
        hsize_t start[2] = {first, 0}, count[2] = {n, size[1]};
        for (int side = 0; err == RW_OK && side < 2; side++)
            if (!read_rows(datasets.id[side], type, rank == 0 ? 1 : rank, start, count, blocks[side]))
                err = unreadable(of, path);
        if (err == RW_OK)
            err = compare_values(of, path, type, blocks[0], blocks[1], n * row_values, first * row_values,
                                 rank == 2 ? row_values : 0);
    }
    rw_free(values);
    return err;
}

/* Compares the values of two datasets or two attributes, which have the same type and shape. */
typedef rw_err held_comparison(const comparison *of, const char *path, pair objects, hid_t native, hid_t space,
                               int rank, const hsize_t *size);

/* Compares type and shape, then what is held. Closes types and spaces. */
static rw_err compare_held(const comparison *of, const char *path, pair objects, pair types, pair spaces,
                           held_comparison *compare) {
    hid_t native = H5I_INVALID_HID;
    int rank = 0;
    hsize_t size[2] = {1, 1};
    rw_err err = common_type(of, path, types, &native);
    if (err == RW_OK)
        err = common_shape(of, path, spaces, &rank, size);
    if (err == RW_OK)
        err = compare(of, path, objects, native, spaces.id[0], rank, size);
    (void)H5Tclose(native); /* these were only read */
    for (int side = 0; side < 2; side++) {
        (void)H5Tclose(types.id[side]);
        (void)H5Sclose(spaces.id[side]);
    }
    return err;
}

static rw_err compare_dataset_values(const comparison *of, const char *path, pair datasets, hid_t native, hid_t space,
                                     int rank, const hsize_t *size) {
    (void)space;
    RW_CHECK(rank > 0 && H5Tget_class(native) != H5T_STRING, RW_ERR_INPUT,
             "%s: %s is a kind of dataset that results do not have", of->paths[0], path);
    return compare_rows(of, path, datasets, native, rank, size);
}

static rw_err compare_datasets(const comparison *of, const char *path, pair datasets) {
    pair types = {{H5Dget_type(datasets.id[0]), H5Dget_type(datasets.id[1])}};
    pair spaces = {{H5Dget_space(datasets.id[0]), H5Dget_space(datasets.id[1])}};
    return compare_held(of, path, datasets, types, spaces, compare_dataset_values);
}

/* Attributes of results are single texts, or a few numbers. */
static rw_err compare_attribute_values(const comparison *of, const char *path, pair attributes, hid_t type, hid_t space,
                                       int rank, const hsize_t *size) {
    enum { MOST = 1024 };
    (void)rank, (void)size;
    char values[2][MOST];
    hssize_t n = H5Sget_simple_extent_npoints(space);
    bool is_text = H5Tis_variable_str(type) > 0;
    RW_CHECK(n >= 0 && (is_text ? n == 1 : (size_t)n * H5Tget_size(type) <= MOST), RW_ERR_INPUT,
             "%s: %s is an attribute larger than results have", of->paths[0], path);
    for (int side = 0; side < 2; side++)
        if (H5Aread(attributes.id[side], type, values[side]) < 0)
            return unreadable(of, path);
    if (!is_text)
        return compare_values(of, path, type, values[0], values[1], (uint64_t)n, 0, 0);
    char *texts[2];
    memcpy(&texts[0], values[0], sizeof texts[0]);
    memcpy(&texts[1], values[1], sizeof texts[1]);
    bool same = (texts[0] == NULL) == (texts[1] == NULL) && (texts[0] == NULL || strcmp(texts[0], texts[1]) == 0);
    rw_err err =
        same ? RW_OK
             : different(of, path, "", texts[0] != NULL ? texts[0] : "(none)", texts[1] != NULL ? texts[1] : "(none)");
    (void)H5free_memory(texts[0]);
    (void)H5free_memory(texts[1]);
    return err;
}

static rw_err compare_attribute_pair(const comparison *of, const char *path, pair attributes) {
    pair types = {{H5Aget_type(attributes.id[0]), H5Aget_type(attributes.id[1])}};
    pair spaces = {{H5Aget_space(attributes.id[0]), H5Aget_space(attributes.id[1])}};
    return compare_held(of, path, attributes, types, spaces, compare_attribute_values);
}

/* Name number i of the attributes of an object, in order; empty after the last. */
static bool attribute_name(hid_t object, hsize_t i, char *name) {
    name[0] = '\0';
    return H5Aget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, PATH_MAX, H5P_DEFAULT) > 0;
}

/* Attributes that say where in the file a dataset's coordinates are (see h5_scale.h). Only whether they are there is
 * compared: they hold addresses, and what is at these is compared itself. */
static bool is_of_scales(const char *attribute) {
    return strcmp(attribute, "CLASS") == 0 || strcmp(attribute, "NAME") == 0 ||
           strcmp(attribute, "DIMENSION_LIST") == 0 || strcmp(attribute, "REFERENCE_LIST") == 0;
}

static rw_err compare_attributes(const comparison *of, const char *path, pair objects) {
    for (hsize_t i = 0;; i++) {
        char names[2][PATH_MAX];
        bool any = attribute_name(objects.id[0], i, names[0]);
        any = attribute_name(objects.id[1], i, names[1]) || any;
        if (!any)
            return RW_OK;
        if (strcmp(names[0], names[1]) != 0)
            return different(of, path, "", names[0][0] ? names[0] : "no further attribute",
                             names[1][0] ? names[1] : "no further attribute");
        if (is_of_scales(names[0]))
            continue;
        pair attributes = {
            {H5Aopen(objects.id[0], names[0], H5P_DEFAULT), H5Aopen(objects.id[1], names[1], H5P_DEFAULT)}};
        rw_err err = attributes.id[0] >= 0 && attributes.id[1] >= 0
                         ? compare_attribute_pair(of, rw_path_of("%.2000s@%.2000s", path, names[0]).text, attributes)
                         : unreadable(of, path);
        (void)H5Aclose(attributes.id[0]); /* these were only read */
        (void)H5Aclose(attributes.id[1]);
        RW_TRY(err);
    }
}

static rw_err compare_objects(const comparison *of, const char *path, pair objects, int depth);

static bool member_name(hid_t group, hsize_t i, char *name) {
    name[0] = '\0';
    return H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, PATH_MAX, H5P_DEFAULT) > 0;
}

static rw_err compare_groups(const comparison *of, const char *path, pair groups, int depth) {
    RW_CHECK(depth < MAX_DEPTH, RW_ERR_INPUT, "%s: %s is nested deeper than results are", of->paths[0], path);
    for (hsize_t i = 0;; i++) {
        char names[2][PATH_MAX];
        bool any = member_name(groups.id[0], i, names[0]);
        any = member_name(groups.id[1], i, names[1]) || any;
        if (!any)
            return RW_OK;
        if (strcmp(names[0], names[1]) != 0)
            return different(of, path, "", names[0][0] ? names[0] : "nothing more",
                             names[1][0] ? names[1] : "nothing more");
        pair members = {{H5Oopen(groups.id[0], names[0], H5P_DEFAULT), H5Oopen(groups.id[1], names[1], H5P_DEFAULT)}};
        rw_path inner = rw_path_of("%.2000s/%.2000s", path, names[0]);
        rw_err err = members.id[0] >= 0 && members.id[1] >= 0 ? compare_objects(of, inner.text, members, depth + 1)
                                                              : unreadable(of, inner.text);
        (void)H5Oclose(members.id[0]); /* these were only read */
        (void)H5Oclose(members.id[1]);
        RW_TRY(err);
    }
}

static rw_err compare_objects(const comparison *of, const char *path, pair objects, int depth) {
    H5I_type_t kinds[2] = {H5Iget_type(objects.id[0]), H5Iget_type(objects.id[1])};
    if (kinds[0] != kinds[1])
        return different(of, path, "", "one kind of object", "another kind of object");
    RW_TRY(compare_attributes(of, path, objects));
    if (kinds[0] == H5I_DATASET)
        return compare_datasets(of, path, objects);
    return compare_groups(of, path, objects, depth);
}

static rw_err open_root(const comparison *of, int side, rw_h5_location *file, hid_t *root) {
    RW_TRY(rw_h5_open(file, of->paths[side], "a result"));
    *root = H5Gopen2(file->id, "/", H5P_DEFAULT);
    return *root >= 0 ? RW_OK : unreadable(of, "/");
}

rw_err rw_h5_diff(const char *a, const char *b, const char *name, char *report, size_t size) {
    comparison of = {.paths = {a, b}, .name = name, .size = size};
    of.report = report;
    rw_h5_location files[2] = {{.id = H5I_INVALID_HID}, {.id = H5I_INVALID_HID}};
    pair roots = {{H5I_INVALID_HID, H5I_INVALID_HID}};
    rw_err err = open_root(&of, 0, &files[0], &roots.id[0]);
    if (err == RW_OK)
        err = open_root(&of, 1, &files[1], &roots.id[1]);
    if (err == RW_OK)
        err = compare_objects(&of, "", roots, 0);
    for (int side = 0; side < 2; side++) {
        (void)H5Gclose(roots.id[side]); /* these were only read */
        rw_h5_close(&files[side]);
    }
    return err;
}
