#include "sim/drugs/drug_exposure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "model/registry.h"
#include "net/cell_block.h"

static const double ms_per_hour = 3.6e6;

/* The number of a compound, as set or by default; `absent` if it has none of that name. */
static double constant(const rw_model *compound, const rw_setting *settings, size_t n, const char *name,
                       double absent) {
    size_t field = rw_model_field(compound, name);
    for (size_t k = 0; k < n; k++)
        if (settings[k].field == field)
            return settings[k].value.a;
    return field == RW_NO_FIELD ? absent : compound->fields[field].value;
}

static double constant_of(const rw_drug_spec *spec, const char *name, double absent) {
    return constant(spec->compound, spec->constants, spec->n_constants, name, absent);
}

/* One standard normal number of a person: the same in every scenario with this cohort. */
static double person_normal(const rw_drug_spec *spec, size_t field) {
    rw_stream stream = rw_stream_of(spec->cohort, RW_PURPOSE_PERSON, (uint32_t)field);
    return rw_normal(rw_draw(stream, spec->subject, 0));
}

/* eta of a field: row `field` of the Cholesky factor of the published covariances times standard normals. */
static double eta(const rw_drug_spec *spec, size_t field, bool *logit) {
    const rw_kinetics_model *model = &spec->model->drug;
    double variance = 0.0, sum = 0.0;
    for (size_t v = 0; v < model->n_variances; v++)
        if (model->variances[v].a == field && model->variances[v].b == field) {
            variance = model->variances[v].value;
            *logit = model->variances[v].logit != 0;
        }
    for (size_t v = 0; v < model->n_variances; v++) {
        const rw_variance *pair = &model->variances[v];
        if (pair->b != field || pair->a == field)
            continue; /* each field is correlated with at most one earlier one */
        for (size_t w = 0; w < model->n_variances; w++)
            if (model->variances[w].a == pair->a && model->variances[w].b == pair->a) {
                double slope = pair->value / sqrt(model->variances[w].value);
                sum += slope * person_normal(spec, pair->a);
                variance -= slope * slope;
            }
    }
    return sum + sqrt(variance) * person_normal(spec, field);
}

/* A draw from a distribution that the scenario gives to a parameter. */
static double draw(const rw_value *value, double normal) {
    double number = value->a;
    if (value->kind == RW_UNIFORM)
        number = value->a + (value->b - value->a) * 0.5 * erfc(-normal / sqrt(2.0));
    else if (value->kind == RW_NORMAL)
        number = value->a + value->b * normal;
    else if (value->kind == RW_LOGNORMAL) {
        double variance = log1p(value->b * value->b / (value->a * value->a));
        number = value->a * exp(sqrt(variance) * normal - 0.5 * variance);
    }
    return fmin(fmax(number, value->min), value->max);
}

/* The parameters of this person: typical values, scaled by body mass, with the person's deviations. */
static double parameter(const rw_drug_spec *spec, size_t field) {
    const rw_kinetics_model *model = &spec->model->drug;
    double x = spec->model->fields[field].value;
    bool drawn = false, logit = false;
    for (size_t k = 0; k < spec->n_settings; k++)
        if (spec->settings[k].field == field) {
            drawn = spec->settings[k].value.kind != RW_CONSTANT;
            x = drawn ? draw(&spec->settings[k].value, spec->subject > 0 ? person_normal(spec, field) : 0.0)
                      : spec->settings[k].value.a;
        }
    x *= pow(spec->body_mass_kg / model->reference_kg, model->allometry[field]);
    if (spec->subject == 0 || drawn)
        return x;
    double shift = eta(spec, field, &logit);
    return logit ? 1.0 / (1.0 + (1.0 - x) / x * exp(-shift)) : x * exp(shift);
}

/* The paths of a dose: by a route of the model, into a vein, or into a depot of the compound's route. */
static size_t find_paths(const rw_drug *drug, const rw_dose_spec *dose, double dose_mg, rw_intake_path *paths,
                         rw_depot *depots, size_t *n_depots) {
    const rw_kinetics_model *model = &drug->spec->model->drug;
    char name[64];
    for (size_t k = 0; k < model->n_routes; k++)
        if (strcmp(model->routes[k].name, dose->route) == 0)
            return model->routes[k].paths(drug->x, dose_mg, paths);
    if (strncmp(dose->route, "iv_", 3) == 0) {
        paths[0] = (rw_intake_path){0, 1.0, dose->over_ms / ms_per_hour};
        return 1;
    }
    (void)snprintf(name, sizeof name, "ka_%.50s", dose->route);
    double ka_per_h = constant_of(drug->spec, name, 1.0);
    (void)snprintf(name, sizeof name, "F_%.50s", dose->route);
    size_t depot = 0;
    while (depot < *n_depots && depots[depot].ka_per_h != ka_per_h)
        depot++;
    if (depot == *n_depots)
        depots[(*n_depots)++].ka_per_h = ka_per_h;
    paths[0] = (rw_intake_path){model->n_compartments + depot, constant_of(drug->spec, name, 1.0), 0.0};
    return 1;
}

