# SPDX-License-Identifier: GPL-2.0-or-later
file(GLOB CLI_SOURCES CONFIGURE_DEPENDS cli/*.c)
add_executable(vfiobench ${CLI_SOURCES})
# From the program to its probes, so that a tree that was installed can be moved as a whole.
file(RELATIVE_PATH LIBEXEC_FROM_BIN ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBEXECDIR}/vfiobench)
target_link_libraries(vfiobench PRIVATE report analyze capture tracer tracelive probe facts core PkgConfig::CAPNG Threads::Threads)
target_compile_definitions(vfiobench PRIVATE
	VFIOBENCH_LIBEXEC_FROM_BIN="${LIBEXEC_FROM_BIN}"
	VFIOBENCH_VERSION="${PROJECT_VERSION}"
	VFIOBENCH_LIBEXECDIR="${CMAKE_INSTALL_FULL_LIBEXECDIR}/vfiobench")
install(TARGETS vfiobench DESTINATION ${CMAKE_INSTALL_BINDIR})
