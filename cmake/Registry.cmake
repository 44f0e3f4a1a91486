# Generates the list of all models from the files in models/<kind>/. A file NAME.c defines rw_<kind>_NAME.
set(REGISTRY_SOURCE ${CMAKE_BINARY_DIR}/generated/registry_list.c)
set(declarations "")
set(entries "")
foreach(folder_kind neurons:neuron receptors:receptor growth:growth drugs:drug compounds:compound actions:action synapses:synapse drives:drive
    signals:signal)
  string(REPLACE ":" ";" pair ${folder_kind})
  list(GET pair 0 folder)
  list(GET pair 1 kind)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/models/${folder}/*.c)
  list(SORT files)
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(APPEND declarations "extern const rw_model rw_${kind}_${name};\n")
    string(APPEND entries "    &rw_${kind}_${name},\n")
  endforeach()
endforeach()
file(CONFIGURE OUTPUT ${REGISTRY_SOURCE} CONTENT [=[/* Generated from the files in models/. */
#include "model/registry_list.h"

@declarations@
const rw_model *const rw_registry_list[] = {
@entries@    NULL,
};
]=] @ONLY)
