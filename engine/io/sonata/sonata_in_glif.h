/* GLIF cells of the Allen Institute: parameter files of its Cell Types Database, lists that may be shorter than here.
 */
#ifndef RW_IO_SONATA_SONATA_IN_GLIF_H
#define RW_IO_SONATA_SONATA_IN_GLIF_H

#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_reader.h"

/* Takes over a parameter file of the Cell Types Database, in SI units, as BMTK does: factors of an optimisation
 * (coeffs) apply, synapses have 5.5, 8.5, 2.8 and 5.8 ms. values [nest->n_parameters]. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_glif_read(rw_sonata_reader *reader, const rw_sonata_nest *nest, const rw_node *root,
                                         double *values);

/* The values of a type in the model `glif` from those in its own, which is a GLIF model or iaf_psc_alpha. *n_receptors
 * is how many receptors the type has, or 0 if the sign of a weight chooses. Errors: RW_ERR_INPUT (lists of the
 * after-spike currents that differ in length). */
RW_MUST_CHECK rw_err rw_sonata_glif_finish(const rw_sonata_nest *glif, const rw_sonata_nest *of, const double *own,
                                           double *values, unsigned *n_receptors);

#endif
