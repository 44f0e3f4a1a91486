# The version, the revision and the flags the program was built with, for provenance.
find_package(Git QUIET)
set(REWIRE_REVISION "unknown")
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty --tags WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND revision)
    set(REWIRE_REVISION ${revision})
  endif()
endif()
set(REWIRE_FLAGS "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${CMAKE_BUILD_TYPE}}")
string(STRIP "${REWIRE_FLAGS}" REWIRE_FLAGS)
configure_file(${CMAKE_SOURCE_DIR}/cmake/version_values.h.in ${CMAKE_BINARY_DIR}/generated/version_values.h @ONLY)
