/* How the random draws of partner search are named. */
#ifndef RW_SIM_SAMPLING_DRAWS_H
#define RW_SIM_SAMPLING_DRAWS_H

#include "base/random.h"
#include "sim/formation/partner_search.h"

/* Bits of an attempt's last random word that are the candidate's key; the others draw the box. */
#define RW_KEY_MASK 0xFFFFFFu

/* The stream of the attempts of that number. */
static inline rw_stream rw_attempt_stream(const rw_partner_search *search, uint32_t attempt) {
    return rw_stream_of(search->network->scenario->seed, RW_PURPOSE_PARTNER,
                        (uint32_t)search->inhibitory | search->round << 1 | attempt << 8);
}

/* The name of an axonal element in that stream. */
static inline uint64_t rw_axonal_element_name(const rw_network *network, const rw_axonal_element *element) {
    return (network->populations[element->population].first_gid + element->id) | (uint64_t)(element->number & 0xFFFFu)
                                                                                     << 32;
}

/* Whether there may be a synapse between an axonal element and a dendrite at all. */
static inline bool rw_may_form(const rw_projection *projection, const rw_axonal_element *element,
                               const rw_vacant_dendrite *dendrite) {
    return projection->spec->autapses || element->id != dendrite->id || projection->source != projection->target;
}

#endif
