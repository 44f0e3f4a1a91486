#include "config/sections/kernel_section.h"

const char *const rw_kernel_words[] = {"none", "gaussian", "exponential", "box", "power"};

void rw_check_kernel(rw_reader *r, const rw_node *map, const rw_kernel *kernel) {
    const rw_node *sigma = rw_node_get(map, "sigma"), *cutoff = rw_node_get(map, "cutoff");
    const rw_node *exponent = rw_node_get(map, "exponent"), *useless = sigma != NULL ? sigma : cutoff;
    if (exponent != NULL && kernel->kind != RW_KERNEL_POWER)
        rw_node_key_wrong(r->diagnostics, exponent, "has a meaning only with kernel: power");
    if (exponent == NULL && kernel->kind == RW_KERNEL_POWER)
        rw_node_key_wrong(r->diagnostics, map, "the key \"exponent\" is missing: power is (1 + d / sigma)^-exponent");
    if (kernel->kind == RW_KERNEL_NONE && useless != NULL)
        rw_node_key_wrong(r->diagnostics, useless,
                          "has a meaning only with a kernel: gaussian, exponential, box or power");
    if (kernel->kind == RW_KERNEL_NONE)
        return;
    if (sigma == NULL)
        rw_node_key_wrong(r->diagnostics, map, "the key \"sigma\" is missing: the width of the %s kernel",
                          rw_kernel_words[kernel->kind]);
    if (r->scenario->dimensions == 0)
        rw_node_key_wrong(r->diagnostics, map, "distances need a space; add space: {size: [...]}");
}
