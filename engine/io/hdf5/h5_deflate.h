/* The result of HDF5's filters shuffle and deflate on a chunk, computed faster than by them.
 *
 * Shuffle brings the first bytes of all numbers together, then the second ones, and so on: most of these planes are one
 * byte over and over, runs, or noise. So each is coded by what it is: a repeated byte by a piece of code that is known
 * already, noise not at all, the rest by runs. zlib alone looks at every byte, and far back, for what is not there. */
#ifndef RW_IO_HDF5_H5_DEFLATE_H
#define RW_IO_HDF5_H5_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

#include "base/error.h"

typedef struct {
    z_stream stream;
    unsigned char *plane; /* [largest_n] */
    struct {
        unsigned char byte, code[256];
        size_t n, n_code; /* n_code 0: none */
        uLong sum;
    } repeated; /* the last plane that was one byte over and over */
} rw_h5_deflater;

/* Prepares to code chunks of at most `largest_n` numbers. Errors: RW_ERR_SYSTEM; *deflater is then empty. */
RW_MUST_CHECK rw_err rw_h5_deflater_create(rw_h5_deflater *deflater, size_t largest_n);

/* Frees it; an empty one is fine. */
void rw_h5_deflater_destroy(rw_h5_deflater *deflater);

/* The most bytes that the code of n numbers of `value_bytes` takes. */
size_t rw_h5_deflate_bound(size_t value_bytes, size_t n);

/* Codes n numbers of `value_bytes` (1, 4 or 8) as a zlib stream into `code`, and returns its length. `counts_up`: the
 * numbers are 0, 1, 2, ..., so that looking back is worth it. Equal numbers give equal bytes. */
size_t rw_h5_deflate(rw_h5_deflater *deflater, const void *values, size_t value_bytes, size_t n, bool counts_up,
                     unsigned char *code);

#endif
