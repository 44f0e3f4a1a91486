#include "io/h5_packer.h"

#include <stdatomic.h>
#include <string.h>
#include <zlib.h>

#include "base/memory.h"
#include "net/team.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "chunks are written as they lie in memory: rewire's files are little-endian, and so must the machine be"
#endif

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
    size_t slot_bytes; /* room for a chunk, before or after */
    atomic_size_t next;
} batch;

/* The room of a batch: for each thread some bytes of a chunk, then for each chunk its values, and these compressed. */
static char *bytes_of(const batch *work, int thread) {
    return work->packer->room + (size_t)thread * work->slot_bytes;
}

static char *values_of(const batch *work, size_t task) {
    return bytes_of(work, work->packer->n_threads) + 2 * task * work->slot_bytes;
}

static char *packed_of(const batch *work, size_t task) {
    return values_of(work, task) + work->slot_bytes;
}

static size_t chunk_bytes(const rw_h5_column *column) {
    return column->capacity * column->row_bytes;
}

/* The bytes number `byte` of n numbers of `value_bytes`, which HDF5's shuffle brings together. */
static void take_bytes(const void *values, size_t value_bytes, size_t byte, size_t n, unsigned char *restrict bytes) {
    const uint64_t *wide = values;
    const uint32_t *narrow = values;
    if (value_bytes == sizeof *wide)
        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)(wide[i] >> (8 * byte));
    else if (value_bytes == sizeof *narrow)
        for (size_t i = 0; i < n; i++)
            bytes[i] = (unsigned char)(narrow[i] >> (8 * byte));
    else
        memcpy(bytes, values, n);
}

/* Whether bytes neither come in runs nor are some more frequent: coding them would take time and save nothing. */
static bool is_noise(const unsigned char *bytes, size_t n) {
    uint32_t count[256] = {0}, repeats = 0;
    uint64_t squares = 0;
    for (size_t i = 1; i < n; i++)
        repeats += bytes[i] == bytes[i - 1];
    if (repeats > n / 64)
        return false;
    for (size_t i = 0; i < n; i++)
        count[bytes[i]]++;
    for (size_t value = 0; value < 256; value++)
        squares += (uint64_t)count[value] * count[value];
    return squares * 256 < (uint64_t)n * n / 8 * 9;
}

/* The values of a chunk: what the column has gathered, and new rows behind. */
static void fill_chunk(const batch *work, size_t chunk, size_t index, char *values) {
    const rw_h5_column *column = &work->columns[index];
    size_t gathered = chunk == 0 ? column->buffered : 0;
    uint64_t first = work->done + chunk * column->capacity - (chunk == 0 ? 0 : column->buffered);
    memcpy(values, column->buffer, gathered * column->row_bytes);
    work->fill(work->self, index, first, column->capacity - gathered, values + gathered * column->row_bytes);
}

/* Deflates the bytes of one place of all numbers: noise as it is, counts by what came before, the rest by runs, because
 * further back shuffled numbers hold nothing of use. */
static void pack_bytes(z_stream *stream, unsigned char *bytes, size_t n, bool counts_up, bool last) {
    bool noise = !counts_up && is_noise(bytes, n);
    bool ready = deflateParams(stream, noise ? 0 : 1, counts_up ? Z_DEFAULT_STRATEGY : Z_RLE) == Z_OK;
    stream->next_in = bytes;
    stream->avail_in = (uInt)n;
    RW_ASSERT(ready && deflate(stream, last ? Z_FINISH : Z_NO_FLUSH) == (last ? Z_STREAM_END : Z_OK));
}

