#include "io/checkpoint/checkpoint_sum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/remedy.h"
#include "io/directory.h"

enum { BUFFER_BYTES = 1 << 20 };

rw_err rw_summed_pieces_add(rw_summed_pieces *pieces, rw_summed_piece piece) {
    if (pieces->n == pieces->size) {
        size_t size = 2 * pieces->size + 64;
        RW_TRY(RW_GROW(pieces->pieces, pieces->size, size, "checksum"));
        pieces->size = size;
    }
    pieces->pieces[pieces->n++] = piece;
    return RW_OK;
}

void rw_summed_pieces_destroy(rw_summed_pieces *pieces) {
    rw_free(pieces->pieces);
    *pieces = (rw_summed_pieces){0};
}

static int by_offset(const void *left, const void *right) {
    const rw_summed_piece *a = left, *b = right;
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Reads and sums the file from *at to `end`, or to its own end; *at is then where that is. */
static rw_err read_stretch(int file, const char *path, unsigned char *buffer, uint64_t *at, uint64_t end, uLong *sum) {
    while (*at < end) {
        size_t most = end - *at < BUFFER_BYTES ? (size_t)(end - *at) : BUFFER_BYTES;
        ssize_t got = pread(file, buffer, most, (off_t)*at);
        if (got < 0)
            return rw_fail(RW_ERR_SYSTEM, "%s: cannot read this file: %s; %s", path, strerror(errno),
                           rw_reading_remedy(errno));
        if (got == 0)
            return RW_OK;
        *sum = crc32_z(*sum, buffer, (size_t)got);
        *at += (uint64_t)got;
    }
    return RW_OK;
}

rw_err rw_checkpoint_sum(int file, const char *path, uint64_t first, rw_summed_pieces *known, uint32_t *crc,
                         uint64_t *bytes) {
    unsigned char *buffer;
    RW_TRY(RW_NEW(buffer, BUFFER_BYTES, "checksum"));
    size_t n = known != NULL ? known->n : 0;
    if (n > 0)
        qsort(known->pieces, n, sizeof known->pieces[0], by_offset);
    uLong sum = *crc;
    uint64_t at = first;
    rw_err err = RW_OK;
    for (size_t k = 0; err == RW_OK && k < n; k++) {
        const rw_summed_piece *piece = &known->pieces[k];
        RW_ASSERT(piece->offset >= at);
        err = read_stretch(file, path, buffer, &at, piece->offset, &sum);
        sum = crc32_combine(sum, piece->crc, (z_off_t)piece->bytes);
        at += piece->bytes;
    }
    if (err == RW_OK)
        err = read_stretch(file, path, buffer, &at, UINT64_MAX, &sum);
    rw_free(buffer);
    *crc = (uint32_t)sum;
    *bytes = at - first;
    return err;
}
