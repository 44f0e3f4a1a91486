/* A saved state gives back what was saved, is found to be damaged if one bit of it changes, and a file that was never
 * one is refused.
 *
 * The first byte chooses: the rest is a file in the place of the newest state, or the lines of the head before a sound
 * body, or numbers to be saved, of which the last byte says where a bit of the file is then changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "io/checkpoint/checkpoints.h"
#include "place.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 512, MOST = 1 << 16 };

static const char *directory;
static char path[100];
static uint8_t sound[MOST]; /* a state without numbers */
static size_t n_sound;

/* Writes the state A with numbers [n] from bytes. */
static void save(const uint8_t *bytes, size_t n) {
    rw_checkpoint_file *file = NULL;
    rw_directory open = {0};
    char values[300] = {0};
    if (n > 0)
        memcpy(values, bytes, n);
    uint64_t first = n > 0 ? bytes[0] : 0;
    RW_ASSERT(rw_directory_open_derived(&open, directory) == RW_OK);
    RW_ASSERT(rw_checkpoint_create(&file, rw_comm_alone(), &open, "checkpoint/A.h5", 10, 1.0) == RW_OK);
    rw_archive archive = rw_checkpoint_archive(file);
    RW_ASSERT(rw_archive_number(&archive, "group/first", &first) == RW_OK);
    RW_ASSERT(rw_archive_column(&archive, "bytes", RW_ARCHIVE_U8, n, values) == RW_OK);
    RW_ASSERT(rw_checkpoint_commit(&file) == RW_OK);
    rw_directory_close(&open);
}

static void load(const uint8_t *bytes, size_t n) {
    rw_checkpoint_file *file = NULL;
    char values[300] = {0};
    uint64_t first = 0;
    RW_ASSERT(rw_checkpoint_open(&file, rw_comm_alone(), path) == RW_OK);
    rw_archive archive = rw_checkpoint_archive(file);
    RW_ASSERT(rw_archive_number(&archive, "group/first", &first) == RW_OK && first == (n > 0 ? bytes[0] : 0));
    RW_ASSERT(rw_archive_column(&archive, "bytes", RW_ARCHIVE_U8, n, values) == RW_OK);
    RW_ASSERT(n == 0 || memcmp(values, bytes, n) == 0);
    RW_ASSERT(rw_archive_column(&archive, "bytes", RW_ARCHIVE_U8, n + 1, values) == RW_ERR_INPUT);
    rw_checkpoint_close(&file);
}

/* The state that is found, if one is. */
static bool find(void) {
    rw_saved_state state;
    bool found = false;
    rw_err err = rw_checkpoints_newest(directory, &state, &found);
    RW_ASSERT(err == RW_OK || (err == RW_ERR_INPUT && strlen(rw_error_message()) > 0));
    return err == RW_OK && found;
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    char folder[100];
    directory = place_make("checkpoint");
    (void)snprintf(folder, sizeof folder, "%s/checkpoint", directory);
    (void)snprintf(path, sizeof path, "%s/A.h5", folder);
    if (mkdir(folder, 0777) != 0)
        abort();
    save(NULL, 0);
    FILE *file = fopen(path, "rb");
    n_sound = file != NULL ? fread(sound, 1, sizeof sound, file) : 0;
    RW_ASSERT(n_sound > HEAD && n_sound < sizeof sound && fclose(file) == 0 && find());
    return 0;
}

/* A head of the fuzzer's before the sound body, with the checksum that belongs to both. */
static void put_head(const uint8_t *lines, size_t n) {
    static uint8_t whole[MOST];
    memcpy(whole, sound, n_sound);
    memset(whole, 0, HEAD);
    n = n < HEAD - 20 ? n : HEAD - 20;
    memcpy(whole, lines, n);
    uLong crc = crc32_z(0, whole, n);
    crc = crc32_z(crc, sound + HEAD, n_sound - HEAD);
    (void)snprintf((char *)whole + n, 20, "crc32 %08lx\n", crc);
    place_put(path, whole, n_sound);
}

static void change_bit(uint8_t where) {
    struct stat status;
    RW_ASSERT(stat(path, &status) == 0);
    FILE *file = fopen(path, "r+b");
    RW_ASSERT(file != NULL);
    /* the line of the checksum has more than one right form, and behind it nothing is read up to the body */
    long line = (long)(strstr((const char *)sound, "\ncrc32 ") - (const char *)sound);
    long place = (long)where * status.st_size / 256;
    place = place >= line && place < HEAD ? HEAD : place;
    RW_ASSERT(fseek(file, place, SEEK_SET) == 0);
    int byte = fgetc(file);
    RW_ASSERT(fseek(file, place, SEEK_SET) == 0 && fputc(byte ^ (1 << where % 8), file) != EOF && fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    rw_checkpoint_head head;
    if (size < 2)
        return 0;
    if (data[0] % 4 == 0) {
        place_put(path, data + 1, size - 1);
        (void)find();
    } else if (data[0] % 4 == 1) {
        put_head(data + 1, size - 1);
        (void)find();
    } else {
        size_t n = size - 2 < 250 ? size - 2 : 250;
        save(data + 1, n);
        RW_ASSERT(rw_checkpoint_check(path, &head) == RW_OK && head.step == 10 && find());
        load(data + 1, n);
        change_bit(data[size - 1]);
        RW_ASSERT(rw_checkpoint_check(path, &head) == RW_ERR_INPUT && !find());
    }
    return 0;
}