typedef struct {
    rw_intake *intakes;
    size_t n;
    rw_depot depots[4]; /* one with a route of the compound */
    size_t n_depots;
} prescription;

/* One dose at one time: what each path takes, and what is not absorbed. */
static void take(rw_drug *drug, const rw_dose_spec *dose, double at_h, prescription *all) {
    const rw_drug_spec *spec = drug->spec;
    double molar_mass = constant_of(spec, "molar_mass", 1.0);
    double mass = dose->salt ? constant_of(spec, "salt_mass", molar_mass) : molar_mass;
    double dose_mg = dose->amount_mg * (dose->per_kg ? spec->body_mass_kg : 1.0);
    double umol = 1e3 * dose_mg / mass, share = 0.0;
    rw_intake_path paths[RW_PATHS_MAX];
    size_t n = find_paths(drug, dose, dose_mg * molar_mass / mass, paths, all->depots, &all->n_depots);
    for (size_t k = 0; k < n; k++) {
        all->intakes[all->n++] = (rw_intake){at_h, paths[k].over_h, umol * paths[k].share, paths[k].into};
        share += paths[k].share;
    }
    all->intakes[all->n++] = (rw_intake){at_h, 0.0, umol * fmax(0.0, 1.0 - share), RW_NOWHERE};
    drug->given_umol += umol;
}

static rw_err solve(rw_drug *drug) {
    const rw_drug_spec *spec = drug->spec;
    rw_arena *arena = drug->scenario->arena;
    prescription all = {.n = 0};
    rw_kinetics *kinetics = NULL;
    size_t most = 0;
    for (size_t d = 0; d < spec->n_doses; d++)
        most += spec->doses[d].n_at * spec->doses[d].times * (RW_PATHS_MAX + 1);
    RW_TRY(RW_ARENA_NEW(arena, all.intakes, most));
    for (size_t d = 0; d < spec->n_doses; d++)
        for (size_t k = 0; k < spec->doses[d].n_at; k++)
            for (uint64_t t = 0; t < spec->doses[d].times; t++)
                take(drug, &spec->doses[d],
                     (spec->doses[d].at_ms[k] + (double)t * spec->doses[d].every_ms) / ms_per_hour, &all);
    double half_life_min = constant_of(spec, "half_life_ke0", 0.0);
    double ke0_per_h = half_life_min > 0.0 ? 60.0 * log(2.0) / half_life_min : INFINITY;
    RW_TRY(rw_kinetics_create(&kinetics, arena, spec->model, drug->x, all.depots, all.n_depots, ke0_per_h, all.intakes,
                              all.n));
    drug->kinetics = kinetics;
    return RW_OK;
}

size_t rw_drug_species(const rw_drug *drug) {
    return drug->kinetics != NULL ? drug->kinetics->n_species : 0;
}

const rw_model *rw_drug_compound(const rw_drug *drug, size_t species) {
    const char *name = drug->kinetics->species[species].compound;
    return name == NULL ? drug->spec->compound : rw_registry_find(RW_COMPOUND, name);
}

/* Unbound at the receptor for each umol/l in plasma; a metabolite counts by Ki of the drug over its own. */
static double weigh(const rw_drug *drug, size_t species) {
    const rw_model *compound = rw_drug_compound(drug, species);
    if (compound == drug->spec->compound)
        return constant_of(drug->spec, "unbound", 1.0) * constant_of(drug->spec, "brain", 1.0);
    double Ki = constant(compound, NULL, 0, "Ki", INFINITY), own_Ki = constant_of(drug->spec, "Ki", 0.0);
    return constant(compound, NULL, 0, "unbound", 1.0) * constant(compound, NULL, 0, "brain", 1.0) * own_Ki / Ki;
}

rw_err rw_drug_create(rw_drug *drug, const rw_scenario *scenario, size_t index) {
    const rw_drug_spec *spec = &scenario->drugs[index];
    double *x = NULL;
    *drug = (rw_drug){.spec = spec, .scenario = scenario};
    RW_TRY(RW_ARENA_NEW(scenario->arena, x, spec->model->n_fields));
    drug->x = x;
    for (size_t f = 0; f < spec->model->n_fields; f++)
        x[f] = parameter(spec, f);
    if (spec->model->drug.flows == NULL)
        return RW_OK;
    RW_TRY(solve(drug));
    for (size_t s = 0; s < drug->kinetics->n_species; s++)
        drug->weight[s] = weigh(drug, s);
    return RW_OK;
}

