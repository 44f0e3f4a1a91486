#include "net/rows/extents.h"

#include "base/memory.h"
#include "net/rows/buddies.h"

enum { MOST_EXTENTS = 15 }; /* in a slab; half as many at least */

#define NONE UINT32_MAX

typedef struct {
    uint64_t begin;
    uint32_t owners[MOST_EXTENTS];
    uint32_t next, previous; /* among those of its size that have holes; next: also among those that are nowhere */
    uint16_t used;           /* a bit for each extent */
    uint8_t order, extents;  /* of its size */
} extent_slab;

/* Extents of one size. */
typedef struct {
    uint32_t taken, holes;
    uint32_t first;    /* slab that has holes, or NONE */
    uint32_t emptying; /* slab that lists move out of, or NONE */
} extent_class;

struct rw_extents {
    rw_buddies blocks;
    uint32_t *slab_at; /* [at_size] the slab that begins at that smallest block */
    uint64_t at_size;
    extent_slab *slabs; /* [slabs_size] */
    uint32_t n_slabs, slabs_size;
    uint32_t nowhere;                                        /* slab that is not in use, or NONE */
    extent_class classes[RW_BUDDY_ORDERS][MOST_EXTENTS + 1]; /* by extents in a slab */
};

/* The size of an extent: a slab of an order holds so many of it. */
typedef struct {
    unsigned order;
    uint32_t extents, span;
} extent_size;

/* The smallest that holds n: the same for a list and for the extent it has. */
static extent_size size_of(uint32_t n) {
    extent_size it = {0};
    while (rw_buddy_places(it.order) / 8 < n)
        it.order++;
    uint64_t most = rw_buddy_places(it.order) / n;
    it.extents = most < MOST_EXTENTS ? (uint32_t)most : MOST_EXTENTS;
    it.span = (uint32_t)(rw_buddy_places(it.order) / it.extents);
    return it;
}

static uint64_t start_of(const extent_slab *slab, unsigned k) {
    return slab->begin + k * (rw_buddy_places(slab->order) / slab->extents);
}

static bool is_full(const extent_slab *slab) {
    return slab->used == (1u << slab->extents) - 1;
}

static extent_class *class_of(rw_extents *extents, const extent_slab *slab) {
    return &extents->classes[slab->order][slab->extents];
}

/* Puts a slab that is no longer full among those that have holes. */
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

/* Marks an extent as an owner's. */
static void fill(rw_extents *extents, uint32_t at, unsigned k, uint32_t owner) {
    extent_slab *slab = &extents->slabs[at];
    slab->used = (uint16_t)(slab->used | 1u << k);
    slab->owners[k] = owner;
    if (is_full(slab))
        unlink_slab(extents, at);
    class_of(extents, slab)->taken++;
    class_of(extents, slab)->holes--;
}

/* The slab beside this one, with which it makes a larger block, if it is of the same size; or NONE. */
static uint32_t buddy_of(const rw_extents *extents, const extent_slab *slab) {
    uint64_t begin = slab->begin ^ rw_buddy_places(slab->order), at = begin / rw_buddy_places(0);
    if (begin >= extents->blocks.size)
        return NONE;
    const extent_slab *buddy = &extents->slabs[extents->slab_at[at]];
    bool is_one =
        buddy->begin == begin && buddy->used != 0 && buddy->order == slab->order && buddy->extents == slab->extents;
    return is_one ? extents->slab_at[at] : NONE;
}

/* Marks an extent as a hole; a slab of nothing but holes goes, and its buddy had better go next. */
static void empty(rw_extents *extents, uint32_t at, unsigned k) {
    extent_slab *slab = &extents->slabs[at];
    extent_class *class = class_of(extents, slab);
    if (is_full(slab))
        link_slab(extents, at);
    slab->used = (uint16_t)(slab->used & ~(1u << k));
    class->taken--;
    class->holes++;
    if (slab->used != 0)
        return;
    unlink_slab(extents, at);
    class->holes -= slab->extents;
    class->emptying = buddy_of(extents, slab);
    rw_buddies_give(&extents->blocks, slab->order, slab->begin);
    slab->next = extents->nowhere;
    extents->nowhere = at;
}

