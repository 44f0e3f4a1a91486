/* Kernels of distance: of rules that connect and of projections that rewire. */
#ifndef RW_CONFIG_SECTIONS_KERNEL_SECTION_H
#define RW_CONFIG_SECTIONS_KERNEL_SECTION_H

#include <math.h>

#include "config/key_table.h"

extern const char *const rw_kernel_words[]; /* in the order of rw_kernel_kind */
enum { RW_KERNEL_WORDS = RW_KERNEL_POWER + 1 };

/* The four keys of a kernel that is a member of rw_projection_spec, for these choices of the table's key `by`; initial
 * beside the key `beside_`, or NULL. */
#define RW_KERNEL_ENTRIES(member, default_, only_, beside_)                                                            \
    {"kernel",                                                                                                         \
     RW_CHOICE(rw_projection_spec, member.kind, rw_kernel_words, RW_KERNEL_WORDS),                                     \
     .default_words = (default_),                                                                                      \
     .only = (only_),                                                                                                  \
     .initial = (beside_) != NULL,                                                                                     \
     .beside = (beside_),                                                                                              \
     .help = "How the probability falls with the distance d: gaussian exp(-d^2 / (2 sigma^2)), exponential "           \
             "exp(-d / sigma), box 1 up to sigma and 0 beyond, power (1 + d / sigma)^-exponent, none 1 at any "        \
             "distance."},                                                                                             \
        {"sigma",                                                                                                      \
         RW_QUANTITY(rw_projection_spec, member.sigma_um, "um", 1e-6, 1e9),                                            \
         .default_number = INFINITY,                                                                                   \
         .only = (only_),                                                                                              \
         .initial = (beside_) != NULL,                                                                                 \
         .beside = (beside_),                                                                                          \
         .default_words = "needed with every kernel but none",                                                         \
         .help = "Width of the kernel."},                                                                              \
        {"cutoff",                                                                                                     \
         RW_QUANTITY(rw_projection_spec, member.cutoff_um, "um", 1e-6, 1e9),                                           \
         .default_number = INFINITY,                                                                                   \
         .only = (only_),                                                                                              \
         .initial = (beside_) != NULL,                                                                                 \
         .beside = (beside_),                                                                                          \
         .default_words = "no limit",                                                                                  \
         .help = "No synapse is longer."},                                                                             \
    {                                                                                                                  \
        "exponent", RW_QUANTITY(rw_projection_spec, member.exponent, "1", 1e-3, 100.0),                                \
            .only = (only_), .initial = (beside_) != NULL, .beside = (beside_),                                        \
            .default_words = "needed with the kernel power", .help = "Exponent of the kernel power."                   \
    }

/* Whether the kernel of `map` has the numbers that it needs, and no others. */
void rw_check_kernel(rw_reader *r, const rw_node *map, const rw_kernel *kernel);

#endif
