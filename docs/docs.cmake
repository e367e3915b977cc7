# SPDX-License-Identifier: GPL-2.0-or-later
add_executable(vfiobench-docs docs/generate.c docs/guide_map.c docs/schemas.c)
target_link_libraries(vfiobench-docs analyze probe facts core)

# Manual pages, completions and schemas are made from --help and the tables, each time these change.
set(MANUAL ${CMAKE_BINARY_DIR}/manual)
file(GLOB MAN_TEMPLATES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/man/*.1.in)
file(GLOB MANUAL_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.awk ${CMAKE_SOURCE_DIR}/docs/completions/*)
set(MAN_PAGES "")
foreach(TEMPLATE IN LISTS MAN_TEMPLATES)
	get_filename_component(PAGE ${TEMPLATE} NAME_WLE)
	list(APPEND MAN_PAGES ${MANUAL}/man/${PAGE})
endforeach()
set(SCHEMAS "")
foreach(NAME IN ITEMS probe result findings comparison fleet baseline calibration)
	list(APPEND SCHEMAS ${MANUAL}/schema/${NAME}.schema.json)
endforeach()
set(COMPLETIONS ${MANUAL}/completions/vfiobench ${MANUAL}/completions/_vfiobench ${MANUAL}/completions/vfiobench.fish)
add_custom_command(OUTPUT ${MAN_PAGES} ${COMPLETIONS} ${SCHEMAS} ${MANUAL}/options
	COMMAND sh ${CMAKE_SOURCE_DIR}/docs/make.sh ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR} ${MANUAL} ${PROJECT_VERSION}
		${CMAKE_INSTALL_FULL_DATADIR}/vfiobench ${CMAKE_INSTALL_FULL_DOCDIR}
	DEPENDS vfiobench vfiobench-docs docs/make.sh ${MAN_TEMPLATES} ${MANUAL_SOURCES}
	COMMENT "Manual pages, completions and schemas" VERBATIM)
add_custom_target(manual ALL DEPENDS ${MAN_PAGES} ${COMPLETIONS} ${SCHEMAS})

install(FILES ${MAN_PAGES} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${SCHEMAS} DESTINATION ${CMAKE_INSTALL_DATADIR}/vfiobench/schema)
install(FILES ${MANUAL}/completions/vfiobench DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${MANUAL}/completions/_vfiobench DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${MANUAL}/completions/vfiobench.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md CHANGELOG.md docs/reading-the-report.md docs/report.png docs/compare.png docs/using-it.md docs/what-it-cannot-see.md docs/result-format.md docs/bundle-format.md
	docs/statistics.md docs/guide-map.md docs/ci.md docs/ci-security.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
