#include "config/distribution.h"

#include <math.h>
#include <string.h>

#include "config/scenario_warn.h"

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

/* Density of the normal distribution, and 0 where its limit is infinite. */
static double normal_density(double z) {
    return isinf(z) ? 0.0 : exp(-0.5 * z * z) / sqrt(2.0 * M_PI);
}

/* Mean of the draws between the limits (Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1,
 * chapters 13 and 14). */
static double accepted_mean(const rw_value *value) {
    const double mean = value->a, std = value->b;
    if (value->kind == RW_UNIFORM)
        return 0.5 * (fmax(value->min, value->a) + fmin(value->max, value->b));
    if (value->kind == RW_NORMAL) {
        double low = (value->min - mean) / std, high = (value->max - mean) / std;
        return mean + std * (normal_density(low) - normal_density(high)) / normal_share(low, high);
    }
    double deviation = sqrt(log1p(std * std / (mean * mean))), center = log(mean) - 0.5 * deviation * deviation;
    double low = value->min > 0.0 ? (log(value->min) - center) / deviation : -INFINITY;
    double high = (log(value->max) - center) / deviation;
    return mean * normal_share(low - deviation, high - deviation) / normal_share(low, high);
}

/* Draws outside of the limits are drawn again; who reads the scenario expects the mean that stands there. */
static void warn_of_mean(rw_reader *r, const rw_node *node, const rw_value *value, const char *unit) {
    const double least = 0.1; /* of the mean */
    double meant = value->kind == RW_UNIFORM ? 0.5 * (value->a + value->b) : value->a, mean = accepted_mean(value);
    double width = value->kind == RW_UNIFORM ? value->b - value->a : value->b;
    const bool plain = strcmp(unit, "1") == 0;
    char path[192];
    if (fabs(mean - meant) <= least * fabs(meant) || fabs(mean - meant) <= 1e-9 * width || r->scenario == NULL)
        return;
    rw_err err = rw_scenario_warn(
        r->scenario,
        "%s: draws outside of the limits are drawn again, which moves the mean from %.4g to %.4g%s%s; choose another "
        "distribution if its mean is to be kept",
        rw_node_path(rw_is_distribution(node) ? node : node->parent, path, sizeof path), meant, mean, plain ? "" : " ",
        plain ? "" : unit);
    r->warned = err != RW_OK ? err : r->warned;
}

bool rw_narrow_value(rw_reader *r, const rw_node *node, rw_value *value, rw_quantity limits) {
    const double least = 1e-3; /* draws outside are drawn again, which must not take forever */
    if (value->kind == RW_CONSTANT)
        return true;
    const double min = limits.min, max = limits.max;
    bool narrows = value->kind != RW_UNIFORM || value->a < min || value->b > max;
    value->min = narrows ? fmax(value->min, min) : value->min;
    value->max = narrows ? fmin(value->max, max) : value->max;
    if (value->min <= value->max && accepted_share(value) >= least) {
        warn_of_mean(r, node, value, limits.unit);
        return true;
    }
    char low[RW_LIMIT_SIZE] = "-inf", high[RW_LIMIT_SIZE] = "inf";
    if (isfinite(value->min))
        (void)rw_print_limit(low, value->min, limits.unit);
    if (isfinite(value->max))
        (void)rw_print_limit(high, value->max, limits.unit);
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
    if (spread && !rw_narrow_value(r, pair, &read, quantity))
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
