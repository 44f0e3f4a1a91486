#include "sim/accuracy/signal_ensemble.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Most states of a drive and of a cascade; a larger one is a bug that the assertion shows. */
enum { MOST_STATES = 16 };

/* Where the parts of a member are. */
typedef struct {
    double *drive, *cascade, *past, *formation, *synapses;
} member;

static member member_of(const rw_signal_ensemble *ensemble, size_t m) {
    const rw_signal *signal = ensemble->signal;
    double *begin = ensemble->members + m * ensemble->stride;
    double *past = begin + signal->drive.n_states + signal->cascade.n_states;
    return (member){begin, begin + signal->drive.n_states, past, past + signal->n_past, past + signal->n_past + 1};
}

/* The shortest and the longest of a model's time constants: its parameters in ms whose names begin with tau. 0: none.
 */
static void find_times(const rw_mechanism *mechanism, double *shortest, double *longest) {
    *shortest = INFINITY;
    *longest = 0.0;
    for (size_t f = 0; f < mechanism->model->n_fields; f++) {
        const rw_field *field = &mechanism->model->fields[f];
        if (field->role != RW_PARAMETER || strcmp(field->unit, "ms") != 0 || strncmp(field->name, "tau", 3) != 0)
            continue;
        *shortest = fmin(*shortest, mechanism->p[f]);
        *longest = fmax(*longest, mechanism->p[f]);
    }
    *shortest = *longest > 0.0 ? *shortest : 0.0;
}

/* The signal's two models over another interval. */
static rw_err create_pair(rw_mechanism *drive, rw_mechanism *cascade, const rw_signal_spec *spec, double interval_ms) {
    RW_TRY(rw_mechanism_create(drive, interval_ms, spec->drive, spec->drive_settings, spec->n_drive_settings));
    return rw_mechanism_create(cascade, interval_ms, spec->model, spec->settings, spec->n_settings);
}

/* All forecasts have the same noise, so that the factor does not jump because the noise is another. */
static void draw_forecast_noise(rw_signal_ensemble *ensemble) {
    for (uint32_t m = 0; m < RW_NOISE_MEMBERS / 2; m++)
        for (uint32_t k = 0; k < RW_FORECAST_STEPS; k++)
            ensemble->normals[m * RW_FORECAST_STEPS + k] = rw_normal(rw_draw3(ensemble->stream, m, k, UINT32_MAX));
}

