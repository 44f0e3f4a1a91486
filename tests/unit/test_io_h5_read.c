/* A read of an HDF5 dataset names its type; what does not fit the type is an error that names the row. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "close.h"
#include "io/hdf5/h5_dataset.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_read.h"

static char folder[] = "/tmp/rewire_h5_read_XXXXXX", file_path[64];
static rw_h5_location file;

static const uint64_t ids[] = {0, 1, (2097152ULL << 32) + 1, UINT64_MAX};
static const uint64_t counts[] = {0, 7, 1ULL << 53};
static const int64_t offsets[] = {-1, 5, INT64_MIN, INT64_MAX};
static const double reals[] = {0.5, -1e300, 3.0};
static const float weights[] = {0.5f, -2.25f};
static const uint32_t cells[] = {1, UINT32_MAX};

static int write_file(void **state) {
    rw_directory directory;
    rw_h5_file *made;
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(file_path, sizeof file_path, "%s/numbers.h5", folder);
    assert_int_equal(rw_directory_open(&directory, folder), RW_OK);
    assert_int_equal(rw_h5_create(&made, &directory, "numbers.h5"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/ids", H5T_STD_U64LE, 4, 0, ids, "1", "ids"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/counts", H5T_STD_U64LE, 3, 0, counts, "1", "counts"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/offsets", H5T_STD_I64LE, 4, 0, offsets, "1", "offsets"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/reals", H5T_IEEE_F64LE, 3, 0, reals, "1", "reals"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/weights", H5T_IEEE_F32LE, 2, 0, weights, "nS", "weights"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/cells", H5T_STD_U32LE, 2, 0, cells, "1", "cells"), RW_OK);
    assert_int_equal(rw_h5_write(made, "/a/pairs", H5T_STD_U64LE, 1, 3, counts, "1", "pairs"), RW_OK);
    assert_int_equal(rw_h5_commit(&made), RW_OK);
    rw_directory_close(&directory);
    return rw_h5_open(&file, file_path, "the test") == RW_OK ? 0 : -1;
}

static int remove_file(void **state) {
    (void)state;
    rw_h5_close(&file);
    return rw_remove_tree(folder) == RW_OK ? 0 : -1;
}

static void refused(rw_err err, const char *part) {
    assert_int_equal(err, RW_ERR_INPUT);
    if (strstr(rw_error_message(), part) == NULL)
        fail_msg("\"%s\" does not contain \"%s\"", rw_error_message(), part);
}

static void ids_of_64_bits_are_exact(void **state) {
    uint64_t values[4];
    (void)state;
    assert_int_equal(rw_h5_read_u64(&file, "/a/ids", 4, values), RW_OK);
    assert_memory_equal(values, ids, sizeof ids);
}

static void whole_numbers_that_no_double_holds_are_not_read_as_doubles(void **state) {
    double values[4];
    (void)state;
    refused(rw_h5_read_f64(&file, "/a/ids", 4, values), "row 2: 9007199254740993 is too large to be read as a double");
    refused(rw_h5_read_f64(&file, "/a/offsets", 4, values),
            "row 2: -9223372036854775808 is too large to be read as a double");
    assert_int_equal(rw_h5_read_f64(&file, "/a/counts", 3, values), RW_OK);
    assert_true(values[1] == 7.0 && values[2] == 9007199254740992.0);
}

static void a_sign_is_not_lost(void **state) {
    int64_t whole[4];
    uint64_t positive[4];
    (void)state;
    assert_int_equal(rw_h5_read_i64(&file, "/a/offsets", 4, whole), RW_OK);
    assert_memory_equal(whole, offsets, sizeof offsets);
    refused(rw_h5_read_u64(&file, "/a/offsets", 4, positive), "dataset /a/offsets, row 0: -1 is negative");
    refused(rw_h5_read_i64(&file, "/a/ids", 4, whole), "row 3: 18446744073709551615 is too large");
}

static void real_numbers_are_no_ids(void **state) {
    uint64_t values[3];
    (void)state;
    refused(rw_h5_read_u64(&file, "/a/reals", 3, values), "/a/reals must hold whole numbers, not floating-point ones");
}

static void floats_are_read_as_floats_and_as_doubles(void **state) {
    float narrow[3];
    double wide[2];
    (void)state;
    assert_int_equal(rw_h5_read_f32(&file, "/a/weights", 2, narrow), RW_OK);
    assert_memory_equal(narrow, weights, sizeof weights);
    assert_int_equal(rw_h5_read_f64(&file, "/a/weights", 2, wide), RW_OK);
    assert_true(wide[1] == -2.25);
    refused(rw_h5_read_f32(&file, "/a/reals", 3, narrow), "floating-point numbers of at most 4 bytes");
    refused(rw_h5_read_f32(&file, "/a/cells", 2, narrow), "floating-point numbers of at most 4 bytes");
}

static void rows_are_read_as_what_they_are(void **state) {
    uint32_t one = 0;
    uint8_t byte = 0;
    (void)state;
    assert_int_equal(rw_h5_read_rows(&file, "/a/cells", RW_H5_U32, 2, 1, 1, &one), RW_OK);
    assert_int_equal(one, UINT32_MAX);
    refused(rw_h5_read_rows(&file, "/a/cells", RW_H5_U8, 2, 0, 1, &byte), "whole numbers without a sign of at most 1");
    refused(rw_h5_read_rows(&file, "/a/cells", RW_H5_U32, 3, 0, 1, &one), "has 2 rows where the others have 3");
}

static void what_is_not_a_column_is_refused(void **state) {
    uint64_t length, values[4];
    rw_h5_shape shape;
    double table[3];
    (void)state;
    refused(rw_h5_read_length(&file, "/a/pairs", &length), "has 2 dimensions where the test has one");
    refused(rw_h5_read_u64(&file, "/a/pairs", 3, values), "has 2 dimensions");
    refused(rw_h5_read_u64(&file, "/a/none", 3, values), "dataset /a/none is missing; the test requires it");
    refused(rw_h5_read_u64(&file, "/a", 3, values), "/a is not a dataset, as the test requires");
    assert_int_equal(rw_h5_read_shape(&file, "/a/pairs", &shape), RW_OK);
    assert_true(shape.rank == 2 && shape.rows == 1 && shape.width == 3);
    assert_int_equal(rw_h5_read_table(&file, "/a/pairs", &shape, table), RW_OK);
    assert_true(table[1] == 7.0);
}

static void a_path_is_there_if_every_part_is(void **state) {
    (void)state;
    assert_true(rw_h5_has(&file, "/a/ids") && rw_h5_has(&file, "a") && rw_h5_has(&file, "/a"));
    assert_false(rw_h5_has(&file, "/a/ids/b") || rw_h5_has(&file, "/b/ids") || rw_h5_has(&file, "/a/b"));
}

static void members_are_listed_by_name(void **state) {
    rw_arena *arena = NULL;
    rw_h5_location group;
    const char *const *names = NULL, *unit = NULL;
    size_t n = 0;
    (void)state;
    assert_int_equal(rw_arena_create(&arena), RW_OK);
    assert_int_equal(rw_h5_groups(&file, arena, &names, &n), RW_OK);
    assert_true(n == 1 && strcmp(names[0], "a") == 0);
    assert_int_equal(rw_h5_open_group(&group, &file, "/a"), RW_OK);
    assert_int_equal(rw_h5_datasets(&group, arena, &names, &n), RW_OK);
    assert_true(n == 7 && strcmp(names[0], "cells") == 0 && strcmp(names[6], "weights") == 0);
    assert_int_equal(rw_h5_read_text(&group, "weights", "units", arena, &unit), RW_OK);
    assert_string_equal(unit, "nS");
    refused(rw_h5_read_text(&group, "weights", "colour", arena, &unit), "has no attribute 'colour'");
    rw_h5_close(&group);
    rw_arena_destroy(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_64_bits_are_exact),
        cmocka_unit_test(whole_numbers_that_no_double_holds_are_not_read_as_doubles),
        cmocka_unit_test(a_sign_is_not_lost),
        cmocka_unit_test(real_numbers_are_no_ids),
        cmocka_unit_test(floats_are_read_as_floats_and_as_doubles),
        cmocka_unit_test(rows_are_read_as_what_they_are),
        cmocka_unit_test(what_is_not_a_column_is_refused),
        cmocka_unit_test(a_path_is_there_if_every_part_is),
        cmocka_unit_test(members_are_listed_by_name),
    };
    return cmocka_run_group_tests(tests, write_file, remove_file);
}
