/* What a JSON Schema of the scenario language refers to: numbers, quantities, distributions, courses, selections,
 * models. */
#ifndef RW_CONFIG_SCHEMA_DEFINITIONS_H
#define RW_CONFIG_SCHEMA_DEFINITIONS_H

#include "base/json.h"
#include "model/model.h"

/* Writes the definitions: quantity, number (which may have no unit), whole, flag, text, names, distribution, course and
 * selection, and one for the parameters of each model (neuron.adex). */
void rw_schema_write_definitions(rw_json *json);

/* Refers to a definition under a key, or in an array (key NULL). */
void rw_schema_refer(rw_json *json, const char *key, const char *definition);

/* A string; pattern may be NULL. */
void rw_schema_write_string(rw_json *json, const char *key, const char *pattern);

/* An array of n (0: any number) of what a definition describes. */
void rw_schema_write_array(rw_json *json, const char *key, const char *definition, uint64_t n);

/* Writes the parameters and initial states of a model as properties. */
void rw_schema_write_parameters(rw_json *json, const rw_model *model);

/* Whether a scenario can set a field. */
bool rw_schema_is_settable(const rw_field *field);

/* Whether `target` is another name of a field of the model. */
bool rw_schema_has_target(const rw_model *model);

/* Whether a number in this unit may stand alone; of weights (NULL) the receptors decide. */
bool rw_schema_is_plain(const char *unit);

#endif
