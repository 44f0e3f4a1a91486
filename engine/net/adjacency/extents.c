#include "net/adjacency/extents.h"

#include "base/memory.h"
#include "net/adjacency/buddy_allocator.h"

enum { MOST_EXTENTS = 15 }; /* in a slab; half as many at least */

#define NONE UINT32_MAX

typedef struct {
    uint64_t begin;
    uint32_t owners[MOST_EXTENTS];
    uint32_t next,
        previous;  /* in the list of slabs of its capacity that have holes; next: also in the list of unused slabs */
    uint16_t used; /* a bit for each extent */
    uint8_t order, extents; /* of its extent_size */
} extent_slab;

/* Extents of one capacity. */
typedef struct {
    uint32_t n_allocated, holes;
    uint32_t first;    /* first slab that has holes, or NONE */
    uint32_t emptying; /* slab whose lists move to holes of others, or NONE */
} extent_class;

struct rw_extents {
    rw_buddy_allocator blocks;
    uint32_t *slab_at; /* [at_size] the slab that begins at each smallest block */
    uint64_t at_size;
    extent_slab *slabs; /* [slabs_size] */
    uint32_t n_slabs, slabs_size;
    uint32_t unused;                                         /* first slab that is not in use, or NONE */
    extent_class classes[RW_BUDDY_ORDERS][MOST_EXTENTS + 1]; /* by order and extents of a slab */
};

/* A slab of an order is divided into so many extents of that capacity. */
typedef struct {
    unsigned order;
    uint32_t extents, capacity;
} extent_size;

/* The smallest that holds n: equal for a list and for the extent that the list has. */
static extent_size size_of(uint32_t n) {
    extent_size size = {0};
    while (rw_buddy_slots(size.order) / 8 < n)
        size.order++;
    uint64_t most = rw_buddy_slots(size.order) / n;
    size.extents = most < MOST_EXTENTS ? (uint32_t)most : MOST_EXTENTS;
    size.capacity = (uint32_t)(rw_buddy_slots(size.order) / size.extents);
    return size;
}

static uint64_t start_of(const extent_slab *slab, unsigned k) {
    return slab->begin + k * (rw_buddy_slots(slab->order) / slab->extents);
}

static bool is_full(const extent_slab *slab) {
    return slab->used == (1u << slab->extents) - 1;
}

static extent_class *class_of(rw_extents *extents, const extent_slab *slab) {
    return &extents->classes[slab->order][slab->extents];
}

/* Adds a slab that is no longer full to the list of those that have holes. */
static void link_slab(rw_extents *extents, uint32_t at) {
    extent_slab *slab = &extents->slabs[at];
    extent_class *class = class_of(extents, slab);
    slab->next = class->first;
    slab->previous = NONE;
    if (class->first != NONE)
        extents->slabs[class->first].previous = at;
    class->first = at;
}

static void unlink_slab(rw_extents *extents, uint32_t at) {
    const extent_slab *slab = &extents->slabs[at];
    if (slab->previous != NONE)
        extents->slabs[slab->previous].next = slab->next;
    else
        class_of(extents, slab)->first = slab->next;
    if (slab->next != NONE)
        extents->slabs[slab->next].previous = slab->previous;
}

/* Assigns an extent to an owner. */
static void fill(rw_extents *extents, uint32_t at, unsigned k, uint32_t owner) {
    extent_slab *slab = &extents->slabs[at];
    slab->used = (uint16_t)(slab->used | 1u << k);
    slab->owners[k] = owner;
    if (is_full(slab))
        unlink_slab(extents, at);
    class_of(extents, slab)->n_allocated++;
    class_of(extents, slab)->holes--;
}

/* The slab that is the buddy of this one's block, if both have extents of one capacity; or NONE. */
static uint32_t buddy_of(const rw_extents *extents, const extent_slab *slab) {
    uint64_t begin = slab->begin ^ rw_buddy_slots(slab->order), at = begin / rw_buddy_slots(0);
    if (begin >= extents->blocks.size)
        return NONE;
    const extent_slab *buddy = &extents->slabs[extents->slab_at[at]];
    bool is_one =
        buddy->begin == begin && buddy->used != 0 && buddy->order == slab->order && buddy->extents == slab->extents;
    return is_one ? extents->slab_at[at] : NONE;
}

/* Makes an extent a hole. A slab of nothing but holes is freed; its buddy is emptied next, so that both blocks join. */
static void empty(rw_extents *extents, uint32_t at, unsigned k) {
    extent_slab *slab = &extents->slabs[at];
    extent_class *class = class_of(extents, slab);
    if (is_full(slab))
        link_slab(extents, at);
    slab->used = (uint16_t)(slab->used & ~(1u << k));
    class->n_allocated--;
    class->holes++;
    if (slab->used != 0)
        return;
    unlink_slab(extents, at);
    class->holes -= slab->extents;
    class->emptying = buddy_of(extents, slab);
    rw_buddy_allocator_free(&extents->blocks, slab->order, slab->begin);
    slab->next = extents->unused;
    extents->unused = at;
}

