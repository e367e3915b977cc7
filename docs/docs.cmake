# SPDX-License-Identifier: GPL-2.0-or-later
add_executable(vfiobench-docs docs/generate.c docs/guide_map.c docs/schemas.c)
target_link_libraries(vfiobench-docs analyze probe facts core)
