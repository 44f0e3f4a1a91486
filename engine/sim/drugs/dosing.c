#include "sim/drugs/dosing.h"

#include <string.h>

#include "model/registry.h"

enum { ACTION_FIELDS = 16, RECEPTOR_FIELDS = 64 };

/* Buffers of a thread: drug in the pore, gates, conductance, current; then one for each shape. */
enum { PORE, GATE, G, GE, SHAPES };

size_t rw_dosing_scratch(const rw_dosing *dosing) {
    return dosing->n_uses > 0 ? (SHAPES + dosing->n_shapes) * RW_CHUNK : 0;
}

/* The shape with this slope; adds it if it is new. */
static size_t find_shape(rw_dosing *dosing, double slope) {
    size_t shape = 0;
    while (shape < dosing->n_shapes && dosing->slopes[shape] != slope)
        shape++;
    dosing->slopes[shape] = slope;
    dosing->n_shapes += shape == dosing->n_shapes;
    return shape;
}

static bool has_states(const rw_model *model) {
    for (size_t f = 0; f < model->n_fields; f++)
        if (model->fields[f].role == RW_STATE)
            return true;
    return false;
}

static rw_err add_use(rw_dosing *dosing, const rw_network *network, const rw_population *population, size_t receptor,
                      const rw_drug_spec *spec, size_t n_steps) {
    const rw_receptor_instance *instance = &population->receptors[receptor];
    const rw_action *action = &spec->action->action;
    rw_drug_use *use = &dosing->uses[dosing->n_uses];
    RW_ASSERT(spec->action->n_fields <= ACTION_FIELDS && instance->block.model->n_fields <= RECEPTOR_FIELDS);
    bool told_apart = instance->subunit < RW_GLUN2_COUNT;
    *use = (rw_drug_use){.receptor = receptor,
                         .drug = (size_t)(spec - network->scenario->drugs),
                         .share = told_apart ? population->spec->glun2[instance->subunit] : 1.0,
                         .left = 1.0};
    if (has_states(spec->action))
        RW_TRY(rw_drug_action_on_cells(&use->block, spec, instance->subunit, network->scenario, &network->partition,
                                       (uint32_t)(population - network->populations)));
    else
        RW_TRY(rw_drug_action(&use->block, spec, instance->subunit, network->scenario->step_ms));
    dosing->n_uses++;
    RW_TRY(RW_NEW(use->level, n_steps, "drugs"));
    dosing->acts[receptor] = dosing->acts[receptor] || action->left == NULL;
    if (action->slope != RW_NOWHERE)
        use->shape = find_shape(dosing, rw_block_value(&use->block, action->slope, 0));
    return RW_OK;
}

rw_err rw_dosing_create(rw_dosing *dosing, const rw_network *network, uint32_t population, size_t n_steps) {
    const rw_scenario *scenario = network->scenario;
    const rw_population *cells = &network->populations[population];
    size_t n = cells->n_receptors, most = n * scenario->n_drugs;
    *dosing = (rw_dosing){.speed = 1.0};
    RW_TRY(RW_NEW(dosing->acts, n, "drugs"));
    RW_TRY(RW_NEW(dosing->uses, most, "drugs"));
    RW_TRY(RW_NEW(dosing->slopes, most, "drugs"));
    for (size_t r = 0; r < n; r++)
        for (size_t d = 0; d < scenario->n_drugs; d++)
            if (cells->receptors[r].drugs[d])
                RW_TRY(add_use(dosing, network, cells, r, &scenario->drugs[d], n_steps));
    return RW_OK;
}

void rw_dosing_destroy(rw_dosing *dosing) {
    for (size_t u = 0; u < dosing->n_uses; u++) {
        rw_block_destroy(&dosing->uses[u].block);
        rw_free(dosing->uses[u].level);
    }
    rw_free(dosing->uses);
    rw_free(dosing->acts);
    rw_free(dosing->slopes);
    *dosing = (rw_dosing){0};
}

