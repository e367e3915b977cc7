/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smi.h - system management interrupts: firmware that takes all CPUs, and that no kernel sees.
 *
 * Intel counts them in MSR 0x34, and the kernel's PMU "msr" reads that without the module msr. AMD
 * has no such event there. Sources: Intel SDM 4, MSR_SMI_COUNT; arch/x86/events/msr.c;
 * perf_event_open(2); Documentation/ABI/testing/sysfs-bus-event_source-devices-events.
 */
#ifndef PROBES_SMI_H
#define PROBES_SMI_H

#include "core/sysroot.h"

struct smi_event { /* for perf_event_open(2) */
	uint32_t type;
	uint64_t config;
};

/* "event=0x04": the number behind "event=". -EINVAL. */
int smi_parse_config(struct text t, uint64_t *ret_config) MUST_CHECK;
/* -ENOENT: there is no such counter here; -EINVAL: it is described in an unknown way. */
int smi_event_find(const struct sysroot *root, struct smi_event *ret_event) MUST_CHECK;
/* A counter of that CPU, from 0 on; read it with smi_read(), close(2) ends it. Or -errno. */
int smi_open(const struct smi_event *event, unsigned cpu) MUST_CHECK;
int smi_read(int fd, uint64_t *ret_n) MUST_CHECK;

#endif
