/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * activity_counters.h - counters of the kernel that rules look at by name: of memory, of KVM, and
 * of throttling. Read at both ends of the window only. Sources: include/linux/vm_event_item.h;
 * Documentation/virt/kvm/api.rst 4.133 (the same statistics), virt/kvm/kvm_main.c (below debugfs);
 * drivers/thermal/intel/therm_throt.c.
 */
#ifndef PROBES_ACTIVITY_COUNTERS_H
#define PROBES_ACTIVITY_COUNTERS_H

#include "facts/activity.h"
#include "probes/probe.h"

struct activity_count {
	struct fact_list counters; /* struct activity_counter: since boot, or since the VM began */
	struct fact_list levels;   /* of struct activity_counter too: values that go up and down */
	struct fact_pairs core_throttles, package_throttles; /* by CPU */
};

/*
 * vmstat: text of /proc/vmstat, at NULL when there is none. Of KVM's counters those of the guest,
 * or of all guests where no guest is told. What cannot be read is absent, and no gap: KVM's need
 * root and debugfs, throttling an Intel processor. 0 or -ENOMEM.
 */
int activity_counters_read(struct probe_env *env, struct text vmstat,
			   struct activity_count *ret_count) MUST_CHECK;
/* What changed, into counters, kvm_levels and throttles. 0 or -ENOMEM. */
int activity_counters_put(struct probe_env *env, const struct activity_count *first,
			  const struct activity_count *last, struct activity_facts *f) MUST_CHECK;

#endif
