#include "io/hdf5/h5_read.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "io/hdf5/h5_failure.h"

/* A dataset that claims more than this many bytes must have a believable part of them stored: deflate, the strongest
 * filter in use, shrinks at most 1032-fold. */
enum { FREE_CLAIM_BYTES = 64 * 1024 * 1024, STRONGEST_COMPRESSION = 1100 };

/* Whole numbers up to this size are exact in a double. */
static const uint64_t exact_in_double = (uint64_t)1 << 53;

/* An open dataset. */
typedef struct {
    const rw_h5_location *location;
    const char *name;
    hid_t id;
    bool is_float, is_signed; /* what the file stores */
    rw_h5_shape shape;
} column;

static const char *path_of(const column *opened) {
    return rw_h5_path_in(opened->location, opened->name);
}

static void close_column(column *opened) {
    if (opened->id >= 0)
        (void)H5Dclose(opened->id); /* read only: nothing can be lost */
    opened->id = H5I_INVALID_HID;
}

/* Type and shape of an open dataset; false if HDF5 cannot determine them. */
static bool describe(column *opened, H5T_class_t *class) {
    hid_t type = H5Dget_type(opened->id), space = H5Dget_space(opened->id);
    hsize_t size[2] = {0, 1};
    bool known = type >= 0 && space >= 0;
    if (known) {
        *class = H5Tget_class(type);
        opened->is_float = *class == H5T_FLOAT;
        opened->is_signed = *class == H5T_INTEGER && H5Tget_sign(type) == H5T_SGN_2;
        opened->shape.value_bytes = H5Tget_size(type);
        opened->shape.rank = H5Sget_simple_extent_ndims(space);
        bool is_table = opened->shape.rank == 1 || opened->shape.rank == 2;
        known = !is_table || H5Sget_simple_extent_dims(space, size, NULL) == opened->shape.rank;
    }
    opened->shape.rows = size[0];
    opened->shape.width = size[1];
    opened->shape.stored_bytes = H5Dget_storage_size(opened->id);
    if (space >= 0)
        (void)H5Sclose(space);
    if (type >= 0)
        (void)H5Tclose(type);
    return known;
}

static rw_err check_column(const column *opened, H5T_class_t class) {
    const rw_h5_location *location = opened->location;
    const rw_h5_shape *shape = &opened->shape;
    RW_CHECK((class == H5T_INTEGER || class == H5T_FLOAT) && shape->value_bytes >= 1 && shape->value_bytes <= 8,
             RW_ERR_INPUT, "%s: dataset %s does not hold numbers of at most 8 bytes", location->file, path_of(opened));
    RW_CHECK(shape->rank == 1 || shape->rank == 2, RW_ERR_INPUT,
             "%s: dataset %s has %d dimensions where %s has one or two", location->file, path_of(opened), shape->rank,
             location->format);
    RW_CHECK(shape->width == 0 || shape->rows <= UINT64_MAX / 8 / shape->width, RW_ERR_INPUT,
             "%s: dataset %s claims %" PRIu64 " rows; the file is damaged", location->file, path_of(opened),
             shape->rows);
    return RW_OK;
}

static rw_err open_column(column *opened, const rw_h5_location *location, const char *name) {
    H5T_class_t class = H5T_NO_CLASS;
    *opened = (column){.location = location, .name = name, .id = H5I_INVALID_HID};
    RW_CHECK(rw_h5_has(location, name), RW_ERR_INPUT, "%s: dataset %s is missing; %s requires it", location->file,
             path_of(opened), location->format);
    RW_CHECK(rw_h5_is(location, name, H5O_TYPE_DATASET), RW_ERR_INPUT, "%s: %s is not a dataset, as %s requires",
             location->file, path_of(opened), location->format);
    opened->id = H5Dopen2(location->id, name, H5P_DEFAULT);
    rw_err err = RW_OK;
    if (opened->id < 0 || !describe(opened, &class))
        err = rw_fail(RW_ERR_INPUT, "%s: dataset %s cannot be opened (%s); the file is damaged", location->file,
                      path_of(opened), rw_h5_last_failure().cause);
    if (err == RW_OK && rw_h5_lies_elsewhere(opened->id))
        err = rw_fail(RW_ERR_INPUT,
                      "%s: the values of dataset %s lie in other files, which are not read; write them into this one",
                      location->file, path_of(opened));
    if (err == RW_OK)
        err = check_column(opened, class);
    if (err != RW_OK)
        close_column(opened);
    return err;
}

