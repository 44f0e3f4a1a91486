#include "config/schedule.h"

#include <string.h>

static const uint64_t at_the_start[] = {0};
static const double one[] = {1.0};
const rw_schedule rw_constant_one = {.count = 1, .step = at_the_start, .value = one};

/* A course that began later would have to act before its first point with a value that nobody wrote. */
static bool check_begin(rw_reader *r, const rw_node *time, uint64_t step, rw_quantity quantity, const char *neutral) {
    char nothing[RW_LIMIT_SIZE];
    if (!r->step_known || step == 0)
        return true;
    if (neutral == NULL)
        neutral = rw_print_limit(nothing, 0.0, quantity.unit);
    rw_node_wrong(r->diagnostics, time,
                  "the first point must be at 0 s, because nothing says what holds before %.40s; begin with what does, "
                  "for example [0 s, %s]",
                  time->text, neutral);
    return false;
}

/* Reads [[time, number], ...] into step[] and level[], which have capacity for every point. */
static bool read_points(rw_reader *r, const rw_node *points, rw_quantity quantity, const char *neutral, uint64_t *step,
                        double *level) {
    bool right = true;
    uint64_t before = 0;
    for (const rw_node *point = points->first; point != NULL; point = point->next) {
        uint32_t k = point->index;
        if (point->kind != RW_NODE_LIST || point->count != 2) {
            rw_node_wrong(r->diagnostics, point, "must be a pair [time, number]");
            right = false;
            continue;
        }
        bool timed = rw_read_steps(r, point->first, 0, &step[k]);
        right = rw_read_number(r, point->last, quantity, &level[k]) && timed && right;
        if (timed && r->step_known && k > 0 && step[k] <= before) {
            rw_node_wrong(r->diagnostics, point->first, "times must rise from point to point");
            right = false;
        }
        if (timed && k == 0)
            right = check_begin(r, point->first, step[k], quantity, neutral) && right;
        before = timed ? step[k] : before;
    }
    return right;
}

rw_err rw_read_schedule(rw_reader *r, const rw_node *node, rw_quantity quantity, const char *neutral,
                        rw_schedule *schedule) {
    static const rw_key keys[] = {{"steps", false}, {"table", false}};
    if (node == NULL)
        return RW_OK;
    const rw_node *points = NULL;
    bool is_map = node->kind == RW_NODE_MAP;
    double constant = 0.0;
    if (is_map) {
        if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
            return RW_OK;
        points = node->first;
        if (node->count != 1) {
            rw_node_wrong(r->diagnostics, node, "must name one of steps and table");
            return RW_OK;
        }
        if (!rw_read_list(r, points))
            return RW_OK;
        if (points->count == 0) {
            rw_node_wrong(r->diagnostics, points, "needs at least one point [time, number]");
            return RW_OK;
        }
    } else if (!rw_read_number(r, node, quantity, &constant)) {
        return RW_OK;
    }
    size_t count = is_map ? points->count : 1;
    uint64_t *step = NULL;
    double *level = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, step, count));
    RW_TRY(RW_ARENA_NEW(r->arena, level, count));
    level[0] = constant;
    if (is_map && !read_points(r, points, quantity, neutral, step, level))
        return RW_OK;
    bool linear = is_map && count > 1 && strcmp(points->key, "table") == 0;
    *schedule = (rw_schedule){.linear = linear, .count = count, .step = step, .value = level};
    return RW_OK;
}

rw_err rw_read_times(rw_reader *r, const rw_node *node, const uint64_t **steps, size_t *count) {
    if (!rw_read_list(r, node))
        return RW_OK;
    uint64_t *read = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, read, node->count));
    for (const rw_node *item = node->first; item != NULL; item = item->next) {
        bool right = rw_read_steps(r, item, 0, &read[item->index]);
        if (right && r->step_known && item->index > 0 && read[item->index] <= read[item->index - 1])
            rw_node_wrong(r->diagnostics, item, "times must rise");
    }
    *steps = read;
    *count = node->count;
    return RW_OK;
}
