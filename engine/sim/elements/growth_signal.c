#include "sim/elements/growth_signal.h"

#include <math.h>

#include "base/memory.h"
#include "config/mark_text.h"
#include "net/population.h"

static rw_err copy_start(double **state, const rw_mechanism *mechanism) {
    RW_TRY(RW_NEW(*state, mechanism->n_states, "signals"));
    for (size_t k = 0; k < mechanism->n_states; k++)
        (*state)[k] = mechanism->start[k];
    return RW_OK;
}

static rw_err create(rw_signal *signal, double interval_ms) {
    const rw_signal_spec *spec = signal->spec;
    const double most = 1e6;
    RW_TRY(rw_mechanism_create(&signal->drive, interval_ms, spec->drive, spec->drive_settings, spec->n_drive_settings));
    RW_TRY(rw_mechanism_create(&signal->cascade, interval_ms, spec->model, spec->settings, spec->n_settings));
    RW_TRY(copy_start(&signal->drive_state, &signal->drive));
    RW_TRY(copy_start(&signal->state, &signal->cascade));
    double lag = round(signal->cascade.p[spec->model->signal.lag] / interval_ms);
    RW_CHECK(lag <= most, RW_ERR_INPUT, "its lag is %.3g updates long, and at most %.0g are kept; update less often",
             lag, most);
    signal->n_past = (size_t)lag;
    RW_TRY(RW_NEW(signal->past, signal->n_past, "signals"));
    signal->acting = signal->state[spec->model->signal.acting];
    for (size_t k = 0; k < signal->n_past; k++)
        signal->past[k] = signal->acting;
    signal->formation = spec->model->signal.formation(signal->cascade.p, signal->acting);
    return RW_OK;
}

rw_err rw_signal_create(rw_signal *signal, const rw_signal_spec *spec, double interval_ms) {
    *signal = (rw_signal){.spec = spec, .interval_ms = interval_ms};
    rw_err err = create(signal, interval_ms);
    return err == RW_OK ? err : rw_fail_context(err, "%s", rw_mark_text_of("signal", spec->name, spec->mark).text);
}

void rw_signal_destroy(rw_signal *signal) {
    rw_mechanism_destroy(&signal->drive);
    rw_mechanism_destroy(&signal->cascade);
    rw_free(signal->drive_state);
    rw_free(signal->state);
    rw_free(signal->past);
    *signal = (rw_signal){0};
}

void rw_signal_advance(rw_signal *signal, const rw_drive_view *view, double left) {
    const rw_signal_model *model = &signal->spec->model->signal;
    signal->u = signal->spec->drive->drive.level(signal->drive.p, signal->drive_state, view);
    model->advance(signal->cascade.p, signal->state, signal->u, left);
    double now = signal->state[model->acting];
    signal->acting = now;
    if (signal->n_past > 0) {
        signal->acting = signal->past[signal->next];
        signal->past[signal->next] = now;
        signal->next = (signal->next + 1) % signal->n_past;
    }
    signal->formation = model->formation(signal->cascade.p, signal->acting);
}
