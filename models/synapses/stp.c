/* Short-term depression and facilitation (Tsodyks, Uziel & Markram 2000). */
#include "model/model.h"

enum { U, TAU_REC, TAU_FAC, TAU_PSC, UTILISATION, RECOVERED, ACTIVE, N_FIELDS };
enum { STATE_U, STATE_X, STATE_Y };

static const rw_field fields[N_FIELDS] = {
    [U] = {"U", "1", RW_PARAMETER, 0.5, 1e-6, 1.0, "share of the resources that a first spike uses", NULL},
    [TAU_REC] = {"tau_rec", "ms", RW_PARAMETER, 800.0, 1e-3, 1e7, "recovery of the resources", NULL},
    [TAU_FAC] = {"tau_fac", "ms", RW_PARAMETER, 0.0, 0.0, 1e7, "decay of facilitation, 0 for none", NULL},
    [TAU_PSC] = {"tau_psc", "ms", RW_PARAMETER, 0.0, 0.0, 1e4,
                 "time that used resources stay active before they recover, 0 for none", NULL},
    [UTILISATION] = {"u", "1", RW_STATE, 0.0, 0.0, 1.0, "facilitated share left from the last spike", NULL},
    [RECOVERED] = {"x", "1", RW_STATE, 1.0, 0.0, 1.0, "recovered resources just after the last spike", NULL},
    [ACTIVE] = {"y", "1", RW_STATE, 0.0, 0.0, 1.0, "active resources just after the last spike", NULL},
};

static double decay(double elapsed_ms, double tau) {
    return tau == 0.0 ? 0.0 : rw_exp(-elapsed_ms / tau);
}

/* Active resources become inactive with tau_psc, inactive ones recover with tau_rec; both exactly since the last spike.
 */
static double release(const double *p, double *state, double elapsed_ms) {
    double fac = decay(elapsed_ms, p[TAU_FAC]), psc = decay(elapsed_ms, p[TAU_PSC]);
    double rec = decay(elapsed_ms, p[TAU_REC]);
    double x = state[STATE_X], y = state[STATE_Y];
    double inactive = 1.0 - x - y;
    double passed_on = (p[TAU_REC] * (1.0 - rec) - p[TAU_PSC] * (1.0 - psc)) / (p[TAU_REC] - p[TAU_PSC]);
    x += y * passed_on + inactive * (1.0 - rec);
    y *= psc;
    double u = state[STATE_U] * fac;
    u += p[U] * (1.0 - u);
    double released = u * x;
    state[STATE_U] = u;
    state[STATE_X] = x - released;
    state[STATE_Y] = y + released;
    return released;
}

static const char *invalid(const rw_chunk *chunk, size_t i) {
    double difference = chunk->x[TAU_REC][i] - chunk->x[TAU_PSC][i];
    return difference < 1e-6 * chunk->x[TAU_REC][i] ? "tau_rec must be longer than tau_psc" : NULL;
}

const rw_model rw_synapse_stp = {
    .name = "stp",
    .kind = RW_SYNAPSE,
    .summary = "Short-term depression and facilitation of the source's release (Tsodyks-Markram).",
    .equations = "at a spike: u <- u + U (1 - u), released = u x, x <- x - u x, y <- y + u x\n"
                 "between spikes: tau_fac du/dt = -u, tau_psc dy/dt = -y, dx/dt = (1 - x - y) / tau_rec\n"
                 "a spike transmits released times the weight",
    .references = "Tsodyks, Uziel & Markram 2000 J Neurosci 20:RC50; Tsodyks, Pawelzik & Markram 1998 Neural Comput "
                  "10:821",
    .fields = fields,
    .n_fields = N_FIELDS,
    .invalid = invalid,
    .synapse = {.site = RW_AT_SOURCE, .release = release},
};
