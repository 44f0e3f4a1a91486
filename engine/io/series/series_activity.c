#include "io/series/series_activity.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_fft_real.h>

#include "base/count.h"
#include "base/memory.h"
#include "io/series/series_columns.h"
#include "sim/charge.h"
#include "sim/current.h"
#include "sim/drugs/drug_effects.h"

enum { INHIBITORY, EXCITATORY, SEGMENT = RW_ACTIVITY_HISTORY / 2 };

static const double uptake_ms = 100.0; /* chosen, not measured: glutamate of a burst accumulates, then decays */

/* Cells whose synapses inhibit, or excite; cells without synapses of their own are neither. */
static int class_of(const rw_scenario *scenario, uint32_t population) {
    int class = -1;
    for (size_t p = 0; p < scenario->n_projections; p++)
        if (scenario->projections[p].source == population && scenario->populations[population].model != NULL)
            class = scenario->projections[p].inhibitory ? INHIBITORY : class == INHIBITORY ? INHIBITORY : EXCITATORY;
    return class;
}

/* The step at which a schedule leaves a value without effect; infinity: never. */
static double first_effect(const rw_schedule *schedule, double neutral) {
    for (size_t k = 0; k < schedule->count; k++)
        if (schedule->value[k] != neutral)
            return (double)schedule->step[schedule->linear && k > 0 ? k - 1 : k];
    return INFINITY;
}

/* When the first factor leaves 1, the first level leaves 0, or the first dose is given. */
static double first_onset_ms(const rw_simulation *sim, const rw_scenario *scenario) {
    double onset = INFINITY;
    for (size_t f = 0; f < scenario->n_factors; f++)
        onset = fmin(onset, first_effect(&scenario->factors[f].factor, 1.0) * scenario->step_ms);
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        const rw_drug_spec *spec = rw_simulation_drug(sim, d)->spec;
        if (spec->model->drug.flows == NULL)
            onset = fmin(onset, first_effect(&spec->level, 0.0) * scenario->step_ms);
        for (size_t k = 0; k < spec->n_doses; k++)
            for (size_t at = 0; at < spec->doses[k].n_at; at++)
                onset = fmin(onset, spec->doses[k].at_ms[at]);
    }
    return onset;
}

static rw_err add_network(rw_columns *columns) {
    static const rw_series of_network[] = {
        RW_SERIES_RATE_EXCITATORY, RW_SERIES_RATE_INHIBITORY, RW_SERIES_GLUTAMATE,     RW_SERIES_ALPHA,
        RW_SERIES_GAMMA,           RW_SERIES_ALPHA_RELATIVE,  RW_SERIES_GAMMA_RELATIVE};
    for (size_t i = 0; i < RW_COUNT(of_network); i++)
        RW_TRY(rw_columns_add_next_series(columns, of_network[i], "", (rw_series_parts){.n = 0}));
    return RW_OK;
}

static rw_err add_population(rw_columns *columns, const rw_population_spec *population) {
    for (size_t r = 0; r < population->n_receptors; r++) {
        const rw_series_parts receptor = {.names = {population->receptors[r].model->name}, .n = 1};
        RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_CURRENT, population->name, receptor));
        RW_TRY(rw_columns_add_next_series(columns, RW_SERIES_CHARGE, population->name, receptor));
    }
    return population->n_receptors == 0
               ? RW_OK
               : rw_columns_add_next_series(columns, RW_SERIES_EI_RATIO, population->name, (rw_series_parts){.n = 0});
}

rw_err rw_activity_series_create(rw_activity_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    const rw_scenario *scenario = network->scenario;
    *series = (rw_activity_series){
        .network = network, .columns = columns, .first = columns->n, .onset_ms = first_onset_ms(sim, scenario)};
    RW_TRY(RW_NEW(series->class, network->n_populations, "series"));
    for (uint32_t p = 0; p < network->n_populations; p++) {
        series->class[p] = class_of(scenario, p);
        series->n_charges += scenario->populations[p].n_receptors;
        if (series->class[p] >= 0)
            series->n_cells[series->class[p]] += (double)network->populations[p].count;
    }
    RW_TRY(RW_NEW(series->charge_pC, series->n_charges, "series"));
    RW_TRY(add_network(columns));
    for (uint32_t p = 0; p < network->n_populations; p++)
        RW_TRY(add_population(columns, &scenario->populations[p]));
    return RW_OK;
}

