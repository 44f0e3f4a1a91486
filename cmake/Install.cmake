# What `cmake --install` leaves: the program, the library for programs of others, and how those find it:
# pkg-config (cc program.c $(pkg-config --cflags --libs rewire)) and CMake (find_package(rewire), target rewire::rewire).
# Before version 1.0 every minor version may change the library's interface.
set(interface_version ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
set_target_properties(librewire PROPERTIES OUTPUT_NAME rewire EXPORT_NAME rewire VERSION ${PROJECT_VERSION}
                      SOVERSION ${interface_version})
if(BUILD_SHARED_LIBS)
  file(RELATIVE_PATH library_from_program ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(rewire PROPERTIES INSTALL_RPATH "$ORIGIN/${library_from_program}")
endif()

# What the library itself links: a static one has no record of it. Named one by one, because a module such as igraph's
# asks in `pkg-config --static` for libraries that its package does not bring.
set(linked ${HDF5_C_LIBRARIES} ${ZLIB_LIBRARIES} ${OPENSSL_CRYPTO_LIBRARY} ${YAML_LIBRARY} ${YAJL_LIBRARY} ${UDUNITS_LIBRARY} ${GSL_LIBRARIES})
foreach(library IGRAPH PAPI LIKWID)
  if(REWIRE_${library})
    list(APPEND linked ${${library}_LIBRARY})
  endif()
endforeach()
if(REWIRE_MPI)
  list(APPEND linked ${MPI_C_LIBRARIES})
endif()
list(REMOVE_DUPLICATES linked)
if(REWIRE_OPENMP)
  separate_arguments(openmp NATIVE_COMMAND "${OpenMP_C_FLAGS}")
  list(APPEND linked ${openmp})
endif()
list(APPEND linked -lm)
list(JOIN linked " " REWIRE_LIBS_PRIVATE)
if(BUILD_SHARED_LIBS)
  set(REWIRE_STATIC_LINKED "")
  set(REWIRE_LIBS "")
else()
  set(REWIRE_STATIC_LINKED "${linked}")
  set(REWIRE_LIBS " ${REWIRE_LIBS_PRIVATE}")
endif()

include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/rewire)
set(module_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH REWIRE_PREFIX ${CMAKE_INSTALL_PREFIX}/${module_folder} ${CMAKE_INSTALL_PREFIX}) # wherever it is installed
configure_file(cmake/rewire.pc.in rewire.pc @ONLY)
configure_package_config_file(cmake/rewire-config.cmake.in ${CMAKE_BINARY_DIR}/rewire-config.cmake
                              INSTALL_DESTINATION ${package_folder} NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/rewire-config-version.cmake COMPATIBILITY SameMinorVersion)

install(TARGETS rewire)
install(TARGETS librewire EXPORT rewire INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rewire)
install(EXPORT rewire NAMESPACE rewire:: FILE rewire-targets.cmake DESTINATION ${package_folder})
install(FILES ${CMAKE_BINARY_DIR}/rewire-config.cmake ${CMAKE_BINARY_DIR}/rewire-config-version.cmake DESTINATION ${package_folder})
install(FILES ${CMAKE_BINARY_DIR}/rewire.pc DESTINATION ${module_folder})
install(FILES engine/rewire.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rewire)
install(FILES engine/base/error.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rewire/base)

# What goes to share/: pages of the manual, completion for shells, the schema of scenarios, an environment module, scenarios that
# run as they are.
if(NOT CMAKE_CROSSCOMPILING) # the program writes its pages and the schema itself
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/share/rewire.schema.json
                     COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:rewire> -DFOLDER=${CMAKE_BINARY_DIR}/share/man1 -P
                             ${CMAKE_SOURCE_DIR}/cmake/ManPages.cmake
                     COMMAND rewire schema > ${CMAKE_BINARY_DIR}/share/rewire.schema.json
                     DEPENDS rewire cmake/ManPages.cmake COMMENT "Writing the manual and the schema" VERBATIM)
  add_custom_target(manual ALL DEPENDS ${CMAKE_BINARY_DIR}/share/rewire.schema.json)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/share/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
  install(FILES ${CMAKE_BINARY_DIR}/share/rewire.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/rewire)
endif()
install(FILES packaging/completion/rewire.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME rewire)
install(FILES packaging/completion/_rewire DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES packaging/completion/rewire.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
configure_file(packaging/modulefile/rewire.in modulefile @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/modulefile DESTINATION ${CMAKE_INSTALL_DATADIR}/rewire/modulefiles/rewire RENAME ${PROJECT_VERSION})
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/rewire USE_SOURCE_PERMISSIONS)
install(FILES README.md CHANGELOG.md LICENSE CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "_static" EXCLUDE)