static rw_err check_rank(const column *opened) {
    RW_CHECK(opened->shape.rank == 1, RW_ERR_INPUT, "%s: dataset %s has %d dimensions where %s has one",
             opened->location->file, path_of(opened), opened->shape.rank, opened->location->format);
    return RW_OK;
}

rw_err rw_h5_read_shape(const rw_h5_location *location, const char *dataset, rw_h5_shape *shape) {
    column opened;
    RW_TRY(open_column(&opened, location, dataset));
    *shape = opened.shape;
    close_column(&opened);
    return RW_OK;
}

/* Whether the file can hold as many rows as the dataset claims. */
static rw_err check_claim(const column *opened) {
    const uint64_t stored = opened->shape.stored_bytes;
    RW_ASSERT(opened->shape.value_bytes > 0);
    uint64_t believable = FREE_CLAIM_BYTES;
    if (stored > FREE_CLAIM_BYTES / STRONGEST_COMPRESSION)
        believable = stored > UINT64_MAX / STRONGEST_COMPRESSION ? UINT64_MAX : stored * STRONGEST_COMPRESSION;
    RW_CHECK(opened->shape.rows <= believable / opened->shape.value_bytes, RW_ERR_INPUT,
             "%s: dataset %s claims %" PRIu64 " rows but the file stores only %" PRIu64
             " bytes of it; the file is damaged",
             opened->location->file, path_of(opened), opened->shape.rows, stored);
    return RW_OK;
}

rw_err rw_h5_read_length(const rw_h5_location *location, const char *dataset, uint64_t *length) {
    column opened;
    RW_TRY(open_column(&opened, location, dataset));
    rw_err err = check_rank(&opened);
    if (err == RW_OK)
        err = check_claim(&opened);
    *length = opened.shape.rows;
    close_column(&opened);
    return err;
}

/* ---- values ---- */

static bool is_float(rw_h5_type type) {
    return type == RW_H5_F64 || type == RW_H5_F32;
}

static size_t bytes_of(rw_h5_type type) {
    static const size_t bytes[] = {
        [RW_H5_U64] = 8, [RW_H5_I64] = 8, [RW_H5_F64] = 8, [RW_H5_F32] = 4, [RW_H5_U32] = 4, [RW_H5_U8] = 1};
    return bytes[type];
}

static hid_t native(rw_h5_type type) {
    const hid_t types[] = {
        [RW_H5_U64] = H5T_NATIVE_UINT64, [RW_H5_I64] = H5T_NATIVE_INT64,  [RW_H5_F64] = H5T_NATIVE_DOUBLE,
        [RW_H5_F32] = H5T_NATIVE_FLOAT,  [RW_H5_U32] = H5T_NATIVE_UINT32, [RW_H5_U8] = H5T_NATIVE_UINT8};
    return types[type];
}

/* What HDF5 converts to, without loss, before values are checked: it would clamp and round without a word. */
static rw_h5_type lossless(const column *opened, rw_h5_type type) {
    const bool is_whole = !opened->is_float && bytes_of(type) == 8;
    return !is_whole ? type : opened->is_signed ? RW_H5_I64 : RW_H5_U64;
}

static rw_err check_type(const column *opened, rw_h5_type type) {
    const char *file = opened->location->file;
    RW_CHECK(is_float(type) || !opened->is_float, RW_ERR_INPUT,
             "%s: dataset %s must hold whole numbers, not floating-point ones", file, path_of(opened));
    RW_CHECK(bytes_of(type) == 8 || (is_float(type) == opened->is_float && !opened->is_signed &&
                                     opened->shape.value_bytes <= bytes_of(type)),
             RW_ERR_INPUT, "%s: dataset %s must hold %s of at most %zu bytes", file, path_of(opened),
             is_float(type) ? "floating-point numbers" : "whole numbers without a sign", bytes_of(type));
    return RW_OK;
}

/* Converts the values without loss to the requested type, in place; the first value is number `first` of the dataset.
 */
static rw_err convert(const column *opened, rw_h5_type from, rw_h5_type to, uint64_t first, uint64_t n, void *values) {
    for (uint64_t i = 0; from != to && i < n; i++) {
        char *at = (char *)values + i * sizeof(uint64_t);
        uint64_t bits;
        memcpy(&bits, at, sizeof bits);
        const bool is_negative = from == RW_H5_I64 && bits > INT64_MAX;
        const uint64_t size = is_negative ? 0 - bits : bits;
        const uint64_t row = (first + i) / opened->shape.width;
        RW_CHECK(!is_negative || to == RW_H5_F64, RW_ERR_INPUT,
                 "%s: dataset %s, row %" PRIu64 ": -%" PRIu64 " is negative", opened->location->file, path_of(opened),
                 row, size);
        RW_CHECK(size <= (to == RW_H5_F64 ? exact_in_double : INT64_MAX) || to == RW_H5_U64, RW_ERR_INPUT,
                 "%s: dataset %s, row %" PRIu64 ": %s%" PRIu64 " is too large to be read as a %s",
                 opened->location->file, path_of(opened), row, is_negative ? "-" : "", size,
                 to == RW_H5_F64 ? "double" : "signed number");
        const double real = is_negative ? -(double)size : (double)size;
        if (to == RW_H5_F64)
            memcpy(at, &real, sizeof real);
    }
    return RW_OK;
}

