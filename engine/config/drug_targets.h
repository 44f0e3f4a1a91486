/* Which receptors a drug acts on. */
#ifndef RW_CONFIG_DRUG_TARGETS_H
#define RW_CONFIG_DRUG_TARGETS_H

#include "config/reader.h"

/* Finds the NMDA receptors that a drug acts on, from where it may act and on which receptor; `node` is the drug's map.
 * Drugs that act on nothing, or on receptors without subunits, are wrong. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_find_drug_targets(rw_reader *r, const rw_node *node, rw_drug_spec *drug);

#endif
