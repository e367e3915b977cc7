# SPDX-License-Identifier: GPL-2.0-or-later
file(GLOB REPORT_SOURCES CONFIGURE_DEPENDS report/*.c)
add_library(report STATIC ${REPORT_SOURCES} report/style.S)
set_source_files_properties(report/style.S PROPERTIES OBJECT_DEPENDS ${CMAKE_SOURCE_DIR}/report/style.css)
target_link_libraries(report PUBLIC analyze facts core PRIVATE PkgConfig::SMARTCOLS PkgConfig::LIBXML2)
