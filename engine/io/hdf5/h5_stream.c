/* Growing datasets that survive a kill: what is appended to them is also written to the file's journal. */
#include <string.h>

#include "base/memory.h"
#include "io/hdf5/h5.h"

static rw_err open_journal(rw_h5_file *file) {
    RW_TRY(rw_directory_make(file->directory, "checkpoint"));
    return rw_journal_open(&file->journal, rw_journal_path(file->directory->path, file->name.text).text,
                           file->directory->journals == RW_JOURNALS_REPLAYED);
}

rw_err rw_h5_stream_add(rw_h5_column *column) {
    rw_h5_file *file = column->file;
    if (file->directory->journals == RW_JOURNALS_NONE || file->directory->mute)
        return RW_OK;
    if (file->journal == NULL)
        RW_TRY(open_journal(file));
    RW_TRY(RW_GROW(file->streams, file->n_streams, file->n_streams + 1, "datasets"));
    file->streams[file->n_streams] = column;
    column->stream = (uint32_t)++file->n_streams;
    return RW_OK;
}

/* Brings the first n rows to the journal, but for those that it has. */
static rw_err keep(rw_h5_column *column, const char *rows, size_t n) {
    size_t from = column->journaled;
    column->journaled = n;
    if (column->stream == 0 || from == n || column->file->replaying)
        return RW_OK;
    rw_err err = rw_journal_append(column->file->journal, column->stream, rows + from * column->row_bytes,
                                   (n - from) * column->row_bytes);
    column->file->failed = column->file->failed || err != RW_OK;
    return err;
}

rw_err rw_h5_stream_keep(rw_h5_column *column) {
    return keep(column, column->buffer, column->buffered);
}

rw_err rw_h5_stream_keep_chunk(rw_h5_column *column, const void *values) {
    return keep(column, values, column->capacity);
}

static rw_err replay_rows(void *self, uint32_t stream, const void *bytes, size_t n) {
    rw_h5_file *file = self;
    rw_h5_column *column = stream >= 1 && stream <= file->n_streams ? file->streams[stream - 1] : NULL;
    RW_CHECK(column != NULL && n % column->row_bytes == 0, RW_ERR_INPUT,
             "%s: its journal in checkpoint/ belongs to another file; start the run again, in another directory",
             file->name.text);
    return rw_h5_column_append(column, bytes, n / column->row_bytes);
}

rw_err rw_h5_archive(rw_h5_file *file, const rw_archive *archive) {
    rw_archive_path path = rw_archive_path_of("journals/%s", file->name.text);
    uint64_t length = 0;
    if (archive->saving) {
        for (size_t i = 0; i < file->n_streams; i++)
            RW_TRY(rw_h5_stream_keep(file->streams[i]));
        if (file->journal != NULL)
            RW_TRY(rw_journal_sync(file->journal, &length));
        return rw_archive_number(archive, path.text, &length);
    }
    RW_TRY(rw_archive_number(archive, path.text, &length));
    if (file->journal == NULL)
        return RW_OK;
    file->replaying = true;
    rw_err err = rw_journal_replay(file->journal, length, replay_rows, file);
    for (size_t i = 0; i < file->n_streams; i++)
        RW_TRY(rw_h5_stream_keep(file->streams[i])); /* what is gathered is in the journal */
    file->replaying = false;
    return err;
}
