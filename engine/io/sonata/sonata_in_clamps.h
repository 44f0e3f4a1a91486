/* Current clamps of a circuit (module IClamp). */
#ifndef RW_IO_SONATA_SONATA_IN_CLAMPS_H
#define RW_IO_SONATA_SONATA_IN_CLAMPS_H

#include "io/sonata/sonata_reader.h"

/* Reads a clamp; `type` is its input_type. current_clamp has amp (pA), delay and duration (ms), each a number or lists
 * of equal length; csv or file names a table with the times (ms) at which the current (pA) changes. As in BMTK, which
 * connects NEST's step_current_generator with a delay of one step, a current that is said to begin at t acts from the
 * step that begins one step after t. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_clamp(rw_sonata_reader *reader, const rw_node *input, const rw_node *type);

#endif
