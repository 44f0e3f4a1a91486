/* Every model the program was built with. The list is generated from the files in models/. */
#ifndef RW_MODEL_REGISTRY_H
#define RW_MODEL_REGISTRY_H

#include <stdbool.h>

#include "model/model.h"

#define RW_NO_FIELD SIZE_MAX

/* Number of models of all kinds. */
size_t rw_registry_count(void);

/* Model `index`, 0 .. count - 1, ordered by kind, then name. */
const rw_model *rw_registry_at(size_t index);

/* The model of that kind and name, or NULL. */
const rw_model *rw_registry_find(rw_kind kind, const char *name);

/* "neuron", "receptor", "growth". */
const char *rw_kind_name(rw_kind kind);

/* "parameter", "derived", "state", "input", "port". */
const char *rw_role_name(rw_role role);

/* Index of a field by name, or RW_NO_FIELD. */
size_t rw_model_field(const rw_model *model, const char *name);

/* Whether the model's cells take conductances (have the inputs g_syn and gE_syn), so receptors can sit on them. */
bool rw_model_takes_receptors(const rw_model *model);

#endif
