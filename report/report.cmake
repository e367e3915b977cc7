# SPDX-License-Identifier: GPL-2.0-or-later
file(GLOB REPORT_SOURCES CONFIGURE_DEPENDS report/*.c)
add_library(report STATIC ${REPORT_SOURCES})
target_link_libraries(report PUBLIC analyze facts core PRIVATE PkgConfig::SMARTCOLS)