void rw_dosing_fill(rw_dosing *dosing, const double *conc_uM, double *factors, size_t stride, uint32_t n) {
    for (size_t u = 0; u < dosing->n_uses; u++) {
        rw_drug_use *use = &dosing->uses[u];
        const rw_action *action = &use->block.model->action;
        double *x[ACTION_FIELDS];
        rw_block_chunk(&use->block, 0, x);
        for (uint32_t k = 0; k < n; k++) {
            double conc = conc_uM[use->drug * stride + k];
            if (action->left != NULL)
                factors[use->receptor * stride + k] *= action->left(x, conc);
            else
                use->level[k] = action->pore != NULL ? action->pore(x, conc) : conc;
        }
    }
}

/* A buffer column of single precision. */
static float *single_column(double *scratch, size_t column) {
    return (float *)(void *)(scratch + column * RW_CHUNK);
}

RW_KERNEL static void fill_shape(float *shape, const double *V_m, double slope, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        shape[i] = rw_exp_single((float)(-slope * V_m[i]));
}

RW_KERNEL static void fill_ones(float *shape, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        shape[i] = 1.0f;
}

RW_KERNEL static void add_both(const rw_receptor_io *io, const double *g, const double *gE, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        io->g_syn[i] = io->first ? g[i] : io->g_syn[i] + g[i];
        io->gE_syn[i] = io->first ? gE[i] : io->gE_syn[i] + gE[i];
    }
}

RW_KERNEL static void add_level(float *sum, const float *shape, float level, size_t n) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        sum[i] += level * shape[i];
}

void rw_dosing_voltages(const rw_dosing *dosing, const double *V_m, size_t n, double *scratch) {
    for (size_t s = 0; s < dosing->n_shapes; s++)
        if (dosing->slopes[s] != 0.0)
            fill_shape(single_column(scratch, SHAPES + s), V_m, dosing->slopes[s], n);
        else
            fill_ones(single_column(scratch, SHAPES + s), n);
}

/* Sets what is in the receptor's pore: level and shape of its only drug there, or the sum of several. */
static void hand_pore(const rw_dosing *dosing, size_t receptor, uint32_t step, size_t n, double *scratch,
                      rw_receptor_io *io) {
    float *sum = single_column(scratch, PORE);
    size_t n_drugs = 0;
    for (size_t u = 0; u < dosing->n_uses; u++) {
        const rw_drug_use *use = &dosing->uses[u];
        if (use->receptor != receptor || use->block.model->action.pore == NULL)
            continue;
        const float *shape = single_column(scratch, SHAPES + use->shape);
        if (++n_drugs == 1) {
            io->pore_level = (float)use->level[step];
            io->pore_shape = shape;
            continue;
        }
        if (n_drugs == 2) {
            memset(sum, 0, n * sizeof *sum);
            add_level(sum, io->pore_shape, io->pore_level, n);
            io->pore_level = 1.0f;
            io->pore_shape = sum;
        }
        add_level(sum, shape, (float)use->level[step], n);
    }
}

static bool is_kinetic(const rw_dosing *dosing, size_t receptor) {
    for (size_t u = 0; u < dosing->n_uses; u++)
        if (dosing->uses[u].receptor == receptor && dosing->uses[u].block.model->action.update != NULL)
            return true;
    return false;
}

