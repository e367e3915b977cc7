/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps.h - what a process has mapped: /proc/PID/maps, proc(5).
 *
 * Each io_setup(2) maps its ring from a file of its own, "/[aio] (deleted)" (fs/aio.c).
 */
#ifndef PROBES_PARSE_MAPS_H
#define PROBES_PARSE_MAPS_H

#include "core/text.h"

/* Mappings of that file, deleted or not. */
size_t maps_count(struct text maps, const char *path);

#endif