/* Reads rows [first, first + n). */
static rw_err read_rows(const column *opened, rw_h5_type type, uint64_t first, uint64_t n, void *values) {
    const rw_h5_type stored = lossless(opened, type);
    const hsize_t start[2] = {first, 0}, count[2] = {n, opened->shape.width};
    RW_TRY(check_type(opened, type));
    if (n == 0 || opened->shape.width == 0)
        return RW_OK;
    hid_t in_memory = H5Screate_simple(opened->shape.rank, count, NULL), in_file = H5Dget_space(opened->id);
    bool done = in_memory >= 0 && in_file >= 0 &&
                H5Sselect_hyperslab(in_file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                H5Dread(opened->id, native(stored), in_memory, in_file, H5P_DEFAULT, values) >= 0;
    rw_err err = RW_OK;
    if (done)
        err = convert(opened, stored, type, first * opened->shape.width, n * opened->shape.width, values);
    else
        err = rw_fail(RW_ERR_INPUT,
                      "%s: dataset %s cannot be read (%s); the file is damaged, or needs an HDF5 filter that is not "
                      "installed",
                      opened->location->file, path_of(opened), rw_h5_last_failure().cause);
    if (in_file >= 0)
        (void)H5Sclose(in_file); /* these hold nothing that could be lost */
    if (in_memory >= 0)
        (void)H5Sclose(in_memory);
    return err;
}

rw_err rw_h5_read_rows(const rw_h5_location *location, const char *dataset, rw_h5_type type, uint64_t length,
                       uint64_t first, uint64_t n, void *values) {
    column opened;
    RW_TRY(open_column(&opened, location, dataset));
    rw_err err = check_rank(&opened);
    if (err == RW_OK && opened.shape.rows != length)
        err = rw_fail(RW_ERR_INPUT, "%s: dataset %s has %" PRIu64 " rows where the others have %" PRIu64,
                      location->file, path_of(&opened), opened.shape.rows, length);
    if (err == RW_OK)
        err = read_rows(&opened, type, first, n, values);
    close_column(&opened);
    return err;
}

rw_err rw_h5_read_u64(const rw_h5_location *location, const char *dataset, uint64_t n, uint64_t *values) {
    return rw_h5_read_rows(location, dataset, RW_H5_U64, n, 0, n, values);
}

rw_err rw_h5_read_i64(const rw_h5_location *location, const char *dataset, uint64_t n, int64_t *values) {
    return rw_h5_read_rows(location, dataset, RW_H5_I64, n, 0, n, values);
}

rw_err rw_h5_read_f64(const rw_h5_location *location, const char *dataset, uint64_t n, double *values) {
    return rw_h5_read_rows(location, dataset, RW_H5_F64, n, 0, n, values);
}

rw_err rw_h5_read_f32(const rw_h5_location *location, const char *dataset, uint64_t n, float *values) {
    return rw_h5_read_rows(location, dataset, RW_H5_F32, n, 0, n, values);
}

rw_err rw_h5_read_finite(const rw_h5_location *location, const char *dataset, uint64_t n, double *values) {
    RW_TRY(rw_h5_read_f64(location, dataset, n, values));
    for (uint64_t i = 0; i < n; i++)
        RW_CHECK(isfinite(values[i]), RW_ERR_INPUT, "%s: dataset %s, row %" PRIu64 ": %g is not a finite number",
                 location->file, rw_h5_path_in(location, dataset), i, values[i]);
    return RW_OK;
}

rw_err rw_h5_read_table(const rw_h5_location *location, const char *dataset, const rw_h5_shape *shape, double *values) {
    column opened;
    RW_TRY(open_column(&opened, location, dataset));
    rw_err err = RW_OK;
    if (opened.shape.rows != shape->rows || opened.shape.width != shape->width)
        err = rw_fail(RW_ERR_INPUT, "%s: dataset %s has changed its size", location->file, path_of(&opened));
    else
        err = read_rows(&opened, RW_H5_F64, 0, shape->rows, values);
    close_column(&opened);
    return err;
}
