/* What a design can show at best: with few pairs no difference is large enough. */
#ifndef RW_STUDY_COMPARISON_REACH_H
#define RW_STUDY_COMPARISON_REACH_H

#include <stddef.h>

/* A buffer for the sentence. */
typedef struct {
    char text[320];
} rw_reach;

/* "With 4 pairs no p can be below 0.125, nor below 1 after Holm's correction over 24 comparisons: p < 0.05 takes 6
 * pairs for one comparison, 10 for all". n_comparisons 1: they are not known, and not mentioned. */
rw_reach rw_reach_of(size_t n_pairs, size_t n_comparisons);

#endif
