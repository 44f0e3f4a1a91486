#include "config/branch_times.h"

#include <math.h>
#include <string.h>

#include "config/number.h"

double rw_node_number(const rw_node *node) {
    double number = NAN;
    if (node == NULL || node->kind != RW_NODE_SCALAR || rw_number_parse(node->text, &number) == NULL)
        return NAN;
    return number;
}

/* The depth of a document is limited by its reader. */
bool rw_node_equal(const rw_node *a, const rw_node *b) { /* NOLINT(misc-no-recursion) */
    if (a == NULL || b == NULL)
        return a == b;
    if (a->kind != b->kind || a->count != b->count || (a->key == NULL) != (b->key == NULL) ||
        (a->key != NULL && strcmp(a->key, b->key) != 0))
        return false;
    if (a->kind == RW_NODE_SCALAR)
        return strcmp(a->text, b->text) == 0;
    const rw_node *x = a->first, *y = b->first;
    while (x != NULL && y != NULL && rw_node_equal(x, y)) {
        x = x->next;
        y = y->next;
    }
    return x == NULL && y == NULL;
}

/* ---- lists of times ---- */

bool rw_time_is_behind(const rw_node *time, rw_branch_begin begin) {
    return rw_node_number(time) <= begin.at_ms + begin.tolerance_ms; /* not if it is NaN */
}

static bool holds(const rw_node *times, const rw_node *time) {
    const rw_node *other = times != NULL ? times->first : NULL;
    while (other != NULL && !rw_node_equal(other, time))
        other = other->next;
    return other != NULL;
}

static bool is_over(const rw_node *time, rw_branch_begin begin, double lasts_ms) {
    begin.at_ms -= lasts_ms;
    return rw_time_is_behind(time, begin);
}

const rw_node *rw_time_only_behind(const rw_node *times, const rw_node *others, rw_branch_begin begin,
                                   double lasts_ms) {
    for (const rw_node *time = times != NULL ? times->first : NULL; time != NULL; time = time->next)
        if (is_over(time, begin, lasts_ms) && !holds(others, time))
            return time;
    return NULL;
}

/* ---- courses ---- */

/* A course from the beginning of the branch on. */
typedef struct {
    double value;        /* at the beginning */
    const rw_node *next; /* the points after it */
    bool linear;
} course_rest;

/* False for what is no course, for example a distribution over cells. */
static bool find_rest(const rw_node *course, rw_branch_begin begin, course_rest *rest) {
    if (course == NULL || course->kind == RW_NODE_LIST)
        return false;
    *rest = (course_rest){rw_node_number(course), NULL, false};
    if (course->kind == RW_NODE_SCALAR)
        return !isnan(rest->value);
    const rw_node *points = course->first, *last = NULL;
    if (course->count != 1 || points->kind != RW_NODE_LIST)
        return false;
    rest->linear = strcmp(points->key, "table") == 0;
    for (rest->next = points->first; rest->next != NULL; rest->next = rest->next->next) {
        if (rest->next->kind != RW_NODE_LIST || !rw_time_is_behind(rest->next->first, begin))
            break;
        last = rest->next;
    }
    if (last == NULL) /* written by a version that let courses begin late */
        return false;
    rest->value = rw_node_number(last->last);
    if (rest->linear && rest->next != NULL) {
        double from_ms = rw_node_number(last->first), to_ms = rw_node_number(rest->next->first);
        rest->value += (rw_node_number(rest->next->last) - rest->value) * (begin.at_ms - from_ms) / (to_ms - from_ms);
    }
    return true;
}

bool rw_courses_agree(const rw_node *a, const rw_node *b, rw_branch_begin begin) {
    course_rest x, y;
    if (!find_rest(a, begin, &x) || !find_rest(b, begin, &y) || x.value != y.value)
        return false;
    if (x.next == NULL || y.next == NULL)
        return x.next == y.next;
    bool same = x.linear == y.linear;
    for (; same && x.next != NULL && y.next != NULL; x.next = x.next->next, y.next = y.next->next)
        same = rw_node_equal(x.next, y.next);
    return same && x.next == NULL && y.next == NULL;
}
