#include "io/hdf5/h5_replay.h"

#include "io/hdf5/h5_column.h"
#include "io/hdf5/h5_file.h"
#include "io/hdf5/h5_stream.h"

static rw_err replay_rows(void *self, uint32_t stream, const void *bytes, size_t n) {
    rw_h5_file *file = self;
    rw_h5_column *column = stream >= 1 && stream <= file->n_streams ? file->streams[stream - 1] : NULL;
    RW_CHECK(column != NULL && n % column->row_bytes == 0, RW_ERR_INPUT,
             "%s: its journal in checkpoint/ belongs to another file; start the run again, in another directory",
             file->name.text);
    return rw_h5_column_append(column, bytes, n / column->row_bytes);
}

rw_err rw_h5_archive(rw_h5_file *file, const rw_archive *archive) {
    rw_path path = rw_path_of("journals/%s", file->name.text);
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