/* Empties the bins of the milliseconds that have begun since. */
static void advance_bins(rw_activity_state *state, double bin) {
    while (state->bin < bin) {
        state->bin += 1.0;
        state->count[(size_t)state->bin % RW_ACTIVITY_HISTORY] = 0.0;
    }
}

static void advance_glutamate(rw_activity_state *state, double step, double step_ms) {
    if (step > state->glutamate_step)
        state->glutamate *= exp(-(step - state->glutamate_step) * step_ms / uptake_ms);
    state->glutamate_step = step;
}

void rw_activity_series_count(rw_activity_series *series, const rw_spike *spikes, size_t n) {
    rw_activity_state *state = &series->state;
    double step_ms = series->network->scenario->step_ms;
    for (size_t i = 0; i < n; i++) {
        int class = series->class[spikes[i].population];
        if (class < 0)
            continue;
        state->spikes[class] += 1.0;
        if (class != EXCITATORY)
            continue;
        double bin = floor(((double)spikes[i].step - 0.5) * step_ms);
        advance_bins(state, bin);
        state->count[(size_t)bin % RW_ACTIVITY_HISTORY] += 1.0;
        advance_glutamate(state, (double)spikes[i].step, step_ms);
        state->glutamate += 1.0 / series->n_cells[EXCITATORY];
    }
}

/* Adds the power of one Hann-windowed segment, which ends `back` ms before the last bin, to the bands. */
static void add_segment(const rw_activity_series *series, size_t back, double *alpha, double *gamma) {
    double x[SEGMENT], mean = 0.0, window_sum = 0.0;
    size_t last = (size_t)series->state.bin + RW_ACTIVITY_HISTORY - back;
    for (size_t k = 0; k < SEGMENT; k++) {
        x[k] =
            1e3 * series->state.count[(last - (SEGMENT - 1) + k) % RW_ACTIVITY_HISTORY] / series->n_cells[EXCITATORY];
        mean += x[k] / SEGMENT;
    }
    for (size_t k = 0; k < SEGMENT; k++) {
        double window = 0.5 - 0.5 * cos(2.0 * M_PI * ((double)k + 0.5) / SEGMENT);
        x[k] = window * (x[k] - mean);
        window_sum += window * window;
    }
    (void)gsl_fft_real_radix2_transform(x, 1, SEGMENT); /* cannot fail: a power of two */
    for (size_t k = 1; k < SEGMENT / 2; k++) {
        double frequency_hz = 1e3 * (double)k / SEGMENT;
        double power = 2.0 * (x[k] * x[k] + x[SEGMENT - k] * x[SEGMENT - k]) / (window_sum * SEGMENT);
        *alpha += frequency_hz >= 8.0 && frequency_hz <= 12.0 ? power : 0.0;
        *gamma += frequency_hz >= 30.0 && frequency_hz <= 80.0 ? power : 0.0;
    }
}

/* Welch's mean over three segments that overlap by half; NaN until there is enough. */
static void find_power(const rw_activity_series *series, double power[2]) {
    power[0] = power[1] = series->state.bin + 1.0 - series->state.begin >= RW_ACTIVITY_HISTORY ? 0.0 : NAN;
    for (size_t s = 0; s < 3 && !isnan(power[0]); s++) {
        double alpha = 0.0, gamma = 0.0;
        add_segment(series, s * SEGMENT / 2, &alpha, &gamma);
        power[0] += alpha / 3.0;
        power[1] += gamma / 3.0;
    }
}

/* The history begins at the first sample: the time before is unknown. */
static void begin(rw_activity_state *state, double step, double step_ms) {
    state->begun = 1.0;
    state->begin = floor(step * step_ms + 1e-6);
    state->bin = fmax(0.0, state->begin - 1.0);
    state->sample_step = state->glutamate_step = step;
}

