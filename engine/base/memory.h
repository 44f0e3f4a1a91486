/* Memory: every allocation is checked, aligned for vectors, and named so that a failure can be explained. */
#ifndef RW_BASE_MEMORY_H
#define RW_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Alignment of every allocation, bytes: one cache line, one AVX-512 register. */
#define RW_ALIGNMENT 64

/* Allocates `count` zeroed elements of `size` bytes at *pointer (NULL when count is 0).
 * Large blocks use huge pages, because delivery touches memory at random.
 * Errors: RW_ERR_SYSTEM with the amount and `what` it was for; *pointer is then NULL. */
RW_MUST_CHECK rw_err rw_allocate(void *pointer, size_t count, size_t size, const char *what);

/* Makes *pointer, of old_count elements, one of new_count; contents are kept, the rest is zero. Large blocks grow by
 * moving their pages, not what is in them. Errors: RW_ERR_SYSTEM; *pointer then still holds the old block. */
RW_MUST_CHECK rw_err rw_reallocate(void *pointer, size_t old_count, size_t new_count, size_t size, const char *what);

/* Like rw_allocate, in small pages, which are taken as they are touched however small the block: for arrays as long as
 * the network of which a process touches its part. Errors: as rw_allocate. */
RW_MUST_CHECK rw_err rw_reserve(void *pointer, size_t count, size_t size, const char *what);

/* Gives the memory of the first bytes of a block back that will not be read again, as far as it has pages of its own;
 * the block remains to be freed. */
void rw_release(void *block, size_t bytes);

/* Frees a block of any of these; NULL is fine. */
void rw_free(void *block);

/* Typed forms: `array` is an lvalue of pointer type. */
#define RW_NEW(array, count, what) rw_allocate(&(array), (count), sizeof *(array), (what))
#define RW_GROW(array, old_count, new_count, what)                                                                     \
    rw_reallocate(&(array), (old_count), (new_count), sizeof *(array), (what))

/* Many small things with one lifetime: names, lists and tables of a scenario. Freed all at once. */
typedef struct rw_arena rw_arena;

/* Creates an empty arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_arena_create(rw_arena **arena);

/* Frees the arena and everything in it; *arena may be NULL and becomes NULL. */
void rw_arena_destroy(rw_arena **arena);

/* Allocates zeroed, aligned memory that lives as long as the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_arena_allocate(rw_arena *arena, void *pointer, size_t count, size_t size);

/* Copies a string into the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_arena_string(rw_arena *arena, const char **copy, const char *text);

#define RW_ARENA_NEW(arena, array, count) rw_arena_allocate((arena), &(array), (count), sizeof *(array))

#endif
