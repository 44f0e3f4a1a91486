/* SHA-256 (FIPS 180-4) by OpenSSL's libcrypto, which uses the processor's instructions for it and is installed wherever
 * HDF5 is. */
#ifndef RW_IO_SHA256_H
#define RW_IO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define RW_SHA256_TEXT 65 /* 64 hexadecimal digits and the end of the string */

typedef struct {
    void *context;   /* libcrypto's; NULL after a failure, which rw_sha256_finish reports */
    uint64_t length; /* bytes so far */
} rw_sha256;

/* Starts a sum, which must be finished. */
void rw_sha256_start(rw_sha256 *sum);

/* Adds `length` bytes. */
void rw_sha256_add(rw_sha256 *sum, const void *bytes, size_t length);

/* Ends the sum and writes it as hexadecimal digits into text [RW_SHA256_TEXT]. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sha256_finish(rw_sha256 *sum, char *text);

/* Sums what is left of an open file. `bytes` (may be NULL) gets its length. Errors: RW_ERR_SYSTEM (memory; reading
 * fails, with `path` in the message). */
RW_MUST_CHECK rw_err rw_sha256_file(int file, const char *path, char *text, uint64_t *bytes);

#endif
