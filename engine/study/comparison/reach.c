#include "study/comparison/reach.h"

#include <math.h>
#include <stdio.h>

#include "study/comparison/statistics.h"

rw_reach rw_reach_of(size_t n_pairs, size_t n_comparisons) {
    const double least = rw_permutation_least(n_pairs), alpha = 1.0 - RW_LEVEL;
    const double corrected = fmin(1.0, (double)n_comparisons * least);
    const size_t one = rw_permutation_pairs(1), all = rw_permutation_pairs(n_comparisons);
    rw_reach reach;
    size_t at = 0;
    if (n_pairs < 2) {
        (void)snprintf(reach.text, sizeof reach.text,
                       "A single pair gives no p: p < %.2g takes %zu pairs (replicates or subjects)", alpha, one);
        return reach;
    }
    at = (size_t)snprintf(reach.text, sizeof reach.text, "With %zu pairs no p can be below %.3g", n_pairs, least);
    if (n_comparisons > 1)
        at +=
            (size_t)snprintf(reach.text + at, sizeof reach.text - at,
                             ", nor below %.3g after Holm's correction over %zu comparisons", corrected, n_comparisons);
    if (n_comparisons > 1 && corrected >= alpha && all == 0)
        (void)snprintf(
            reach.text + at, sizeof reach.text - at,
            ": p < %.2g takes %zu pairs (replicates or subjects) for one comparison, and for all of them fewer "
            "comparisons",
            alpha, one);
    else if (n_comparisons > 1 && corrected >= alpha)
        (void)snprintf(reach.text + at, sizeof reach.text - at,
                       ": p < %.2g takes %zu pairs (replicates or subjects) for one comparison, %zu for all of them",
                       alpha, one, all);
    else if (least >= alpha)
        (void)snprintf(reach.text + at, sizeof reach.text - at, ": p < %.2g takes %zu pairs (replicates or subjects)",
                       alpha, one);
    return reach;
}
