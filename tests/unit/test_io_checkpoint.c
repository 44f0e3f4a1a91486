/* The checksum of a saved state: large pieces are summed while they are written, the rest is read; a bit that flips
 * anywhere is seen. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "close.h"
#include "io/checkpoint/checkpoint_file.h"

enum { LARGE = 100000, SMALL = 10, PARTS = 4 };

/* Saves a small, a large and another small column, the large one in parts from its end to its beginning. */
static void save(rw_directory *directory) {
    rw_checkpoint_file *file = NULL;
    uint64_t *values = NULL, few[SMALL] = {1, 2, 3};
    assert_ok(RW_NEW(values, LARGE, "test"));
    for (uint64_t k = 0; k < LARGE; k++)
        values[k] = k * k;
    assert_ok(rw_checkpoint_create(&file, rw_comm_alone(), directory, "state.h5", 7, 0.7));
    rw_archive archive = rw_checkpoint_archive(file);
    assert_ok(rw_archive_column(&archive, "a/first", RW_ARCHIVE_U64, SMALL, few));
    for (uint64_t part = PARTS; part-- > 0;) {
        uint64_t first = part * LARGE / PARTS;
        assert_ok(archive.part(archive.self, "a/large", RW_ARCHIVE_U64, LARGE, first, LARGE / PARTS, values + first));
    }
    assert_ok(rw_archive_column(&archive, "b/last", RW_ARCHIVE_U64, SMALL, few));
    assert_ok(rw_checkpoint_commit(&file));
    rw_free(values);
}

static void flip_bit(const char *path, long offset) {
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    assert_int_not_equal(fputc(byte ^ 4, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static long size_of(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void every_flipped_bit_is_seen(void **state) {
    (void)state;
    char folder[] = "/tmp/rewire.XXXXXX";
    assert_non_null(mkdtemp(folder));
    rw_directory directory;
    rw_checkpoint_head head;
    assert_ok(rw_directory_open(&directory, folder));
    save(&directory);
    rw_path path = rw_path_of("%s/state.h5", folder);
    long size = size_of(path.text);
    assert_in_range(size, 8 * LARGE, 9 * LARGE);
    assert_ok(rw_checkpoint_check(path.text, &head));
    assert_int_equal(head.step, 7);
    for (long offset = 700; offset < size; offset += size / 13) {
        flip_bit(path.text, offset);
        assert_int_equal(rw_checkpoint_check(path.text, &head), RW_ERR_INPUT);
        flip_bit(path.text, offset);
    }
    assert_ok(rw_checkpoint_check(path.text, &head));
    assert_int_equal(unlink(path.text), 0);
    rw_directory_close(&directory);
    (void)rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_flipped_bit_is_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
