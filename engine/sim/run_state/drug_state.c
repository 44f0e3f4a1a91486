#include "sim/run_state/drug_state.h"

#include "sim/simulation_state.h"

enum { INSTANTS = 16 };

/* Concentrations at instants before the present step, the last of them right before it. */
static void sample_course(const rw_simulation *sim, size_t drug, double *conc_uM) {
    rw_segment segment = {0};
    const uint64_t now = rw_simulation_now(sim);
    for (uint64_t k = 1; k <= INSTANTS; k++) {
        uint64_t time = k < INSTANTS ? now / INSTANTS * k : now - 1;
        conc_uM[k - 1] = now > 0 ? rw_drug_level(&sim->drugs[drug], time, &segment) : 0.0;
    }
}

static rw_err archive_course(const rw_simulation *sim, const rw_archive *archive, size_t drug) {
    const char *name = sim->scenario->drugs[drug].name;
    rw_path path = rw_path_of("drugs/%s/course_until_now", name);
    double course[INSTANTS], saved[INSTANTS] = {0}; /* a drug that only a branch has was not there */
    sample_course(sim, drug, course);
    if (archive->saving)
        return rw_archive_column(archive, path.text, RW_ARCHIVE_F64, INSTANTS, course);
    if (!archive->branching || archive->holds(archive->self, path.text))
        RW_TRY(rw_archive_column(archive, path.text, RW_ARCHIVE_F64, INSTANTS, saved));
    for (int k = 0; k < INSTANTS; k++)
        RW_CHECK(course[k] == saved[k], RW_ERR_INPUT,
                 "drug '%s' had another course until the saved state: what was given before it must stay; give other "
                 "doses after it",
                 name);
    return RW_OK;
}

rw_err rw_simulation_archive_courses(const rw_simulation *sim, const rw_archive *archive) {
    for (size_t d = 0; d < sim->scenario->n_drugs; d++)
        RW_TRY(archive_course(sim, archive, d));
    return RW_OK;
}
