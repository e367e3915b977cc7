# SPDX-License-Identifier: GPL-2.0-or-later
# tests/unit/test_NAME.c is one program, one ctest, labelled unit. It links every library there is
# and each source it names in a line "TEST_SOURCES: probes/foo.c" (a unit that is part of a program).
file(GLOB UNIT_TESTS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/test_*.c)
set(TEST_LIBS "")
foreach(LIB IN ITEMS report analyze recording tracelive trace probe microguest parse facts core)
	if(TARGET ${LIB})
		list(APPEND TEST_LIBS ${LIB})
	endif()
endforeach()
foreach(SOURCE IN LISTS UNIT_TESTS)
	get_filename_component(NAME ${SOURCE} NAME_WE)
	file(STRINGS ${SOURCE} EXTRA REGEX "TEST_SOURCES:")
	string(REGEX MATCHALL "[a-z0-9_/]+\\.c" EXTRA "${EXTRA}")
	add_executable(${NAME} ${SOURCE} ${EXTRA})
	target_link_libraries(${NAME} ${TEST_LIBS} PkgConfig::CMOCKA PkgConfig::LIBPCI Threads::Threads m)
	set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
	add_test(NAME unit/${NAME} COMMAND ${NAME})
	set_tests_properties(unit/${NAME} PROPERTIES LABELS unit TIMEOUT 60
		ENVIRONMENT "VFIOBENCH_SOURCE=${CMAKE_SOURCE_DIR};VFIOBENCH_BUILD=${CMAKE_BINARY_DIR}")
	if(NAME MATCHES "_(operating|samples)$")
		# Simulations of some seconds, ten times as much with sanitizers and nothing optimised.
		set_tests_properties(unit/${NAME} PROPERTIES TIMEOUT 300)
	endif()
endforeach()

# For scripts that compare documents line by line.
add_executable(print_document tests/lib/print_document.c)
target_link_libraries(print_document core)
set_target_properties(print_document PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# The rules there are, for golden/verdicts.
add_executable(print_rules tests/lib/print_rules.c)
target_link_libraries(print_rules ${TEST_LIBS})
set_target_properties(print_rules PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# Comparisons of all kinds, for golden/ci-outputs.
add_executable(write_comparison tests/lib/write_comparison.c tests/lib/sample_comparison.c)
target_link_libraries(write_comparison ${TEST_LIBS} PkgConfig::CMOCKA)
set_target_properties(write_comparison PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# A result made up, for golden/hostile; and what becomes of documents.
add_executable(write_result tests/lib/write_result.c tests/lib/sample.c tests/lib/sample_trace.c)
target_link_libraries(write_result ${TEST_LIBS} PkgConfig::CMOCKA)
set_target_properties(write_result PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# Known noise, for live/blame.
file(GLOB NOISE_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/lib/noise*.c)
add_executable(noise ${NOISE_SOURCES})
target_link_libraries(noise core Threads::Threads)
set_target_properties(noise PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# tests/{style,cli,golden,live}/NAME.sh: exit 0 passed, 77 skipped (the reason on stdout), else failed.
foreach(LABEL IN ITEMS style cli golden live)
	file(GLOB SCRIPTS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${LABEL}/*.sh)
	foreach(SCRIPT IN LISTS SCRIPTS)
		get_filename_component(NAME ${SCRIPT} NAME_WE)
		set(RUNNER sh)
		if(LABEL STREQUAL live)
			set(RUNNER sh ${CMAKE_SOURCE_DIR}/tests/lib/twice.sh)
		endif()
		add_test(NAME ${LABEL}/${NAME} COMMAND ${RUNNER} ${SCRIPT})
		set_tests_properties(${LABEL}/${NAME} PROPERTIES LABELS ${LABEL} SKIP_RETURN_CODE 77
			ENVIRONMENT "VFIOBENCH_SOURCE=${CMAKE_SOURCE_DIR};VFIOBENCH_BUILD=${CMAKE_BINARY_DIR}")
		if(LABEL STREQUAL live)
			# They change and restore settings of the one machine: never two at a time.
			set_tests_properties(${LABEL}/${NAME} PROPERTIES RUN_SERIAL ON TIMEOUT 400)
		else()
			set_tests_properties(${LABEL}/${NAME} PROPERTIES TIMEOUT 300)
		endif()
	endforeach()
endforeach()

# Nearly a thousand reports.
set_tests_properties(golden/hostile PROPERTIES TIMEOUT 900)

# It builds all there is once more, and fetches a system.
set_tests_properties(live/package PROPERTIES TIMEOUT 900)

# tests/bench/NAME.c: programs that measure us and a peer in one run; built, never run by ctest.
file(GLOB BENCHES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/*.c)
foreach(SOURCE IN LISTS BENCHES)
	get_filename_component(NAME ${SOURCE} NAME_WE)
	file(STRINGS ${SOURCE} EXTRA REGEX "TEST_SOURCES:")
	string(REGEX MATCHALL "[a-z0-9_/]+\\.c" EXTRA "${EXTRA}")
	add_executable(bench_${NAME} ${SOURCE} ${EXTRA})
	target_link_libraries(bench_${NAME} ${TEST_LIBS} Threads::Threads m)
	set_target_properties(bench_${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endforeach()

# Helpers of the golden tests.
add_executable(check_document ${CMAKE_SOURCE_DIR}/tests/golden/check_document.c)
target_link_libraries(check_document ${TEST_LIBS})
add_executable(print_trace ${CMAKE_SOURCE_DIR}/tests/golden/print_trace.c)
target_link_libraries(print_trace ${TEST_LIBS})
add_executable(write_trace ${CMAKE_SOURCE_DIR}/tests/golden/write_trace.c)
target_link_libraries(write_trace ${TEST_LIBS})
add_executable(print_statistics tests/golden/print_statistics.c tests/lib/naive.c
	tests/lib/study_boots.c tests/lib/study_reps.c tests/lib/study_samples.c)
target_link_libraries(print_statistics ${TEST_LIBS} m)
set_target_properties(check_document print_statistics print_trace write_trace PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# tests/fuzz/fuzz_NAME.c: LLVMFuzzerTestOneInput() over one parser. By default linked with a main() that
# replays files (golden/replay); with VFIOBENCH_FUZZ, by clang, a fuzzer and a ctest labelled fuzz.
file(GLOB FUZZERS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
foreach(SOURCE IN LISTS FUZZERS)
	get_filename_component(NAME ${SOURCE} NAME_WE)
	file(STRINGS ${SOURCE} EXTRA REGEX "TEST_SOURCES:")
	string(REGEX MATCHALL "[a-z0-9_/]+\\.c" EXTRA "${EXTRA}")
	add_executable(${NAME} ${SOURCE} ${EXTRA})
	target_link_libraries(${NAME} ${TEST_LIBS} PkgConfig::LIBPCI Threads::Threads m)
	set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
	# The checks of a fuzz target are assertions.
	target_compile_options(${NAME} PRIVATE -UNDEBUG)
	if(VFIOBENCH_FUZZ)
		target_link_options(${NAME} PRIVATE -fsanitize=fuzzer)
		add_test(NAME fuzz/${NAME} COMMAND sh ${CMAKE_SOURCE_DIR}/tests/fuzz/run.sh ${NAME})
		set_tests_properties(fuzz/${NAME} PROPERTIES LABELS fuzz TIMEOUT 600
			ENVIRONMENT "VFIOBENCH_SOURCE=${CMAKE_SOURCE_DIR};VFIOBENCH_BUILD=${CMAKE_BINARY_DIR}")
	else()
		target_sources(${NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tests/lib/replay.c)
	endif()
endforeach()
