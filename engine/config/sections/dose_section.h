/* The doses of a drug: how much, by which route, when. */
#ifndef RW_CONFIG_SECTIONS_DOSE_SECTION_H
#define RW_CONFIG_SECTIONS_DOSE_SECTION_H

#include "config/key_table.h"

extern const rw_key_table rw_dose_table; /* of one */

/* Reads the doses of a drug: `list`, as the entry of that list says, or the one in the drug's own map. Model and
 * compound are known. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_doses(rw_reader *r, const rw_node *list, const rw_node *drug_map, const rw_entry *entry,
                                   rw_drug_spec *drug);

#endif
