#include "net/rows/extents.h"

#include "base/memory.h"

enum {
    SLAB_EXTENTS = 15, /* in a slab, at most; half as many at least */
    SLAB_ORDER = 6,    /* the smallest slab has 2^6 places */
    ORDERS = 30
};

typedef struct {
    uint64_t begin;
    uint32_t owners[SLAB_EXTENTS];
    uint16_t used;          /* a bit for each extent */
    uint8_t order, extents; /* of its size class */
} extent_slab;

/* Extents of one size. */
typedef struct {
    uint32_t open; /* the slab that is not full, + 1; 0: none */
    uint64_t next; /* where the slab begins that had better become empty next, + 1, so that two free blocks unite */
} extent_class;

struct rw_extents {
    uint64_t size;     /* places of the pool */
    uint64_t room;     /* places that there are tables for */
    uint32_t *slab_at; /* [room / 64] the slab that begins there */
    extent_slab *slabs;
    uint32_t n_slabs, slabs_size;
    uint32_t spare;          /* a slab that is nowhere, + 1; its first owner is the next of these; 0: none */
    uint64_t *free[ORDERS];  /* [room / 2^order / 64 + 1] a bit for each block of 2^order places that is free */
    uint64_t first[ORDERS];  /* no word before has such a bit */
    uint64_t n_free[ORDERS]; /* blocks */
    extent_class classes[ORDERS][SLAB_EXTENTS + 1]; /* by extents in a slab */
};

/* The size of an extent: a slab of 2^order places holds so many of it. */
typedef struct {
    unsigned order; /* less SLAB_ORDER */
    uint32_t extents, span;
} size_class;

/* The smallest that holds n: the same for a list and for the extent it has. */
static size_class class_of(uint32_t n) {
    size_class it = {0};
    while ((uint64_t)1 << (it.order + SLAB_ORDER - 3) < n)
        it.order++;
    uint64_t places = (uint64_t)1 << (it.order + SLAB_ORDER), most = places / n;
    it.extents = most < SLAB_EXTENTS ? (uint32_t)most : SLAB_EXTENTS;
    it.span = (uint32_t)(places / it.extents);
    return it;
}

uint32_t rw_extent_span(uint32_t n) {
    return class_of(n).span;
}

static uint64_t places_of(unsigned order) {
    return (uint64_t)1 << (order + SLAB_ORDER);
}

/* Makes a block of the pool free, and unites it with its neighbours. */
static void free_block(rw_extents *extents, uint64_t begin, unsigned order) {
    uint64_t block = begin >> (order + SLAB_ORDER);
    for (;; order++, block /= 2) {
        uint64_t buddy = block ^ 1, bit = (uint64_t)1 << (buddy % 64);
        if (order + 1 == ORDERS || (buddy + 1) * places_of(order) > extents->size ||
            (extents->free[order][buddy / 64] & bit) == 0)
            break;
        extents->free[order][buddy / 64] &= ~bit;
        extents->n_free[order]--;
    }
    extents->free[order][block / 64] |= (uint64_t)1 << (block % 64);
    extents->n_free[order]++;
    extents->first[order] = block / 64 < extents->first[order] ? block / 64 : extents->first[order];
}

/* Takes the first free block of an order, of which there is one. */
static uint64_t take_first(rw_extents *extents, unsigned order) {
    uint64_t *word = extents->free[order] + extents->first[order];
    while (*word == 0)
        word++;
    extents->first[order] = (uint64_t)(word - extents->free[order]);
    uint64_t block = 64 * extents->first[order] + (uint64_t)__builtin_ctzll(*word);
    *word &= *word - 1;
    extents->n_free[order]--;
    return block * places_of(order);
}

/* Makes the tables long enough for a pool of `size` places. */
static rw_err reserve_tables(rw_extents *extents, uint64_t size) {
    enum { LEAST = 1024 };
    if (size <= extents->room)
        return RW_OK;
    uint64_t room = size + size / 2 + LEAST;
    for (unsigned order = 0; order < ORDERS; order++) {
        uint64_t old = extents->room == 0 ? 0 : extents->room / places_of(order) / 64 + 1;
        RW_TRY(RW_GROW(extents->free[order], old, room / places_of(order) / 64 + 1, "synapses"));
    }
    RW_TRY(RW_GROW(extents->slab_at, extents->room / places_of(0), room / places_of(0), "synapses"));
    extents->room = room;
    return RW_OK;
}

/* Makes the pool longer by a block; what lies before it, where such a block cannot begin, becomes free. */
static rw_err extend(rw_extents *extents, unsigned order) {
    uint64_t begin = (extents->size + places_of(order) - 1) / places_of(order) * places_of(order);
    RW_TRY(reserve_tables(extents, begin + places_of(order)));
    uint64_t place = extents->size;
    extents->size = begin + places_of(order);
    while (place < extents->size) {
        unsigned k = 0;
        while (place % places_of(k + 1) == 0 && place + places_of(k + 1) <= extents->size && k < order)
            k++;
        free_block(extents, place, k);
        place += places_of(k);
    }
    return RW_OK;
}

