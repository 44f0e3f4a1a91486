/* Blocks of model instances, one for each cell of a population, of which a rank keeps its own cells. */
#ifndef RW_NET_CELL_BLOCK_H
#define RW_NET_CELL_BLOCK_H

#include "config/scenario.h"
#include "model/block.h"
#include "net/partition.h"

/* Which block of a population draws: the neuron, receptor spec r (RW_PART_RECEPTOR + r), or the growth of an element.
 */
enum { RW_PART_NEURON = 0, RW_PART_RECEPTOR = 1, RW_PART_GROWTH = 0x8000 };

/* In the place of a field's index: what a part draws that is no field of its block. The initial elements of a growth.
 */
enum { RW_PART_INITIAL = UINT8_MAX };

/* Creates a block of `model` for the cells of population `population`, with memory for those that this rank keeps.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_cell_block_create(rw_block *block, const rw_scenario *scenario, const rw_partition *partition,
                                          uint32_t population, const rw_model *model);

/* Creates such a block, fills it from settings and finishes it. Draws are keyed by (population, part, field, instance).
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM; *block is then empty. */
RW_MUST_CHECK rw_err rw_cell_block_from_settings(rw_block *block, const rw_scenario *scenario,
                                                 const rw_partition *partition, uint32_t population,
                                                 const rw_model *model, uint32_t part, const rw_setting *settings,
                                                 size_t n_settings);

#endif
