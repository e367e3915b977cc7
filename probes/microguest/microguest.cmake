# SPDX-License-Identifier: GPL-2.0-or-later
# The built-in guest: a library (host side and payload).
include_guard(GLOBAL)

set(MICROGUEST_FOLDER probes/microguest)
add_library(microguest STATIC
	${MICROGUEST_FOLDER}/image.c
	${MICROGUEST_FOLDER}/payload.S)
target_link_libraries(microguest PUBLIC core)