double rw_drug_hours(const rw_scenario *scenario, uint64_t time) {
    return (double)time * scenario->step_ms / ms_per_hour;
}

/* The level of a table, whose points are at steps of time. */
static double table_level(const rw_drug *drug, double t_h) {
    const rw_schedule *level = &drug->spec->level;
    double at = t_h * ms_per_hour / drug->scenario->step_ms;
    size_t k = 0;
    if (at < (double)level->step[0])
        return level->value[0];
    while (k + 1 < level->count && (double)level->step[k + 1] <= at * (1.0 + 1e-15))
        k++;
    if (!level->linear || k + 1 == level->count)
        return level->value[k];
    double share = (at - (double)level->step[k]) / (double)(level->step[k + 1] - level->step[k]);
    return level->value[k] + share * (level->value[k + 1] - level->value[k]);
}

double rw_drug_level(const rw_drug *drug, uint64_t time, rw_segment *segment) {
    return rw_drug_level_at(drug, rw_drug_hours(drug->scenario, time), segment);
}

double rw_drug_level_at(const rw_drug *drug, double t_h, rw_segment *segment) {
    if (drug->kinetics == NULL)
        return table_level(drug, t_h);
    if (!(segment->from_h <= t_h && t_h < segment->to_h))
        *segment = rw_kinetics_segment(drug->kinetics, drug->weight, t_h);
    return fmax(0.0, rw_segment_at(segment, t_h));
}

/* The value of the compound for a parameter of its action on a subunit; `field`'s default if it has none. */
static double action_constant(const rw_drug_spec *spec, size_t f, rw_glun2 subunit) {
    const rw_model *action = spec->action;
    double value = action->fields[f].value;
    char name[64];
    if (subunit < RW_GLUN2_COUNT && action->action.update != NULL && f == action->action.relative) {
        (void)snprintf(name, sizeof name, "K_2%c", 'A' + (int)subunit);
        return constant_of(spec, name, 1.0) / constant_of(spec, "K_2A", constant_of(spec, name, 1.0));
    }
    if (f == action->action.affinity && subunit < RW_GLUN2_COUNT)
        (void)snprintf(name, sizeof name, "%s_2%c", spec->assay == RW_IN_MG ? "IC50" : "K", 'A' + (int)subunit);
    else
        (void)snprintf(name, sizeof name, "%.60s", action->fields[f].name);
    return constant_of(spec, name, value);
}

/* Sets the constants of the drug in a new block. */
static rw_err set_action(rw_block *block, const rw_drug_spec *spec, rw_glun2 subunit) {
    const rw_model *action = spec->action;
    for (size_t f = 0; f < action->n_fields; f++)
        if (action->fields[f].role == RW_PARAMETER)
            rw_block_fill(block, f, action_constant(spec, f, subunit));
    for (size_t k = 0; k < spec->n_action_settings; k++)
        rw_block_fill(block, spec->action_settings[k].field, spec->action_settings[k].value.a);
    rw_err err = rw_block_finish(block, NULL);
    if (err != RW_OK)
        rw_block_destroy(block);
    return err;
}

rw_err rw_drug_action(rw_block *block, const rw_drug_spec *spec, rw_glun2 subunit, double step_ms) {
    RW_TRY(rw_block_create(block, spec->action, 1, step_ms));
    return set_action(block, spec, subunit);
}

rw_err rw_drug_action_on_cells(rw_block *block, const rw_drug_spec *spec, rw_glun2 subunit, const rw_scenario *scenario,
                               const rw_partition *partition, uint32_t population) {
    RW_TRY(rw_cell_block_create(block, scenario, partition, population, spec->action));
    return set_action(block, spec, subunit);
}

double rw_drug_occupancy(const rw_drug_spec *spec, const rw_block *action, double conc_uM, double V_m,
                         double magnesium) {
    const rw_action *form = &spec->action->action;
    double *x[64];
    RW_ASSERT(spec->action->n_fields <= RW_COUNT(x));
    rw_block_chunk(action, 0, x);
    if (form->left != NULL)
        return 1.0 - form->left(x, conc_uM);
    if (form->pore != NULL) {
        double drug = form->pore(x, conc_uM) * exp(-x[form->slope][0] * V_m);
        return drug / (1.0 + magnesium + drug);
    }
    return form->equilibrium(x, conc_uM, V_m, magnesium);
}
