#include "sim/charge.h"

#include "sim/simulation_state.h"

/* Whether a receptor instance is followed by one of another receptor: instances of one (its subunits) are not
 * distinguished, and only the last of them has a sum. */
static bool ends_group(const rw_population *population, size_t r) {
    return r + 1 == population->n_receptors || population->receptors[r + 1].spec != population->receptors[r].spec;
}

static double *sums_of(const rw_population_plan *plan, size_t r) {
    return plan->charge + r * plan->population->count;
}

/* Columns never overlap; unrolled, because half of the instructions of such a short loop are loop control. */
RW_KERNEL static void add(double *restrict sum, const double *restrict g, const double *restrict gE,
                          const double *restrict V_m, size_t n) {
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++)
        sum[i] += rw_fma(-g[i], V_m[i], gE[i]);
}

void rw_charge_add(const rw_population_plan *plan, size_t r, uint64_t first, const rw_receptor_io *io, size_t n) {
    if (ends_group(plan->population, r))
        add(sums_of(plan, r) + first, io->g_syn, io->gE_syn, io->V_m, n);
}

rw_err rw_charge_keep(rw_simulation *sim) {
    for (size_t p = 0; p < sim->network->n_populations; p++) {
        rw_population_plan *plan = &sim->plans[p];
        if (plan->charge == NULL)
            RW_TRY(rw_reserve(&plan->charge, plan->population->n_receptors * plan->population->count,
                              sizeof plan->charge[0], "charges"));
    }
    return RW_OK;
}

rw_err rw_charge_archive(const rw_simulation *sim, const rw_archive *archive, uint32_t p, const char *group) {
    const rw_population_plan *plan = &sim->plans[p];
    for (size_t r = 0; plan->charge != NULL && r < plan->population->n_receptors; r++) {
        rw_path path = rw_path_of("%s/charge/%zu", group, r);
        if (!ends_group(plan->population, r) || (archive->branching && !archive->holds(archive->self, path.text)))
            continue;
        RW_TRY(rw_archive_cells(archive, &sim->network->partition, plan->population->count, path.text, RW_ARCHIVE_F64,
                                sums_of(plan, r)));
    }
    return RW_OK;
}

rw_err rw_simulation_charge(const rw_simulation *sim, uint32_t p, size_t spec, double *mean_pC) {
    const rw_population_plan *plan = &sim->plans[p];
    const rw_population *population = plan->population;
    const double *before = NULL; /* sums up to and with the receptors before */
    double sum = 0.0;
    RW_ASSERT(plan->charge != NULL);
    for (size_t r = 0; r < population->n_receptors; r++) {
        if (!ends_group(population, r))
            continue;
        double *until = sums_of(plan, r);
        RW_TRY(rw_partition_gather(&sim->network->partition, sim->network->populations[p].count, until, sizeof *until));
        for (uint64_t i = 0; population->receptors[r].spec == spec && i < population->count; i++)
            sum += until[i] - (before != NULL ? before[i] : 0.0);
        before = until;
    }
    *mean_pC = 1e-3 * sim->scenario->step_ms * sum / (double)population->count; /* pA ms are fC */
    return RW_OK;
}
