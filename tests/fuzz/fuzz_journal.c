/* A journal gives back what was appended to it, or says that it is damaged.
 *
 * The first byte chooses: the rest is a whole file, or records, of which the last byte says where a bit of the file is
 * then changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/checkpoint/journal.h"
#include "place.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[100];

/* What was appended, and how much of it has come back. */
typedef struct {
    const uint8_t *at, *end;
    bool known; /* what comes back must be this */
} records;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    (void)snprintf(path, sizeof path, "%s/journal", place_make("journal"));
    return 0;
}

/* The bytes of the next record: its dataset and its length come first. */
static bool next(records *from, uint32_t *dataset, const uint8_t **bytes, size_t *n) {
    if (from->end - from->at < 2)
        return false;
    *dataset = from->at[0];
    *n = from->at[1];
    from->at += 2;
    *n = *n < (size_t)(from->end - from->at) ? *n : (size_t)(from->end - from->at);
    *bytes = from->at;
    from->at += *n;
    return true;
}

static rw_err compare(void *self, uint32_t dataset, const void *bytes, size_t n) {
    records *expected = self;
    uint32_t right = 0;
    const uint8_t *were = NULL;
    size_t n_were = 0;
    if (!expected->known)
        return RW_OK;
    RW_ASSERT(next(expected, &right, &were, &n_were) && dataset == right && n == n_were);
    RW_ASSERT(n == 0 || memcmp(bytes, were, n) == 0);
    return RW_OK;
}

static rw_err replay(uint64_t length, records *expected) {
    rw_journal *journal = NULL;
    RW_ASSERT(rw_journal_open(&journal, path, true) == RW_OK);
    rw_err err = rw_journal_replay(journal, length, compare, expected);
    RW_ASSERT(err == RW_OK || (err == RW_ERR_INPUT && strlen(rw_error_message()) > 0));
    rw_journal_close(&journal);
    return err;
}

static uint64_t write_records(records from) {
    rw_journal *journal = NULL;
    uint64_t length = 0;
    uint32_t dataset = 0;
    const uint8_t *bytes = NULL;
    size_t n = 0;
    RW_ASSERT(rw_journal_open(&journal, path, false) == RW_OK);
    while (next(&from, &dataset, &bytes, &n))
        RW_ASSERT(rw_journal_append(journal, dataset, bytes, n) == RW_OK);
    RW_ASSERT(rw_journal_sync(journal, &length) == RW_OK);
    rw_journal_close(&journal);
    return length;
}

static void change_bit(uint64_t length, uint8_t where) {
    FILE *file = fopen(path, "r+b");
    RW_ASSERT(file != NULL);
    long place = (long)((uint64_t)where * length / 256);
    RW_ASSERT(fseek(file, place, SEEK_SET) == 0);
    int byte = fgetc(file);
    RW_ASSERT(fseek(file, place, SEEK_SET) == 0 && fputc(byte ^ (1 << where % 8), file) != EOF && fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    if (data[0] % 2 == 0) {
        uint64_t length = size - 2 - (data[1] < size - 2 ? data[1] : 0);
        place_put(path, data + 2, size - 2);
        rw_err err = rw_journal_check(path, length);
        RW_ASSERT((replay(length, &(records){0}) == RW_OK) == (err == RW_OK));
        return 0;
    }
    records all = {data + 1, data + size - 1, true}, expected = all;
    uint64_t length = write_records(all);
    RW_ASSERT(rw_journal_check(path, length) == RW_OK);
    RW_ASSERT(replay(length, &expected) == RW_OK && expected.end - expected.at < 2);
    if (length > 0) {
        change_bit(length, data[size - 1]);
        RW_ASSERT(rw_journal_check(path, length) == RW_ERR_INPUT);
        all.known = false;
        RW_ASSERT(replay(length, &all) == RW_ERR_INPUT);
    }
    return 0;
}
