/* Slow onset: a drive that depends on neither rate nor blockade and rises over weeks, as under an SSRI. */
#include "model/model.h"

enum { LEVEL, FROM, TAU, N_FIELDS };

static const rw_field fields[N_FIELDS] = {
    [LEVEL] = {"level", "1", RW_PARAMETER, 0.1, 0.0, 1e6, "drive in the end", NULL},
    [FROM] = {"from", "ms", RW_PARAMETER, 0.0, 0.0, 1e15, "when it begins", NULL},
    [TAU] = {"tau", "ms", RW_PARAMETER, 1.2096e9, 1.0, 1e15, "how slowly it rises: 14 d unless said otherwise", NULL},
};

/* NOLINTNEXTLINE(readability-non-const-parameter): other drives write their state */
static double level(const double *p, double *state, const rw_drive_view *view) {
    (void)state;
    double since = view->end_ms - p[FROM];
    return since > 0.0 ? p[LEVEL] * (1.0 - rw_exp(-since / p[TAU])) : 0.0;
}

const rw_model rw_drive_slow_onset = {
    .name = "slow_onset",
    .kind = RW_DRIVE,
    .summary = "Growth is driven by something that sets in over weeks: a comparator without a blockade.",
    .equations = "u = level (1 - exp(-(t - from) / tau)), 0 before from",
    .references =
        "Trivedi et al. 2006 Am J Psychiatry 163:28 (remission in 2 to 14 weeks of an SSRI); level and form are chosen",
    .fields = fields,
    .n_fields = N_FIELDS,
    .drive = {.level = level},
};
