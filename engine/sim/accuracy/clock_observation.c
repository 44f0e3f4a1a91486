#include "sim/accuracy/clock_observation.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/vmath.h"
#include "sim/accuracy/settling.h"
#include "sim/simulation_state.h"

/* Spikes are counted at least this often, or once in the time within which rates settle if that is longer. */
static const double SHORTEST_COUNT_MS = 100.0;

static rw_err create_rates(rw_simulation *sim) {
    rw_clock_evidence *evidence = &sim->observation.evidence;
    const rw_network *network = sim->network;
    double count_ms = SHORTEST_COUNT_MS;
    RW_TRY(RW_NEW(evidence->rates, network->n_populations, "errors of the clock"));
    RW_TRY(RW_NEW(sim->observation.counted, network->n_populations, "errors of the clock"));
    RW_TRY(RW_NEW(sim->observation.noted, network->n_populations, "errors of the clock"));
    evidence->n_rates = network->n_populations;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        evidence->rates[p] = (rw_rate_evidence){
            .settling_ms = rw_settling_ms(network, p), .cells = (double)network->populations[p].count, .fano = 1.0};
        count_ms = fmax(count_ms, evidence->rates[p].settling_ms);
    }
    sim->observation.count_steps = (uint64_t)ceil(count_ms / sim->scenario->step_ms);
    return RW_OK;
}

static rw_err create_signals(rw_simulation *sim) {
    rw_clock_observation *observation = &sim->observation;
    rw_clock_evidence *evidence = &observation->evidence;
    const rw_scenario *scenario = sim->scenario;
    size_t n = sim->structural != NULL ? scenario->n_signals : 0;
    RW_TRY(RW_NEW(evidence->ensembles, n, "errors of the clock"));
    RW_TRY(RW_NEW(evidence->outlooks, n, "errors of the clock"));
    RW_TRY(RW_NEW(observation->blocked, n, "errors of the clock"));
    evidence->n_signals = n;
    for (size_t s = 0; s < n; s++)
        RW_TRY(rw_signal_ensemble_create(&evidence->ensembles[s], &sim->structural->structure.signals[s],
                                         scenario->seed, s));
    return RW_OK;
}

rw_err rw_clock_observation_create(rw_simulation *sim) {
    if (!sim->scenario->clock.slow)
        return RW_OK;
    sim->observation.evidence.interval_ms = (double)sim->scenario->clock.interval_steps * sim->scenario->step_ms;
    RW_TRY(create_rates(sim));
    return create_signals(sim);
}

void rw_clock_observation_destroy(rw_clock_observation *observation) {
    rw_clock_evidence *evidence = &observation->evidence;
    for (size_t s = 0; s < evidence->n_signals; s++)
        rw_signal_ensemble_destroy(&evidence->ensembles[s]);
    rw_free(evidence->ensembles);
    rw_free(evidence->outlooks);
    rw_free(evidence->rates);
    rw_free(observation->counted);
    rw_free(observation->noted);
    rw_free(observation->blocked);
    *observation = (rw_clock_observation){0};
}

/* Milliseconds of the network since the interval began. */
static double network_ms(const rw_simulation *sim) {
    return (double)(sim->step - sim->clock.interval_step) * sim->scenario->step_ms;
}

uint64_t rw_clock_next_count(const rw_simulation *sim) {
    const rw_clock_observation *observation = &sim->observation;
    return observation->noted == NULL ? UINT64_MAX : observation->noted_step + observation->count_steps;
}

bool rw_clock_count_ends(const rw_simulation *sim) {
    return sim->observation.noted_step <= sim->clock.interval_step;
}

rw_err rw_clock_count(rw_simulation *sim) {
    rw_clock_observation *observation = &sim->observation;
    const double ms = (double)(sim->step - observation->noted_step) * sim->scenario->step_ms;
    for (size_t p = 0; p < observation->evidence.n_rates; p++) {
        uint64_t spikes = sim->counted_spikes[p] - observation->noted[p];
        observation->noted[p] = sim->counted_spikes[p];
        RW_TRY(rw_comm_reduce(sim->network->partition.comm, &spikes, 1, RW_U64, RW_SUM));
        if (observation->evidence.rates[p].cells > 0.0)
            rw_rate_evidence_count(&observation->evidence.rates[p], (double)spikes, ms);
    }
    observation->noted_step = sim->step;
    return RW_OK;
}

