# The version, the revision and the flags the program was built with, for provenance. The revision is asked for at every
# build, because sources change without a new configuration; outside a checkout it is "unknown".
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_target_property(flags rewire_flags INTERFACE_COMPILE_OPTIONS)
list(FILTER flags EXCLUDE REGEX "^-W")
list(JOIN flags " " flags)
string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${build_type}} ${flags}" REWIRE_FLAGS)
string(REPLACE "\"" "'" REWIRE_FLAGS "${REWIRE_FLAGS}")
configure_file(${CMAKE_SOURCE_DIR}/cmake/version_values.h.in ${CMAKE_BINARY_DIR}/generated/version_values.h @ONLY)
add_custom_target(revision COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR}
                                   -DOUTPUT=${CMAKE_BINARY_DIR}/generated/revision.h -P ${CMAKE_SOURCE_DIR}/cmake/Revision.cmake
                  BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/revision.h COMMENT "" VERBATIM)
