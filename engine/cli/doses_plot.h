/* A picture of the drugs of a scenario. */
#ifndef RW_CLI_DOSES_PLOT_H
#define RW_CLI_DOSES_PLOT_H

#include "config/scenario.h"

/* Draws levels and blocked shares over the run as an SVG file. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT (no drugs). */
RW_MUST_CHECK rw_err rw_doses_plot(const rw_scenario *scenario, const char *path);

#endif
