# Language level, warnings, hardening and sanitizers: one place, the same for every target of ours.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

# Several files of one target in one compilation, where a preset says so (CMAKE_UNITY_BUILD): two thirds of the time of
# a compilation go into headers. Helpers of one target therefore have different names, also in unnamed namespaces.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6)

option(SLUIS_BUILD_TESTS "Build the tests" ON)
option(SLUIS_BUILD_FUZZERS "Build the libFuzzer targets (clang only)" OFF)
option(SLUIS_WERROR "Warnings are errors" OFF)
set(SLUIS_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined or thread")

find_program(SLUIS_CCACHE ccache)
if(SLUIS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SLUIS_CCACHE}")
endif()

# Seconds after which a test counts as hanging.
set(SLUIS_TEST_TIMEOUT 300)
if(SLUIS_SANITIZE)
  set(SLUIS_TEST_TIMEOUT 1200)
endif()

# Interface target that carries what all of our code is compiled with (generated code is not).
add_library(sluis_options INTERFACE)
target_compile_options(sluis_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Werror=unused-result)
if(SLUIS_WERROR)
  target_compile_options(sluis_options INTERFACE -Werror)
endif()
target_include_directories(sluis_options INTERFACE "${CMAKE_SOURCE_DIR}")

if(SLUIS_SANITIZE)
  # What a report needs is the line; without optimisation the long tests take minutes.
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  add_compile_options(-fsanitize=${SLUIS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SLUIS_SANITIZE})
endif()
if(SLUIS_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # Line tables are what a stack trace needs; all of -g costs a third of the time of a build.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
  add_compile_options(-D_GLIBCXX_ASSERTIONS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_link_options(-pie -Wl,-z,relro,-z,now)
endif()
