#include "io/checkpoint/checkpoint_inputs.h"

#include <string.h>

#include "base/memory.h"
#include "io/hdf5/h5_read.h"
#include "io/sha256.h"

/* A dataset of bytes: for each file its 64 digits, a space, its path, and a zero. */
static const char dataset[] = "input_files";
enum { DIGITS = RW_SHA256_TEXT - 1 };

rw_err rw_checkpoint_inputs_save(const rw_archive *archive, const rw_input_files *list) {
    size_t size = 0;
    char *text = NULL;
    for (size_t i = 0; i < list->n; i++)
        size += DIGITS + 1 + strlen(list->files[i].path) + 1;
    if (size == 0)
        return RW_OK;
    RW_TRY(RW_NEW(text, size, "list of input files"));
    char *end = text;
    for (size_t i = 0; i < list->n; i++) {
        end = stpcpy(end, list->files[i].sha256);
        *end++ = ' ';
        end = stpcpy(end, list->files[i].path) + 1;
    }
    rw_err err = rw_archive_column(archive, dataset, RW_ARCHIVE_U8, size, text);
    rw_free(text);
    return err;
}

/* Reads the list. `text` is the dataset with a zero behind. */
static rw_err split(rw_input_files *list, rw_arena *arena, const char *path, char *text, size_t size) {
    size_t n = 0;
    rw_input_file *files = NULL;
    for (size_t i = 0; i < size; i++)
        n += text[i] == '\0';
    RW_TRY(RW_ARENA_NEW(arena, files, n));
    for (size_t i = 0, at = 0; i < n; i++) {
        size_t length = strlen(text + at);
        RW_CHECK(length > DIGITS && text[at + DIGITS] == ' ', RW_ERR_INPUT, "%s: its list of input files is damaged",
                 path);
        text[at + DIGITS] = '\0';
        files[i] = (rw_input_file){.sha256 = text + at, .path = text + at + DIGITS + 1};
        at += length + 1;
    }
    *list = (rw_input_files){.files = files, .n = n};
    return RW_OK;
}

static rw_err load(rw_input_files *list, rw_arena *arena, const rw_h5_location *file) {
    uint64_t size = 0;
    char *text = NULL;
    RW_TRY(rw_h5_read_length(file, dataset, &size));
    RW_TRY(RW_ARENA_NEW(arena, text, size + 1));
    RW_TRY(rw_h5_read_rows(file, dataset, RW_H5_U8, size, 0, size, text));
    return split(list, arena, file->file, text, size);
}

static rw_err compare(const rw_h5_location *file, const rw_input_files *now, const rw_input_comparison *comparison) {
    rw_arena *arena = NULL;
    rw_input_files then = {0};
    RW_TRY(rw_arena_create(&arena));
    rw_err err = load(&then, arena, file);
    if (err == RW_OK)
        err = rw_input_files_compare(&then, now, comparison);
    rw_arena_destroy(&arena);
    return err;
}

rw_err rw_checkpoint_inputs_compare(const char *path, const rw_input_files *now, const rw_input_comparison *comparison,
                                    bool *recorded) {
    rw_h5_location file;
    RW_TRY(rw_h5_open(&file, path, "a saved state"));
    *recorded = rw_h5_has(&file, dataset);
    rw_err err = *recorded ? compare(&file, now, comparison) : RW_OK;
    rw_h5_close(&file);
    return err;
}
