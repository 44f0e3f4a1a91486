/* The doses of a scenario, of all its drugs, as moments in time. */
#ifndef RW_CONFIG_TREATMENT_H
#define RW_CONFIG_TREATMENT_H

#include "config/scenario.h"

/* When the first and the last dose of all drugs begin, biological time; of those within the run. */
typedef struct {
    double first_ms, last_ms; /* NAN: there is no dose */
} rw_treatment;

/* The first and the last dose. */
rw_treatment rw_treatment_of(const rw_scenario *scenario);

/* When the earliest dose after `after_ms` begins, ms; INFINITY: there is none within the run. Doses of several drugs at
 * one time are one. */
double rw_treatment_next_ms(const rw_scenario *scenario, double after_ms);

#endif
