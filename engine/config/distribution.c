/* Values that differ between instances, change in time, or concern some neurons. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"

const char *const rw_kernel_names[] = {"none", "gaussian", "exponential", "box", "power"};
const char *const rw_connect_rule_names[] = {
    "none",           "one_to_one",      "all_to_all",         "pairwise_bernoulli",
    "fixed_indegree", "fixed_outdegree", "fixed_total_number", "distance",
    "table"};
const char *const rw_input_kind_names[] = {"poisson", "current", "noise", "pulse"};
const char *const rw_element_names[] = {"axon", "dendrite_exc", "dendrite_inh"};
const char *const rw_position_names[] = {"random", "grid", "table"};

bool rw_is_distribution(const rw_node *node) {
    return rw_node_get(node, "uniform") != NULL || rw_node_get(node, "normal") != NULL ||
           rw_node_get(node, "lognormal") != NULL;
}

/* Share of a normal distribution that lies between the limits, given in standard deviations from the mean. */
static double normal_share(double low, double high) {
    return 0.5 * (erf(high / sqrt(2.0)) - erf(low / sqrt(2.0)));
}

/* Share of the draws of a value that lie between its limits. */
static double accepted_share(const rw_value *value) {
    if (value->kind == RW_UNIFORM)
        return (fmin(value->max, value->b) - fmax(value->min, value->a)) / (value->b - value->a);
    if (value->kind == RW_NORMAL)
        return normal_share((value->min - value->a) / value->b, (value->max - value->a) / value->b);
    double variance = log1p(value->b * value->b / (value->a * value->a)); /* of the logarithm */
    double center = log(value->a) - 0.5 * variance;
    double low = value->min > 0.0 ? (log(value->min) - center) / sqrt(variance) : -INFINITY;
    double high = value->max > 0.0 ? (log(value->max) - center) / sqrt(variance) : -INFINITY;
    return normal_share(low, high);
}

bool rw_narrow_value(rw_reader *r, const rw_node *node, rw_value *value, double min, double max) {
    const double least = 1e-3; /* draws outside are drawn again, which must not take forever */
    if (value->kind == RW_CONSTANT)
        return true;
    bool narrows = value->kind != RW_UNIFORM || value->a < min || value->b > max;
    value->min = narrows ? fmax(value->min, min) : value->min;
    value->max = narrows ? fmin(value->max, max) : value->max;
    if (value->min <= value->max && accepted_share(value) >= least)
        return true;
    char low[RW_NUMBER_SIZE] = "-inf", high[RW_NUMBER_SIZE] = "inf";
    if (isfinite(value->min))
        (void)rw_number_print(low, value->min);
    if (isfinite(value->max))
        (void)rw_number_print(high, value->max);
    rw_node_wrong(
        r->diagnostics, node,
        "hardly any draw lies between %s and %s (min, max and what is allowed here); change the distribution or "
        "its limits",
        low, high);
    return false;
}

static bool check_shape(rw_reader *r, const rw_node *pair, const rw_value *value) {
    const char *wrong = NULL;
    if (value->kind == RW_UNIFORM && value->a > value->b)
        wrong = "the lower end of a uniform distribution comes first";
    else if (value->kind != RW_UNIFORM && value->b < 0.0)
        wrong = "a standard deviation is not negative";
    else if (value->kind == RW_LOGNORMAL && value->a <= 0.0)
        wrong = "the mean of a lognormal distribution is positive";
    if (wrong != NULL)
        rw_node_wrong(r->diagnostics, pair, "%s", wrong);
    return wrong == NULL;
}