rw_err rw_clock_observe_rates(rw_simulation *sim) {
    rw_clock_observation *observation = &sim->observation;
    rw_clock_evidence *evidence = &observation->evidence;
    for (size_t p = 0; p < evidence->n_rates; p++) {
        uint64_t spikes = sim->counted_spikes[p] - observation->counted[p];
        observation->counted[p] = sim->counted_spikes[p];
        RW_TRY(rw_comm_reduce(sim->network->partition.comm, &spikes, 1, RW_U64, RW_SUM));
        if (evidence->rates[p].cells > 0.0)
            rw_rate_evidence_add(&evidence->rates[p], (double)spikes, network_ms(sim), evidence->interval_ms);
    }
    evidence->factor = evidence->interval_ms / network_ms(sim);
    return RW_OK;
}

/* sigma of the rate that a signal sees: what S = 1 would have is part of the model. */
static double noise_of(const rw_rate_evidence *rate, double S) {
    double spikes = rate->mean_hz * rate->last_cell_s;
    return spikes > 0.0 ? sqrt(rate->fano * fmax(1.0 - 1.0 / S, 0.0) / spikes) : 0.0;
}

void rw_clock_observe_signal(rw_simulation *sim, size_t signal, const rw_drive_view *view, double left, double before) {
    rw_clock_observation *observation = &sim->observation;
    rw_clock_evidence *evidence = &observation->evidence;
    rw_signal_ensemble *ensemble = &evidence->ensembles[signal];
    const rw_rate_evidence *rate = &evidence->rates[ensemble->signal->spec->population];
    const rw_synapse_evidence *synapses = &evidence->synapses;
    const double E = evidence->interval_ms, slope_hz = rate->slope_per_ms * rate->mean_hz;
    rw_signal_ensemble_advance(
        ensemble, &(rw_signal_interval){.view = *view,
                                        .left = left,
                                        .before = before,
                                        .lag_hz = evidence->factor * rate->settling_ms * slope_hz,
                                        .mean_hz = rate->mean_hz,
                                        .noise = noise_of(rate, evidence->factor),
                                        .rate_hz = slope_hz * E,
                                        .blocked = view->blocked - observation->blocked[signal],
                                        .formed = synapses->formed_per_ms * E,
                                        .deleted = synapses->deleted_per_ms * E,
                                        .number = sim->clock.stretch.begin / sim->scenario->clock.interval_steps});
    observation->blocked[signal] = view->blocked;
}

/* The connected dendritic elements: all synapses that form and vanish. */
static uint64_t count_synapses(const rw_simulation *sim) {
    uint64_t n = 0;
    for (uint32_t p = 0; p < sim->network->n_populations; p++)
        for (int e = RW_DENDRITE_EXC; e <= RW_DENDRITE_INH; e++) {
            const uint32_t *connected = sim->structural->structure.cells[p].elements[e].connected;
            for (uint64_t i = 0; connected != NULL && i < sim->network->populations[p].count; i++)
                n += connected[i];
        }
    return n;
}

void rw_clock_observe_synapses(rw_simulation *sim) {
    rw_clock_observation *observation = &sim->observation;
    rw_clock_evidence *evidence = &observation->evidence;
    const rw_structural_plasticity *structural = sim->structural;
    uint64_t formed = structural->created - observation->created, deleted = structural->deleted - observation->deleted;
    double formation = evidence->n_signals > 0 ? structural->structure.signals[0].formation : 1.0;
    observation->created = structural->created;
    observation->deleted = structural->deleted;
    rw_synapse_evidence_add(&evidence->synapses, (double)(count_synapses(sim) + deleted - formed), (double)formed,
                            (double)deleted, formation, evidence->interval_ms);
    rw_find_steering(sim, &evidence->synapses);
    observation->now = rw_clock_errors_now(evidence);
}

