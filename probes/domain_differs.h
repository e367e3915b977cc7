/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_differs.h - is the guest that runs still the one that its XML describes? */
#ifndef PROBES_DOMAIN_DIFFERS_H
#define PROBES_DOMAIN_DIFFERS_H

#include "core/arena.h"
#include "facts/domain.h"
#include "probes/probe.h"

/*
 * The settings that differ where both sides tell them, each as "memory_kib: 8 in the XML, 4 in
 * QEMU", in the order of the tables; known, maybe empty. Left out is what libvirt writes in other
 * words for QEMU (aliases of machines, host models, sources of memory) and what QEMU is not told
 * (pins). 0 or -ENOMEM.
 */
int domain_differences(const struct domain_facts *xml, const struct domain_facts *live,
		       struct arena *a, struct fact_strs *ret_differs) MUST_CHECK;

/*
 * Sets live_differs of facts read from XML, if the QEMU of a guest of this name runs; else it
 * stays unknown, which is no gap: most XML is looked at while its guest does not run.
 */
int domain_compare_live(struct probe_env *env, struct domain_facts *f) MUST_CHECK;

#endif
