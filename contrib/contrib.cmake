# SPDX-License-Identifier: GPL-2.0-or-later
# Budgets, baselines and examples are installed as they are below share/vfiobench; units and
# sudoers name the installed program.
file(GLOB BASELINES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/baselines/*)
install(FILES ${BASELINES} DESTINATION ${CMAKE_INSTALL_DATADIR}/vfiobench/baselines)

install(FILES contrib/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/vfiobench/contrib)
foreach(FOLDER IN ITEMS github gitlab prometheus grafana ansible)
	file(GLOB FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/contrib/${FOLDER}/*)
	set(SCRIPTS ${FILES})
	list(FILTER SCRIPTS INCLUDE REGEX "\\.sh$")
	list(FILTER FILES EXCLUDE REGEX "\\.sh$")
	install(FILES ${FILES} DESTINATION ${CMAKE_INSTALL_DATADIR}/vfiobench/contrib/${FOLDER})
	install(PROGRAMS ${SCRIPTS} DESTINATION ${CMAKE_INSTALL_DATADIR}/vfiobench/contrib/${FOLDER})
endforeach()

file(GLOB_RECURSE UNITS CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/contrib/systemd/*)
foreach(UNIT IN LISTS UNITS)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${UNIT})
	file(READ ${CMAKE_SOURCE_DIR}/${UNIT} TEXT)
	string(REPLACE "/usr/bin/vfiobench" "${CMAKE_INSTALL_FULL_BINDIR}/vfiobench" TEXT "${TEXT}")
	file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${UNIT} CONTENT "${TEXT}" @ONLY)
	get_filename_component(FOLDER ${UNIT} DIRECTORY)
	install(FILES ${CMAKE_BINARY_DIR}/${UNIT} DESTINATION ${CMAKE_INSTALL_DATADIR}/vfiobench/${FOLDER})
endforeach()

# Where examples are looked for; jobs and playbooks name the other path.
file(RELATIVE_PATH EXAMPLES ${CMAKE_INSTALL_FULL_DOCDIR} ${CMAKE_INSTALL_FULL_DATADIR}/vfiobench/contrib)
file(CREATE_LINK ${EXAMPLES} ${CMAKE_BINARY_DIR}/examples SYMBOLIC)
install(FILES ${CMAKE_BINARY_DIR}/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
