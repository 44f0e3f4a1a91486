/* Rows packed on any number of threads, however many at a time, are what HDF5 reads back, in equal bytes. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "close.h"
#include "io/hdf5/h5_dataset.h"
#include "io/hdf5/h5_packer.h"
#include "model/model.h"

enum { ROWS = 150000, CHUNK = 16384 };
enum { WORDS, FLOATS, BYTES, PAIRS, COUNT, STEPS, N };

static const struct {
    const char *name;
    uint64_t width;
} columns_of[N] = {{"words", 0}, {"floats", 0}, {"bytes", 0}, {"pairs", 2}, {"count", 0}, {"steps", 0}};

static size_t value_bytes(size_t column) {
    return column == FLOATS ? 4 : column == BYTES ? 1 : 8;
}

/* The value of a place: noise, noise in a part of a number, runs, or what counts up. */
static uint64_t value_at(size_t column, uint64_t k) {
    uint64_t noise = (k + 1) * 0x9e3779b97f4a7c15U;
    noise = (noise ^ noise >> 29) * 0xbf58476d1ce4e5b9U;
    switch (column) {
    case WORDS:
        return noise ^ noise >> 32;
    case FLOATS:
        return 0x3f800000U | (noise >> 33 & 0x7fffff);
    case BYTES:
        return k / 1000 % 2;
    case PAIRS:
        return k / 2 * 37 + k % 2;
    case COUNT:
        return k;
    default:
        return k / 64; /* in its lowest byte all values are equally frequent, in runs */
    }
}

/* Where the rows that are added now begin. */
static void fill(const void *self, size_t column, uint64_t first, size_t n, void *values) {
    size_t width = columns_of[column].width == 0 ? 1 : 2;
    uint64_t begin = (*(const uint64_t *)self + first) * width;
    for (size_t k = 0; k < n * width; k++) {
        uint64_t value = value_at(column, begin + k);
        memcpy((char *)values + k * value_bytes(column), &value, value_bytes(column));
    }
}

static hid_t type_of(size_t column) {
    return column == FLOATS ? H5T_IEEE_F32LE : column == BYTES ? H5T_STD_U8LE : H5T_STD_U64LE;
}

/* Writes ROWS rows, at most `at_once` at a time; gathers them to the file after every `flush`. */
static void write_file(rw_directory *directory, const char *name, int n_threads, uint64_t at_once, uint64_t flush) {
    rw_h5_file *file;
    rw_h5_column columns[N];
    rw_h5_packer packer = {.n_threads = n_threads};
    assert_ok(rw_h5_create(&file, directory, name));
    for (size_t j = 0; j < N; j++)
        assert_ok(rw_h5_column_create(&columns[j], file, columns_of[j].name, type_of(j), columns_of[j].width, CHUNK,
                                      "1", "test"));
    columns[COUNT].counts_up = true;
    for (uint64_t done = 0, n; done < ROWS; done += n) {
        n = at_once < ROWS - done ? at_once : ROWS - done;
        assert_ok(rw_h5_pack(&packer, columns, N, n, fill, &done));
        for (size_t j = 0; (done + n) / flush > done / flush && j < N; j++)
            assert_ok(rw_h5_column_flush(&columns[j]));
    }
    for (size_t j = 0; j < N; j++)
        assert_ok(rw_h5_column_close(&columns[j]));
    rw_h5_packer_destroy(&packer);
    assert_ok(rw_h5_commit(&file));
}