static rw_err sample_network(rw_activity_series *series, double step, double time_ms, size_t *column) {
    rw_activity_state *state = &series->state;
    double step_ms = series->network->scenario->step_ms, power[2];
    if (state->begun == 0.0)
        begin(state, step, step_ms);
    double interval_s = 1e-3 * (step - state->sample_step) * step_ms;
    for (int class = EXCITATORY; class >= INHIBITORY; class --) {
        RW_TRY(rw_columns_append_next(series->columns, column,
                                      state->spikes[class] / (series->n_cells[class] * interval_s)));
        state->spikes[class] = 0.0;
    }
    state->sample_step = step;
    advance_glutamate(state, step, step_ms);
    advance_bins(state, floor(step * step_ms + 1e-6) - 1.0);
    RW_TRY(rw_columns_append_next(series->columns, column, state->glutamate));
    find_power(series, power);
    if (time_ms <= series->onset_ms && !isnan(power[0])) {
        state->baseline[0] += power[0];
        state->baseline[1] += power[1];
        state->n_baseline += 1.0;
    }
    for (int band = 0; band < 2; band++)
        RW_TRY(rw_columns_append_next(series->columns, column, power[band]));
    for (int band = 0; band < 2; band++)
        RW_TRY(
            rw_columns_append_next(series->columns, column, power[band] * state->n_baseline / state->baseline[band]));
    return RW_OK;
}

/* Current and charge of one receptor; last_pC is the charge at the last sample, and then at this one. */
static rw_err sample_receptor(rw_activity_series *series, const rw_simulation *sim, uint32_t index, size_t receptor,
                              double *last_pC, double *mean_pA, size_t *column) {
    double charge_pC = 0.0, before_pC = *last_pC;
    RW_TRY(rw_simulation_current(sim, index, receptor, mean_pA));
    RW_TRY(rw_simulation_charge(sim, index, receptor, &charge_pC));
    *last_pC = charge_pC;
    rw_err err = rw_columns_append_next(series->columns, column, *mean_pA);
    if (err == RW_OK)
        err = rw_columns_append_next(series->columns, column, series->has_interval ? charge_pC - before_pC : NAN);
    return rw_comm_agree(series->network->partition.comm, err); /* the ranks gather on only if rank 0 could write */
}

static rw_err sample_population(rw_activity_series *series, const rw_simulation *sim, uint32_t index, double *last_pC,
                                size_t *column) {
    const rw_population_spec *population = &series->network->scenario->populations[index];
    double sum[2] = {0.0, 0.0};
    for (size_t r = 0; r < population->n_receptors; r++) {
        double mean_pA = 0.0;
        RW_TRY(sample_receptor(series, sim, index, r, &last_pC[r], &mean_pA, column));
        sum[population->receptors[r].model->receptor.inhibitory ? INHIBITORY : EXCITATORY] += mean_pA;
    }
    if (population->n_receptors == 0)
        return RW_OK;
    return rw_comm_agree(
        series->network->partition.comm,
        rw_columns_append_next(series->columns, column, fabs(sum[EXCITATORY]) / fabs(sum[INHIBITORY])));
}

rw_err rw_activity_series_sample(rw_activity_series *series, const rw_simulation *sim) {
    const rw_network *network = series->network;
    double *last_pC = series->charge_pC;
    size_t column = series->first;
    if (series->columns == NULL)
        return RW_OK;
    series->has_interval = series->state.begun != 0.0 && (double)rw_simulation_step(sim) > series->state.sample_step;
    const double time_ms = (double)rw_simulation_time(sim) * network->scenario->step_ms;
    RW_TRY(rw_comm_agree(network->partition.comm,
                         sample_network(series, (double)rw_simulation_step(sim), time_ms, &column)));
    for (uint32_t p = 0; p < network->n_populations; p++) {
        RW_TRY(sample_population(series, sim, p, last_pC, &column));
        last_pC += network->scenario->populations[p].n_receptors;
    }
    return RW_OK;
}

rw_err rw_activity_series_archive(rw_activity_series *series, const rw_archive *archive) {
    static const char path[] = "recorders/series/activity";
    if (series->columns == NULL || (archive->branching && !archive->holds(archive->self, path)))
        return RW_OK;
    RW_TRY(rw_archive_column(archive, path, RW_ARCHIVE_F64, sizeof series->state / sizeof(double), &series->state));
    return rw_archive_column(archive, "recorders/series/charge", RW_ARCHIVE_F64, series->n_charges, series->charge_pC);
}

void rw_activity_series_destroy(rw_activity_series *series) {
    rw_free(series->charge_pC);
    rw_free(series->class);
    *series = (rw_activity_series){0};
}
