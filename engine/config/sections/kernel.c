/* Kernels of distance: of rules that connect and of projections that rewire. */
#include <math.h>

#include "config/sections/parts.h"

/* exponent: of a power law, and only there. */
static bool read_exponent(rw_reader *r, const rw_node *map, rw_kernel *kernel) {
    const rw_node *exponent = rw_node_get(map, "exponent");
    bool belongs = kernel->kind == RW_KERNEL_POWER;
    if (exponent != NULL && !belongs)
        rw_node_key_wrong(r->diagnostics, exponent, "has a meaning only with kernel: power");
    if (exponent == NULL && belongs)
        rw_node_key_wrong(r->diagnostics, map, "the key \"exponent\" is missing: power is (1 + d / sigma)^-exponent");
    return belongs == (exponent != NULL) &&
           rw_read_number(r, exponent, (rw_quantity){"1", 1e-3, 100.0, 0.0}, &kernel->exponent);
}

bool rw_read_kernel(rw_reader *r, const rw_node *map, size_t if_not_said, rw_kernel *kernel) {
    const rw_node *sigma = rw_node_get(map, "sigma"), *cutoff = rw_node_get(map, "cutoff");
    size_t kind = if_not_said;
    bool right = rw_read_choice(r, rw_node_get(map, "kernel"), rw_kernel_names, RW_KERNEL_POWER + 1, &kind);
    kernel->kind = (rw_kernel_kind)kind;
    kernel->sigma_um = 1.0;
    kernel->cutoff_um = INFINITY;
    if (!right || !read_exponent(r, map, kernel))
        return false;
    if (kind == RW_KERNEL_NONE) {
        const rw_node *useless = sigma != NULL ? sigma : cutoff;
        if (useless != NULL)
            rw_node_key_wrong(r->diagnostics, useless,
                              "has a meaning only with a kernel: gaussian, exponential, box or power");
        return useless == NULL;
    }
    if (sigma == NULL)
        rw_node_key_wrong(r->diagnostics, map, "the key \"sigma\" is missing: the width of the %s kernel",
                          rw_kernel_names[kind]);
    if (r->scenario->dimensions == 0)
        rw_node_key_wrong(r->diagnostics, map, "distances need a space; add space: {size: [...]}");
    right = rw_read_number(r, sigma, (rw_quantity){"um", 1e-6, 1e9, 0.0}, &kernel->sigma_um);
    right = rw_read_number(r, cutoff, (rw_quantity){"um", 1e-6, 1e9, 0.0}, &kernel->cutoff_um) && right;
    return right && sigma != NULL && r->scenario->dimensions > 0;
}
