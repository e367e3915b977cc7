/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_clock.h - the kernel's clock and ours, where they are not the same. */
#ifndef PROBES_TRACE_LIVE_CLOCK_H
#define PROBES_TRACE_LIVE_CLOCK_H

#include "core/sysroot.h"

/*
 * Events have the kernel's CLOCK_MONOTONIC; a process in a time namespace (a container) has one
 * that is so much ahead. 0 where there are no such namespaces, or its own is not told. To be added
 * modulo 2^64: it may be behind.
 *
 * Source: time_namespaces(7), /proc/pid/timens_offsets.
 */
uint64_t live_clock_shift_ns(const struct sysroot *root);

#endif
