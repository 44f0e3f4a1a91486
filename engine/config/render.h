/* Writing parts of a scenario as YAML that reads back to the same bits. */
#ifndef RW_CONFIG_RENDER_H
#define RW_CONFIG_RENDER_H

#include <stdio.h>

#include "config/number.h"
#include "config/scenario.h"

/* Each writes one value, without a line break; failures stay in the stream's error flag. */

/* Text: plain if it is a word, else in double quotes. */
void rw_render_text(FILE *out, const char *text);

/* Writes the path of a file that a scenario names, as a full path if the folder of the scenario has one, so that the
 * resolved scenario can stand anywhere. */
void rw_render_path(FILE *out, const rw_scenario *scenario, const char *file);

/* A number with its unit (none for "1"). */
void rw_render_number(FILE *out, double number, const char *unit);

/* A time in steps, in ms. */
void rw_render_steps(FILE *out, double step_ms, uint64_t steps);

/* A constant or a distribution; a table becomes null, whose reason stands in a comment. */
void rw_render_value(FILE *out, const rw_value *value, const char *unit);

/* Every parameter and initial state of a model, set or not, one line each, behind `indent` spaces; tables
 * become comments. Of an NMDA receptor that is split by subunit, what differs between them stays a comment unless it
 * was set. */
void rw_render_fields(FILE *out, int indent, const rw_model *model, const rw_setting *settings, size_t n,
                      bool by_subunit);

/* A constant, {steps: ...} or {table: ...}. */
void rw_render_schedule(FILE *out, double step_ms, const rw_schedule *schedule, const char *unit);

/* all, {first: n}, {fraction: f} or {ids: [...]} of a population of `count`. */
void rw_render_selection(FILE *out, const rw_selection *selection, uint64_t count);

/* [pyr, pyr_pyr]: populations, then projections. */
void rw_render_places(FILE *out, const rw_scenario *scenario, const rw_places *places);

/* [1500 um, 1500 um] */
void rw_render_lengths(FILE *out, const double *lengths_um, int n);

/* {ampa: 1, exc: 0.5}: shares of a population's receptors and ports. */
void rw_render_shares(FILE *out, const rw_population_spec *population, const rw_share *shares, size_t n_shares);

#endif
