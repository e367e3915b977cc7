# SPDX-License-Identifier: GPL-2.0-or-later
file(GLOB REPORT_SOURCES CONFIGURE_DEPENDS report/*.c)
add_library(report STATIC ${REPORT_SOURCES} report/style.S report/vocabulary.S)
set_source_files_properties(report/style.S PROPERTIES OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/report/style.css)
target_link_libraries(report PUBLIC analyze facts core PRIVATE PkgConfig::SMARTCOLS PkgConfig::LIBXML2 PkgConfig::NETTLE)

# What the program itself says names nobody. Written anew when a word came or went.
set(VOCABULARY ${CMAKE_BINARY_DIR}/vocabulary/vocabulary.list)
file(GLOB VOCABULARY_SOURCES CONFIGURE_DEPENDS core/*.c facts/*.c probes/*.c probes/*/*.c analyze/*.c report/*.c cli/*.c)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/vocabulary)
add_custom_command(OUTPUT ${VOCABULARY}
	COMMAND awk -v out=${VOCABULARY}.all -f ${CMAKE_SOURCE_DIR}/report/vocabulary.awk ${CMAKE_SOURCE_DIR}/report/vocabulary.txt ${VOCABULARY_SOURCES}
	COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C sort -u -o ${VOCABULARY}.new ${VOCABULARY}.all
	COMMAND ${CMAKE_COMMAND} -E copy_if_different ${VOCABULARY}.new ${VOCABULARY}
	DEPENDS report/vocabulary.awk report/vocabulary.txt ${VOCABULARY_SOURCES}
	COMMENT "Collecting the words that may be shared"
	VERBATIM)
set_source_files_properties(report/vocabulary.S PROPERTIES OBJECT_DEPENDS ${VOCABULARY}
	INCLUDE_DIRECTORIES ${CMAKE_BINARY_DIR}/vocabulary)
