#include "io/hdf5/h5_stream.h"

#include "base/memory.h"
#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"

static rw_err open_journal(rw_h5_file *file) {
    RW_TRY(rw_directory_make(file->directory, "checkpoint"));
    return rw_journal_open(&file->journal, rw_journal_path(file->directory->path, file->name.text).text,
                           file->directory->journals == RW_JOURNALS_REPLAYED);
}

rw_err rw_h5_stream_add(rw_h5_column *column) {
    rw_h5_file *file = column->file;
    if (file->directory->journals == RW_JOURNALS_NONE || file->directory->non_writing)
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