/* The largest change of a block by drugs on any receptor between two times, at a membrane potential of -60 mV and
 * without magnesium in the pore, where a drug blocks most. */
static double change_by_drugs(const rw_simulation *sim, uint64_t from, uint64_t to) {
    const double V_m = -60.0, no_magnesium = 0.0;
    double change = 0.0;
    for (uint32_t p = 0; p < sim->network->n_populations; p++) {
        const rw_dosing *dosing = &sim->plans[p].dosing;
        for (size_t u = 0; u < dosing->n_uses; u++) {
            const rw_drug_use *use = &dosing->uses[u];
            const rw_drug *drug = &sim->drugs[use->drug];
            double blocked[2];
            for (int k = 0; k < 2; k++)
                blocked[k] =
                    rw_drug_occupancy(drug->spec, &use->block,
                                      rw_drug_level(drug, k == 0 ? from : to, &(rw_segment){0}), V_m, no_magnesium);
            change = fmax(change, use->share * fabs(blocked[1] - blocked[0]));
        }
    }
    return change;
}

static double relative_change(const rw_schedule *course, uint64_t from, uint64_t to) {
    double a = rw_schedule_at(course, from), b = rw_schedule_at(course, to);
    return a == b ? 0.0 : fabs(b - a) / fmax(fmax(fabs(a), fabs(b)), 1e-12);
}

/* The largest relative change of factors and levels of inputs between two times. */
static double change_by_courses(const rw_simulation *sim, uint64_t from, uint64_t to) {
    const rw_scenario *scenario = sim->scenario;
    double change = 0.0;
    for (size_t f = 0; f < scenario->n_factors; f++)
        change = fmax(change, relative_change(&scenario->factors[f].factor, from, to));
    for (size_t i = 0; i < scenario->n_inputs; i++)
        change = fmax(change, relative_change(&scenario->inputs[i].level, from, to));
    return change;
}

/* What drugs change in the halves of [begin, begin + length); of a whole interval it is kept. */
static rw_drug_changes drug_changes(rw_simulation *sim, uint64_t begin, uint64_t length) {
    const uint64_t interval = sim->scenario->clock.interval_steps, number = begin / interval;
    const bool whole = begin % interval == 0 && length == interval;
    rw_drug_changes *kept = &sim->observation.ahead[number % RW_CLOCK_AHEAD];
    if (whole && kept->after == number + 1)
        return *kept;
    const uint64_t times[] = {begin > 0 ? begin - 1 : 0, begin + length / 2, begin + length - 1};
    rw_drug_changes changes = {.after = number + 1};
    for (int h = 0; h < 2; h++)
        changes.half[h] = change_by_drugs(sim, times[h], times[h + 1]);
    if (whole)
        *kept = changes;
    return changes;
}

/* How fast what drives rates changes in [begin, begin + length), relative per ms. */
static double known_change(rw_simulation *sim, uint64_t begin, uint64_t length) {
    const uint64_t before = begin > 0 ? begin - 1 : 0, middle = begin + length / 2, end = begin + length - 1;
    const double half_ms = 0.5 * (double)length * sim->scenario->step_ms;
    const rw_drug_changes drugs = drug_changes(sim, begin, length);
    double first = fmax(drugs.half[0], change_by_courses(sim, before, middle));
    double second = fmax(drugs.half[1], change_by_courses(sim, middle, end));
    return fmax(first, second) / half_ms;
}

/* The noise that the running mean of a signal's rate has when a dose comes is that of the time before it, weighed by
 * how much of it is left: the mean must be good by then. So a change that comes counts before, less by exp(-time /
 * tau). */
static double coming_change(rw_simulation *sim, uint64_t begin, uint64_t length) {
    const rw_clock_evidence *evidence = &sim->observation.evidence;
    double known = known_change(sim, begin, length), memory_ms = 0.0;
    for (size_t s = 0; s < evidence->n_signals; s++)
        memory_ms = fmax(memory_ms, evidence->ensembles[s].listening_ms);
    uint64_t interval = sim->scenario->clock.interval_steps, first = (begin + length + interval - 1) / interval;
    for (uint64_t k = 0; k < RW_CLOCK_AHEAD && (double)k * evidence->interval_ms < 5.0 * memory_ms; k++) {
        double wait_ms = (double)((first + k) * interval - begin) * sim->scenario->step_ms;
        known = fmax(known, rw_exp(-wait_ms / memory_ms) * known_change(sim, (first + k) * interval, interval));
    }
    return known;
}

