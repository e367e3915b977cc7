/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.h - which guest is measured, and which CPUs are the guest's (G) and the host's (H).
 *
 * G: the CPUs the user named, else where the vCPU threads may run, else the pins of the configured
 * guest, else isolated or tickless CPUs, else every CPU but the boot CPU's core.
 */
#ifndef ANALYZE_TARGET_H
#define ANALYZE_TARGET_H

#include "analyze/host.h"

struct target_wish {             /* what the user asked for */
	const char *guest;       /* "auto", "builtin", "none", a pid or a name; NULL: auto */
	const struct cpus *cpus; /* --cpus; NULL: not given */
	/*
	 * The CPUs are those of a session before, chosen there in this way, as in struct target;
	 * NULL: the user named them. "guest" and "isolated" hold only where they still are those.
	 */
	const char *source;
	/* The configuration is a file's: of the guests that run, only one of its name may be meant.
	 */
	bool is_of_file;
};

struct target {
	const char *kind;                    /* "qemu", "builtin" or "none" */
	const struct guest_process *process; /* the running guest, for qemu */
	struct cpus guest, host;
	const char *source; /* option, guest, isolated or fallback */
};

/*
 * 0; -ENOENT (no such guest, or a CPU that is not online); -ENOTUNIQ (several guests run and none
 * was named); -ENODATA (which CPUs are online is not known). On an error *ret_why is one line for
 * the user, in the host's arena.
 */
int target_choose(struct host *h, const struct target_wish *wish, struct target *ret_target,
		  const char **ret_why) MUST_CHECK;

#endif
