#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { HUGE_PAGE = 2 * 1024 * 1024, LARGE = 4 * HUGE_PAGE, ARENA_BLOCK = 64 * 1024 };

#ifdef __GLIBC__
/* Large blocks come from the system one by one, so that they grow by moving pages and go back when they are freed. Left
 * to itself the library raises this limit to 32 MB as blocks are freed, and cuts larger ones from its heap. What is
 * smaller comes and goes with every update of connectivity, and stays. */
__attribute__((constructor)) static void keep_large_blocks_apart(void) {
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
    (void)mallopt(M_TRIM_THRESHOLD, 4 * LARGE);
}
#endif

/* Bytes for count elements, rounded up to whole cache lines; 0 when that overflows. */
static size_t rounded_bytes(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - HUGE_PAGE)
        return 0;
    return (bytes + RW_ALIGNMENT - 1) / RW_ALIGNMENT * RW_ALIGNMENT;
}

/* The same, or an error. */
static rw_err find_bytes(size_t *bytes, size_t count, size_t size, const char *what) {
    *bytes = rounded_bytes(count, size);
    RW_CHECK(*bytes > 0, RW_ERR_SYSTEM, "%s: %zu elements of %zu bytes are more than this machine can address", what,
             count, size);
    return RW_OK;
}

static rw_err fail_memory(size_t bytes, const char *what) {
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot get %.3g GB of memory; use a smaller network or a larger machine", what,
                   (double)bytes / 1e9);
}

rw_err rw_allocate(void *pointer, size_t count, size_t size, const char *what) {
    void *block = NULL;
    size_t bytes = 0;
    memcpy(pointer, &block, sizeof block);
    if (count == 0)
        return RW_OK;
    RW_TRY(find_bytes(&bytes, count, size, what));
    size_t alignment = bytes >= LARGE ? HUGE_PAGE : RW_ALIGNMENT;
    if (posix_memalign(&block, alignment, bytes) != 0)
        return fail_memory(bytes, what);
    if (alignment == HUGE_PAGE)
        (void)madvise(block, bytes, MADV_HUGEPAGE); /* a hint: failing costs speed, not truth */
    memset(block, 0, bytes);
    memcpy(pointer, &block, sizeof block);
    return RW_OK;
}

/* Grows a large block where it lies, or by moving its pages: a copy would need the memory twice. */
static rw_err extend(void *pointer, size_t old_count, size_t new_count, size_t size, const char *what) {
    unsigned char *block = NULL;
    memcpy(&block, pointer, sizeof block);
    size_t bytes = 0, kept = old_count * size;
    RW_TRY(find_bytes(&bytes, new_count, size, what));
    block = realloc(block, bytes);
    if (block == NULL)
        return fail_memory(bytes, what);
    memcpy(pointer, &block, sizeof block);
    if ((uintptr_t)block % RW_ALIGNMENT != 0) { /* realloc promises less */
        RW_TRY(rw_allocate(&block, new_count, size, what));
        void *moved = NULL;
        memcpy(&moved, pointer, sizeof moved);
        memcpy(block, moved, kept);
        memcpy(pointer, &block, sizeof block);
        rw_free(moved);
    } else {
        memset(block + kept, 0, bytes - kept);
    }
    return RW_OK;
}

rw_err rw_reallocate(void *pointer, size_t old_count, size_t new_count, size_t size, const char *what) {
    void *old = NULL;
    void *block = NULL;
    memcpy(&old, pointer, sizeof old);
    if (old_count < new_count && old_count >= LARGE / size)
        return extend(pointer, old_count, new_count, size, what);
    RW_TRY(rw_allocate(&block, new_count, size, what));
    size_t kept = old_count < new_count ? old_count : new_count;
    if (kept > 0)
        memcpy(block, old, kept * size);
    rw_free(old);
    memcpy(pointer, &block, sizeof block);
    return RW_OK;
}

rw_err rw_reserve(void *pointer, size_t count, size_t size, const char *what) {
    void *block = NULL;
    size_t bytes = 0;
    memcpy(pointer, &block, sizeof block);
    if (count == 0)
        return RW_OK;
    RW_TRY(find_bytes(&bytes, count, size, what));
    block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED)
        return fail_memory(bytes, what);
    (void)madvise(block, bytes, MADV_NOHUGEPAGE); /* a hint: failing costs memory, not truth */
    memcpy(pointer, &block, sizeof block);
    return RW_OK;
}

void rw_release(void *block, size_t count, size_t size) {
    if (block != NULL)
        (void)munmap(block, rounded_bytes(count, size)); /* what was mapped can be given back */
}

void rw_free(void *block) {
    free(block);
}

typedef struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    unsigned char *bytes;
} arena_block;

struct rw_arena {
    arena_block *first;
};

rw_err rw_arena_create(rw_arena **arena) {
    return RW_NEW(*arena, 1, "arena");
}

void rw_arena_destroy(rw_arena **arena) {
    if (*arena == NULL)
        return;
    for (arena_block *block = (*arena)->first; block != NULL;) {
        arena_block *next = block->next;
        rw_free(block->bytes);
        rw_free(block);
        block = next;
    }
    rw_free(*arena);
    *arena = NULL;
}

static rw_err add_block(rw_arena *arena, size_t bytes) {
    arena_block *block = NULL;
    RW_TRY(RW_NEW(block, 1, "scenario"));
    block->capacity = bytes > ARENA_BLOCK ? bytes : ARENA_BLOCK;
    rw_err err = RW_NEW(block->bytes, block->capacity, "scenario");
    if (err != RW_OK) {
        rw_free(block);
        return err;
    }
    block->next = arena->first;
    arena->first = block;
    return RW_OK;
}

rw_err rw_arena_allocate(rw_arena *arena, void *pointer, size_t count, size_t size) {
    void *start = NULL;
    if (count > 0) {
        size_t bytes = 0;
        RW_TRY(find_bytes(&bytes, count, size, "scenario"));
        if (arena->first == NULL || arena->first->capacity - arena->first->used < bytes)
            RW_TRY(add_block(arena, bytes));
        start = arena->first->bytes + arena->first->used;
        arena->first->used += bytes;
    }
    memcpy(pointer, &start, sizeof start);
    return RW_OK;
}

rw_err rw_arena_string(rw_arena *arena, const char **copy, const char *text) {
    char *bytes = NULL;
    size_t size = strlen(text) + 1;
    RW_TRY(rw_arena_allocate(arena, &bytes, size, 1));
    memcpy(bytes, text, size);
    *copy = bytes;
    return RW_OK;
}
