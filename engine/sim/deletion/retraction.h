/* Retraction: cells with excess elements delete synapses. */
#ifndef RW_SIM_RETRACTION_H
#define RW_SIM_RETRACTION_H

#include "sim/connectivity_update.h"

/* Deletes synapses of cells that have more connected than grown elements: of axons first, then what is still too much
 * for dendrites. The elements on the other side stay and are vacant. Collective. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_retract_synapses(const rw_connectivity_update *update);

#endif
