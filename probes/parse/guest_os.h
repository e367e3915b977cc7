/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_os.h - what runs in a guest, as far as its configuration tells: for XML and arguments.
 *
 * Evidence from the strongest to the weakest; the first kind that says something decides:
 *   1. the id of libosinfo, which who made the guest has chosen;
 *   2. devices and features for one system only: Hyper-V enlightenments relaxed, vapic, spinlocks
 *      or passthrough (tools switch them on for Windows only), Apple's SMC (macOS);
 *   3. words in the name, the description, the arguments' and media's file names: "win10",
 *      "ubuntu-24.04.iso", "virtio-win.iso".
 * A kind that says two things decides nothing and lets no weaker one decide; a Linux or other id
 * with enlightenments is such a conflict too. Source of ids: https://gitlab.com/libosinfo/osinfo-db
 */
#ifndef PROBES_PARSE_GUEST_OS_H
#define PROBES_PARSE_GUEST_OS_H

#include "core/arena.h"
#include "facts/domain.h"

/*
 * Reads name, features, hyperv_mode, disks and qemu_args of *f, as far as they are known, and sets
 * guest_os ("windows", "linux", "other") and guest_os_from, or leaves both unknown. osinfo_id, as
 * "http://microsoft.com/win/10", may be NULL. 0 or -ENOMEM.
 */
int guest_os_decide(struct domain_facts *f, const char *osinfo_id, struct arena *a) MUST_CHECK;
/* The same with a title or description in people's words, which may be NULL. */
int guest_os_decide_by(struct domain_facts *f, const char *osinfo_id, const char *words,
		       struct arena *a) MUST_CHECK;

#endif
