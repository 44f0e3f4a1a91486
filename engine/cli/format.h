/* Numbers as people read them. */
#ifndef RW_CLI_FORMAT_H
#define RW_CLI_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/* A buffer for any of these texts. */
typedef struct {
    char text[48];
} rw_text;

/* A time span: "850 ms", "12.3 s", "4 min 05 s", "24 h", "3 h 20 min". */
rw_text rw_format_duration(double seconds);

/* An amount of memory or disk: "12.5 MB", "3.1 GB" (powers of 1000). */
rw_text rw_format_bytes(double bytes);

/* A whole number with thousands apart: "10,000,000". */
rw_text rw_format_count(uint64_t count);

#endif
