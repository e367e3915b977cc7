# SPDX-License-Identifier: GPL-2.0-or-later
# The built-in guest: a library (host side and payload) and the program vfiobench-microguest.
include_guard(GLOBAL)

set(MICROGUEST_FOLDER probes/microguest)
add_library(microguest STATIC
	${MICROGUEST_FOLDER}/failure.c
	${MICROGUEST_FOLDER}/image.c
	${MICROGUEST_FOLDER}/kvm.c
	${MICROGUEST_FOLDER}/microguest.c
	${MICROGUEST_FOLDER}/options.c
	${MICROGUEST_FOLDER}/vcpu.c
	${MICROGUEST_FOLDER}/payload.S)
target_link_libraries(microguest PUBLIC core Threads::Threads)

add_executable(vfiobench-microguest ${MICROGUEST_FOLDER}/main.c)
target_link_libraries(vfiobench-microguest microguest)
install(TARGETS vfiobench-microguest DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/vfiobench)
