#include "io/hdf5/h5_deflate.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "chunks are coded as they lie in memory: rewire's files are little-endian, and so must the machine be"
#endif

/* Bytes that a stored block holds at most, and what stands in front of them (RFC 1951). */
enum { STORED = 65535, STORED_HEAD = 5 };

rw_err rw_h5_deflater_create(rw_h5_deflater *deflater, size_t largest_n) {
    *deflater = (rw_h5_deflater){0};
    RW_TRY(RW_NEW(deflater->plane, largest_n, "compression of a result file"));
    if (deflateInit2(&deflater->stream, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_RLE) != Z_OK) {
        rw_free(deflater->plane);
        *deflater = (rw_h5_deflater){0};
        return rw_fail(RW_ERR_SYSTEM, "no memory is left to compress result files; close other programs");
    }
    return RW_OK;
}

void rw_h5_deflater_destroy(rw_h5_deflater *deflater) {
    if (deflater->plane != NULL)
        (void)deflateEnd(&deflater->stream); /* complains of code that is not finished: each piece is none */
    rw_free(deflater->plane);
    *deflater = (rw_h5_deflater){0};
}

size_t rw_h5_deflate_bound(size_t value_bytes, size_t n) {
    return value_bytes * (n + n / 256 + 64) + 64;
}

/* The bytes number `byte` of all numbers. */
static void take_plane(const void *values, size_t value_bytes, size_t byte, size_t n, unsigned char *restrict plane) {
    const uint64_t *wide = values;
    const uint32_t *narrow = values;
    if (value_bytes == sizeof *wide)
        for (size_t i = 0; i < n; i++)
            plane[i] = (unsigned char)(wide[i] >> (8 * byte));
    else if (value_bytes == sizeof *narrow)
        for (size_t i = 0; i < n; i++)
            plane[i] = (unsigned char)(narrow[i] >> (8 * byte));
    else
        memcpy(plane, values, n);
}

/* How often a byte is that before it. */
static size_t count_repeats(const unsigned char *plane, size_t n) {
    uint32_t repeats = 0;
    for (size_t i = 1; i < n; i++)
        repeats += plane[i] == plane[i - 1];
    return repeats;
}

/* Whether all bytes are about equally frequent. */
static bool is_even(const unsigned char *plane, size_t n) {
    uint32_t count[256] = {0};
    uint64_t squares = 0;
    for (size_t i = 0; i < n; i++)
        count[plane[i]]++;
    for (size_t value = 0; value < 256; value++)
        squares += (uint64_t)count[value] * count[value];
    return squares * 256 < (uint64_t)n * n / 8 * 9;
}

/* Each of these writes a piece of code that ends at a whole byte, and returns the position of the next one. */

static unsigned char *store(const unsigned char *plane, size_t n, unsigned char *code) {
    while (n > 0) {
        size_t some = n < STORED ? n : STORED;
        const unsigned char head[STORED_HEAD] = {0, (unsigned char)some, (unsigned char)(some >> 8),
                                                 (unsigned char)~some, (unsigned char)(~some >> 8)};
        memcpy(code, head, STORED_HEAD);
        memcpy(code + STORED_HEAD, plane, some);
        code += STORED_HEAD + some;
        plane += some;
        n -= some;
    }
    return code;
}

static unsigned char *deflate_plane(z_stream *stream, unsigned char *plane, size_t n, int strategy,
                                    unsigned char *code) {
    bool ready = deflateReset(stream) == Z_OK && deflateParams(stream, 1, strategy) == Z_OK;
    stream->next_in = plane;
    stream->avail_in = (uInt)n;
    stream->next_out = code;
    stream->avail_out = (uInt)rw_h5_deflate_bound(1, n);
    RW_ASSERT(ready && deflate(stream, Z_SYNC_FLUSH) == Z_OK && stream->avail_in == 0 && stream->avail_out > 0);
    return stream->next_out;
}

static unsigned char *repeat_byte(rw_h5_deflater *deflater, size_t n, unsigned char *code, uLong *sum) {
    if (deflater->repeated.n_code == 0 || deflater->repeated.byte != deflater->plane[0] || deflater->repeated.n != n) {
        unsigned char *end = deflate_plane(&deflater->stream, deflater->plane, n, Z_RLE, code);
        size_t n_code = (size_t)(end - code);
        *sum = adler32(1, deflater->plane, (uInt)n);
        deflater->repeated.n_code = n_code <= sizeof deflater->repeated.code ? n_code : 0;
        memcpy(deflater->repeated.code, code, deflater->repeated.n_code);
        deflater->repeated.byte = deflater->plane[0];
        deflater->repeated.n = n;
        deflater->repeated.sum = *sum;
        return end;
    }
    *sum = deflater->repeated.sum;
    memcpy(code, deflater->repeated.code, deflater->repeated.n_code);
    return code + deflater->repeated.n_code;
}

/* Codes the plane and returns its checksum. */
static unsigned char *code_plane(rw_h5_deflater *deflater, size_t n, bool counts_up, unsigned char *code, uLong *sum) {
    size_t repeats = count_repeats(deflater->plane, n);
    if (repeats == n - 1)
        return repeat_byte(deflater, n, code, sum);
    *sum = adler32(1, deflater->plane, (uInt)n);
    if (!counts_up && repeats < n / 64 && is_even(deflater->plane, n))
        return store(deflater->plane, n, code);
    return deflate_plane(&deflater->stream, deflater->plane, n, counts_up ? Z_DEFAULT_STRATEGY : Z_RLE, code);
}

size_t rw_h5_deflate(rw_h5_deflater *deflater, const void *values, size_t value_bytes, size_t n, bool counts_up,
                     unsigned char *code) {
    static const unsigned char head[2] = {0x78, 0x01}, last_block[2] = {0x03, 0x00};
    unsigned char *next = code + sizeof head;
    uLong sum = 1, of_plane;
    memcpy(code, head, sizeof head);
    for (size_t byte = 0; byte < value_bytes; byte++) {
        take_plane(values, value_bytes, byte, n, deflater->plane);
        next = code_plane(deflater, n, counts_up, next, &of_plane);
        sum = adler32_combine(sum, of_plane, (z_off_t)n);
    }
    memcpy(next, last_block, sizeof last_block);
    next += sizeof last_block;
    for (int shift = 24; shift >= 0; shift -= 8)
        *next++ = (unsigned char)(sum >> shift);
    return (size_t)(next - code);
}
