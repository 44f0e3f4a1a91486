# The Python module (engine/python) and the shared library librewire.so that it steps. Where librewire is a static library, the shared
# one is linked from the same objects and shows the functions of engine/rewire.h alone.
if(BUILD_SHARED_LIBS)
  set(python_library librewire)
else()
  set_target_properties(librewire PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
  file(WRITE ${CMAKE_BINARY_DIR}/generated/empty.c "/* All there is comes from the static library. */\ntypedef int nothing;\n")
  add_library(rewire_python SHARED ${CMAKE_BINARY_DIR}/generated/empty.c)
  target_link_libraries(rewire_python PRIVATE -Wl,--whole-archive librewire -Wl,--no-whole-archive)
  set_target_properties(rewire_python PROPERTIES OUTPUT_NAME rewire)
  set(python_library rewire_python)
endif()

set(REWIRE_PYTHON_FOLDER ${CMAKE_INSTALL_LIBDIR}/python3/dist-packages CACHE STRING
    "Where the Python module is installed, below the prefix; the folder has to be on PYTHONPATH unless Python searches it anyway")
install(DIRECTORY engine/python/rewire DESTINATION ${REWIRE_PYTHON_FOLDER} FILES_MATCHING PATTERN "*.py" PATTERN "py.typed"
        PATTERN "__pycache__" EXCLUDE)
if(BUILD_SHARED_LIBS)
  # beside the module as a link that moves with the installation
  file(RELATIVE_PATH library_from_module ${CMAKE_INSTALL_PREFIX}/${REWIRE_PYTHON_FOLDER}/rewire ${CMAKE_INSTALL_FULL_LIBDIR})
  install(CODE "file(CREATE_LINK ${library_from_module}/librewire.so
    \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${REWIRE_PYTHON_FOLDER}/rewire/librewire.so\" SYMBOLIC)")
else()
  install(TARGETS rewire_python LIBRARY DESTINATION ${REWIRE_PYTHON_FOLDER}/rewire)
endif()
