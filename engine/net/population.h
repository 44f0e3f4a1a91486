/* Cells, their receptors, their places and their ports, as a scenario describes them. */
#ifndef RW_NET_POPULATION_H
#define RW_NET_POPULATION_H

#include "net/network.h"

/* Which block of a population draws: the neuron, receptor spec r (RW_PART_RECEPTOR + r), or the growth of an element.
 */
enum { RW_PART_NEURON = 0, RW_PART_RECEPTOR = 1, RW_PART_GROWTH = 0x8000 };

/* Fills a block of `model` for the cells of population `population` from settings and finishes it. Draws
 * are keyed by (population, part, field, instance). Errors: RW_ERR_INPUT, RW_ERR_SYSTEM; *block is then empty. */
RW_MUST_CHECK rw_err rw_block_from_settings(rw_block *block, const rw_network *network, const rw_model *model,
                                            uint32_t population, uint32_t part, const rw_setting *settings,
                                            size_t n_settings);

/* Creates cells and places of population `index`; receptors and ports come later.
 * Errors: RW_ERR_INPUT with the population's name and mark, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_population_create(rw_network *network, uint32_t index);

/* Frees what a population owns; a zeroed one is fine. */
void rw_population_destroy(rw_population *population, int dimensions);

/* Places the cells of a population (network->scenario->dimensions > 0). Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_population_place(rw_network *network, uint32_t index);

/* Creates one instance of each receptor of each population, one more for each other set of blockades that projections
 * name, and the ports of projections and inputs. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_network_create_ports(rw_network *network);

/* Whether the machine's memory can hold this rank's part of the network. Errors: RW_ERR_INPUT with what is needed and
 * what there is. */
RW_MUST_CHECK rw_err rw_network_check_memory(const rw_network *network);

/* Where something was said, for a message. */
typedef struct {
    char text[256];
} rw_place;

/* "population 'pyr' (file:3:5)" or, without a file, "population 'pyr'". */
rw_place rw_place_of(const char *kind, const char *name, rw_mark mark);

#endif