/* Makes the tables long enough for another slab. */
static rw_err reserve_tables(rw_extents *extents) {
    enum { LEAST = 16 };
    uint64_t needed = extents->blocks.size / rw_buddy_places(0);
    if (needed > extents->at_size) {
        uint64_t size = needed + needed / 2;
        RW_TRY(RW_GROW(extents->slab_at, extents->at_size, size, "synapses"));
        extents->at_size = size;
    }
    if (extents->nowhere == NONE && extents->n_slabs == extents->slabs_size) {
        uint32_t size = extents->slabs_size + extents->slabs_size / 2 + LEAST;
        RW_TRY(RW_GROW(extents->slabs, extents->slabs_size, size, "synapses"));
        extents->slabs_size = size;
    }
    return RW_OK;
}

static rw_err add_slab(rw_extents *extents, extent_size size) {
    uint64_t begin = 0;
    RW_TRY(rw_buddies_take(&extents->blocks, size.order, &begin));
    rw_err err = reserve_tables(extents);
    if (err != RW_OK) {
        rw_buddies_give(&extents->blocks, size.order, begin);
        return err;
    }
    uint32_t at = extents->nowhere != NONE ? extents->nowhere : extents->n_slabs++;
    if (at == extents->nowhere)
        extents->nowhere = extents->slabs[at].next;
    extents->slabs[at] = (extent_slab){.begin = begin, .order = (uint8_t)size.order, .extents = (uint8_t)size.extents};
    extents->slab_at[begin / rw_buddy_places(0)] = at;
    extents->classes[size.order][size.extents].holes += size.extents;
    link_slab(extents, at);
    return RW_OK;
}

rw_err rw_extents_take(rw_extents *extents, uint32_t owner, uint32_t n, uint64_t *start, uint32_t *span) {
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
    *span = size.span;
    fill(extents, at, k, owner);
    return RW_OK;
}

bool rw_extents_give(rw_extents *extents, uint64_t start, uint32_t span, rw_extent_move *move) {
    enum { FEW = 2, PART = 128 };
    extent_size size = size_of(span);
    uint64_t places = rw_buddy_places(size.order);
    uint32_t at = extents->slab_at[start / places * places / rw_buddy_places(0)];
    unsigned k = (unsigned)((start - extents->slabs[at].begin) / span);
    RW_ASSERT((extents->slabs[at].used >> k & 1) != 0 && start == start_of(&extents->slabs[at], k));
    empty(extents, at, k);
    extent_class *class = &extents->classes[size.order][size.extents];
    if (class->holes <= FEW + class->taken / PART || extents->slabs[at].used == 0)
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
    return sizeof *extents + 2.0 / 8.0 * (double)extents->blocks.room / (double)rw_buddy_places(0) +
           (double)extents->at_size * sizeof extents->slab_at[0] + (double)extents->slabs_size * sizeof(extent_slab);
}

rw_err rw_extents_create(rw_extents **extents) {
    RW_TRY(RW_NEW(*extents, 1, "synapses"));
    (*extents)->nowhere = NONE;
    for (unsigned order = 0; order < RW_BUDDY_ORDERS; order++)
        for (uint32_t k = 0; k <= MOST_EXTENTS; k++)
            (*extents)->classes[order][k].first = (*extents)->classes[order][k].emptying = NONE;
    return RW_OK;
}

void rw_extents_destroy(rw_extents **extents) {
    if (*extents == NULL)
        return;
    rw_buddies_destroy(&(*extents)->blocks);
    rw_free((*extents)->slab_at);
    rw_free((*extents)->slabs);
    rw_free(*extents);
    *extents = NULL;
}
