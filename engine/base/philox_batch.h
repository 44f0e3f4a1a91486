/* Many Philox draws at once: the same bits as rw_draw, several times as fast. */
#ifndef RW_BASE_PHILOX_BATCH_H
#define RW_BASE_PHILOX_BATCH_H

#include <stddef.h>

#include "base/random.h"

/* words[w][i] = word w of rw_draw(stream, who + i, when), i < n. `who` + n stays below a multiple of 2^32. */
void rw_draw_for_each_who(rw_stream stream, uint64_t who, uint64_t when, size_t n, uint32_t *const words[4]);

#endif
