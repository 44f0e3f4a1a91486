/* The checksum of a file of which large pieces were summed while they were written, so that only the rest is read. */
#ifndef RW_IO_CHECKPOINT_CHECKPOINT_SUM_H
#define RW_IO_CHECKPOINT_CHECKPOINT_SUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A part of the file whose CRC-32 is known. */
typedef struct {
    uint64_t offset, bytes;
    uint32_t crc;
} rw_summed_piece;

typedef struct {
    rw_summed_piece *pieces; /* [n] that do not overlap */
    size_t n, size;
} rw_summed_pieces;

/* Adds a piece. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_summed_pieces_add(rw_summed_pieces *pieces, rw_summed_piece piece);

/* Frees the pieces; zeroed ones are fine. */
void rw_summed_pieces_destroy(rw_summed_pieces *pieces);

/* Continues the CRC-32 *crc with everything in the file from `first` on; *bytes is how much that is. `known` is sorted;
 * NULL: nothing is known. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_checkpoint_sum(int file, const char *path, uint64_t first, rw_summed_pieces *known,
                                       uint32_t *crc, uint64_t *bytes);

#endif
