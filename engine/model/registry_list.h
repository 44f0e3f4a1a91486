/* The generated list of models, ended by NULL. Only registry.c reads it. */
#ifndef RW_MODEL_REGISTRY_LIST_H
#define RW_MODEL_REGISTRY_LIST_H

#include "model/model.h"

extern const rw_model *const rw_registry_list[];

#endif
