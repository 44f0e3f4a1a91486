#include "sim/archive.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mix.h"

rw_archive_path rw_archive_path_of(const char *format, ...) {
    rw_archive_path path;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(path.text, sizeof path.text, format, arguments);
    va_end(arguments);
    RW_ASSERT(length >= 0 && (size_t)length < sizeof path.text);
    return path;
}

rw_err rw_archive_column(const rw_archive *archive, const char *path, rw_archive_type type, uint64_t n, void *values) {
    return archive->column(archive->self, path, type, n, values);
}

rw_err rw_archive_number(const rw_archive *archive, const char *path, uint64_t *value) {
    return archive->column(archive->self, path, RW_ARCHIVE_U64, 1, value);
}

rw_err rw_archive_match(const rw_archive *archive, const char *path, uint64_t digest, const char *explanation) {
    uint64_t saved = digest;
    RW_TRY(rw_archive_number(archive, path, &saved));
    RW_CHECK(saved == digest, RW_ERR_INPUT, "%s", explanation);
    return RW_OK;
}

/* Of the parameters of all instances. */
static uint64_t parameters_of(const rw_block *block) {
    uint64_t sum = block->count;
    for (size_t field = 0; field < block->model->n_fields; field++) {
        if (block->model->fields[field].role != RW_PARAMETER)
            continue;
        size_t n = block->columns[field].shared ? 1 : block->count;
        for (size_t i = 0; i < n; i++)
            sum += rw_mix(rw_mix(field << 32 | i) + rw_bits_of(rw_block_value(block, field, i)));
    }
    return sum;
}

rw_err rw_archive_block(const rw_archive *archive, const char *path, const rw_block *block) {
    rw_archive_path digest = rw_archive_path_of("%s/parameters_digest", path);
    if (!archive->branching)
        RW_TRY(rw_archive_match(
            archive, digest.text, parameters_of(block),
            rw_archive_path_of("%s has other parameters than in the saved state; did a file of the scenario change?",
                               path)
                .text));
    for (size_t field = 0; field < block->model->n_fields; field++) {
        if (block->model->fields[field].role != RW_STATE)
            continue;
        RW_ASSERT(!block->columns[field].shared);
        RW_TRY(rw_archive_column(archive, rw_archive_path_of("%s/%s", path, block->model->fields[field].name).text,
                                 RW_ARCHIVE_F64, block->count, block->columns[field].values));
    }
    return RW_OK;
}