static bool read_distribution(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_value *value) {
    static const rw_key keys[] = {
        {"uniform", false}, {"normal", false}, {"lognormal", false}, {"min", false}, {"max", false}};
    static const char *const kinds[] = {[RW_UNIFORM] = "uniform", [RW_NORMAL] = "normal", [RW_LOGNORMAL] = "lognormal"};
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return false;
    const rw_node *pair = NULL;
    rw_value read = {.min = -INFINITY, .max = INFINITY};
    size_t n_kinds = 0;
    for (rw_value_kind kind = RW_UNIFORM; kind <= RW_LOGNORMAL; kind++) {
        const rw_node *found = rw_node_get(node, kinds[kind]);
        n_kinds += found != NULL;
        pair = found != NULL ? found : pair;
        read.kind = found != NULL ? kind : read.kind;
    }
    if (n_kinds != 1) {
        rw_node_wrong(r->diagnostics, node, "must name one of uniform, normal and lognormal");
        return false;
    }
    if (!rw_read_list(r, pair))
        return false;
    if (pair->count != 2) {
        rw_node_wrong(r->diagnostics, pair, "must be two numbers, %s",
                      read.kind == RW_UNIFORM ? "the ends" : "the mean and the standard deviation");
        return false;
    }
    rw_quantity any = {quantity.unit, -INFINITY, INFINITY, quantity.per_hz};
    bool right = rw_read_number(r, pair->first, read.kind == RW_UNIFORM ? quantity : any, &read.a);
    right = rw_read_number(r, pair->last, read.kind == RW_UNIFORM ? quantity : any, &read.b) && right;
    right = rw_read_number(r, rw_node_get(node, "min"), any, &read.min) && right;
    right = rw_read_number(r, rw_node_get(node, "max"), any, &read.max) && right;
    if (!right || !check_shape(r, pair, &read))
        return false;
    bool spread = read.kind == RW_UNIFORM ? read.a < read.b : read.b > 0.0;
    if (!spread && (read.a < fmax(read.min, quantity.min) || read.a > fmin(read.max, quantity.max))) {
        rw_node_wrong(r->diagnostics, pair, "lies outside its limits");
        return false;
    }
    if (spread && !rw_narrow_value(r, pair, &read, quantity.min, quantity.max))
        return false;
    *value = spread ? read : (rw_value){.kind = RW_CONSTANT, .a = read.a, .min = -INFINITY, .max = INFINITY};
    return true;
}

bool rw_read_value(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_value *value) {
    if (node == NULL)
        return true;
    if (node->kind == RW_NODE_MAP)
        return read_distribution(r, node, quantity, value);
    if (node->kind == RW_NODE_LIST) {
        rw_node_wrong(
            r->diagnostics, node,
            "must be a number, or one of {uniform: [a, b]}, {normal: [mean, std]} and {lognormal: [mean, std]}");
        return false;
    }
    rw_value read = {.kind = RW_CONSTANT, .min = -INFINITY, .max = INFINITY};
    if (!rw_read_number(r, node, quantity, &read.a))
        return false;
    *value = read;
    return true;
}

/* Reads [[time, number], ...] into step[] and level[], which have room for every point. */
static bool read_points(rw_reader *r, const rw_node *points, rw_quantity quantity, uint64_t *step, double *level) {
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
        before = timed ? step[k] : before;
    }
    return right;
}

rw_err rw_read_schedule(rw_reader *r, const rw_node *node, rw_quantity quantity, rw_schedule *schedule) {
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
    if (is_map && !read_points(r, points, quantity, step, level))
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

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static rw_err read_ids(rw_reader *r, const rw_node *list, uint64_t count, rw_selection *selection) {
    if (!rw_read_list(r, list))
        return RW_OK;
    uint64_t *ids = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, ids, list->count));
    for (const rw_node *item = list->first; item != NULL; item = item->next) {
        if (!rw_read_count(r, item, 0, count - 1, &ids[item->index]))
            return RW_OK;
    }
    if (list->count > 0)
        qsort(ids, list->count, sizeof *ids, ascending);
    for (size_t k = 1; k < list->count; k++) {
        if (ids[k] == ids[k - 1]) {
            rw_node_wrong(r->diagnostics, list, "neuron %llu is in the list twice", (unsigned long long)ids[k]);
            return RW_OK;
        }
    }
    *selection = (rw_selection){RW_SELECT_IDS, list->count, ids};
    return RW_OK;
}

rw_err rw_read_selection(rw_reader *r, const rw_node *node, uint64_t count, rw_selection *selection) {
    static const rw_key keys[] = {{"first", false}, {"fraction", false}, {"ids", false}};
    *selection = (rw_selection){RW_SELECT_ALL, count, NULL};
    if (node == NULL || (node->kind == RW_NODE_SCALAR && strcmp(node->text, "all") == 0))
        return RW_OK;
    if (node->kind != RW_NODE_MAP || node->count != 1) {
        rw_node_wrong(r->diagnostics, node, "must be all, {first: n}, {fraction: f} or {ids: [...]}");
        return RW_OK;
    }
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    double fraction = 1.0;
    if (strcmp(node->first->key, "ids") == 0)
        return read_ids(r, node->first, count, selection);
    if (strcmp(node->first->key, "first") == 0) {
        selection->kind = RW_SELECT_FIRST;
        (void)rw_read_count(r, node->first, 0, count, &selection->count); /* a wrong one is a diagnostic already */
    } else if (rw_read_number(r, node->first, (rw_quantity){"1", 0.0, 1.0, 0.0}, &fraction)) {
        selection->kind = RW_SELECT_RANDOM;
        selection->count = (uint64_t)round(fraction * (double)count);
    }
    return RW_OK;
}
