# sluis_subdirectories(a b ...): those of them that hold a CMakeLists.txt.
macro(sluis_subdirectories)
  foreach(folder ${ARGN})
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
      add_subdirectory(${folder})
    endif()
  endforeach()
endmacro()

# sluis_library(NAME name SRCS ... DEPS ...): one static library per folder, dependencies named.
# tests/arch goes through all of them and compiles each header alone.
function(sluis_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PUBLIC sluis_options ${ARG_DEPS})
  set_property(GLOBAL APPEND PROPERTY SLUIS_LIBRARIES ${ARG_NAME})
endfunction()

# sluis_binary(NAME target OUTPUT file SRCS ... DEPS ...)
function(sluis_binary)
  cmake_parse_arguments(ARG "" "NAME;OUTPUT" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE sluis_options ${ARG_DEPS})
  if(ARG_OUTPUT)
    set_target_properties(${ARG_NAME} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT})
  endif()
endfunction()

# sluis_test(NAME name SRCS ... DEPS ... LABELS ...): a GoogleTest binary that ctest runs as one test.
# The source folder is its working directory, so tests name files as the repository does. `core_tests` builds those
# that no gRPC runs in: all that the preset tsan can follow.
add_custom_target(core_tests)
function(sluis_test)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS;LABELS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE sluis_options ${ARG_DEPS} sluis_test_support GTest::gmock GTest::gtest GTest::gtest_main)
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${SLUIS_TEST_TIMEOUT})
  if(ARG_LABELS)
    set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${ARG_LABELS}")
  endif()
  if(NOT "grpc" IN_LIST ARG_LABELS)
    add_dependencies(core_tests ${ARG_NAME})
  endif()
endfunction()

# sluis_fuzz(NAME name SRCS ... DEPS ... CORPUS folder): with clang a libFuzzer target; in every build the
# same source runs its committed corpus as a test, so that no found input comes back.
# `fuzz_targets` builds all of them.
add_custom_target(fuzz_targets)
function(sluis_fuzz)
  cmake_parse_arguments(ARG "" "NAME;CORPUS" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE sluis_options ${ARG_DEPS})
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
  if(SLUIS_BUILD_FUZZERS)
    target_link_options(${ARG_NAME} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} -runs=0 "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CORPUS}")
  else()
    target_sources(${ARG_NAME} PRIVATE "${CMAKE_SOURCE_DIR}/tests/support/fuzz_corpus_main.cc")
    add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CORPUS}")
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS fuzz TIMEOUT 300)
  add_dependencies(fuzz_targets ${ARG_NAME})
endfunction()

# sluis_uses_beast(target): Boost fences, which the thread sanitizer says it cannot follow. What is fenced there is not
# shared between threads here.
function(sluis_uses_beast target)
  if(SLUIS_SANITIZE STREQUAL "thread")
    target_compile_options(${target} PRIVATE -Wno-tsan)
  endif()
endfunction()
