# SPDX-License-Identifier: GPL-2.0-or-later
# What `vfiobench capture` takes of a host.
file(GLOB CAPTURE_SOURCES CONFIGURE_DEPENDS probes/capture/*.c)
add_library(capture STATIC ${CAPTURE_SOURCES} probes/guest_find.c probes/kernel_names.c
	probes/processes.c probes/smaps_read.c probes/user_file.c)
target_link_libraries(capture PUBLIC probe)