/* Makes the tables long enough for one more slab. */
static rw_err reserve_tables(rw_extents *extents) {
    enum { LEAST = 16 };
    uint64_t needed = extents->blocks.size / rw_buddy_slots(0);
    if (needed > extents->at_size) {
        uint64_t size = needed + needed / 2;
        RW_TRY(RW_GROW(extents->slab_at, extents->at_size, size, "synapses"));
        extents->at_size = size;
    }
    if (extents->unused == NONE && extents->n_slabs == extents->slabs_size) {
        uint32_t size = extents->slabs_size + extents->slabs_size / 2 + LEAST;
        RW_TRY(RW_GROW(extents->slabs, extents->slabs_size, size, "synapses"));
        extents->slabs_size = size;
    }
    return RW_OK;
}

static rw_err add_slab(rw_extents *extents, extent_size size) {
    uint64_t begin = 0;
    RW_TRY(rw_buddy_allocator_allocate(&extents->blocks, size.order, &begin));
    rw_err err = reserve_tables(extents);
    if (err != RW_OK) {
        rw_buddy_allocator_free(&extents->blocks, size.order, begin);
        return err;
    }
    uint32_t at = extents->unused != NONE ? extents->unused : extents->n_slabs++;
    if (at == extents->unused)
        extents->unused = extents->slabs[at].next;
    extents->slabs[at] = (extent_slab){.begin = begin, .order = (uint8_t)size.order, .extents = (uint8_t)size.extents};
    extents->slab_at[begin / rw_buddy_slots(0)] = at;
    extents->classes[size.order][size.extents].holes += size.extents;
    link_slab(extents, at);
    return RW_OK;
}

rw_err rw_extents_allocate(rw_extents *extents, uint32_t owner, uint32_t n, uint64_t *start, uint32_t *capacity) {
    extent_size size = size_of(n);
    extent_class *class = &extents->classes[size.order][size.extents];
    RW_ASSERT(n > 0 && size.order < RW_BUDDY_ORDERS);
    if (class->first == NONE)
        RW_TRY(add_slab(extents, size));
    uint32_t at = class->first, next = extents->slabs[at].next;
    if (at == class->emptying && next != NONE)
        at = next;
    unsigned k = (unsigned)__builtin_ctz(~(unsigned)extents->slabs[at].used);
    *start = start_of(&extents->slabs[at], k);
    *capacity = size.capacity;
    fill(extents, at, k, owner);
    return RW_OK;
}

bool rw_extents_free(rw_extents *extents, uint64_t start, uint32_t capacity, rw_extent_move *move) {
    enum { FEW = 2, PART = 128 };
    extent_size size = size_of(capacity);
    uint64_t slots = rw_buddy_slots(size.order);
    uint32_t at = extents->slab_at[start / slots * slots / rw_buddy_slots(0)];
    unsigned k = (unsigned)((start - extents->slabs[at].begin) / capacity);
    RW_ASSERT((extents->slabs[at].used >> k & 1) != 0 && start == start_of(&extents->slabs[at], k));
    empty(extents, at, k);
    extent_class *class = &extents->classes[size.order][size.extents];
    if (class->holes <= FEW + class->n_allocated / PART || extents->slabs[at].used == 0)
        return false;
    if (class->emptying == NONE)
        class->emptying = at;
    if (class->emptying == at)
        return false;
    const extent_slab *from = &extents->slabs[class->emptying];
    unsigned last = 31 - (unsigned)__builtin_clz(from->used);
    *move = (rw_extent_move){.from = start_of(from, last), .to = start, .owner = from->owners[last]};
    fill(extents, at, k, move->owner);
    empty(extents, class->emptying, last);
    return true;
}

uint64_t rw_extents_size(const rw_extents *extents) {
    return extents->blocks.size;
}

double rw_extents_bytes(const rw_extents *extents) {
    if (extents == NULL)
        return 0.0;
    return sizeof *extents + 2.0 / 8.0 * (double)extents->blocks.capacity / (double)rw_buddy_slots(0) +
           (double)extents->at_size * sizeof extents->slab_at[0] + (double)extents->slabs_size * sizeof(extent_slab);
}

rw_err rw_extents_create(rw_extents **extents) {
    RW_TRY(RW_NEW(*extents, 1, "synapses"));
    (*extents)->unused = NONE;
    for (unsigned order = 0; order < RW_BUDDY_ORDERS; order++)
        for (uint32_t k = 0; k <= MOST_EXTENTS; k++)
            (*extents)->classes[order][k].first = (*extents)->classes[order][k].emptying = NONE;
    return RW_OK;
}

void rw_extents_destroy(rw_extents **extents) {
    if (*extents == NULL)
        return;
    rw_buddy_allocator_destroy(&(*extents)->blocks);
    rw_free((*extents)->slab_at);
    rw_free((*extents)->slabs);
    rw_free(*extents);
    *extents = NULL;
}
