# Compiler flags. Equal bits everywhere need IEEE arithmetic as written: no contraction, no fast-math. Giving up errno
# and traps changes no result and lets loops with clamps vectorise.
add_library(rewire_flags INTERFACE)
target_compile_options(rewire_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
                       -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd -fno-omit-frame-pointer)
target_compile_definitions(rewire_flags INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  target_compile_options(rewire_flags INTERFACE -Wno-pass-failed) # a loop that this compiler does not vectorise is slower, not wrong
endif()
if(REWIRE_WERROR)
  target_compile_options(rewire_flags INTERFACE -Werror)
endif()
if(REWIRE_OPENMP)
  # an unknown omp pragma is an error only where OpenMP is on
else()
  target_compile_options(rewire_flags INTERFACE -Wno-unknown-pragmas)
endif()
set(CMAKE_C_FLAGS_RELEASE "-O3")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g3")

if(REWIRE_SANITIZE)
  target_compile_options(rewire_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(rewire_flags INTERFACE -fsanitize=address,undefined)
endif()

# Versioned kernels need gcc on x86-64; under the sanitizers the plain version is tested.
if(REWIRE_MULTIVERSION AND NOT REWIRE_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU"
   AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_definitions(rewire_flags INTERFACE RW_MULTIVERSION)
elseif(REWIRE_ARCH)
  target_compile_options(rewire_flags INTERFACE -march=${REWIRE_ARCH})
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # The one version then takes the processors of 2013 and later if this is one: without the instruction every fused
  # multiply-add is a call. The bits are the same.
  include(CheckCSourceRuns)
  set(CMAKE_REQUIRED_FLAGS -march=x86-64-v3)
  check_c_source_runs("int main(void) { return !(__builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"fma\")); }"
                      REWIRE_HAS_X86_64_V3)
  unset(CMAKE_REQUIRED_FLAGS)
  if(REWIRE_HAS_X86_64_V3)
    target_compile_options(rewire_flags INTERFACE -march=x86-64-v3)
  endif()
endif()