static void pack_chunk(const batch *work, size_t task, int thread, z_stream *stream) {
    const rw_h5_column *column = &work->columns[task % work->n_columns];
    size_t value_bytes = column->row_bytes / (column->width == 0 ? 1 : column->width);
    size_t n = column->capacity * column->row_bytes / value_bytes;
    unsigned char *bytes = (unsigned char *)bytes_of(work, thread);
    fill_chunk(work, task / work->n_columns, task % work->n_columns, values_of(work, task));
    RW_ASSERT(deflateReset(stream) == Z_OK);
    stream->next_out = (unsigned char *)packed_of(work, task);
    stream->avail_out = (uInt)work->slot_bytes;
    for (size_t byte = 0; byte < value_bytes; byte++) {
        take_bytes(values_of(work, task), value_bytes, byte, n, bytes);
        pack_bytes(stream, bytes, n, column->counts_up, byte + 1 == value_bytes);
    }
    work->packed[task] = stream->total_out;
}

static rw_err pack_some(void *context, int thread) {
    batch *work = context;
    z_stream stream = {0};
    RW_CHECK(deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS, 8, Z_RLE) == Z_OK, RW_ERR_SYSTEM,
             "no memory is left to compress result files; close other programs");
    for (size_t task; (task = atomic_fetch_add(&work->next, 1)) < work->n_chunks * work->n_columns;)
        pack_chunk(work, task, thread, &stream);
    RW_ASSERT(deflateEnd(&stream) == Z_OK);
    return RW_OK;
}

/* Hands the chunks to the journal and to HDF5, all columns' first ones first. */
static rw_err write_chunks(const batch *work) {
    for (size_t task = 0; task < work->n_chunks * work->n_columns; task++)
        RW_TRY(rw_h5_column_put_chunk(&work->columns[task % work->n_columns], values_of(work, task),
                                      packed_of(work, task), work->packed[task]));
    return RW_OK;
}

static rw_err make_room(rw_h5_packer *packer, const batch *work) {
    size_t bytes = ((size_t)packer->n_threads + 2 * work->n_chunks * work->n_columns) * work->slot_bytes;
    if (bytes <= packer->room_bytes)
        return RW_OK;
    rw_free(packer->room);
    packer->room_bytes = 0;
    RW_TRY(RW_NEW(packer->room, bytes, "compression of a result file"));
    packer->room_bytes = bytes;
    return RW_OK;
}

static rw_err pack_batch(rw_h5_packer *packer, batch *work) {
    for (size_t j = 0; j < work->n_columns; j++)
        if (compressBound(chunk_bytes(&work->columns[j])) > work->slot_bytes)
            work->slot_bytes = compressBound(chunk_bytes(&work->columns[j]));
    RW_TRY(make_room(packer, work));
    RW_TRY(RW_NEW(work->packed, work->n_chunks * work->n_columns, "compression of a result file"));
    rw_err err = rw_team_run(packer->n_threads, pack_some, work);
    if (err == RW_OK)
        err = write_chunks(work);
    rw_free(work->packed);
    return err;
}

/* Gathers n rows in the columns, which have room for them. */
static void gather(const batch *work, size_t n) {
    for (size_t j = 0; j < work->n_columns; j++) {
        rw_h5_column *column = &work->columns[j];
        work->fill(work->self, j, work->done, n, column->buffer + column->buffered * column->row_bytes);
        column->buffered += n;
    }
}

/* Completes a chunk whose beginning was flushed: only HDF5 can do that. */
static rw_err complete_chunk(batch *work) {
    size_t n = rw_h5_column_room(&work->columns[0]);
    gather(work, n);
    work->done += n;
    for (size_t j = 0; j < work->n_columns; j++)
        RW_TRY(rw_h5_column_flush(&work->columns[j]));
    return RW_OK;
}

rw_err rw_h5_pack(rw_h5_packer *packer, rw_h5_column *columns, size_t n_columns, uint64_t n, rw_h5_fill fill,
                  const void *self) {
    batch work = {.packer = packer, .columns = columns, .n_columns = n_columns, .fill = fill, .self = self};
    if (columns[0].file->directory->mute)
        return RW_OK;
    const size_t capacity = columns[0].capacity;
    size_t at_once = PER_THREAD * (size_t)packer->n_threads / n_columns;
    if (columns[0].rows % capacity != 0 && n >= rw_h5_column_room(&columns[0]))
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
    rw_free(packer->room);
    packer->room = NULL;
    packer->room_bytes = 0;
}
