#define _GNU_SOURCE /* mremap */
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { ARENA_BLOCK = 64 * 1024 };

#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

/* From this size on, in bytes, a block has pages of its own: the system zeroes them at first use, can move them when
 * the block grows, and gets them back when the block is freed. Sanitizers only see blocks of the heap, so under a
 * sanitizer all blocks are such. */
#ifdef __SANITIZE_ADDRESS__
#define LARGE SIZE_MAX
#else
#define LARGE (2 * HUGE_PAGE)
#endif

#ifdef __GLIBC__
/* Smaller blocks are allocated and freed in every update of connectivity; the heap keeps their memory. */
__attribute__((constructor)) static void keep_small_blocks(void) {
    (void)mallopt(M_MMAP_THRESHOLD, 2 * (int)HUGE_PAGE);
    (void)mallopt(M_TRIM_THRESHOLD, 4 * (int)HUGE_PAGE);
}
#endif

/* Before every block, in a cache line of its own. */
typedef struct {
    size_t mapped; /* bytes from here on, in pages of its own; 0: of the heap */
} block_head;

static block_head *head_of(void *block) {
    return (block_head *)((unsigned char *)block - RW_ALIGNMENT);
}

/* Bytes of count elements, in whole cache lines; 0 when that overflows. */
static size_t rounded_bytes(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return 0;
    return (bytes + RW_ALIGNMENT - 1) / RW_ALIGNMENT * RW_ALIGNMENT;
}

/* Zeroed pages for so many bytes, from a multiple of HUGE_PAGE on, so that they move whole; NULL if there are none. */
static unsigned char *map_pages(size_t bytes, int flags) {
    unsigned char *pages =
        mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_PAGE - (uintptr_t)pages % HUGE_PAGE) % HUGE_PAGE;
    if (before > 0)
        (void)munmap(pages, before); /* what was mapped can be given back */
    (void)munmap(pages + before + bytes, HUGE_PAGE - before);
    return pages + before;
}

static size_t whole_pages(size_t bytes, bool huge) {
    size_t page = huge ? HUGE_PAGE : (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

/* The head of a new block in pages of its own; huge ones, because delivery touches memory at random, or small ones,
 * where only some of them will be touched. */
static block_head *map_block(size_t total, bool huge) {
    size_t bytes = whole_pages(total, huge);
    block_head *head = (block_head *)map_pages(bytes, huge ? 0 : MAP_NORESERVE);
    if (head == NULL)
        return NULL;
    (void)madvise(head, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE); /* a hint: a failure costs speed only */
    head->mapped = bytes;
    return head;
}

static block_head *heap_block(size_t total) {
    void *head = NULL;
    if (posix_memalign(&head, RW_ALIGNMENT, total) != 0)
        return NULL;
    memset(head, 0, total);
    return head;
}

static rw_err cannot_get(size_t total, const char *what) {
    return rw_fail(RW_ERR_SYSTEM, "%s: cannot get %.3g GB of memory; use a smaller network or a larger machine", what,
                   (double)total / 1e9);
}

/* Bytes of so many elements and the head before them. */
static rw_err total_bytes(size_t count, size_t size, const char *what, size_t *total) {
    size_t bytes = rounded_bytes(count, size);
    RW_CHECK(bytes > 0, RW_ERR_SYSTEM, "%s: %zu elements of %zu bytes are more than this machine can address", what,
             count, size);
    *total = bytes + RW_ALIGNMENT;
    return RW_OK;
}

/* Returns the memory behind a head, if there is one. */
static rw_err hand_out(void *pointer, block_head *head, size_t total, const char *what) {
    if (head == NULL)
        return cannot_get(total, what);
    void *block = (unsigned char *)head + RW_ALIGNMENT;
    memcpy(pointer, &block, sizeof block);
    return RW_OK;
}

/* A block of the heap, or in pages of its own: huge ones if it is large, small ones if only a part may be touched. */
static rw_err get(void *pointer, size_t count, size_t size, const char *what, bool part) {
    memset(pointer, 0, sizeof(void *));
    if (count == 0)
        return RW_OK;
    size_t total = 0;
    RW_TRY(total_bytes(count, size, what, &total));
    return hand_out(pointer, part || total >= LARGE ? map_block(total, !part) : heap_block(total), total, what);
}

rw_err rw_allocate(void *pointer, size_t count, size_t size, const char *what) {
    return get(pointer, count, size, what, false);
}

rw_err rw_reserve(void *pointer, size_t count, size_t size, const char *what) {
    return get(pointer, count, size, what, true);
}

/* Makes a block in pages of its own longer: where it lies, or by moving its pages. A copy would need the memory twice.
 */
static block_head *extend(block_head *head, size_t total) {
    size_t old = head->mapped, bytes = whole_pages(total, true);
    if (bytes <= old)
        return head;
    if (mremap(head, old, bytes, 0) == MAP_FAILED) {
        unsigned char *moved = map_pages(bytes, 0);
        if (moved == NULL)
            return NULL;
        if (mremap(head, old, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, moved) == MAP_FAILED) {
            (void)munmap(moved, bytes);
            return NULL;
        }
        head = (block_head *)moved;
    }
    head->mapped = bytes;
    return head;
}

rw_err rw_reallocate(void *pointer, size_t old_count, size_t new_count, size_t size, const char *what) {
    void *old = NULL, *block = NULL;
    memcpy(&old, pointer, sizeof old);
    if (old_count < new_count && old != NULL && head_of(old)->mapped > 0) {
        size_t total = 0;
        RW_TRY(total_bytes(new_count, size, what, &total));
        return hand_out(pointer, extend(head_of(old), total), total, what);
    }
    RW_TRY(rw_allocate(&block, new_count, size, what));
    size_t kept = old_count < new_count ? old_count : new_count;
    if (kept > 0)
        memcpy(block, old, kept * size);
    rw_free(old);
    memcpy(pointer, &block, sizeof block);
    return RW_OK;
}

void rw_release(void *block, size_t bytes) {
    block_head *head = head_of(block);
    size_t released = bytes / HUGE_PAGE * HUGE_PAGE; /* the head stays: it is in the first page */
    if (head->mapped > 0 && released > HUGE_PAGE)
        (void)madvise((unsigned char *)head + HUGE_PAGE, released - HUGE_PAGE, MADV_DONTNEED); /* costs memory only */
}

void rw_free(void *block) {
    if (block == NULL)
        return;
    block_head *head = head_of(block);
    if (head->mapped > 0)
        (void)munmap(head, head->mapped); /* what was mapped can be given back */
    else
        free(head);
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
        size_t bytes = rounded_bytes(count, size);
        RW_CHECK(bytes > 0, RW_ERR_SYSTEM, "scenario: %zu elements of %zu bytes are too many", count, size);
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
