# Cross-compiles for 64-bit Arm with Debian's compiler and the libraries that tests/nightly/fetch_arm64 has laid below
# REWIRE_ARM64_ROOT; what is built runs in QEMU.
set(REWIRE_ARM64_ROOT ${CMAKE_SOURCE_DIR}/build/arm64_root CACHE PATH "Folder with the libraries")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES REWIRE_ARM64_ROOT)
set(libraries ${REWIRE_ARM64_ROOT}/usr/lib/aarch64-linux-gnu)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_SYSROOT ${REWIRE_ARM64_ROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-rpath,/usr/lib/aarch64-linux-gnu/hdf5/serial")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64;-L;${REWIRE_ARM64_ROOT})

# This machine's h5cc would name this machine's HDF5.
set(HDF5_C_COMPILER_EXECUTABLE ${libraries}/no-h5cc CACHE FILEPATH "None")
set(HDF5_C_INCLUDE_DIR ${REWIRE_ARM64_ROOT}/usr/include/hdf5/serial CACHE PATH "HDF5's headers")
set(HDF5_hdf5_LIBRARY_RELEASE ${libraries}/hdf5/serial/libhdf5.so CACHE FILEPATH "HDF5's library")
