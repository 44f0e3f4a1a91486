/* Lists that grow and shrink in a pool keep what they hold, and the pool has few more slots than they need. */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "close.h"
#include "net/adjacency/extents.h"

enum { LISTS = 3000, MOST = 1 << 22 };

typedef struct {
    uint64_t start;
    uint32_t count, capacity;
} list;

/* The pool holds at each slot of a list whose it is. */
typedef struct {
    list lists[LISTS];
    uint32_t pool[MOST];
    rw_extents *extents;
} model;

static void move(model *m, uint64_t from, uint64_t to, uint32_t n) {
    assert_true(from + n <= rw_extents_size(m->extents) && to + n <= rw_extents_size(m->extents));
    assert_true(from + n <= to || to + n <= from);
    memcpy(m->pool + to, m->pool + from, n * sizeof m->pool[0]);
}

static void release(model *m, uint64_t start, uint32_t capacity) {
    rw_extent_move moved;
    if (!rw_extents_free(m->extents, start, capacity, &moved))
        return;
    list *it = &m->lists[moved.owner];
    assert_int_equal(it->start, moved.from);
    assert_int_equal(it->capacity, capacity);
    move(m, moved.from, moved.to, it->count);
    it->start = moved.to;
}

static void resize(model *m, uint32_t owner, uint32_t count) {
    list *it = &m->lists[owner], old = *it;
    if (count > old.capacity || (count == 0 && old.capacity > 0)) {
        *it = (list){.count = old.count};
        if (count > 0) {
            assert_ok(rw_extents_allocate(m->extents, owner, count, &it->start, &it->capacity));
            assert_true(it->capacity >= count && it->capacity <= count + count / 8 + 4);
            assert_true(rw_extents_size(m->extents) <= MOST);
            move(m, old.start, it->start, old.count);
        }
        if (old.capacity > 0)
            release(m, old.start, old.capacity);
    }
    for (uint32_t k = it->count; k < count; k++)
        m->pool[it->start + k] = owner;
    it->count = count;
}

/* Slots in use over slots of the pool. */
static double check(const model *m) {
    double capacitys = 0.0;
    for (uint32_t owner = 0; owner < LISTS; owner++) {
        const list *it = &m->lists[owner];
        for (uint32_t k = 0; k < it->count; k++)
            assert_int_equal(m->pool[it->start + k], owner);
        capacitys += it->capacity;
    }
    return capacitys / (double)rw_extents_size(m->extents);
}

static model *model_create(void) {
    model *m = calloc(1, sizeof *m);
    assert_non_null(m);
    assert_ok(rw_extents_create(&m->extents));
    return m;
}

static void model_destroy(model *m) {
    rw_extents_destroy(&m->extents);
    free(m);
}

static void lists_keep_what_they_hold(void **state) {
    (void)state;
    model *m = model_create();
    rw_stream stream = rw_stream_of(11, RW_PURPOSE_SELECTION, 0);
    for (uint32_t k = 0; k < 40000; k++) {
        rw_bits bits = rw_draw(stream, k, 0);
        uint32_t owner = bits.word[0] % (bits.word[1] % 4 == 0 ? LISTS : 7);
        uint32_t most = owner == 3 ? 60000 : owner < 7 ? 2000 : 60;
        resize(m, owner, bits.word[2] % 8 == 0 ? 0 : bits.word[3] % most);
        if (k % 4000 == 0)
            (void)check(m);
    }
    (void)check(m);
    for (uint32_t owner = 0; owner < LISTS; owner++)
        resize(m, owner, 0);
    uint64_t size = rw_extents_size(m->extents);
    for (uint32_t owner = 0; owner < LISTS; owner++) /* all is free again */
        resize(m, owner, (uint32_t)(size / LISTS / 10 * 9));
    assert_int_equal(rw_extents_size(m->extents), size);
    (void)check(m);
    model_destroy(m);
}

/* Lists grow from nothing to about 200, all at the same pace, or each by its own, or one after the other. */
static void a_pool_has_few_more_slots_than_lists_need(void **state) {
    (void)state;
    for (int order = 0; order < 3; order++) {
        model *m = model_create();
        rw_stream stream = rw_stream_of(12, RW_PURPOSE_SELECTION, 0);
        for (uint32_t k = 0; k < 200 * LISTS; k++) {
            uint32_t owner = order == 0 ? k % LISTS : order == 1 ? rw_draw(stream, k, 0).word[0] % LISTS : k / 200;
            resize(m, owner, m->lists[owner].count + 1);
            if (k % (5 * LISTS) == 0 && k >= 20 * LISTS)
                assert_true(check(m) > 0.85);
        }
        model_destroy(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_keep_what_they_hold),
        cmocka_unit_test(a_pool_has_few_more_slots_than_lists_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
