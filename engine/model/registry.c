#include "model/registry.h"

#include <string.h>

#include "model/registry_list.h"

size_t rw_registry_count(void) {
    size_t count = 0;
    while (rw_registry_list[count] != NULL)
        count++;
    return count;
}

const rw_model *rw_registry_at(size_t index) {
    return rw_registry_list[index];
}

const rw_model *rw_registry_find(rw_kind kind, const char *name) {
    for (const rw_model *const *model = rw_registry_list; *model != NULL; model++)
        if ((*model)->kind == kind && strcmp((*model)->name, name) == 0)
            return *model;
    return NULL;
}

const char *rw_kind_name(rw_kind kind) {
    static const char *const names[] = {[RW_NEURON] = "neuron",   [RW_RECEPTOR] = "receptor", [RW_GROWTH] = "growth",
                                        [RW_DRUG] = "drug",       [RW_COMPOUND] = "compound", [RW_ACTION] = "action",
                                        [RW_SYNAPSE] = "synapse", [RW_DRIVE] = "drive",       [RW_SIGNAL] = "signal"};
    return names[kind];
}

const char *rw_role_name(rw_role role) {
    static const char *const names[] = {[RW_PARAMETER] = "parameter",
                                        [RW_DERIVED] = "derived",
                                        [RW_STATE] = "state",
                                        [RW_INPUT] = "input",
                                        [RW_PORT] = "port"};
    return names[role];
}

size_t rw_model_field(const rw_model *model, const char *name) {
    for (size_t field = 0; field < model->n_fields; field++)
        if (strcmp(model->fields[field].name, name) == 0)
            return field;
    return RW_NO_FIELD;
}

bool rw_model_takes_receptors(const rw_model *model) {
    return model->kind == RW_NEURON && rw_model_field(model, "g_syn") != RW_NO_FIELD &&
           rw_model_field(model, "gE_syn") != RW_NO_FIELD;
}
