/* SHA-256 (FIPS 180-4). Own code, because 80 lines that never change weigh less than one more library on every machine.
 */
#ifndef RW_IO_SHA256_H
#define RW_IO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define RW_SHA256_TEXT 65 /* 64 hexadecimal digits and the end of the string */

typedef struct {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} rw_sha256;

/* Starts a sum. */
void rw_sha256_start(rw_sha256 *sum);

/* Adds `length` bytes. */
void rw_sha256_add(rw_sha256 *sum, const void *bytes, size_t length);

/* Ends the sum and writes it as hexadecimal digits into text [RW_SHA256_TEXT]. */
void rw_sha256_finish(rw_sha256 *sum, char *text);

#endif