/* A block of the order: a free one, or a part of the smallest that is larger, or of a longer pool. */
static rw_err take_block(rw_extents *extents, unsigned order, uint64_t *begin) {
    unsigned larger = order;
    while (larger < ORDERS && extents->n_free[larger] == 0)
        larger++;
    if (larger == ORDERS) {
        RW_TRY(extend(extents, order));
        larger = order;
        while (extents->n_free[larger] == 0) /* it may have united with one before it */
            larger++;
    }
    *begin = take_first(extents, larger);
    while (larger-- > order)
        free_block(extents, *begin + places_of(larger), larger);
    return RW_OK;
}

static uint16_t full(size_class size) {
    return (uint16_t)((1u << size.extents) - 1);
}

static rw_err take_slab(rw_extents *extents, size_class size, uint32_t *slab) {
    enum { LEAST = 16 };
    if (extents->spare == 0 && extents->n_slabs == extents->slabs_size) {
        uint32_t room = extents->slabs_size + extents->slabs_size / 2 + LEAST;
        RW_TRY(RW_GROW(extents->slabs, extents->slabs_size, room, "synapses"));
        extents->slabs_size = room;
    }
    uint64_t begin = 0;
    RW_TRY(take_block(extents, size.order, &begin));
    if (extents->spare != 0) {
        *slab = extents->spare - 1;
        extents->spare = extents->slabs[*slab].owners[0];
    } else {
        *slab = extents->n_slabs++;
    }
    extents->slabs[*slab] =
        (extent_slab){.begin = begin, .order = (uint8_t)size.order, .extents = (uint8_t)size.extents};
    extents->slab_at[begin / places_of(0)] = *slab;
    return RW_OK;
}

static void give_slab(rw_extents *extents, uint32_t slab) {
    extent_slab *gone = &extents->slabs[slab];
    free_block(extents, gone->begin, gone->order);
    extents->classes[gone->order][gone->extents] = (extent_class){.next = (gone->begin ^ places_of(gone->order)) + 1};
    gone->owners[0] = extents->spare;
    extents->spare = slab + 1;
}

rw_err rw_extents_take(rw_extents *extents, uint32_t owner, uint32_t n, uint64_t *start, uint32_t *span) {
    size_class size = class_of(n);
    RW_ASSERT(n > 0 && size.order < ORDERS);
    uint32_t *open = &extents->classes[size.order][size.extents].open, slab = 0;
    if (*open == 0) {
        RW_TRY(take_slab(extents, size, &slab));
        *open = slab + 1;
    }
    extent_slab *from = &extents->slabs[*open - 1];
    unsigned k = (unsigned)__builtin_ctz(~(unsigned)from->used);
    from->used = (uint16_t)(from->used | 1u << k);
    from->owners[k] = owner;
    if (from->used == full(size))
        *open = 0;
    *start = from->begin + (uint64_t)k * size.span;
    *span = size.span;
    return RW_OK;
}

/* The slab of that size that lists are taken out of to fill a hole in slab `at`: the one that is not full; the one that
 * had better become empty next; or this one. */
static uint32_t slab_to_empty(const rw_extents *extents, size_class size, uint32_t at) {
    const extent_class *class = &extents->classes[size.order][size.extents];
    if (class->open != 0)
        return class->open - 1;
    if (class->next == 0 || class->next > extents->size)
        return at;
    uint32_t next = extents->slab_at[(class->next - 1) / places_of(0)];
    const extent_slab *slab = &extents->slabs[next];
    bool is_one = slab->begin == class->next - 1 && slab->order == size.order && slab->extents == size.extents &&
                  slab->used == full(size);
    return is_one ? next : at;
}

bool rw_extents_give(rw_extents *extents, uint64_t start, uint32_t span, rw_extent_move *move) {
    size_class size = class_of(span);
    uint32_t at = extents->slab_at[start / places_of(size.order) * places_of(size.order) / places_of(0)];
    uint32_t emptied = slab_to_empty(extents, size, at);
    extent_slab *slab = &extents->slabs[at], *from = &extents->slabs[emptied];
    unsigned k = (unsigned)((start - slab->begin) / span), last = k;
    RW_ASSERT(size.span == span && (slab->used >> k & 1) != 0 && start == slab->begin + (uint64_t)k * span);
    if (emptied != at) {
        last = 31 - (unsigned)__builtin_clz(from->used);
        *move = (rw_extent_move){.from = from->begin + (uint64_t)last * span, .to = start, .owner = from->owners[last]};
        slab->owners[k] = move->owner;
    }
    from->used = (uint16_t)(from->used & ~(1u << last));
    extents->classes[size.order][size.extents].open = emptied + 1;
    if (from->used == 0)
        give_slab(extents, emptied);
    return emptied != at;
}

uint64_t rw_extents_size(const rw_extents *extents) {
    return extents->size;
}

double rw_extents_bytes(const rw_extents *extents) {
    if (extents == NULL)
        return 0.0;
    double per_place = (sizeof extents->slab_at[0] + 2.0 / 8.0) / (double)places_of(0);
    return sizeof *extents + per_place * (double)extents->room + (double)extents->slabs_size * sizeof(extent_slab);
}

rw_err rw_extents_create(rw_extents **extents) {
    return RW_NEW(*extents, 1, "synapses");
}

void rw_extents_destroy(rw_extents **extents) {
    if (*extents == NULL)
        return;
    for (unsigned order = 0; order < ORDERS; order++)
        rw_free((*extents)->free[order]);
    rw_free((*extents)->slab_at);
    rw_free((*extents)->slabs);
    rw_free(*extents);
    *extents = NULL;
}