void rw_dosing_update(const rw_dosing *dosing, size_t receptor, uint32_t step, uint64_t first, const rw_model *model,
                      const rw_chunk *chunk, const rw_receptor_io *io, double *scratch) {
    rw_receptor_io own = *io;
    double *gate = scratch + GATE * RW_CHUNK, *g = scratch + G * RW_CHUNK, *gE = scratch + GE * RW_CHUNK;
    size_t n = chunk->n;
    hand_pore(dosing, receptor, step, n, scratch, &own);
    if (!is_kinetic(dosing, receptor)) {
        model->receptor.update(chunk, &own);
        return;
    }
    own.g_syn = g;
    own.gE_syn = gE;
    own.first = true;
    memcpy(gate, chunk->x[model->receptor.gate], n * sizeof *gate); /* as they are at the start of the step */
    model->receptor.update(chunk, &own);
    for (size_t u = 0; u < dosing->n_uses; u++) {
        const rw_drug_use *use = &dosing->uses[u];
        const rw_action *action = &use->block.model->action;
        if (use->receptor != receptor || action->update == NULL)
            continue;
        double *x[ACTION_FIELDS];
        rw_block_chunk(&use->block, first, x);
        rw_chunk cells = {.n = n, .step_ms = chunk->step_ms, .x = x, .homogeneous = use->block.homogeneous};
        const float *shape = single_column(scratch, SHAPES + use->shape);
        action->update(&cells, &(rw_action_io){use->level[step], dosing->speed, use->share, gate, shape, g, gE});
    }
    add_both(io, g, gE, n);
}

void rw_dosing_measure(const rw_dosing *dosing, size_t receptor, uint64_t first, const rw_model *model,
                       const rw_chunk *chunk, const rw_receptor_io *io, double *scratch) {
    rw_receptor_io own = *io;
    if (dosing->acts[receptor])
        hand_pore(dosing, receptor, 0, chunk->n, scratch, &own);
    model->receptor.update(chunk, &own);
    for (size_t u = 0; u < dosing->n_uses; u++) {
        const rw_drug_use *use = &dosing->uses[u];
        const rw_action *action = &use->block.model->action;
        if (use->receptor != receptor || action->update == NULL)
            continue;
        for (size_t i = 0; i < chunk->n; i++) {
            double free = 1.0 - use->block.columns[action->blocked].values[first + i];
            own.g_syn[i] *= free;
            own.gE_syn[i] *= free;
        }
    }
}

/* Conductance of 1 nS of open gates. */
static double conductance(const rw_block *receptor, uint64_t instance, double V_m) {
    static const float no_drug = 0.0f;
    const rw_model *model = receptor->model;
    double *x[RECEPTOR_FIELDS], state[RECEPTOR_FIELDS] = {0}, g = 0.0, gE = 0.0;
    float arrivals = 0.0f;
    rw_block_chunk(receptor, instance, x);
    for (size_t f = 0; f < model->n_fields; f++)
        if (model->fields[f].role == RW_STATE)
            x[f] = &state[f];
    state[model->receptor.gate] = 1.0;
    rw_chunk one = {.n = 1, .step_ms = receptor->step_ms, .x = x};
    model->receptor.update(&one, &(rw_receptor_io){.V_m = &V_m,
                                                   .arrivals = &arrivals,
                                                   .pore_shape = &no_drug,
                                                   .conductance_factor = 1.0,
                                                   .g_syn = &g,
                                                   .gE_syn = &gE});
    return g;
}

double rw_receptor_magnesium(const rw_block *receptor, uint64_t instance, double V_m) {
    const double far_above_mV = 10000.0; /* where no magnesium is in the pore */
    return conductance(receptor, instance, far_above_mV) / conductance(receptor, instance, V_m) - 1.0;
}

double rw_dosing_occupancy(const rw_dosing *dosing, const rw_population *population, size_t use, const rw_drug *drug,
                           double conc_uM) {
    const rw_drug_use *acting = &dosing->uses[use];
    const rw_action *action = &acting->block.model->action;
    const rw_block *receptor = &population->receptors[acting->receptor].block;
    const double *V_m = population->neuron.columns[rw_model_field(population->spec->model, "V_m")].values;
    double sum = 0.0;
    if (action->left != NULL)
        return rw_drug_occupancy(drug->spec, &acting->block, conc_uM, 0.0, 0.0);
    for (uint64_t i = receptor->begin; i < receptor->end; i++)
        sum += action->update != NULL ? acting->block.columns[action->blocked].values[i]
                                      : rw_drug_occupancy(drug->spec, &acting->block, conc_uM, V_m[i],
                                                          rw_receptor_magnesium(receptor, i, V_m[i]));
    return sum / (double)population->count;
}
