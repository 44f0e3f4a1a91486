/* Direct: the block of the population's own NMDA receptors drives growth, independent of its rate. */
#include "model/model.h"

enum { GAIN, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [GAIN] = {"gain", "1", RW_PARAMETER, 1.0, 0.0, 1e6, "drive of a complete block", NULL},
};

/* NOLINTNEXTLINE(readability-non-const-parameter): other drives write their state */
static double level(const double *p, double *state, const rw_drive_view *view) {
    (void)state;
    return p[GAIN] * view->blocked;
}

const rw_model rw_drive_direct = {
    .name = "direct",
    .kind = RW_DRIVE,
    .summary = "Growth is driven by the block of NMDA receptors on the cells themselves (eEF2 kinase, at rest).",
    .equations = "u = gain (1 - f), f: what drugs and blockades leave of the conductance of their NMDA receptors",
    .references = "Autry et al. 2011 Nature 475:91; Nosyreva et al. 2013 J Neurosci 33:6990",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drive = {.needs_block = true, .level = level},
};