static void assert_reads_back(const rw_directory *directory, const char *name) {
    static uint64_t values[2 * ROWS];
    hid_t file = H5Fopen(rw_path_of("%s/%s", directory->path, name).text, H5F_ACC_RDONLY, H5P_DEFAULT);
    assert_true(file >= 0);
    for (size_t j = 0; j < N; j++) {
        hid_t dataset = H5Dopen2(file, columns_of[j].name, H5P_DEFAULT);
        size_t n = ROWS * (columns_of[j].width == 0 ? 1 : 2);
        hid_t space = H5Dget_space(dataset);
        assert_int_equal(H5Sget_simple_extent_npoints(space), n);
        assert_true(H5Dread(dataset, type_of(j), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
        for (size_t k = 0; k < n; k++) {
            uint64_t expected = value_at(j, k);
            assert_memory_equal((char *)values + k * value_bytes(j), &expected, value_bytes(j));
        }
        assert_true(H5Sclose(space) >= 0 && H5Dclose(dataset) >= 0);
    }
    assert_true(H5Fclose(file) >= 0);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static int make_directory(void **state) {
    static rw_directory directory;
    rw_path path = rw_path_of("%s/rewire.XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    *state = &directory;
    return mkdtemp(path.text) == NULL || rw_directory_open(&directory, path.text) != RW_OK;
}

static int remove_directory(void **state) {
    rw_directory *directory = *state;
    int rc = nftw(directory->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    rw_directory_close(directory);
    return rc;
}

static void packed_rows_are_read_back_in_equal_bytes(void **state) {
    rw_directory *directory = *state;
    static const struct {
        int n_threads;
        uint64_t at_once;
    } cases[] = {{1, ROWS}, {2, ROWS}, {5, 40000}, {3, CHUNK}, {2, 777}};
    for (size_t c = 0; c < RW_COUNT(cases); c++)
        write_file(directory, rw_path_of("%zu.h5", c).text, cases[c].n_threads, cases[c].at_once, UINT64_MAX);
    assert_reads_back(directory, "0.h5");
    for (size_t c = 1; c < RW_COUNT(cases); c++)
        assert_string_equal(directory->files[c].sha256, directory->files[0].sha256);
}

static void rows_flushed_in_between_are_read_back(void **state) {
    rw_directory *directory = *state;
    write_file(directory, "often.h5", 2, 777, 10000);
    assert_reads_back(directory, "often.h5");
    write_file(directory, "seldom.h5", 2, 50000, 50000);
    assert_reads_back(directory, "seldom.h5");
}

/* Noise is kept as it is, runs and counts vanish. */
static void only_noise_takes_room(void **state) {
    static const uint64_t most[N] = {ROWS * 8 + 20000, ROWS * 3 + 20000, 2000, ROWS * 5, ROWS / 8, ROWS / 4};
    rw_directory *directory = *state;
    write_file(directory, "sizes.h5", 2, ROWS, UINT64_MAX);
    hid_t file = H5Fopen(rw_path_of("%s/sizes.h5", directory->path).text, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (size_t j = 0; j < N; j++) {
        hid_t dataset = H5Dopen2(file, columns_of[j].name, H5P_DEFAULT);
        assert_in_range(H5Dget_storage_size(dataset), 1, most[j]);
        assert_true(H5Dclose(dataset) >= 0);
    }
    assert_true(H5Fclose(file) >= 0);
}

static void a_constant_is_read_everywhere_and_takes_no_room(void **state) {
    rw_directory *directory = *state;
    rw_h5_file *file;
    const float given = 1.5f;
    float values[1000];
    assert_ok(rw_h5_create(&file, directory, "constant.h5"));
    assert_ok(rw_h5_write_constant(file, "a/constant", H5T_IEEE_F32LE, 1000, &given, "ms", "test"));
    assert_ok(rw_h5_write_constant(file, "a/none", H5T_IEEE_F32LE, 0, &given, "ms", "test"));
    assert_ok(rw_h5_commit(&file));
    hid_t id = H5Fopen(rw_path_of("%s/constant.h5", directory->path).text, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t dataset = H5Dopen2(id, "a/constant", H5P_DEFAULT), none = H5Dopen2(id, "a/none", H5P_DEFAULT);
    assert_true(H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    for (size_t k = 0; k < RW_COUNT(values); k++)
        assert_true(values[k] == given);
    assert_int_equal(H5Dget_storage_size(dataset), 0);
    assert_true(none >= 0 && H5Dclose(none) >= 0 && H5Dclose(dataset) >= 0 && H5Fclose(id) >= 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(packed_rows_are_read_back_in_equal_bytes, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(rows_flushed_in_between_are_read_back, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(only_noise_takes_room, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(a_constant_is_read_everywhere_and_takes_no_room, make_directory,
                                        remove_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