/* What is known at a time about a signal's future; from what is part of saved states alone. */
static rw_signal_outlook outlook_of(const rw_simulation *sim, size_t signal, uint64_t time) {
    const rw_clock_evidence *evidence = &sim->observation.evidence;
    const rw_signal_spec *spec = evidence->ensembles[signal].signal->spec;
    const rw_rate_evidence *rate = &evidence->rates[spec->population];
    return (rw_signal_outlook){.view = {.rate_hz = rate->mean_hz,
                                        .blocked = sim->observation.blocked[signal],
                                        .end_ms = (double)time * sim->scenario->step_ms},
                               .left = 1.0 - rw_schedule_at(&spec->blocked, time),
                               .noise_ms = rate->mean_hz > 0.0 ? 1e3 * rate->fano / (rate->mean_hz * rate->cells) : 0.0,
                               .lag = rate->settling_ms * fmax(fabs(rate->slope_per_ms), rate->known_per_ms),
                               .lag_ms = rate->slope_ms,
                               .formed_per_ms = evidence->synapses.formed_per_ms,
                               .deleted_per_ms = evidence->synapses.deleted_per_ms};
}

void rw_clock_look_ahead(rw_simulation *sim, uint64_t begin, uint64_t length) {
    rw_clock_evidence *evidence = &sim->observation.evidence;
    double known = sim->scenario->clock.tolerance > 0.0 ? coming_change(sim, begin, length) : 0.0;
    for (size_t p = 0; p < evidence->n_rates; p++)
        evidence->rates[p].known_per_ms = known;
    for (size_t signal = 0; signal < evidence->n_signals; signal++)
        evidence->outlooks[signal] = outlook_of(sim, signal, begin);
}

/* Spikes of all ranks since `before`; rank 0 gets those of a restored state, and the difference counts, also if it
 * wraps around. */
static rw_err archive_spikes(const rw_simulation *sim, const rw_archive *archive, const char *path, size_t p,
                             uint64_t *before) {
    const rw_comm *comm = sim->network->partition.comm;
    uint64_t spikes = sim->counted_spikes[p] - *before;
    if (archive->saving)
        RW_TRY(rw_comm_reduce(comm, &spikes, 1, RW_U64, RW_SUM));
    RW_TRY(rw_archive_number(archive, path, &spikes));
    if (!archive->saving)
        *before = sim->counted_spikes[p] - (rw_comm_rank(comm) == 0 ? spikes : 0);
    return RW_OK;
}

static rw_err archive_rate(rw_simulation *sim, const rw_archive *archive, size_t p) {
    rw_clock_observation *observation = &sim->observation;
    rw_rate_evidence *rate = &observation->evidence.rates[p];
    rw_path group = rw_path_of("accuracy/populations/%s", sim->network->populations[p].spec->name);
    double *known[] = {&rate->last_cell_s,      &rate->mean_hz,
                       &rate->delayed_hz,       &rate->slope_per_ms,
                       &rate->slope_ms,         &rate->fano,
                       &rate->weight,           &rate->counted[0],
                       &rate->counted[1],       &rate->counted_cell_s[0],
                       &rate->counted_cell_s[1]};
    double numbers[RW_COUNT(known)];
    for (size_t k = 0; k < RW_COUNT(known); k++)
        numbers[k] = *known[k];
    RW_TRY(archive_spikes(sim, archive, rw_path_of("%s/spikes", group.text).text, p, &observation->counted[p]));
    RW_TRY(archive_spikes(sim, archive, rw_path_of("%s/noted", group.text).text, p, &observation->noted[p]));
    RW_TRY(
        rw_archive_column(archive, rw_path_of("%s/known", group.text).text, RW_ARCHIVE_F64, RW_COUNT(known), numbers));
    for (size_t k = 0; k < RW_COUNT(known); k++)
        *known[k] = numbers[k];
    return RW_OK;
}

