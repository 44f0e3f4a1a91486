#include "sim/run_state/drug_state.h"

#include "base/mix.h"
#include "sim/simulation_state.h"

enum { INSTANTS = 16 };

/* Concentrations at instants before the present step, the last of them right before it: what was given and what the
 * body does with it. */
static void sample_course(const rw_simulation *sim, size_t drug, double *conc_uM) {
    rw_segment segment = {0};
    const uint64_t now = rw_simulation_now(sim);
    for (uint64_t k = 1; k <= INSTANTS; k++) {
        uint64_t time = k < INSTANTS ? now / INSTANTS * k : now - 1;
        conc_uM[k - 1] = now > 0 ? rw_drug_level(&sim->drugs[drug], time, &segment) : 0.0;
    }
}

static uint64_t digest_of_text(const char *text) {
    uint64_t digest = 0;
    for (; *text != '\0'; text++)
        digest = rw_mix(digest + (unsigned char)*text);
    return digest;
}

/* One dose given at `at_ms`. Of an infusion that still runs, its rate is known, and its end may change. */
static uint64_t digest_of_dose(const rw_dose_spec *dose, double at_ms, double now_ms) {
    bool infused = dose->over_ms > 0.0;
    uint64_t digest = rw_mix(rw_bits_of(at_ms)) + 3 * (uint64_t)dose->per_kg + 5 * (uint64_t)dose->salt;
    digest = rw_mix(digest + digest_of_text(dose->route));
    digest = rw_mix(digest + rw_bits_of(infused ? dose->amount_mg / dose->over_ms : dose->amount_mg));
    return infused && at_ms + dose->over_ms < now_ms ? rw_mix(digest + rw_bits_of(dose->over_ms)) : digest;
}

/* Doses in any order; 0 if nothing was given. */
static uint64_t digest_of_doses(const rw_drug_spec *spec, double now_ms) {
    uint64_t digest = 0;
    for (size_t d = 0; d < spec->n_doses; d++) {
        const rw_dose_spec *dose = &spec->doses[d];
        for (size_t k = 0; k < dose->n_at; k++)
            for (uint64_t t = 0; t < dose->times; t++) {
                double at_ms = dose->at_ms[k] + (double)t * dose->every_ms;
                if (at_ms < now_ms && dose->amount_mg > 0.0)
                    digest += digest_of_dose(dose, at_ms, now_ms);
            }
    }
    return digest;
}

/* The points of a level until now; 0 if it was zero. The last value tells of a line that leads to a later point. */
static uint64_t digest_of_level(const rw_schedule *level, uint64_t now, double last_uM) {
    bool any = last_uM > 0.0;
    uint64_t digest = rw_mix(rw_bits_of(last_uM)) + level->linear;
    for (size_t k = 0; k < level->count && level->step[k] < now; k++) {
        if (!level->linear && k > 0 && level->value[k] == level->value[k - 1])
            continue;
        any = any || level->value[k] > 0.0;
        digest = rw_mix(digest + rw_mix(level->step[k]) + rw_bits_of(level->value[k]));
    }
    return any ? digest : 0;
}

static uint64_t digest_of_given(const rw_simulation *sim, size_t drug, double last_uM) {
    const rw_drug_spec *spec = &sim->scenario->drugs[drug];
    const uint64_t now = rw_simulation_now(sim);
    double now_ms = (double)now * sim->scenario->step_ms;
    return sim->drugs[drug].kinetics != NULL ? digest_of_doses(spec, now_ms * (1.0 - 1e-12))
                                             : digest_of_level(&spec->level, now, last_uM);
}

static bool is_saved(const rw_archive *archive, const char *path) {
    return archive->saving || archive->holds(archive->self, path);
}

static rw_err archive_course(const rw_simulation *sim, const rw_archive *archive, size_t drug) {
    const char *name = sim->scenario->drugs[drug].name;
    rw_path path = rw_path_of("drugs/%s/course_until_now", name), exact = rw_path_of("drugs/%s/given_until_now", name);
    double course[INSTANTS], saved[INSTANTS] = {0}; /* a drug that only a branch has was not there */
    sample_course(sim, drug, course);
    uint64_t given = digest_of_given(sim, drug, course[INSTANTS - 1]), saved_given = 0;
    bool is_known = is_saved(archive, path.text), is_exact = is_saved(archive, exact.text);
    if (archive->saving) {
        RW_TRY(rw_archive_column(archive, path.text, RW_ARCHIVE_F64, INSTANTS, course));
        return rw_archive_number(archive, exact.text, &given);
    }
    if (!archive->branching || is_known)
        RW_TRY(rw_archive_column(archive, path.text, RW_ARCHIVE_F64, INSTANTS, saved));
    if (is_exact)
        RW_TRY(rw_archive_number(archive, exact.text, &saved_given));
    bool same = (is_known && !is_exact) || given == saved_given; /* older states have the course alone */
    for (int k = 0; k < INSTANTS; k++)
        same = same && course[k] == saved[k];
    RW_CHECK(same, RW_ERR_INPUT,
             "drug '%s' had another course until the saved state: what was given before it must stay; give other doses "
             "after it",
             name);
    return RW_OK;
}

rw_err rw_simulation_archive_courses(const rw_simulation *sim, const rw_archive *archive) {
    for (size_t d = 0; d < sim->scenario->n_drugs; d++)
        RW_TRY(archive_course(sim, archive, d));
    return RW_OK;
}
