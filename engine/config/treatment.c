#include "config/treatment.h"

#include <math.h>

/* The repetition of a dose, counted from 0, that begins first at or after a time; `times` or more: none does. */
static double repetition(const rw_dose_spec *dose, double at_ms, double time_ms) {
    if (time_ms <= at_ms)
        return 0.0;
    return dose->times > 1 ? ceil((time_ms - at_ms) / dose->every_ms) : 1.0;
}

/* The earliest dose of one kind after a time. */
static double next_of(const rw_dose_spec *dose, double after_ms) {
    double next_ms = INFINITY;
    for (size_t k = 0; k < dose->n_at; k++) {
        double number = repetition(dose, dose->at_ms[k], after_ms);
        double dose_ms = dose->at_ms[k] + number * dose->every_ms;
        if (dose_ms <= after_ms) {
            number += 1.0;
            dose_ms = dose->at_ms[k] + number * dose->every_ms;
        }
        if (number < (double)dose->times)
            next_ms = fmin(next_ms, dose_ms);
    }
    return next_ms;
}

/* The latest dose of one kind before a time; -INFINITY: there is none. */
static double last_of(const rw_dose_spec *dose, double before_ms) {
    double last_ms = -INFINITY;
    for (size_t k = 0; k < dose->n_at; k++) {
        const double beyond = repetition(dose, dose->at_ms[k], before_ms);
        const double number = fmin(beyond, (double)dose->times) - 1.0;
        if (number >= 0.0)
            last_ms = fmax(last_ms, dose->at_ms[k] + number * dose->every_ms);
    }
    return last_ms;
}

static double end_ms(const rw_scenario *scenario) {
    return (double)scenario->n_steps * scenario->step_ms;
}

double rw_treatment_next_ms(const rw_scenario *scenario, double after_ms) {
    double next_ms = INFINITY;
    for (size_t d = 0; d < scenario->n_drugs; d++)
        for (size_t k = 0; k < scenario->drugs[d].n_doses; k++)
            next_ms = fmin(next_ms, next_of(&scenario->drugs[d].doses[k], after_ms));
    return next_ms < end_ms(scenario) ? next_ms : INFINITY;
}

rw_treatment rw_treatment_of(const rw_scenario *scenario) {
    const double first_ms = rw_treatment_next_ms(scenario, -1.0);
    double last_ms = -INFINITY;
    for (size_t d = 0; d < scenario->n_drugs; d++)
        for (size_t k = 0; k < scenario->drugs[d].n_doses; k++)
            last_ms = fmax(last_ms, last_of(&scenario->drugs[d].doses[k], end_ms(scenario)));
    return isfinite(first_ms) ? (rw_treatment){first_ms, last_ms} : (rw_treatment){NAN, NAN};
}