/* A branch may have another signal, whose errors begin anew: other models, or another number of updates that it lags.
 */
static rw_err archive_ensemble(rw_clock_observation *observation, const rw_archive *archive, size_t s) {
    rw_signal_ensemble *ensemble = &observation->evidence.ensembles[s];
    const rw_signal_spec *spec = ensemble->signal->spec;
    rw_path path = rw_path_of("accuracy/signals/%s/%s/%s", spec->name, spec->drive->name, spec->model->name);
    rw_path blocked = rw_path_of("%s/blocked", path.text), members = rw_path_of("%s/members", path.text);
    uint64_t n = RW_MEMBERS * ensemble->stride, saved = n;
    double *numbers = NULL;
    if (archive->saving || !archive->branching || archive->holds(archive->self, members.text))
        RW_TRY(rw_archive_number(archive, rw_path_of("%s/numbers", path.text).text, &saved));
    else
        saved = 0;
    if (saved != n && archive->branching) {
        rw_signal_ensemble_begin(ensemble);
        return RW_OK;
    }
    RW_TRY(rw_archive_column(archive, blocked.text, RW_ARCHIVE_F64, 1, &observation->blocked[s]));
    RW_TRY(RW_NEW(numbers, n, "errors of signals"));
    rw_signal_ensemble_copy(ensemble, numbers);
    rw_err err = rw_archive_column(archive, members.text, RW_ARCHIVE_F64, n, numbers);
    if (!archive->saving && err == RW_OK)
        memcpy(ensemble->members, numbers, n * sizeof *numbers);
    rw_free(numbers);
    return err;
}

static rw_err archive_synapses(rw_simulation *sim, const rw_archive *archive) {
    rw_clock_observation *observation = &sim->observation;
    rw_synapse_evidence *synapses = &observation->evidence.synapses;
    double known[] = {synapses->number,        synapses->formed_per_ms,     synapses->deleted_per_ms,
                      synapses->net_per_ms,    synapses->steered_per_ms,    synapses->calcium_ms,
                      synapses->steered_noise, observation->evidence.factor};
    uint64_t counts[] = {observation->created, observation->deleted, observation->noted_step};
    RW_TRY(rw_archive_column(archive, "accuracy/synapses/known", RW_ARCHIVE_F64, RW_COUNT(known), known));
    RW_TRY(rw_archive_column(archive, "accuracy/synapses/counts", RW_ARCHIVE_U64, RW_COUNT(counts), counts));
    synapses->number = known[0];
    synapses->formed_per_ms = known[1];
    synapses->deleted_per_ms = known[2];
    synapses->net_per_ms = known[3];
    synapses->steered_per_ms = known[4];
    synapses->calcium_ms = known[5];
    synapses->steered_noise = known[6];
    observation->evidence.factor = known[7];
    observation->created = counts[0];
    observation->deleted = counts[1];
    observation->noted_step = counts[2];
    return RW_OK;
}

rw_err rw_clock_observation_archive(rw_simulation *sim, const rw_archive *archive) {
    rw_clock_observation *observation = &sim->observation;
    if (!sim->scenario->clock.slow)
        return RW_OK;
    if (!archive->saving && archive->branching && !archive->holds(archive->self, "accuracy/synapses/known")) {
        for (size_t s = 0; s < observation->evidence.n_signals; s++)
            rw_signal_ensemble_begin(&observation->evidence.ensembles[s]);
        observation->noted_step = sim->step;
        return RW_OK;
    }
    for (size_t p = 0; p < observation->evidence.n_rates; p++)
        RW_TRY(archive_rate(sim, archive, p));
    for (size_t s = 0; s < observation->evidence.n_signals; s++)
        RW_TRY(archive_ensemble(observation, archive, s));
    RW_TRY(archive_synapses(sim, archive));
    if (!archive->saving)
        observation->now = rw_clock_errors_now(&observation->evidence);
    return RW_OK;
}
