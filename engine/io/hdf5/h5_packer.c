#include "io/hdf5/h5_packer.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "comm/team.h"
#include "io/hdf5/h5_deflate.h"

/* Chunks that each thread gets in a batch: enough to share them evenly. */
enum { PER_THREAD = 8 };

/* Chunks of all columns that are filled and compressed together. */
typedef struct {
    const rw_h5_packer *packer;
    rw_h5_column *columns;
    size_t n_columns, n_chunks;
    rw_h5_fill fill;
    const void *self;
    uint64_t done;     /* rows added before the batch */
    size_t *packed;    /* [n_chunks x n_columns] bytes after compression */
    size_t slot_bytes; /* buffer for a chunk, before or after compression */
    atomic_size_t next;
} batch;

/* The buffers of a batch: for each chunk its values, then the compressed values. */
static char *values_of(const batch *work, size_t task) {
    return work->packer->buffers + 2 * task * work->slot_bytes;
}

static unsigned char *packed_of(const batch *work, size_t task) {
    return (unsigned char *)values_of(work, task) + work->slot_bytes;
}

/* The values of a chunk: what the column has gathered, and new rows behind. */
static void fill_chunk(const batch *work, size_t chunk, size_t index, char *values) {
    const rw_h5_column *column = &work->columns[index];
    size_t gathered = chunk == 0 ? column->buffered : 0;
    uint64_t first = work->done + chunk * column->capacity - (chunk == 0 ? 0 : column->buffered);
    memcpy(values, column->buffer, gathered * column->row_bytes);
    work->fill(work->self, index, first, column->capacity - gathered, values + gathered * column->row_bytes);
}

/* Numbers in a chunk. */
static size_t numbers_of(const rw_h5_column *column) {
    return column->capacity * (column->width == 0 ? 1 : column->width);
}

static size_t number_bytes(const rw_h5_column *column) {
    return column->row_bytes / (column->width == 0 ? 1 : column->width);
}

static void pack_chunk(const batch *work, size_t task, rw_h5_deflater *deflater) {
    size_t index = task % work->n_columns;
    const rw_h5_column *column = &work->columns[index];
    fill_chunk(work, task / work->n_columns, index, values_of(work, task));
    work->packed[task] = rw_h5_deflate(deflater, values_of(work, task), number_bytes(column), numbers_of(column),
                                       column->counts_up, packed_of(work, task));
}

static rw_err pack_some(void *context, int thread) {
    batch *work = context;
    rw_h5_deflater deflater;
    size_t largest_n = 0;
    (void)thread;
    for (size_t j = 0; j < work->n_columns; j++)
        largest_n = numbers_of(&work->columns[j]) > largest_n ? numbers_of(&work->columns[j]) : largest_n;
    RW_TRY(rw_h5_deflater_create(&deflater, largest_n));
    for (size_t task; (task = atomic_fetch_add(&work->next, 1)) < work->n_chunks * work->n_columns;)
        pack_chunk(work, task, &deflater);
    rw_h5_deflater_destroy(&deflater);
    return RW_OK;
}

/* Writes the chunks to the journal and with HDF5: first the first chunk of every column, then the second ones. */
static rw_err write_chunks(const batch *work) {
    for (size_t task = 0; task < work->n_chunks * work->n_columns; task++)
        RW_TRY(rw_h5_column_put_chunk(&work->columns[task % work->n_columns], values_of(work, task),
                                      packed_of(work, task), work->packed[task]));
    return RW_OK;
}

static rw_err make_room(rw_h5_packer *packer, const batch *work) {
    size_t bytes = 2 * work->n_chunks * work->n_columns * work->slot_bytes;
    if (bytes <= packer->room_bytes)
        return RW_OK;
    rw_free(packer->buffers);
    packer->room_bytes = 0;
    RW_TRY(RW_NEW(packer->buffers, bytes, "compression of a result file"));
    packer->room_bytes = bytes;
    return RW_OK;
}

static rw_err pack_batch(rw_h5_packer *packer, batch *work) {
    for (size_t j = 0; j < work->n_columns; j++) {
        size_t bound = rw_h5_deflate_bound(number_bytes(&work->columns[j]), numbers_of(&work->columns[j]));
        work->slot_bytes = bound > work->slot_bytes ? bound : work->slot_bytes;
    }
    RW_TRY(make_room(packer, work));
    RW_TRY(RW_NEW(work->packed, work->n_chunks * work->n_columns, "compression of a result file"));
    rw_err err = rw_team_run(packer->n_threads, pack_some, work);
    if (err == RW_OK)
        err = write_chunks(work);
    rw_free(work->packed);
    return err;
}

/* Gathers n rows in the columns, which have capacity for them. */
static void gather(const batch *work, size_t n) {
    for (size_t j = 0; j < work->n_columns; j++) {
        rw_h5_column *column = &work->columns[j];
        work->fill(work->self, j, work->done, n, column->buffer + column->buffered * column->row_bytes);
        column->buffered += n;
    }
}

/* Completes a chunk whose beginning was flushed: only HDF5 can do that. */
static rw_err complete_chunk(batch *work) {
    size_t n = rw_h5_column_free_rows(&work->columns[0]);
    gather(work, n);
    work->done += n;
    for (size_t j = 0; j < work->n_columns; j++)
        RW_TRY(rw_h5_column_flush(&work->columns[j]));
    return RW_OK;
}

rw_err rw_h5_pack(rw_h5_packer *packer, rw_h5_column *columns, size_t n_columns, uint64_t n, rw_h5_fill fill,
                  const void *self) {
    batch work = {.packer = packer, .columns = columns, .n_columns = n_columns, .fill = fill, .self = self};
    if (columns[0].file->directory->non_writing)
        return RW_OK;
    const size_t capacity = columns[0].capacity;
    size_t at_once = PER_THREAD * (size_t)packer->n_threads / n_columns;
    if (columns[0].rows % capacity != 0 && n >= rw_h5_column_free_rows(&columns[0]))
        RW_TRY(complete_chunk(&work));
    uint64_t n_chunks;
    while ((n_chunks = (n - work.done + columns[0].buffered) / capacity) > 0 && columns[0].rows % capacity == 0) {
        work.n_chunks = n_chunks < at_once ? n_chunks : at_once > 0 ? at_once : 1;
        work.next = 0;
        size_t gathered = columns[0].buffered;
        RW_TRY(pack_batch(packer, &work));
        work.done += work.n_chunks * capacity - gathered;
    }
    gather(&work, n - work.done);
    return RW_OK;
}

void rw_h5_packer_destroy(rw_h5_packer *packer) {
    rw_free(packer->buffers);
    packer->buffers = NULL;
    packer->room_bytes = 0;
}
