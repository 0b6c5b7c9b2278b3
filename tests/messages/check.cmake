# Compiles SOURCE, which must fail with every `// expect: sentence` in it (`expect-gcc:` and `expect-clang:` bind one
# compiler) and with one error (or as many as `// errors: N` says; `errors-gcc:` and
# `errors-clang:` likewise).
set(ENV{LC_ALL} C) # plain quotes, English
list(TRANSFORM INCLUDES PREPEND -I)
separate_arguments(FLAGS UNIX_COMMAND "${FLAGS}")
execute_process(COMMAND ${COMPILER} -std=c++20 ${FLAGS} ${INCLUDES} -fsyntax-only ${SOURCE}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)

set(problems "")
if(result EQUAL 0)
  string(APPEND problems "it compiles, and must not\n")
endif()

if(COMPILER_ID STREQUAL "GNU")
  set(compiler gcc)
else()
  set(compiler clang)
endif()
file(STRINGS ${SOURCE} sentences REGEX "^// expect(-${compiler})?: ")
if(NOT sentences)
  string(APPEND problems "it expects nothing\n")
endif()
foreach(sentence IN LISTS sentences)
  string(REGEX REPLACE "^// expect[^:]*: " "" sentence "${sentence}")
  string(FIND "${output}" "${sentence}" position)
  if(position EQUAL -1)
    string(APPEND problems "missing: ${sentence}\n")
  endif()
endforeach()

file(STRINGS ${SOURCE} expected REGEX "^// errors(-${compiler})?: ")
string(REGEX REPLACE "^// errors[^:]*: " "" expected "${expected}")
if(expected STREQUAL "")
  set(expected 1)
endif()
string(REGEX MATCHALL "[0-9]: (fatal )?error: " errors "${output}")
list(LENGTH errors count)
if(NOT count EQUAL expected)
  string(APPEND problems "${count} errors, expected ${expected}\n")
endif()

if(problems)
  message("${problems}The compiler said:\n${output}")
  message(FATAL_ERROR "${SOURCE} does not fail as it should")
endif()
