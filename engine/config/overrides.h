/* `--set key=value`: changes to a document before it is read as a scenario. */
#ifndef RW_CONFIG_OVERRIDES_H
#define RW_CONFIG_OVERRIDES_H

#include "config/document.h"

/* Puts the value of every override at its place in the tree, creating keys that are not there yet; later ones win.
 * Items of lists are named by their place (from 0) or by their `name`. What is wrong becomes a diagnostic in a text
 * named by its origin. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_overrides_apply(const rw_node *root, rw_arena *arena, rw_diagnostics *diagnostics,
                                        const rw_override *overrides, size_t n_overrides);

#endif
