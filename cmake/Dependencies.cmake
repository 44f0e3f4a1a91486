# Finds every library. What is missing is said by name, with the Debian package that has it, all at once.
set(missing "")
macro(rewire_need found what package)
  if(NOT ${found})
    list(APPEND missing "  ${what}  (Debian or Ubuntu: ${package})")
  endif()
endmacro()

set(HDF5_PREFER_PARALLEL OFF)
find_package(HDF5 COMPONENTS C QUIET)
rewire_need(HDF5_FOUND "HDF5 >= 1.10" libhdf5-dev)

find_package(ZLIB QUIET)
rewire_need(ZLIB_FOUND "zlib" zlib1g-dev)

find_path(YAML_INCLUDE yaml.h)
find_library(YAML_LIBRARY yaml)
if(YAML_INCLUDE AND YAML_LIBRARY)
  set(YAML_FOUND ON)
endif()
rewire_need(YAML_FOUND "libyaml" libyaml-dev)

find_path(UDUNITS_INCLUDE udunits2.h PATH_SUFFIXES udunits2)
find_library(UDUNITS_LIBRARY udunits2)
if(UDUNITS_INCLUDE AND UDUNITS_LIBRARY)
  set(UDUNITS_FOUND ON)
endif()
rewire_need(UDUNITS_FOUND "UDUNITS-2" libudunits2-dev)

find_package(GSL QUIET)
rewire_need(GSL_FOUND "GSL" libgsl-dev)

if(REWIRE_OPENMP)
  find_package(OpenMP COMPONENTS C QUIET)
  rewire_need(OpenMP_C_FOUND "OpenMP" "libgomp1 with gcc, libomp-dev with clang, or configure with the preset 'serial'")
endif()

if(REWIRE_MPI)
  find_package(MPI COMPONENTS C QUIET)
  rewire_need(MPI_C_FOUND "MPI" "libopenmpi-dev openmpi-bin, or configure with -DREWIRE_MPI=OFF")
endif()

if(REWIRE_TESTS)
  find_path(CMOCKA_INCLUDE cmocka.h)
  find_library(CMOCKA_LIBRARY cmocka)
  if(CMOCKA_INCLUDE AND CMOCKA_LIBRARY)
    set(CMOCKA_FOUND ON)
  endif()
  rewire_need(CMOCKA_FOUND "cmocka" "libcmocka-dev, or configure with -DREWIRE_TESTS=OFF")
  find_path(RANDOM123_INCLUDE Random123/philox.h)
  if(RANDOM123_INCLUDE)
    set(RANDOM123_FOUND ON)
  endif()
  rewire_need(RANDOM123_FOUND "Random123" "librandom123-dev, or configure with -DREWIRE_TESTS=OFF")
  # The first Python that has h5py: the system's often has it where a newer one in front of it has not.
  foreach(candidate python3 /usr/bin/python3)
    if(NOT REWIRE_PYTHON)
      execute_process(COMMAND ${candidate} -c "import h5py, numpy, yaml" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
      if(NOT failed)
        set(REWIRE_PYTHON ${candidate} CACHE STRING "Python that runs the tests")
      endif()
    endif()
  endforeach()
  rewire_need(REWIRE_PYTHON "Python 3 with h5py, numpy and yaml"
              "python3-h5py python3-numpy python3-yaml, or configure with -DREWIRE_TESTS=OFF")
endif()

if(missing)
  string(REPLACE ";" "\n" missing "${missing}")
  message(FATAL_ERROR "rewire cannot be built, because these are missing:\n${missing}\n"
                      "On Debian or Ubuntu as root, ./dev build installs them. On a cluster load the modules that have them, and "
                      "name their folders in CMAKE_PREFIX_PATH.")
endif()

add_library(rewire_dependencies INTERFACE)
target_include_directories(rewire_dependencies SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS} ${YAML_INCLUDE} ${UDUNITS_INCLUDE})
target_link_libraries(rewire_dependencies INTERFACE ${HDF5_C_LIBRARIES} ZLIB::ZLIB ${YAML_LIBRARY} ${UDUNITS_LIBRARY}
                      GSL::gsl GSL::gslcblas m)
if(REWIRE_OPENMP)
  target_link_libraries(rewire_dependencies INTERFACE OpenMP::OpenMP_C)
endif()
if(REWIRE_MPI)
  target_link_libraries(rewire_dependencies INTERFACE MPI::MPI_C)
endif()
