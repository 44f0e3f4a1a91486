#include "io/hdf5/h5_superblock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/remedy.h"

/* Offsets in superblock version 0 (HDF5 File Format Specification 3.0, II.A and III.C), whose last part is the entry of
 * the root group: the address of its object header, the kind of cache, and as cache the addresses of its tree and heap.
 */
enum { VERSION = 8, ADDRESS_SIZE = 13, HEADER_ADDRESS = 64, CACHE_KIND = 72, CACHE = 80, SUPERBLOCK = 96, CACHED = 1 };

/* When a file is created, the tree lies behind the object header (a prefix, which has the size of what follows), and
 * the heap behind the tree. */
enum { HEADER_PREFIX = 16, HEADER_SIZE = 8, TREE_SIZE = 544 };

static uint64_t number_at(const unsigned char *bytes, size_t n) {
    uint64_t number = 0;
    for (size_t i = n; i-- > 0;)
        number = number << 8 | bytes[i];
    return number;
}

static void put_number(unsigned char *bytes, uint64_t number) {
    for (size_t i = 0; i < 8; i++, number >>= 8)
        bytes[i] = (unsigned char)number;
}

static bool read_at(FILE *file, uint64_t address, void *bytes, size_t length) {
    return address <= INT32_MAX && fseek(file, (long)address, SEEK_SET) == 0 && fread(bytes, 1, length, file) == length;
}

static bool has_signature(FILE *file, uint64_t address, const char *signature) {
    char found[4];
    return read_at(file, address, found, sizeof found) && memcmp(found, signature, sizeof found) == 0;
}

/* Puts the cache of the root group back if it was dropped. */
static void restore_cache(FILE *file, unsigned char superblock[SUPERBLOCK]) {
    static const unsigned char signature[] = "\211HDF\r\n\032\n";
    unsigned char prefix[HEADER_PREFIX];
    const uint64_t header = number_at(superblock + HEADER_ADDRESS, 8);
    if (memcmp(superblock, signature, sizeof signature - 1) != 0 || superblock[VERSION] != 0 ||
        superblock[ADDRESS_SIZE] != 8 || number_at(superblock + CACHE_KIND, 4) != 0 ||
        !read_at(file, header, prefix, sizeof prefix))
        return;
    const uint64_t tree = header + HEADER_PREFIX + number_at(prefix + HEADER_SIZE, 4), heap = tree + TREE_SIZE;
    if (!has_signature(file, tree, "TREE") || !has_signature(file, heap, "HEAP"))
        return;
    superblock[CACHE_KIND] = CACHED;
    put_number(superblock + CACHE, tree);
    put_number(superblock + CACHE + 8, heap);
}

static void add_file(FILE *file, rw_sha256 *sum) {
    unsigned char superblock[SUPERBLOCK], buffer[1 << 14];
    size_t length = fread(superblock, 1, sizeof superblock, file);
    if (length == sizeof superblock)
        restore_cache(file, superblock);
    rw_sha256_add(sum, superblock, length);
    clearerr(file); /* addresses behind the end of the file are those of no HDF5 file */
    if (fseek(file, (long)length, SEEK_SET) != 0)
        return;
    while ((length = fread(buffer, 1, sizeof buffer, file)) > 0)
        rw_sha256_add(sum, buffer, length);
}

rw_err rw_h5_sum_as_created(const char *path, char digits[RW_SHA256_TEXT]) {
    rw_sha256 sum;
    FILE *file = fopen(path, "rb");
    RW_CHECK(file != NULL, RW_ERR_SYSTEM, "%s: cannot be opened: %s; %s", path, strerror(errno),
             rw_reading_remedy(errno));
    rw_sha256_start(&sum);
    add_file(file, &sum);
    const bool whole = ferror(file) == 0;
    (void)fclose(file); /* was only read */
    RW_TRY(rw_sha256_finish(&sum, digits));
    RW_CHECK(whole, RW_ERR_SYSTEM, "%s: cannot be read; check the disk", path);
    return RW_OK;
}