/* A drive may have no states, and then no memory for them. */
static void copy_states(double *to, const double *from, size_t n) {
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

void rw_signal_ensemble_begin(rw_signal_ensemble *ensemble) {
    const rw_signal *signal = ensemble->signal;
    for (size_t m = 0; m < RW_MEMBERS; m++) {
        member own = member_of(ensemble, m);
        copy_states(own.drive, signal->drive_state, signal->drive.n_states);
        copy_states(own.cascade, signal->state, signal->cascade.n_states);
        for (size_t k = 0; k < signal->n_past; k++)
            own.past[k] = signal->past[k];
        *own.formation = signal->formation;
        *own.synapses = 0.0;
    }
}

void rw_signal_ensemble_copy(const rw_signal_ensemble *ensemble, double *numbers) {
    const rw_signal *signal = ensemble->signal;
    memcpy(numbers, ensemble->members, RW_MEMBERS * ensemble->stride * sizeof *numbers);
    for (size_t m = 0; m < RW_MEMBERS; m++) {
        member own = member_of(ensemble, m);
        double *past = numbers + (own.past - ensemble->members);
        for (size_t k = 0; k < signal->n_past; k++)
            past[k] = own.past[(signal->next + k) % signal->n_past];
    }
}

rw_err rw_signal_ensemble_create(rw_signal_ensemble *ensemble, const rw_signal *signal, uint64_t seed, size_t index) {
    const rw_signal_spec *spec = signal->spec;
    double listening, unused, of_drive, of_cascade;
    find_times(&signal->drive, &listening, &of_drive);
    find_times(&signal->cascade, &unused, &of_cascade);
    const double longest = fmax(of_drive, of_cascade);
    RW_ASSERT(signal->drive.n_states <= MOST_STATES && signal->cascade.n_states <= MOST_STATES);
    *ensemble = (rw_signal_ensemble){.signal = signal,
                                     .forecast_ms = fmax(signal->interval_ms, 2.0 * longest / RW_FORECAST_STEPS),
                                     .listening_ms = listening,
                                     .stride = signal->drive.n_states + signal->cascade.n_states + signal->n_past + 2,
                                     .stream = rw_stream_of(seed, RW_PURPOSE_ENSEMBLE, (uint32_t)index)};
    rw_err err = create_pair(&ensemble->half_drive, &ensemble->half_cascade, spec, 0.5 * signal->interval_ms);
    if (err == RW_OK)
        err = create_pair(&ensemble->long_drive, &ensemble->long_cascade, spec, ensemble->forecast_ms);
    if (err == RW_OK)
        err = RW_NEW(ensemble->members, RW_MEMBERS * ensemble->stride, "errors of signals");
    if (err == RW_OK)
        err = RW_NEW(ensemble->normals, RW_NOISE_MEMBERS / 2 * RW_FORECAST_STEPS, "errors of signals");
    if (err != RW_OK)
        return err;
    draw_forecast_noise(ensemble);
    rw_signal_ensemble_begin(ensemble);
    return RW_OK;
}

void rw_signal_ensemble_destroy(rw_signal_ensemble *ensemble) {
    rw_mechanism_destroy(&ensemble->half_drive);
    rw_mechanism_destroy(&ensemble->half_cascade);
    rw_mechanism_destroy(&ensemble->long_drive);
    rw_mechanism_destroy(&ensemble->long_cascade);
    rw_free(ensemble->members);
    rw_free(ensemble->normals);
    *ensemble = (rw_signal_ensemble){0};
}

/* One step of drive and cascade. */
static void step(const rw_mechanism *drive, const rw_mechanism *cascade, double *drive_state, double *state,
                 const rw_drive_view *view, double left) {
    double u = drive->model->drive.level(drive->p, drive_state, view);
    cascade->model->signal.advance(cascade->p, state, u, left);
}

/* The state that acts after `own` has advanced: that of a lag ago. The signal has advanced already, so its next place
 * in the past is one ahead. */
static double acting(const rw_signal *signal, const member *own) {
    double now = own->cascade[signal->spec->model->signal.acting];
    if (signal->n_past == 0)
        return now;
    double *place = &own->past[(signal->next + signal->n_past - 1) % signal->n_past];
    double past = *place;
    *place = now;
    return past;
}

/* The number of synapses after the interval; `formation` is the member's in it. */
static void grow(const member *own, const rw_signal_interval *interval, double formation) {
    *own->synapses += interval->formed * (formation - interval->before) - interval->deleted * *own->synapses;
}

static void advance_member(rw_signal_ensemble *ensemble, size_t m, const rw_signal_interval *interval, double rate_hz) {
    const rw_signal *signal = ensemble->signal;
    member own = member_of(ensemble, m);
    rw_drive_view view = interval->view;
    view.rate_hz = fmax(rate_hz, 0.0);
    grow(&own, interval, *own.formation);
    step(&signal->drive, &signal->cascade, own.drive, own.cascade, &view, interval->left);
    *own.formation = signal->spec->model->signal.formation(signal->cascade.p, acting(signal, &own));
}

/* Two steps of half an interval, in which rate and block go on as they went; elements form as fast as in the middle. */
static void advance_in_two(rw_signal_ensemble *ensemble, const rw_signal_interval *interval) {
    const rw_signal *signal = ensemble->signal;
    member own = member_of(ensemble, RW_MEMBER_STEPS);
    double before = *own.formation;
    for (int half = 0; half < 2; half++) {
        rw_drive_view view = interval->view;
        double side = half == 0 ? -0.25 : 0.25;
        view.rate_hz = fmax(view.rate_hz + side * interval->rate_hz, 0.0);
        view.blocked = fmin(fmax(view.blocked + side * interval->blocked, 0.0), 1.0);
        view.end_ms -= half == 0 ? 0.5 * signal->interval_ms : 0.0;
        step(&ensemble->half_drive, &ensemble->half_cascade, own.drive, own.cascade, &view, interval->left);
    }
    *own.formation = signal->spec->model->signal.formation(signal->cascade.p, acting(signal, &own));
    grow(&own, interval, 0.5 * (before + *own.formation));
}

void rw_signal_ensemble_advance(rw_signal_ensemble *ensemble, const rw_signal_interval *interval) {
    advance_member(ensemble, RW_MEMBER_LAG, interval, interval->view.rate_hz + interval->lag_hz);
    advance_in_two(ensemble, interval);
    advance_member(ensemble, RW_MEMBER_MEAN, interval, interval->mean_hz);
    for (uint32_t m = 0; m < RW_NOISE_MEMBERS; m += 2) {
        uint32_t low = (uint32_t)interval->number, high = (uint32_t)(interval->number >> 32) & 0x7fffffffu;
        double noise = interval->noise * rw_normal(rw_draw3(ensemble->stream, m / 2, low, high));
        advance_member(ensemble, RW_MEMBER_NOISE + m, interval, interval->mean_hz * (1.0 + noise));
        advance_member(ensemble, RW_MEMBER_NOISE + m + 1, interval, interval->mean_hz * (1.0 - noise));
    }
}

/* An error in proportion to the step halves with it, so the difference between one step and two is half of it. */
static const double FIRST_ORDER = 2.0;

static double square(double x) {
    return x * x;
}

rw_signal_errors rw_signal_ensemble_errors(const rw_signal_ensemble *ensemble) {
    const double formation = ensemble->signal->formation, scale = fmax(formation, 1e-9);
    const member mean = member_of(ensemble, RW_MEMBER_MEAN);
    double f2 = 0.0, k2 = 0.0;
    for (size_t m = RW_MEMBER_NOISE; m < RW_MEMBERS; m++) {
        member own = member_of(ensemble, m);
        f2 += square((*own.formation - *mean.formation) / fmax(*mean.formation, 1e-9));
        k2 += square(*own.synapses - *mean.synapses);
    }
    member lag = member_of(ensemble, RW_MEMBER_LAG), steps = member_of(ensemble, RW_MEMBER_STEPS);
    return (rw_signal_errors){.formation = {.lag = fabs(*lag.formation - formation) / scale,
                                            .sampling = sqrt(f2 / RW_NOISE_MEMBERS),
                                            .steps = FIRST_ORDER * fabs(*steps.formation - formation) / scale},
                              .synapses = {.lag = fabs(*lag.synapses),
                                           .sampling = sqrt(k2 / RW_NOISE_MEMBERS),
                                           .steps = FIRST_ORDER * fabs(*steps.synapses)}};
}

/* A copy of the signal in a forecast: 0 is the signal as it is, 1 has the lag, the others noise. */
typedef struct {
    double drive[MOST_STATES], cascade[MOST_STATES], formation, synapses;
} forecast_copy;

enum { AS_IT_IS, WITH_LAG, WITH_NOISE, COPIES = WITH_NOISE + RW_NOISE_MEMBERS };

static void start_copy(forecast_copy *copy, const rw_signal *signal) {
    copy_states(copy->drive, signal->drive_state, signal->drive.n_states);
    copy_states(copy->cascade, signal->state, signal->cascade.n_states);
    copy->synapses = 0.0;
}

/* Noise in a forecast is larger by this factor, and its effect divided by it. Where a signal answers in proportion that
 * changes nothing. Where it is steep, noise acts by its rare large values: a few copies over a few memory times
 * do not meet those, and a factor would look good until a run meets them. */
static const double NOISE_REACH = 2.0;

/* The relative change of the rate of a copy in step k. */
static double change_of_rate(const rw_signal_ensemble *ensemble, const rw_signal_outlook *outlook, size_t copy,
                             size_t k, double S) {
    if (copy == AS_IT_IS)
        return 0.0;
    if (copy == WITH_LAG)
        return S * outlook->lag * rw_exp(-(double)k * ensemble->forecast_ms / fmax(outlook->lag_ms, 1e-9));
    size_t m = copy - WITH_NOISE;
    double sigma = NOISE_REACH * sqrt(outlook->noise_ms * fmax(S - 1.0, 0.0) / ensemble->forecast_ms);
    double xi = ensemble->normals[m / 2 * RW_FORECAST_STEPS + k];
    return m % 2 == 0 ? sigma * xi : -sigma * xi;
}

static void step_copy(const rw_signal_ensemble *ensemble, forecast_copy *copy, const rw_signal_outlook *outlook,
                      size_t k, double change) {
    rw_drive_view view = outlook->view;
    view.rate_hz *= fmax(1.0 + change, 0.0);
    view.end_ms += (double)(k + 1) * ensemble->forecast_ms;
    step(&ensemble->long_drive, &ensemble->long_cascade, copy->drive, copy->cascade, &view, outlook->left);
    const rw_signal_model *model = &ensemble->signal->spec->model->signal;
    copy->formation = model->formation(ensemble->signal->cascade.p, copy->cascade[model->acting]);
}

static void keep_largest(rw_signal_errors *worst, const forecast_copy copies[COPIES]) {
    double formation = copies[AS_IT_IS].formation, scale = fmax(formation, 1e-9), f2 = 0.0, k2 = 0.0;
    for (size_t c = WITH_NOISE; c < COPIES; c++) {
        f2 += square((copies[c].formation - formation) / scale);
        k2 += square(copies[c].synapses);
    }
    worst->formation.lag = fmax(worst->formation.lag, fabs(copies[WITH_LAG].formation - formation) / scale);
    worst->formation.sampling = fmax(worst->formation.sampling, sqrt(f2 / RW_NOISE_MEMBERS) / NOISE_REACH);
    worst->synapses.lag = fmax(worst->synapses.lag, fabs(copies[WITH_LAG].synapses));
    worst->synapses.sampling = fmax(worst->synapses.sampling, sqrt(k2 / RW_NOISE_MEMBERS) / NOISE_REACH);
}

rw_signal_errors rw_signal_ensemble_forecast(const rw_signal_ensemble *ensemble, const rw_signal_outlook *outlook,
                                             double S) {
    rw_signal_errors worst = {0};
    forecast_copy copies[COPIES];
    double formed = outlook->formed_per_ms * ensemble->forecast_ms;
    double kept = rw_exp(-outlook->deleted_per_ms * ensemble->forecast_ms);
    for (size_t c = 0; c < COPIES; c++)
        start_copy(&copies[c], ensemble->signal);
    for (size_t k = 0; k < RW_FORECAST_STEPS; k++) {
        for (size_t c = 0; c < COPIES; c++)
            step_copy(ensemble, &copies[c], outlook, k, change_of_rate(ensemble, outlook, c, k, S));
        for (size_t c = 1; c < COPIES; c++)
            copies[c].synapses =
                kept * copies[c].synapses + formed * (copies[c].formation - copies[AS_IT_IS].formation);
        keep_largest(&worst, copies);
    }
    return worst;
}
