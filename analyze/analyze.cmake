# SPDX-License-Identifier: GPL-2.0-or-later
file(GLOB ANALYZE_SOURCES CONFIGURE_DEPENDS analyze/*.c)
add_library(analyze STATIC ${ANALYZE_SOURCES})
target_link_libraries(analyze PUBLIC facts core m)
