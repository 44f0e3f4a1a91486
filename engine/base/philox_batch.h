/* Many Philox draws at once: bitwise equal to rw_draw, and several times as fast. */
#ifndef RW_BASE_PHILOX_BATCH_H
#define RW_BASE_PHILOX_BATCH_H

#include <stddef.h>

#include "base/random.h"

/* words[w][i] = word w of rw_draw(stream, who + i, when), i < n. `who` + n stays below a multiple of 2^32. */
void rw_draw_for_each_who(rw_stream stream, uint64_t who, uint64_t when, size_t n, uint32_t *const words[4]);

/* words[w][i] = word w of rw_draw(stream, who, when + i), i < n. `when` + n stays below a multiple of 2^32. */
void rw_draw_for_each_when(rw_stream stream, uint64_t who, uint64_t when, size_t n, uint32_t *const words[4]);

/* words[w][i] becomes word w of rw_philox(words[0][i], words[1][i], words[2][i], words[3][i], key), i < n. */
void rw_philox_for_each(const uint32_t key[2], size_t n, uint32_t *const words[4]);

#endif
