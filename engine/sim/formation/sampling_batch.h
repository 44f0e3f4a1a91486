/* Seekers on their way to a choice: some go through their attempts side by side, stage by stage, so that memory that
 * one stage asks for is there in the next, and numbers are computed by the vector. */
#ifndef RW_SIM_LANES_H
#define RW_SIM_LANES_H

#include "sim/formation/sampler.h"

enum { RW_LANES = 64 };

typedef struct {
    uint32_t n;
    /* of a seeker that is not settled */
    uint32_t seeker[RW_LANES];
    uint64_t who[RW_LANES]; /* its name among draws */
    uint32_t attempt[RW_LANES];
    rw_choice_table *table[RW_LANES];
    /* of its attempt */
    uint32_t random[4][RW_LANES];
    double most[RW_LANES]; /* that the kernel can be in the box chosen */
    uint32_t projection[RW_LANES];
    const rw_kernel *kernel[RW_LANES];
    const rw_vacant_dendrites *vacancies[RW_LANES];
    uint64_t vacancy[RW_LANES];
    uint32_t site[RW_LANES];
    double from_um[3][RW_LANES], to_um[3][RW_LANES];
    bool accepted[RW_LANES];
} rw_lanes;

/* Bits of an attempt's last random word that are the key; the others are of the choice of a box. */
#define RW_KEY_MASK 0xFFFFFFu

/* The random numbers of the attempts of that number. */
rw_stream rw_attempt_stream(const rw_partner_search *search, uint32_t attempt);

/* Who a seeker is among their draws. */
uint64_t rw_seeker_name(const rw_network *network, const rw_axonal_element *seeker);

/* Whether there may be a synapse between them at all. */
static inline bool rw_may_pair(const rw_projection *projection, const rw_axonal_element *seeker,
                               const rw_vacant_dendrite *site) {
    return projection->spec->autapses || seeker->id != site->id || projection->source != projection->target;
}

/* One attempt of each lane: projection, site, and whether the kernel accepts it. */
void rw_lanes_attempt(rw_lanes *it, const rw_chooser *chooser, const rw_axonal_element *seekers);

#endif
